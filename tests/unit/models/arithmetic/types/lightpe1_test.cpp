// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "models/arithmetic/pe_type.h"

namespace rowan::arithmetic {
namespace {

const PeType& lightpe1() { return pe_type("lightpe1"); }

Word product(Word activation, Word weight) {
  Word psum = 0;
  lightpe1().mac_window(&activation, 1, &weight, 1, {{0, 16}, 20}, &psum);
  return psum;
}

TEST(LightPe1, AWordIsASignAndAnExponent) {
  EXPECT_EQ(lightpe1().weight_value(0), 1.0);
  EXPECT_EQ(lightpe1().weight_value(1), 0.5);
  EXPECT_EQ(lightpe1().weight_value(7), 1.0 / 128);
  EXPECT_EQ(lightpe1().weight_value(wrap(8, 4)), -1.0);
  EXPECT_EQ(lightpe1().weight_value(wrap(15, 4)), -1.0 / 128);
}

TEST(LightPe1, NoWordIsZeroAndAZeroWordIsOne) {
  EXPECT_EQ(lightpe1().nearest_weight(0.0), 7);  // +2^-7
  EXPECT_EQ(lightpe1().nearest_weight(-0.0), 7);
  EXPECT_EQ(lightpe1().nearest_weight(-1e-9), -1);  // code 15: -2^-7
  EXPECT_EQ(product(5, 0), 5 * 128);
}

TEST(LightPe1, ProductsCountInUnitsOfTheSmallestWeight) {
  EXPECT_EQ(product(100, 7), 100);
  EXPECT_EQ(product(-100, 7), -100);
  EXPECT_EQ(product(-3, 5), -12);
  EXPECT_EQ(product(-3, wrap(13, 4)), 12);
  EXPECT_EQ(product(-128, 0), -16384);
  EXPECT_EQ(product(-128, wrap(8, 4)), 16384);
}

TEST(LightPe1, OfTwoWeightsAsNearTheLargerIsTaken) {
  EXPECT_EQ(lightpe1().nearest_weight(0.75), 0);
  EXPECT_EQ(lightpe1().nearest_weight(-0.75), wrap(8, 4));
  EXPECT_EQ(lightpe1().nearest_weight(0.7499), 1);
  EXPECT_EQ(lightpe1().nearest_weight(0.375), 1);
}

TEST(LightPe1, WeightsBeyondOneBecomeOne) {
  EXPECT_EQ(lightpe1().nearest_weight(5), 0);
  EXPECT_EQ(lightpe1().nearest_weight(-5), wrap(8, 4));
}

}  // namespace
}  // namespace rowan::arithmetic
