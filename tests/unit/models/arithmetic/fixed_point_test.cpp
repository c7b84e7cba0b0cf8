// SPDX-License-Identifier: Apache-2.0
#include "models/arithmetic/fixed_point.h"

#include <gtest/gtest.h>

namespace rowan::arithmetic {
namespace {

TEST(FixedPoint, ClampsToTheNearestWord) {
  EXPECT_EQ(clamp(32767, 16), 32767);
  EXPECT_EQ(clamp(32768, 16), 32767);
  EXPECT_EQ(clamp(-32768, 16), -32768);
  EXPECT_EQ(clamp(-32769, 16), -32768);
  EXPECT_EQ(clamp(1'000, 8), 127);
  EXPECT_EQ(clamp(std::int64_t{1} << 40, 32), 2147483647);
}

TEST(FixedPoint, ShiftsToNearestHalvesUp) {
  EXPECT_EQ(shift_to_nearest(-7, 0), -7);
  EXPECT_EQ(shift_to_nearest(5, 1), 3);     // 2.5
  EXPECT_EQ(shift_to_nearest(-5, 1), -2);   // -2.5
  EXPECT_EQ(shift_to_nearest(9, 2), 2);     // 2.25
  EXPECT_EQ(shift_to_nearest(-11, 2), -3);  // -2.75
}

TEST(FixedPoint, DividesRoundingDown) {
  EXPECT_EQ(floor_div(7, 2), 3);
  EXPECT_EQ(floor_div(-7, 2), -4);
  EXPECT_EQ(floor_div(-8, 2), -4);
  EXPECT_EQ(floor_div(0, 5), 0);
}

TEST(FixedPoint, DividesToNearestHalvesUp) {
  EXPECT_EQ(divide_to_nearest(7, 2), 4);    // 3.5
  EXPECT_EQ(divide_to_nearest(-7, 2), -3);  // -3.5
  EXPECT_EQ(divide_to_nearest(7, 3), 2);    // 2.33
  EXPECT_EQ(divide_to_nearest(-8, 3), -3);  // -2.67
}

}  // namespace
}  // namespace rowan::arithmetic
