// SPDX-License-Identifier: Apache-2.0
#include "models/mapper/objective.h"

#include <gtest/gtest.h>

namespace rowan::mapper {
namespace {

TEST(Cost, OfEqualFirstPartsTheSecondDecides) {
  EXPECT_TRUE((Cost{1, 9} < Cost{2, 0}));
  EXPECT_TRUE((Cost{1, 1} < Cost{1, 2}));
  EXPECT_FALSE((Cost{1, 1} < Cost{1, 1}));
}

TEST(Objectives, TakeTheirPartsOfAnEstimate) {
  analytical::Estimate estimate;
  estimate.total = Cycles(20);
  estimate.processing = Cycles(10);
  estimate.counts.add(Counter::kDramIfmapRead, 1);
  estimate.counts.add(Counter::kDramFilterRead, 2);
  estimate.counts.add(Counter::kDramOfmapWrite, 4);
  const auto energy = [](const analytical::Estimate&) { return 3.5; };
  EXPECT_TRUE(latency_cost(estimate, {}) == (Cost{20, 10}));
  EXPECT_TRUE(dram_cost(estimate, {}) == (Cost{7, 20}));
  EXPECT_TRUE(energy_cost(estimate, energy) == (Cost{3.5, 20}));
  EXPECT_TRUE(edp_cost(estimate, energy) == (Cost{70, 20}));
}

}  // namespace
}  // namespace rowan::mapper
