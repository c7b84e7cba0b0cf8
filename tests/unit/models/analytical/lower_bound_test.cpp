// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/lower_bound.h"

#include <cstdio>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/small_layer.h"

namespace rowan::analytical {
namespace {

const FmapAssumptions kHalfZero{false, 0.5, 0.5};

void expect_at_most(const Estimate& least, const Estimate& estimate) {
  EXPECT_EQ(least.passes, estimate.passes);
  EXPECT_EQ(least.macs, estimate.macs);
  EXPECT_LE(least.processing, estimate.processing);
  EXPECT_LE(least.total, estimate.total);
  for (const CounterInfo& info : counter_table()) {
    const std::uint64_t most = estimate.counts[info.counter];
    const bool of_dram =
        std::string(info.component) == "dram" || std::string(info.component) == "rlc";
    if (of_dram) {
      EXPECT_LE(least.counts[info.counter], most) << info.component << "." << info.action;
    } else {
      EXPECT_EQ(least.counts[info.counter], most) << info.component << "." << info.action;
    }
  }
}

/// Parameters that the bound's parts depend on.
void vary(spec::AcceleratorSpec& accelerator, Random& random) {
  const auto one_of = [&](std::initializer_list<unsigned> values) {
    return values.begin()[random.between(0, values.size() - 1)];
  };
  accelerator.pe.psum_in_fifo.depth = Words(one_of({2, 4, 24}));
  accelerator.pe.psum_out_fifo.depth = Words(one_of({2, 4, 24}));
  accelerator.pe.accumulate_latency = Cycles(one_of({1, 2, 5}));
  accelerator.ifmap_gin.width = Bits(one_of({5, 16}));
  accelerator.filter_gin.width = Bits(one_of({5, 16, 64}));
  accelerator.psum_gin.width = accelerator.gon.width = Bits(one_of({6, 16, 48}));
  accelerator.local_network.width = Bits(one_of({6, 16, 48}));
  accelerator.gon.latency = Cycles(one_of({1, 4}));
  accelerator.dram.rlc = one_of({0, 1}) == 1;
  accelerator.pe.zero_gating = one_of({0, 1}) == 1;
  accelerator.dram.overlap =
      one_of({0, 1}) == 1 ? spec::DramOverlap::kNone : spec::DramOverlap::kDoubleBuffer;
  accelerator.controller.pass_transition =
      one_of({0, 1}) == 1 ? spec::PassTransition::kDrain : spec::PassTransition::kOverlap;
  accelerator.controller.pass_setup = Cycles(one_of({1, 7}));
  accelerator.dram.latency = Nanoseconds(one_of({0, 60}));
  accelerator.dram.outstanding_bursts = one_of({1, 4});
  accelerator.post_processing.lanes = one_of({1, 4});
}

TEST(LowerBound, IsNeverAboveTheEstimate) {
  Random random(11);
  for (unsigned trial = 0; trial < 20'000 && !testing::Test::HasFailure(); ++trial) {
    support::MappedLayer mapped = support::random_mapped_layer(random);
    if (trial % 4 != 0) vary(mapped.accelerator, random);
    FmapAssumptions fmaps;
    fmaps.network_input = random.between(0, 3) == 0;
    fmaps.ifmap_zeros = static_cast<double>(random.between(0, 4)) / 4;
    fmaps.ofmap_zeros = static_cast<double>(random.between(0, 4)) / 4;
    if (random.between(0, 7) == 0) fmaps.places.ifmap = dataflow::FmapPlace::kResident;
    if (random.between(0, 7) == 0) fmaps.places.ofmap = dataflow::FmapPlace::kResident;
    SCOPED_TRACE("trial " + std::to_string(trial) + ": " + mapped.text());
    LowerBound bound(mapped.shape, mapped.batch, mapped.accelerator, fmaps);
    expect_at_most(bound(clip(mapped.mapping, mapped.shape, mapped.batch)),
                   estimate(mapped.mapping, mapped.shape, mapped.batch, mapped.accelerator, fmaps));
  }
}

TEST(LowerBound, TellsMappingsOfALayerApart) {
  // What it remembers of one mapping must not be taken for another's.
  Random random(12);
  const support::MappedLayer mapped = support::random_mapped_layer(random);
  LowerBound bound(mapped.shape, mapped.batch, mapped.accelerator, kHalfZero);
  for (unsigned trial = 0; trial < 2'000 && !testing::Test::HasFailure(); ++trial) {
    dataflow::row_stationary::Mapping mapping;
    for (unsigned dataflow::row_stationary::Mapping::*letter :
         {&dataflow::row_stationary::Mapping::m, &dataflow::row_stationary::Mapping::n,
          &dataflow::row_stationary::Mapping::e, &dataflow::row_stationary::Mapping::f,
          &dataflow::row_stationary::Mapping::p, &dataflow::row_stationary::Mapping::q,
          &dataflow::row_stationary::Mapping::r, &dataflow::row_stationary::Mapping::t,
          &dataflow::row_stationary::Mapping::g, &dataflow::row_stationary::Mapping::filter_rows,
          &dataflow::row_stationary::Mapping::filter_columns}) {
      mapping.*letter = static_cast<unsigned>(random.between(1, 6));
    }
    expect_at_most(bound(clip(mapping, mapped.shape, mapped.batch)),
                   estimate(mapping, mapped.shape, mapped.batch, mapped.accelerator, kHalfZero));
  }
}

TEST(LowerBound, IsCloseForAlexNetOnEyeriss) {
  for (const char* name : {"CONV1", "CONV2", "CONV3", "CONV4", "CONV5"}) {
    const workloads::Layer layer = support::alexnet_layer(name);
    const auto mapping = support::alexnet_mapping(name);
    const spec::AcceleratorSpec accelerator = support::eyeriss();
    const FmapAssumptions fmaps = assumptions_of(layer);
    LowerBound bound(layer.shape, 4, accelerator, fmaps);
    const Estimate least = bound(clip(mapping, layer.shape, 4));
    const Estimate found = estimate(mapping, layer.shape, 4, accelerator, fmaps);
    const auto ratio = [](auto a, auto b) {
      return static_cast<double>(a.value()) / static_cast<double>(b.value());
    };
    std::printf("%s: processing %.3f, total %.3f, DRAM %.4f of the estimate\n", name,
                ratio(least.processing, found.processing), ratio(least.total, found.total),
                ratio(least.dram(), found.dram()));
    EXPECT_GE(ratio(least.processing, found.processing), 0.95);
    EXPECT_GE(ratio(least.total, found.total), 0.95);
    EXPECT_GE(ratio(least.dram(), found.dram()), 0.999);
  }
}

}  // namespace
}  // namespace rowan::analytical
