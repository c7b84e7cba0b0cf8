// SPDX-License-Identifier: Apache-2.0
#include "models/arithmetic/floating_point.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace rowan::arithmetic {
namespace {

TEST(FloatingPoint, WordsAreTheBitsOfBinary32) {
  EXPECT_EQ(bits_of(0.0F), 0);
  EXPECT_EQ(bits_of(-0.0F), INT32_MIN);
  EXPECT_EQ(bits_of(1.0F), 0x3f800000);
  EXPECT_EQ(bits_of(-2.0F), static_cast<Word>(0xc0000000U));
  EXPECT_EQ(bits_of(std::numeric_limits<float>::infinity()), 0x7f800000);
  EXPECT_EQ(bits_of(std::numeric_limits<float>::denorm_min()), 1);
}

TEST(FloatingPoint, NumbersOfWordsHaveTheirBits) {
  for (const Word word : {0, INT32_MIN, 1, 0x007fffff, 0x3f800000, 0x7f7fffff, 0x7f800000}) {
    EXPECT_EQ(bits_of(float_of(word)), word);
    EXPECT_EQ(word_of(float_of(word)), word);
  }
  EXPECT_EQ(float_of(0x40490fdb), 3.14159274F);
}

TEST(FloatingPoint, EveryNanBecomesTheOne) {
  for (const Word word : {0x7f800001, 0x7fc00000, 0x7fffffff, static_cast<Word>(0xff800001U),
                          static_cast<Word>(0xffc00000U), -1}) {
    EXPECT_TRUE(std::isnan(float_of(word)));
    EXPECT_EQ(word_of(float_of(word)), 0x7fc00000);
  }
}

}  // namespace
}  // namespace rowan::arithmetic
