// SPDX-License-Identifier: Apache-2.0
#include <vector>

#include <gtest/gtest.h>

#include "models/arithmetic/pe_type.h"

namespace rowan::arithmetic {
namespace {

TEST(Integer, WeightsRoundHalvesAwayFromZero) {
  const PeType& type = pe_type("int8");
  EXPECT_EQ(type.nearest_weight(2.5), 3);
  EXPECT_EQ(type.nearest_weight(-2.5), -3);
  EXPECT_EQ(type.nearest_weight(2.4999), 2);
  EXPECT_EQ(type.nearest_weight(-0.5), -1);
}

TEST(Integer, WeightsBeyondTheFormatBecomeItsLargest) {
  EXPECT_EQ(pe_type("int4").nearest_weight(7.5), 7);
  EXPECT_EQ(pe_type("int4").nearest_weight(-9), -8);
  EXPECT_EQ(pe_type("int8").nearest_weight(1e30), 127);
  EXPECT_EQ(pe_type("int16").nearest_weight(-1e30), -32768);
}

TEST(Integer, ProductsOfTheLeastWordsAreExact) {
  const Word least[] = {-32768, -32768};
  Word psum = 0;
  pe_type("int16").mac_window(least, 1, least, 1, {{0, 32}, 32, Overflow::kSaturate}, &psum);
  EXPECT_EQ(psum, 1 << 30);
  pe_type("int16").mac_window(least, 2, least, 1, {{0, 32}, 32, Overflow::kSaturate}, &psum);
  EXPECT_EQ(psum, INT32_MAX);
  pe_type("int16").mac_window(least, 2, least, 1, {{0, 32}, 32, Overflow::kWrap}, &psum);
  EXPECT_EQ(psum, INT32_MIN);
}

Word sum(const std::vector<Word>& ifmap, const std::vector<Word>& filters,
         const MacFormat& format) {
  Word psum = 77;
  pe_type("int16").mac_window(ifmap.data(), ifmap.size(), filters.data(), 1, format, &psum);
  return psum;
}

TEST(Integer, ShiftsEachProductTowardsMinusInfinity) {
  // 7 >> 1 = 3 and -7 >> 1 = -4, each before it is added
  EXPECT_EQ(sum({1, 1}, {7, 7}, {{1, 16}, 16}), 6);
  EXPECT_EQ(sum({1, 1}, {-7, -7}, {{1, 16}, 16}), -8);
}

TEST(Integer, CutsEachProductToItsWindow) {
  // 100 in 7 bits is -28, 27 is 27
  EXPECT_EQ(sum({100, 27}, {1, 1}, {{0, 7}, 16}), -1);
}

TEST(Integer, SaturatesAfterEachProductSoThatTheOrderCounts) {
  const MacFormat saturating{{0, 32}, 8, Overflow::kSaturate};
  EXPECT_EQ(sum({100, 100, -50}, {1, 1, 1}, saturating), 77);   // 127 - 50
  EXPECT_EQ(sum({100, -50, 100}, {1, 1, 1}, saturating), 127);  // of 150
  EXPECT_EQ(sum({100, 100, -50}, {1, 1, 1}, {{0, 32}, 8}), 150 - 256);
}

}  // namespace
}  // namespace rowan::arithmetic
