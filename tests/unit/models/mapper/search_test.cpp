// SPDX-License-Identifier: Apache-2.0
#include "models/mapper/search.h"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "models/analytical/layer_time.h"
#include "models/base/random.h"
#include "tests/support/input_error.h"
#include "tests/support/small_layer.h"
#include "tests/support/weighted_energy.h"

namespace rowan::mapper {
namespace {

using dataflow::row_stationary::Mapping;

const analytical::FmapAssumptions kHalfZero{false, 0.5, 0.5};

struct Problem {
  workloads::ConvolutionShape shape;
  unsigned batch = 1;
  spec::AcceleratorSpec accelerator;
};

unsigned between(Random& random, unsigned lo, unsigned hi) {
  return static_cast<unsigned>(random.between(lo, hi));
}

/// A layer with so few values of each letter that all mappings can be tried.
Problem tiny_problem(std::uint64_t seed) {
  Random random(seed);
  Problem problem;
  workloads::ConvolutionShape& shape = problem.shape;
  shape.groups = between(random, 1, 2);
  shape.filters = shape.groups * between(random, 1, 4);
  shape.channels = shape.groups * between(random, 1, 4);
  shape.kernel_height = between(random, 1, 3);
  shape.kernel_width = between(random, 1, 3);
  shape.stride = between(random, 1, 2);
  shape.padding = between(random, 0, 1);
  shape.height = between(random, shape.kernel_height, 5);
  shape.width = between(random, shape.kernel_width, 5);
  problem.batch = between(random, 1, 2);
  spec::AcceleratorSpec& accelerator = problem.accelerator;
  accelerator = support::small_accelerator(between(random, 2, 6), between(random, 2, 6));
  accelerator.pe.ifmap_spad.size = Words(between(random, 3, 8));
  accelerator.pe.filter_spad.size = Words(between(random, 6, 24));
  accelerator.pe.psum_spad.size = Words(between(random, 2, 4));
  accelerator.global_buffer.bank_rows = 8;
  accelerator.global_buffer.banks = between(random, 3, 12);
  accelerator.global_buffer.filter_banks = 4;
  accelerator.dram.burst = Bytes(16);
  return problem;
}

/// Visits every legal mapping.
template <class Visit>
void for_each_mapping(const Problem& problem, Visit visit) {
  const workloads::ConvolutionShape& s = problem.shape;
  const unsigned rows = problem.accelerator.array.rows;
  const auto is_legal = [&](const Mapping& mapping) {
    return check(mapping, s, problem.batch, problem.accelerator).empty();
  };
  Mapping a;
  for (a.filter_rows = 1; a.filter_rows <= std::min(rows, s.kernel_height); ++a.filter_rows) {
    for (a.filter_columns = 1; a.filter_columns <= s.kernel_width; ++a.filter_columns) {
      for (a.e = 1; a.e <= s.out_height(); ++a.e) {
        for (a.q = 1; a.q <= s.channels_per_group(); ++a.q) {
          for (a.r = 1; a.r <= (s.channels_per_group() + a.q - 1) / a.q; ++a.r) {
            for (a.g = 1; a.g <= s.groups; ++a.g) {
              Mapping b = a;
              if (!is_legal(b)) break;
              for (b.m = 1; b.m <= s.filters_per_group(); ++b.m) {
                for (b.p = 1; b.p <= b.m; ++b.p) {
                  for (b.t = 1; b.t <= (b.m + b.p - 1) / b.p; ++b.t) {
                    for (b.n = 1; b.n <= problem.batch; ++b.n) {
                      for (b.f = 1; b.f <= s.out_width(); ++b.f) {
                        if (is_legal(b)) visit(b);
                      }
                    }
                    b.n = 1;
                    b.f = 1;
                  }
                  b.t = 1;
                }
                b.p = 1;
              }
            }
          }
        }
      }
    }
  }
}

auto letters(const Mapping& m) {
  return std::make_tuple(m.m, m.n, m.e, m.f, m.p, m.q, m.r, m.t, m.g, m.filter_rows,
                         m.filter_columns);
}

/// ceil(total/k) for k = 1, 2, ...
std::vector<unsigned> block_sizes(unsigned total) {
  std::set<unsigned> sizes;
  for (unsigned k = 1; k <= total; ++k) sizes.insert((total + k - 1) / k);
  return {sizes.begin(), sizes.end()};
}

/// Every mapping of the space that search.h describes, each with its cost; the best first.
class WholeSpace {
 public:
  WholeSpace(const Problem& problem, const CostFunction& cost) : problem_(problem), cost_(cost) {
    const workloads::ConvolutionShape& s = problem.shape;
    Mapping a;
    for (const unsigned columns : block_sizes(s.kernel_width)) {
      Mapping folded;
      folded.filter_columns = columns;
      if (is_legal(folded)) a.filter_columns = columns;
    }
    const unsigned filters = s.filters_per_group();
    const unsigned channels = s.channels_per_group();
    for (const unsigned rows : block_sizes(s.kernel_height)) {
      for (const unsigned g : block_sizes(s.groups)) {
        for (const unsigned e : block_sizes(s.out_height())) {
          for (unsigned r = 1; r <= channels; ++r) {
            for (const unsigned q : block_sizes((channels + r - 1) / r)) {
              for (const unsigned p : block_sizes(filters)) {
                for (const unsigned t : block_sizes((filters + p - 1) / p)) {
                  a.filter_rows = rows;
                  a.g = g;
                  a.e = e;
                  a.r = r;
                  a.q = q;
                  a.p = p;
                  a.t = t;
                  if (r <= (channels + q - 1) / q) fill(a);
                }
              }
            }
          }
        }
      }
    }
    std::sort(found_.begin(), found_.end(), [](const auto& x, const auto& y) {
      return x.first == y.first ? letters(x.second) < letters(y.second) : x.first < y.first;
    });
  }

  [[nodiscard]] const std::vector<std::pair<Cost, Mapping>>& found() const { return found_; }

 private:
  [[nodiscard]] bool is_legal(const Mapping& mapping) const {
    return check(mapping, problem_.shape, problem_.batch, problem_.accelerator).empty();
  }

  /// Fewer images and columns only until all filters fit, but for mappings of few passes.
  void fill(Mapping a) {
    const workloads::ConvolutionShape& s = problem_.shape;
    const auto images = block_sizes(problem_.batch);
    const auto columns = block_sizes(s.out_width());
    for (auto n = images.rbegin(); n != images.rend(); ++n) {
      for (auto f = columns.rbegin(); f != columns.rend(); ++f) {
        a.n = *n;
        a.f = *f;
        unsigned most = 0;
        for (unsigned m = a.p * a.t; m < s.filters_per_group() + a.p * a.t; m += a.p * a.t) {
          a.m = std::min(m, s.filters_per_group());
          if (is_legal(a)) most = a.m;
        }
        if (most == 0) continue;
        a.m = most;
        found_.emplace_back(
            cost_(analytical::estimate(a, s, problem_.batch, problem_.accelerator, kHalfZero)), a);
        if (most < s.filters_per_group()) continue;
        if (analytical::count_passes(a, s, problem_.batch) <= analytical::kFewPasses) continue;
        if (*f == s.out_width()) return;
        break;
      }
    }
  }

  const Problem& problem_;
  const CostFunction& cost_;
  std::vector<std::pair<Cost, Mapping>> found_;
};

/// Whether the first mappings that a search returns are those of its whole space.
bool is_best_of_the_space(const Problem& problem, const CostFunction& cost) {
  constexpr std::size_t kKeep = 7;
  const WholeSpace space(problem, cost);
  const SearchResult result =
      search(problem.shape, problem.batch, problem.accelerator, kHalfZero, cost, {kKeep});
  if (result.best.size() != std::min(kKeep, space.found().size())) return false;
  return std::equal(result.best.begin(), result.best.end(), space.found().begin(),
                    [](const Candidate& candidate, const std::pair<Cost, Mapping>& found) {
                      return candidate.cost == found.first &&
                             letters(candidate.mapping) == letters(found.second);
                    });
}

const CostFunction kLatency = cost_function(kObjectives[0], {});

class Objectives : public testing::TestWithParam<Objective> {
 protected:
  const CostFunction cost_of = cost_function(GetParam(), support::weighted_energy);
};

TEST_P(Objectives, TheBestOfAllMappingsOfTinyLayersIsFound) {
  unsigned found = 0;
  double worst = 1;
  constexpr unsigned kProblems = 60;
  for (unsigned seed = 1; seed <= kProblems; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Problem problem = tiny_problem(seed);
    Cost least{std::numeric_limits<double>::max(), 0};
    for_each_mapping(problem, [&](const Mapping& mapping) {
      const Cost cost = cost_of(analytical::estimate(mapping, problem.shape, problem.batch,
                                                     problem.accelerator, kHalfZero));
      if (cost < least) least = cost;
    });
    const SearchResult result =
        search(problem.shape, problem.batch, problem.accelerator, kHalfZero, cost_of);
    const Cost cost = result.best.front().cost;
    const double ratio = cost.first / least.first;
    EXPECT_GE(ratio, 1.0);
    if (cost.first == least.first) ++found;
    worst = std::max(worst, ratio);
  }
  std::printf("%s: the best one of %u times in %u, at worst %.1f %% above it\n", GetParam().name,
              found, kProblems, (worst - 1) * 100);
  EXPECT_GE(found, kProblems * 9 / 10);
  EXPECT_LE(worst, 1.02);
}

TEST_P(Objectives, ResultsAreTheBestOfTheWholeSpace) {
  // But for a few: now and then small tiles cost less than a large one that would not be kept,
  // which ends the search for smaller ones.
  constexpr unsigned kProblems = 600;
  unsigned best = 0;
  for (unsigned seed = 1; seed <= kProblems; ++seed) {
    Problem problem = tiny_problem(seed);
    if (seed % 4 == 0) problem.shape.input_dilation = 2;
    if (seed % 3 == 0) problem.accelerator.dram.rlc = false;
    if (seed % 5 == 0) {
      problem.accelerator.controller.pass_transition = spec::PassTransition::kOverlap;
      problem.accelerator.dram.overlap = spec::DramOverlap::kDoubleBuffer;
      problem.accelerator.global_buffer.banks *= 2;
    }
    if (is_best_of_the_space(problem, cost_of)) ++best;
  }
  std::printf("%s: the best seven %u times in %u\n", GetParam().name, best, kProblems);
  EXPECT_GE(best, kProblems * 98 / 100);
}

TEST_P(Objectives, ResultsAreTheBestOfTheWholeSpaceOfLargerLayers) {
  Random random(9);
  for (unsigned trial = 0; trial < 60; ++trial) {
    const support::MappedLayer layer = support::random_mapped_layer(random);
    EXPECT_TRUE(is_best_of_the_space({layer.shape, layer.batch, layer.accelerator}, cost_of))
        << layer.text();
  }
}

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

TEST(Search, OfEqualCostsKeepsTheFirstInTheOrderOfTheirLetters) {
  // Bounds of this cost are exact, and many mappings share one.
  const auto psum_words = [](const analytical::Estimate& estimate) {
    return Cost{static_cast<double>(estimate.counts[Counter::kGlbPsumWrite]), 0};
  };
  for (unsigned seed = 1; seed <= 100; ++seed) {
    EXPECT_TRUE(is_best_of_the_space(tiny_problem(seed), psum_words)) << "seed " << seed;
  }
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
