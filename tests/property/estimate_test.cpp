// SPDX-License-Identifier: Apache-2.0
//
// The analytical model against the engine on random layers and mappings: cycles are close. The
// distribution of the errors is printed. Counts have a test of their own (counts_test.cpp).

#include "models/analytical/estimate.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
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
        " (least, 5 %%, 25 %%, median, 75 %%, 95 %%, most); within 5 %%: %.0f %% of them, 10 %%: "
        "%.0f %%\n",
        percent_within(5), percent_within(10));
  }

 private:
  std::vector<double> errors_;
};

TEST(Estimate, IsCloseToTheEngineOnArraysWithTheBuffersOfEyeriss) {
  constexpr unsigned kLayers = 1'000;
  Random random(1);
  Errors processing;
  Errors total;
  for (unsigned i = 0; i < kLayers; ++i) {
    const support::MappedLayer mapped = support::random_mapped_layer(random);
    const support::SmallLayer small(mapped, i);
    SCOPED_TRACE("layer " + std::to_string(i) + ": " + mapped.text());
    const SimulatedLayer simulated = support::simulate(small.layer, mapped.batch, mapped.mapping,
                                                       mapped.accelerator, small.tensors);
    const Estimate estimate =
        analytical::estimate(mapped.mapping, mapped.shape, mapped.batch, mapped.accelerator,
                             analytical::assumptions_of(small.layer));
    processing.add(estimate.processing, simulated.processing);
    total.add(estimate.total, simulated.total);
  }
  processing.print("processing");
  total.print("total");
  EXPECT_GE(processing.percent_within(10), 90);
  EXPECT_GE(total.percent_within(10), 90);
}

TEST(Estimate, IsCloseToTheEngineOnRandomAccelerators) {
  constexpr std::uint64_t kLayers = 2'000;
  Errors drain;
  Errors overlap;
  Errors none;
  Errors double_buffer;
  for (std::uint64_t seed = 1; seed <= kLayers; ++seed) {
    const support::RandomCase test = support::make_random_case(seed);
    const spec::AcceleratorSpec& accelerator = test.accelerator;
    SCOPED_TRACE(test.describe());
    const SimulatedLayer simulated = support::simulate(
        test.layer, test.batch, test.mapping, accelerator, support::make_random_tensors(test));
    const Estimate estimate =
        analytical::estimate(test.mapping, test.layer.shape, test.batch, accelerator,
                             analytical::assumptions_of(test.layer));
    const bool drains = accelerator.controller.pass_transition == spec::PassTransition::kDrain;
    (drains ? drain : overlap).add(estimate.processing, simulated.processing);
    const bool once = accelerator.dram.overlap == spec::DramOverlap::kNone;
    (once ? none : double_buffer).add(estimate.total, simulated.total);
  }
  drain.print("processing, pass_transition drain");
  overlap.print("processing, pass_transition overlap");
  none.print("total, dram.overlap none");
  double_buffer.print("total, dram.overlap double_buffer");
  EXPECT_GE(drain.percent_within(10), 85);
  EXPECT_GE(overlap.percent_within(20), 90);
  EXPECT_GE(none.percent_within(20), 90);
  EXPECT_GE(double_buffer.percent_within(20), 90);
}

}  // namespace
}  // namespace rowan
