// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/loop_nest/positions.h"

#include <set>

#include <gtest/gtest.h>

#include "models/base/random.h"

namespace rowan::analytical::loop_nest {
namespace {

TEST(Positions, BeginWithOne) {
  EXPECT_EQ(Positions().size(), 1U);
  EXPECT_EQ(Positions().span(), 1U);
}

TEST(Positions, OfAWindowHaveGapsWhenItsStepIsLarge) {
  Positions taps;
  taps.spread(3, 1);
  taps.spread(4, 5);  // 0 1 2, 5 6 7, 10 11 12, 15 16 17
  EXPECT_EQ(taps.size(), 12U);
  EXPECT_EQ(taps.span(), 18U);
  EXPECT_EQ(taps.without_shifted(5).size(), 3U);
  EXPECT_EQ(taps.without_shifted(1).size(), 4U);
  EXPECT_EQ(taps.without_shifted(3).size(), 9U);
  EXPECT_EQ(taps.without_shifted(0).size(), 0U);
  EXPECT_EQ(taps.without_shifted(0).span(), 0U);
}

TEST(Positions, AreThoseOfAnEnumeration) {
  Random random(5);
  for (unsigned trial = 0; trial < 3'000; ++trial) {
    Positions positions;
    std::set<std::int64_t> expected{0};
    for (std::int64_t spreads = random.between(0, 4); spreads > 0; --spreads) {
      const std::int64_t count = random.between(1, 6);
      const std::int64_t step = random.between(1, 12);
      positions.spread(static_cast<std::uint64_t>(count), static_cast<std::uint64_t>(step));
      std::set<std::int64_t> wider;
      for (const std::int64_t position : expected) {
        for (std::int64_t i = 0; i < count; ++i) wider.insert(position + i * step);
      }
      expected = wider;
    }
    ASSERT_EQ(positions.size(), expected.size());
    ASSERT_EQ(positions.span(), static_cast<std::uint64_t>(*expected.rbegin()) + 1);
    const std::int64_t shift = random.between(-40, 40);
    std::set<std::int64_t> left;
    for (const std::int64_t position : expected) {
      if (expected.count(position - shift) == 0) left.insert(position);
    }
    const Positions without = positions.without_shifted(shift);
    ASSERT_EQ(without.size(), left.size());
    const std::int64_t span = left.empty() ? 0 : *left.rbegin() - *left.begin() + 1;
    ASSERT_EQ(without.span(), static_cast<std::uint64_t>(span));
  }
}

}  // namespace
}  // namespace rowan::analytical::loop_nest
