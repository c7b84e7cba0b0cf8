// SPDX-License-Identifier: Apache-2.0
#include "models/base/text.h"

#include <gtest/gtest.h>

namespace rowan {
namespace {

TEST(Utf8Length, IsThatOfTheSequenceOrZero) {
  EXPECT_EQ(utf8_length("a", 0), 1U);
  EXPECT_EQ(utf8_length("a\xc3\xa9", 1), 2U);
  EXPECT_EQ(utf8_length("\xe5\x90\x8d", 0), 3U);
  EXPECT_EQ(utf8_length("\xf0\x9d\x9b\xbc", 0), 4U);
  EXPECT_EQ(utf8_length("\xf0\x9d\x9b", 0), 0U);
  EXPECT_EQ(utf8_length("\xc3\xa9", 1), 0U);
}

TEST(Printable, EscapesControlCharactersAndCutsLongTexts) {
  EXPECT_EQ(printable("a b"), "a b");
  EXPECT_EQ(printable("a\nb\x7f"), "a\\x0ab\\x7f");
  EXPECT_EQ(printable("\xc3\xa9"), "\xc3\xa9");
  EXPECT_EQ(printable("\xc3"), "\\xc3");
  EXPECT_EQ(printable(std::string(100, 'x')), std::string(60, 'x') + "...");
}

TEST(DecimalText, IsTheShortestThatReadsBackTheSame) {
  EXPECT_EQ(decimal_text(0.1), "0.1");
  EXPECT_EQ(decimal_text(100.0), "100");
}

TEST(MhzText, IsExactWithoutTrailingZeros) {
  EXPECT_EQ(mhz_text(Kilohertz(200'000)), "200");
  EXPECT_EQ(mhz_text(Kilohertz(60'500)), "60.5");
  EXPECT_EQ(mhz_text(Kilohertz(33'003)), "33.003");
}

}  // namespace
}  // namespace rowan
