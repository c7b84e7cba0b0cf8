// SPDX-License-Identifier: Apache-2.0
//
// The analytical model against the engine on random layers and mappings: cycles are close. The
// distribution of the errors is printed. Counts have a test of their own (counts_test.cpp).

#include "models/analytical/estimate.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/random_case.h"
#include "tests/support/simulated_layer.h"
#include "tests/support/small_layer.h"

namespace rowan {
namespace {

using analytical::Estimate;
using support::SimulatedLayer;

/// Relative errors of a quantity.
class Errors {
 public:
  void add(Cycles estimated, std::uint64_t simulated) {
    errors_.push_back(static_cast<double>(estimated.value()) / static_cast<double>(simulated) - 1);
  }
  [[nodiscard]] double last() const { return errors_.back(); }
  [[nodiscard]] double percent_within(double percent) const {
    const auto within = std::count_if(errors_.begin(), errors_.end(), [percent](double error) {
      return std::abs(error) * 100 <= percent;
    });
    return 100 * static_cast<double>(within) / static_cast<double>(errors_.size());
  }
  void print(const char* what) {
    std::sort(errors_.begin(), errors_.end());
    std::printf("%s, %zu layers: error", what, errors_.size());
    for (const double quantile : {0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0}) {
      const auto at = static_cast<std::size_t>(quantile * static_cast<double>(errors_.size() - 1));
      std::printf(" %+.1f %%", errors_[at] * 100);
    }
    std::printf(
        " (least, 5 %%, 25 %%, median, 75 %%, 95 %%, most); within 5 %%: %.1f %% of them, 10 %%: "
        "%.1f %%\n",
        percent_within(5), percent_within(10));
  }

 private:
  std::vector<double> errors_;
};

/// Errors of processing and total cycles, and how many layers are close in both.
class CycleErrors {
 public:
  void add(const Estimate& estimate, const SimulatedLayer& simulated, const std::string& kind) {
    processing_.add(estimate.processing, simulated.processing);
    total_.add(estimate.total, simulated.total);
    const double worst = std::max(std::abs(processing_.last()), std::abs(total_.last())) * 100;
    ++layers_;
    if (worst <= 5) {
      ++close_;
      return;
    }
    ++far_[kind + (std::abs(processing_.last()) * 100 > 5 ? ", processing" : ", total only")];
  }
  [[nodiscard]] double percent_close() const { return 100.0 * close_ / layers_; }
  void print() {
    processing_.print("processing");
    total_.print("total");
    std::printf("both within 5 %%: %.1f %% of %u layers; the others:\n", percent_close(), layers_);
    for (const auto& [kind, count] : far_) std::printf("%5u %s\n", count, kind.c_str());
  }

 private:
  Errors processing_;
  Errors total_;
  unsigned layers_ = 0;
  unsigned close_ = 0;
  std::map<std::string, unsigned> far_;
};

TEST(Estimate, IsCloseToTheEngineOnArraysWithTheBuffersOfEyeriss) {
  constexpr unsigned kLayers = 1'000;
  Random random(1);
  CycleErrors errors;
  for (unsigned i = 0; i < kLayers; ++i) {
    const support::MappedLayer mapped = support::random_mapped_layer(random);
    const support::SmallLayer small(mapped, i);
    SCOPED_TRACE("layer " + std::to_string(i) + ": " + mapped.text());
    const SimulatedLayer simulated = support::simulate(small.layer, mapped.batch, mapped.mapping,
                                                       mapped.accelerator, small.tensors);
    errors.add(analytical::estimate(mapped.mapping, mapped.shape, mapped.batch, mapped.accelerator,
                                    analytical::assumptions_of(small.layer)),
               simulated, "all");
  }
  errors.print();
  EXPECT_GE(errors.percent_close(), 90);
}

/// What makes a case's cycles hard to tell.
std::string kind_of(const support::RandomCase& test) {
  const spec::AcceleratorSpec& accelerator = test.accelerator;
  std::string kind =
      accelerator.controller.pass_transition == spec::PassTransition::kDrain ? "drain" : "overlap";
  kind += accelerator.dram.overlap == spec::DramOverlap::kNone ? ", none" : ", double_buffer";
  if (accelerator.global_buffer.psum_bank_ports == 1) kind += ", one port";
  const bool coded_ofmap = accelerator.dram.rlc && test.places.ofmap == dataflow::FmapPlace::kDram;
  if (coded_ofmap) kind += ", coded ofmap";
  return kind;
}

TEST(Estimate, IsCloseToTheEngineOnRandomAccelerators) {
  constexpr std::uint64_t kLayers = 1'000;
  CycleErrors errors;
  for (std::uint64_t seed = 1; seed <= kLayers; ++seed) {
    const support::RandomCase test = support::make_random_case_of_any_type(seed);
    SCOPED_TRACE(test.describe());
    const SimulatedLayer simulated =
        support::simulate(test.layer, test.batch, test.mapping, test.accelerator,
                          support::make_random_tensors(test), test.places);
    analytical::FmapAssumptions fmaps = analytical::assumptions_of(test.layer);
    fmaps.places = test.places;
    errors.add(
        analytical::estimate(test.mapping, test.layer.shape, test.batch, test.accelerator, fmaps),
        simulated, kind_of(test));
  }
  errors.print();
  EXPECT_GE(errors.percent_close(), 90);
}

}  // namespace
}  // namespace rowan
