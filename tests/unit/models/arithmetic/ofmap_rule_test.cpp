// SPDX-License-Identifier: Apache-2.0
#include "models/arithmetic/ofmap_rule.h"

#include <gtest/gtest.h>

namespace rowan::arithmetic {
namespace {

TEST(OfmapRule, AllChannelsAreShiftedAlike) {
  const OfmapRule rule{false, 3};
  EXPECT_EQ(rule.shift_of(0), 3U);
  EXPECT_EQ(rule.shift_of(1000), 3U);
}

TEST(OfmapRule, ChannelsHaveShiftsOfTheirOwn) {
  OfmapRule rule{false, 3};
  rule.channel_shifts = {5, 0};
  EXPECT_EQ(rule.shift_of(0), 5U);
  EXPECT_EQ(rule.shift_of(1), 0U);
  EXPECT_EQ(rule.shift_of(2), 5U);
}

}  // namespace
}  // namespace rowan::arithmetic
