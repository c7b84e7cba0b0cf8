// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
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
#include "models/mapper/search.h"
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

/// Every mapping of the space that search.h describes, each with its estimate.
class WholeSpace {
 public:
  explicit WholeSpace(const Problem& problem) : problem_(problem) {
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
  }

  /// The first so many by their cost, and by their letters where it is the same.
  [[nodiscard]] std::vector<std::pair<Cost, Mapping>> best(std::size_t keep,
                                                           const CostFunction& cost) const {
    std::vector<std::pair<Cost, Mapping>> best;
    best.reserve(found_.size());
    for (const auto& [estimate, mapping] : found_) best.emplace_back(cost(estimate), mapping);
    const auto end = best.begin() + static_cast<std::ptrdiff_t>(std::min(keep, best.size()));
    std::partial_sort(best.begin(), end, best.end(), [](const auto& x, const auto& y) {
      return x.first == y.first ? letters(x.second) < letters(y.second) : x.first < y.first;
    });
    best.erase(end, best.end());
    return best;
  }

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
            analytical::estimate(a, s, problem_.batch, problem_.accelerator, kHalfZero), a);
        if (most < s.filters_per_group()) continue;
        if (analytical::count_passes(a, s, problem_.batch) <= analytical::kFewPasses) continue;
        if (*f == s.out_width()) return;
        break;
      }
    }
  }

  const Problem& problem_;
  std::vector<std::pair<analytical::Estimate, Mapping>> found_;
};

/// Whether the first mappings that a search returns are those of its whole space.
bool is_best_of_the_space(const WholeSpace& space, const Problem& problem,
                          const CostFunction& cost) {
  constexpr std::size_t kKeep = 7;
  const auto best = space.best(kKeep, cost);
  const SearchResult result =
      search(problem.shape, problem.batch, problem.accelerator, kHalfZero, cost, {kKeep});
  return std::equal(result.best.begin(), result.best.end(), best.begin(), best.end(),
                    [](const Candidate& candidate, const std::pair<Cost, Mapping>& found) {
                      return candidate.cost == found.first &&
                             letters(candidate.mapping) == letters(found.second);
                    });
}

/// What a test over many problems finds out about an objective.
struct Tally {
  const char* name;
  CostFunction cost_of;
  unsigned found = 0;
  double worst = 1;  ///< cost over the least one
};

// All objectives in one test where the mappings to compare with take the time, not the search.
std::vector<Tally> every_objective() {
  std::vector<Tally> tallies;
  for (const Objective& objective : kObjectives) {
    tallies.push_back({objective.name, cost_function(objective, support::weighted_energy)});
  }
  return tallies;
}

TEST(EveryObjective, TheBestOfAllMappingsOfTinyLayersIsFound) {
  constexpr unsigned kProblems = 60;
  std::vector<Tally> tallies = every_objective();
  for (unsigned seed = 1; seed <= kProblems; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Problem problem = tiny_problem(seed);
    std::vector<Cost> least(tallies.size(), {std::numeric_limits<double>::max(), 0});
    for_each_mapping(problem, [&](const Mapping& mapping) {
      const analytical::Estimate estimate = analytical::estimate(
          mapping, problem.shape, problem.batch, problem.accelerator, kHalfZero);
      for (std::size_t i = 0; i < tallies.size(); ++i) {
        least[i] = std::min(least[i], tallies[i].cost_of(estimate));
      }
    });
    for (std::size_t i = 0; i < tallies.size(); ++i) {
      SCOPED_TRACE(tallies[i].name);
      const SearchResult result =
          search(problem.shape, problem.batch, problem.accelerator, kHalfZero, tallies[i].cost_of);
      const Cost cost = result.best.front().cost;
      const double ratio = cost.first / least[i].first;
      EXPECT_GE(ratio, 1.0);
      if (cost.first == least[i].first) ++tallies[i].found;
      tallies[i].worst = std::max(tallies[i].worst, ratio);
    }
  }
  for (const Tally& tally : tallies) {
    std::printf("%s: the best one of %u times in %u, at worst %.1f %% above it\n", tally.name,
                tally.found, kProblems, (tally.worst - 1) * 100);
    EXPECT_GE(tally.found, kProblems * 9 / 10) << tally.name;
    EXPECT_LE(tally.worst, 1.02) << tally.name;
  }
}

TEST(EveryObjective, ResultsAreTheBestOfTheWholeSpace) {
  // But for a few: now and then small tiles cost less than a large one that would not be kept,
  // which ends the search for smaller ones.
  constexpr unsigned kProblems = 600;
  std::vector<Tally> tallies = every_objective();
  for (unsigned seed = 1; seed <= kProblems; ++seed) {
    Problem problem = tiny_problem(seed);
    if (seed % 4 == 0) problem.shape.input_dilation = 2;
    if (seed % 3 == 0) problem.accelerator.dram.rlc = false;
    if (seed % 5 == 0) {
      problem.accelerator.controller.pass_transition = spec::PassTransition::kOverlap;
      problem.accelerator.dram.overlap = spec::DramOverlap::kDoubleBuffer;
      problem.accelerator.global_buffer.banks *= 2;
    }
    const WholeSpace space(problem);
    for (Tally& tally : tallies) {
      if (is_best_of_the_space(space, problem, tally.cost_of)) ++tally.found;
    }
  }
  for (const Tally& tally : tallies) {
    std::printf("%s: the best seven %u times in %u\n", tally.name, tally.found, kProblems);
    EXPECT_GE(tally.found, kProblems * 98 / 100) << tally.name;
  }
}

TEST(EveryObjective, ResultsAreTheBestOfTheWholeSpaceOfLargerLayers) {
  const std::vector<Tally> tallies = every_objective();
  Random random(9);
  for (unsigned trial = 0; trial < 60; ++trial) {
    const support::MappedLayer layer = support::random_mapped_layer(random);
    const Problem problem{layer.shape, layer.batch, layer.accelerator};
    const WholeSpace space(problem);
    for (const Tally& tally : tallies) {
      EXPECT_TRUE(is_best_of_the_space(space, problem, tally.cost_of))
          << tally.name << ": " << layer.text();
    }
  }
}

TEST(AnyCost, OfEqualCostsKeepsTheFirstInTheOrderOfTheirLetters) {
  // Bounds of this cost are exact, and many mappings share one.
  const auto psum_words = [](const analytical::Estimate& estimate) {
    return Cost{static_cast<double>(estimate.counts[Counter::kGlbPsumWrite]), 0};
  };
  for (unsigned seed = 1; seed <= 100; ++seed) {
    const Problem problem = tiny_problem(seed);
    EXPECT_TRUE(is_best_of_the_space(WholeSpace(problem), problem, psum_words)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace rowan::mapper
