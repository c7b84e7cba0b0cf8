// SPDX-License-Identifier: Apache-2.0
#include "models/arithmetic/integer_psum.h"

#include <gtest/gtest.h>

namespace rowan::arithmetic {
namespace {

TEST(IntegerPsum, ASumWrapsOrStopsAtTheEndsOfItsWord) {
  const MacFormat wrapping{{}, 8, Overflow::kWrap};
  const MacFormat saturating{{}, 8, Overflow::kSaturate};
  EXPECT_EQ(psum_word(127, wrapping), 127);
  EXPECT_EQ(psum_word(128, wrapping), -128);
  EXPECT_EQ(psum_word(128, saturating), 127);
  EXPECT_EQ(psum_word(-129, saturating), -128);
  EXPECT_EQ(add_integer_psums(100, 100, wrapping), -56);
  EXPECT_EQ(add_integer_psums(100, 100, saturating), 127);
  EXPECT_EQ(add_integer_psums(-100, -100, saturating), -128);
}

TEST(IntegerPsum, WordsOf32BitsSaturateToo) {
  const MacFormat saturating{{}, 32, Overflow::kSaturate};
  EXPECT_EQ(add_integer_psums(INT32_MAX, 1, saturating), INT32_MAX);
  EXPECT_EQ(add_integer_psums(INT32_MIN, -1, saturating), INT32_MIN);
}

}  // namespace
}  // namespace rowan::arithmetic
