// SPDX-License-Identifier: Apache-2.0
#include "sim/report/plain_text.h"

#include <gtest/gtest.h>

namespace rowan::sim {
namespace {

TEST(PlainText, GroupsDigitsByThree) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(2'332'704), "2,332,704");
}

TEST(PlainText, RoundsToDecimals) {
  EXPECT_EQ(fixed(12.345678, 2), "12.35");
  EXPECT_EQ(fixed(0.0, 1), "0.0");
}

TEST(PlainText, ScalesLargeCounts) {
  EXPECT_EQ(scaled(0), "0");
  EXPECT_EQ(scaled(999), "999");
  EXPECT_EQ(scaled(1000), "1.0k");
  EXPECT_EQ(scaled(12'345), "12.3k");
  EXPECT_EQ(scaled(999'949), "999.9k");
  EXPECT_EQ(scaled(999'950), "1.0M");
  EXPECT_EQ(scaled(665'784'864), "665.8M");
  EXPECT_EQ(scaled(18'446'744'073'709'551'615U), "18.4E");
}

TEST(PlainText, PercentOfNothingIsADash) {
  EXPECT_EQ(percent(1, 3), "33.3");
  EXPECT_EQ(percent(0, 0), "-");
}

TEST(PlainText, CutsLongNames) {
  EXPECT_EQ(cut("conv", 4), "conv");
  EXPECT_EQ(cut("convolution", 4), "con~");
}

TEST(PlainText, WrapsBetweenWords) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(wrapped("", 10), Lines{""});
  EXPECT_EQ(wrapped("one two three", 7), (Lines{"one two", "three"}));
  EXPECT_EQ(wrapped("one\ntwo\t three", 80), Lines{"one two three"});
  EXPECT_EQ(wrapped("a considerable b", 5), (Lines{"a", "considerable", "b"}));
}

}  // namespace
}  // namespace rowan::sim
