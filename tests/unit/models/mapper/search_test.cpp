// SPDX-License-Identifier: Apache-2.0
#include "models/mapper/search.h"

#include <cstddef>
#include <string>
#include <tuple>

#include <gtest/gtest.h>

#include "models/base/random.h"
#include "tests/support/input_error.h"
#include "tests/support/small_layer.h"
#include "tests/support/weighted_energy.h"

namespace rowan::mapper {
namespace {

using dataflow::row_stationary::Mapping;

const analytical::FmapAssumptions kHalfZero{false, 0.5, 0.5};

auto letters(const Mapping& m) {
  return std::make_tuple(m.m, m.n, m.e, m.f, m.p, m.q, m.r, m.t, m.g, m.filter_rows,
                         m.filter_columns);
}

const CostFunction kLatency = cost_function(kObjectives[0], {});

class Objectives : public testing::TestWithParam<Objective> {
 protected:
  const CostFunction cost_of = cost_function(GetParam(), support::weighted_energy);
};

TEST_P(Objectives, ResultsAreLegalSortedAndTheSameEachTime) {
  Random random(7);
  for (unsigned trial = 0; trial < 60; ++trial) {
    const support::MappedLayer layer = support::random_mapped_layer(random);
    SCOPED_TRACE(layer.text());
    const auto find = [&] {
      return search(layer.shape, layer.batch, layer.accelerator, kHalfZero, cost_of, {7});
    };
    const SearchResult result = find();
    ASSERT_FALSE(result.best.empty());
    EXPECT_GE(result.considered, result.best.size());
    for (std::size_t i = 0; i < result.best.size(); ++i) {
      const Candidate& candidate = result.best[i];
      EXPECT_TRUE(check(candidate.mapping, layer.shape, layer.batch, layer.accelerator).empty());
      EXPECT_TRUE(candidate.cost == cost_of(candidate.estimate));
      if (i > 0) {
        EXPECT_FALSE(candidate.cost < result.best[i - 1].cost);
      }
    }
    const SearchResult again = find();
    ASSERT_EQ(again.best.size(), result.best.size());
    EXPECT_EQ(again.considered, result.considered);
    for (std::size_t i = 0; i < result.best.size(); ++i) {
      EXPECT_EQ(letters(again.best[i].mapping), letters(result.best[i].mapping));
    }
    // Fewer kept are the first of more kept.
    const SearchResult one =
        search(layer.shape, layer.batch, layer.accelerator, kHalfZero, cost_of);
    ASSERT_EQ(one.best.size(), 1U);
    EXPECT_EQ(letters(one.best[0].mapping), letters(result.best[0].mapping));
  }
}

INSTANTIATE_TEST_SUITE_P(All, Objectives, testing::ValuesIn(kObjectives),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(Search, FindsThePublishedMappingOfAlexNetsConv2) {
  const workloads::Layer layer = support::alexnet_layer("CONV2");
  const auto found =
      search(layer.shape, 4, support::eyeriss(), analytical::assumptions_of(layer), kLatency);
  const Mapping published = clip(support::alexnet_mapping("CONV2"), layer.shape, 4);
  EXPECT_EQ(letters(found.best.front().mapping), letters(published));
}

TEST(Search, TakesAnyCost) {
  const workloads::Layer layer = support::alexnet_layer("CONV5");
  const auto psum_words = [](const analytical::Estimate& estimate) {
    return Cost{static_cast<double>(estimate.counts[Counter::kGlbPsumWrite]), 0};
  };
  const auto found =
      search(layer.shape, 4, support::eyeriss(), analytical::assumptions_of(layer), psum_words);
  // The most channels of a pass: 4 in a PE and 4 sets of 3 rows, so 192/16 passes over each psum.
  EXPECT_EQ(found.best.front().estimate.counts[Counter::kGlbPsumWrite], 4U * 256 * 13 * 13 * 12);
}

TEST(Search, FindsTheBestWithWholeRowsWhenAskedTo) {
  workloads::ConvolutionShape shape;  // VGG-16's CONV1-2
  shape.channels = shape.filters = 64;
  shape.height = shape.width = 224;
  shape.kernel_height = shape.kernel_width = 3;
  shape.padding = 1;
  const auto best = [&](const SearchScope& scope) {
    return search(shape, 3, support::eyeriss(), kHalfZero, kLatency, scope).best.front();
  };
  const Candidate any = best({});
  const Candidate whole = best({1, true});
  EXPECT_LT(any.mapping.f, 224U);
  EXPECT_EQ(whole.mapping.f, 224U);
  EXPECT_LT(any.cost, whole.cost);
}

TEST(Search, WholeRowsThatDoNotFitAreAnError) {
  workloads::ConvolutionShape shape;
  shape.height = 4;
  shape.width = 4096;
  spec::AcceleratorSpec accelerator = support::small_accelerator(2, 2);
  accelerator.global_buffer.banks = 2;
  accelerator.global_buffer.bank_rows = 64;
  EXPECT_EQ(support::input_error([&] {
              return search(shape, 1, accelerator, kHalfZero, kLatency, {1, true});
            }),
            "no mapping with whole ofmap rows is legal on platform '" + accelerator.name + "'");
}

TEST(Search, FoldsAFilterTallerThanTheArrayAndWiderThanTheScratchpad) {
  workloads::ConvolutionShape shape;
  shape.height = 9;
  shape.width = 9;
  shape.kernel_height = 5;
  shape.kernel_width = 5;
  spec::AcceleratorSpec accelerator = support::small_accelerator(3, 3);
  accelerator.pe.ifmap_spad.size = Words(4);
  const Mapping mapping = search(shape, 1, accelerator, kHalfZero, kLatency).best.front().mapping;
  EXPECT_LE(mapping.filter_rows, 3U);
  EXPECT_EQ(mapping.filter_columns, 3U);
}

TEST(Search, FillsTheArrayWithTheGroupsOfADepthwiseLayer) {
  workloads::ConvolutionShape shape;
  shape.groups = shape.filters = shape.channels = 32;
  shape.height = shape.width = 16;
  shape.kernel_height = shape.kernel_width = 3;
  shape.padding = 1;
  const auto found = search(shape, 1, support::eyeriss(), kHalfZero, kLatency);
  EXPECT_GT(found.best.front().mapping.g, 1U);
}

TEST(Search, OnAPlatformThatHoldsNothingNamesTheLimit) {
  const workloads::Layer layer = support::alexnet_layer("CONV3");
  spec::AcceleratorSpec accelerator = support::eyeriss();
  accelerator.global_buffer.banks = 1;
  EXPECT_EQ(support::input_error(
                [&] { return search(layer.shape, 1, accelerator, kHalfZero, kLatency); }),
            "no mapping is legal on platform 'eyeriss': global_buffer: 1 ifmap + 1 psum banks = 2 "
            "exceeds global_buffer.banks = 1");
}

}  // namespace
}  // namespace rowan::mapper
