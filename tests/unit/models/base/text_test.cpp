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

TEST(Printable, EscapesWhatSteersATerminalBeyondAscii) {
  EXPECT_EQ(printable("a\xc2\x85z"), "a\\u0085z");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\u009b31m");
  EXPECT_EQ(printable("\xe2\x80\xa8\xe2\x80\xa9"), "\\u2028\\u2029");
  EXPECT_EQ(printable("\xe2\x80\xaa\xe2\x80\xae\xe2\x81\xa6\xe2\x81\xa9"),
            "\\u202a\\u202e\\u2066\\u2069");
  EXPECT_EQ(printable("\xc2\xa0\xe2\x80\xa7\xe2\x80\xaf"), "\xc2\xa0\xe2\x80\xa7\xe2\x80\xaf");
  EXPECT_EQ(printable("\xf0\x9d\x9b\xbc"), "\xf0\x9d\x9b\xbc");
  EXPECT_EQ(printable("a\xffz\xe2\x80"), "a\\xffz\\xe2\\x80");
}

TEST(Printable, CutsWhereItIsTold) { EXPECT_EQ(printable("abcdef", 3), "abc..."); }

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
