// SPDX-License-Identifier: Apache-2.0
#include "models/base/activity.h"

#include <set>
#include <string>
#include <utility>

#include <gtest/gtest.h>

namespace rowan {
namespace {

TEST(CounterTable, HasARowPerCounterInTheOrderOfTheEnumeration) {
  for (std::size_t i = 0; i < kCounterCount; ++i) {
    EXPECT_EQ(static_cast<std::size_t>(counter_table()[i].counter), i);
  }
}

TEST(CounterTable, NamesEveryCounterOnceAndSaysWhatItCounts) {
  std::set<std::pair<std::string, std::string>> names;
  for (const CounterInfo& info : counter_table()) {
    EXPECT_TRUE(names.emplace(info.component, info.action).second)
        << info.component << " " << info.action;
    EXPECT_STRNE(info.component, "");
    EXPECT_STRNE(info.action, "");
    EXPECT_STRNE(info.unit, "");
    EXPECT_STRNE(info.description, "");
  }
}

TEST(ActivityCounts, StartAtZeroAndAdd) {
  ActivityCounts counts;
  EXPECT_EQ(counts[Counter::kMacCompute], 0U);
  counts.add(Counter::kMacCompute, 3);
  counts.add(Counter::kMacCompute, 4);
  EXPECT_EQ(counts[Counter::kMacCompute], 7U);
  EXPECT_EQ(counts[Counter::kMacGated], 0U);
}

TEST(ActivityCounts, OfALayerAreTheDifferenceOfTwoReadings) {
  ActivityCounts before;
  before.add(Counter::kGonWord, 5);
  ActivityCounts layer;
  layer.add(Counter::kGonWord, 2);
  layer.add(Counter::kDramBurst, 1);
  ActivityCounts after = before;
  after += layer;
  EXPECT_FALSE(after == before);
  after -= before;
  EXPECT_TRUE(after == layer);
}

TEST(PeActivity, HasUniqueNamesAndDescriptions) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < kPeActivityCount; ++i) {
    const auto activity = static_cast<PeActivity>(i);
    EXPECT_TRUE(names.insert(name_of(activity)).second) << name_of(activity);
    EXPECT_STRNE(description_of(activity), "");
  }
}

TEST(PeActivity, RowsAreInTheOrderOfTheEnumeration) {
  EXPECT_STREQ(name_of(PeActivity::kBusy), "busy");
  EXPECT_STREQ(name_of(PeActivity::kConfiguration), "configuration");
  EXPECT_STREQ(name_of(PeActivity::kPassTransition), "pass_transition");
  EXPECT_STREQ(name_of(PeActivity::kDram), "dram");
  EXPECT_STREQ(name_of(PeActivity::kFilterLoad), "filter_load");
  EXPECT_STREQ(name_of(PeActivity::kIfmap), "ifmap");
  EXPECT_STREQ(name_of(PeActivity::kAccumulatorHazard), "accumulator_hazard");
  EXPECT_STREQ(name_of(PeActivity::kPsumIn), "psum_in");
  EXPECT_STREQ(name_of(PeActivity::kPsumOut), "psum_out");
  EXPECT_STREQ(name_of(PeActivity::kIdle), "idle");
}

TEST(PeCycles, TotalIsTheSumOverAllActivities) {
  PeCycles cycles;
  for (std::size_t i = 0; i < kPeActivityCount; ++i) cycles.add(static_cast<PeActivity>(i), i + 1);
  EXPECT_EQ(cycles.total(), kPeActivityCount * (kPeActivityCount + 1) / 2);
  EXPECT_EQ(cycles[PeActivity::kBusy], 1U);
}

TEST(PeCycles, AddAndSubtract) {
  PeCycles one;
  one.add(PeActivity::kDram, 3);
  PeCycles two = one;
  two += one;
  EXPECT_EQ(two[PeActivity::kDram], 6U);
  two -= one;
  EXPECT_TRUE(two == one);
}

}  // namespace
}  // namespace rowan
