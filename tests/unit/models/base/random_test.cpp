// SPDX-License-Identifier: Apache-2.0
#include "models/base/random.h"

#include <array>
#include <limits>

#include <gtest/gtest.h>

namespace rowan {
namespace {

// From a second implementation, in Python, of the algorithm's published description.
TEST(Random, GivesTheNumbersOfXoshiro256StarStarSeededBySplitMix64) {
  Random random(0);
  EXPECT_EQ(random.bits(), 0x99ec5f36cb75f2b4U);
  EXPECT_EQ(random.bits(), 0xbf6e1f784956452aU);
  Random other(42);
  EXPECT_EQ(other.bits(), 0x15780b2e0c2ec716U);
}

TEST(Random, IsTheSameForTheSameSeedAndAnotherForAnother) {
  Random a(7);
  Random b(7);
  Random c(8);
  const std::uint64_t first = a.bits();
  EXPECT_EQ(b.bits(), first);
  EXPECT_NE(c.bits(), first);
}

TEST(Random, BetweenReachesBothBoundsAndNothingBeyond) {
  Random random(1);
  std::array<int, 5> seen{};
  for (int i = 0; i < 5000; ++i) {
    const std::int64_t drawn = random.between(-2, 2);
    ASSERT_GE(drawn, -2);
    ASSERT_LE(drawn, 2);
    ++seen[static_cast<std::size_t>(drawn + 2)];
  }
  for (const int count : seen) {
    EXPECT_GT(count, 850);
    EXPECT_LT(count, 1150);
  }
}

TEST(Random, BetweenTakesTheWholeRangeOfIntegers) {
  using Limits = std::numeric_limits<std::int64_t>;
  Random random(1);
  Random bits(1);
  EXPECT_EQ(static_cast<std::uint64_t>(random.between(Limits::min(), Limits::max())), bits.bits());
  EXPECT_EQ(random.between(Limits::max(), Limits::max()), Limits::max());
}

TEST(Random, BelowIsLessThanItsCount) {
  Random random(3);
  for (int i = 0; i < 1000; ++i) EXPECT_LT(random.below(3), 3U);
  EXPECT_EQ(random.below(1), 0U);
}

}  // namespace
}  // namespace rowan
