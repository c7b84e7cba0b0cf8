// SPDX-License-Identifier: Apache-2.0
#include <set>

#include <gtest/gtest.h>

#include "models/arithmetic/pe_type.h"

namespace rowan::arithmetic {
namespace {

const PeType& lightpe2() { return pe_type("lightpe2"); }

Word product(Word activation, Word weight) {
  Word psum = 0;
  lightpe2().mac_window(&activation, 1, &weight, 1, {{0, 17}, 20}, &psum);
  return psum;
}

constexpr Word code(unsigned sign, unsigned m1, unsigned m2) {
  return static_cast<Word>(sign << 6U | m1 << 3U | m2);
}

TEST(LightPe2, AWordIsASignAndTwoExponents) {
  EXPECT_EQ(lightpe2().weight_value(code(0, 0, 0)), 2.0);
  EXPECT_EQ(lightpe2().weight_value(code(0, 0, 1)), 1.5);
  EXPECT_EQ(lightpe2().weight_value(code(0, 1, 0)), 1.5);
  EXPECT_EQ(lightpe2().weight_value(code(1, 1, 3)), -0.625);
  EXPECT_EQ(lightpe2().weight_value(code(1, 7, 7)), -1.0 / 64);
}

TEST(LightPe2, TheHighestBitIsUnused) {
  for (Word low = 0; low < 128; ++low) {
    const Word high = wrap(low | 128, 8);
    EXPECT_LT(high, 0);
    EXPECT_EQ(lightpe2().weight_value(high), lightpe2().weight_value(low));
    EXPECT_EQ(product(-77, high), product(-77, low));
  }
}

TEST(LightPe2, HasThirtySixMagnitudes) {
  std::set<double> magnitudes;
  for (Word low = 0; low < 64; ++low) magnitudes.insert(lightpe2().weight_value(low));
  EXPECT_EQ(magnitudes.size(), 36U);
  EXPECT_EQ(*magnitudes.begin(), 1.0 / 64);
  EXPECT_EQ(*magnitudes.rbegin(), 2.0);
}

TEST(LightPe2, NearestWeightsHaveTheLargerTermFirst) {
  EXPECT_EQ(lightpe2().nearest_weight(1.5), code(0, 0, 1));
  EXPECT_EQ(lightpe2().nearest_weight(-0.625), code(1, 1, 3));
  for (Word low = 0; low < 128; ++low) {
    const Word nearest = lightpe2().nearest_weight(lightpe2().weight_value(low));
    EXPECT_LE(nearest >> 3 & 7, nearest & 7);
    EXPECT_EQ(lightpe2().weight_value(nearest), lightpe2().weight_value(low));
  }
}

TEST(LightPe2, TermsOfDifferentSignsAreNoWord) {
  // 0.4375 = 2^-1 - 2^-4 is 2^-2 + 2^-3 or 2^-2 + 2^-2, which are as near.
  EXPECT_EQ(lightpe2().nearest_weight(0.4375), code(0, 2, 2));
  EXPECT_EQ(lightpe2().nearest_weight(0.43), code(0, 2, 3));
}

TEST(LightPe2, NoWordIsZeroAndAZeroWordIsTwo) {
  EXPECT_EQ(lightpe2().nearest_weight(0.0), code(0, 7, 7));
  EXPECT_EQ(lightpe2().nearest_weight(-0.0), code(0, 7, 7));
  EXPECT_EQ(lightpe2().nearest_weight(-1e-9), code(1, 7, 7));
  EXPECT_EQ(product(5, 0), 5 * 256);
}

TEST(LightPe2, TheLargestProductNeedsSeventeenBits) {
  EXPECT_EQ(product(-128, code(1, 0, 0)), 32768);
  EXPECT_EQ(product(-128, code(0, 0, 0)), -32768);
  EXPECT_EQ(product(127, code(0, 7, 7)), 254);
  EXPECT_EQ(product(-3, code(1, 0, 7)), 387);
}

}  // namespace
}  // namespace rowan::arithmetic
