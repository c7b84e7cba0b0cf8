// SPDX-License-Identifier: Apache-2.0
#include "models/base/suggest.h"

#include <gtest/gtest.h>

namespace rowan {
namespace {

TEST(EditDistance, CountsInsertionsDeletionsSubstitutionsAndSwaps) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("", "rows"), 4U);
  EXPECT_EQ(edit_distance("rows", "rows"), 0U);
  EXPECT_EQ(edit_distance("row", "rows"), 1U);
  EXPECT_EQ(edit_distance("rowss", "rows"), 1U);
  EXPECT_EQ(edit_distance("rowz", "rows"), 1U);
  EXPECT_EQ(edit_distance("rwos", "rows"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
}

TEST(Suggest, TakesTheNearestNameOfThoseWithinAThirdOfTheLetters) {
  EXPECT_EQ(suggest("bank", {"bank_rows", "banks", "filter_banks"}), "banks");
  EXPECT_EQ(suggest("colums", {"rows", "columns"}), "columns");
  EXPECT_EQ(suggest("Rows", {"rows", "columns"}), "rows");
  EXPECT_EQ(suggest("voltage", {"rows", "columns"}), "");
}

TEST(Suggest, AllowsOneSlipInThreeLetters) {
  EXPECT_EQ(suggest("abcdxy", {"abcdef"}), "abcdef");
  EXPECT_EQ(suggest("abcxyz", {"abcdef"}), "");
}

TEST(Suggest, PrefersTheFirstOfTwoEquallyNear) {
  EXPECT_EQ(suggest("raws", {"rows", "rays"}), "rows");
}

TEST(Suggest, FindsANameWithoutItsUnitOrWithAnother) {
  EXPECT_EQ(suggest("depth", {"rows", "depth_words"}), "depth_words");
  EXPECT_EQ(suggest("pass_setup", {"rows", "pass_setup_cycles"}), "pass_setup_cycles");
  EXPECT_EQ(suggest("depth_bytes", {"rows", "depth_words"}), "depth_words");
  EXPECT_EQ(suggest("clock", {"link_clock_mhz", "clock_mhz"}), "clock_mhz");
}

TEST(Suggest, DoesNotReplaceEveryLetter) {
  EXPECT_EQ(suggest("a", {"b"}), "");
  EXPECT_EQ(suggest("", {"b"}), "");
}

TEST(Suggest, LeavesVeryLongNamesAlone) {
  EXPECT_EQ(suggest(std::string(10'000, 'x'), {std::string(9'999, 'x')}), "");
}

TEST(DidYouMean, IsTheEndOfAMessageOrNothing) {
  EXPECT_EQ(did_you_mean("bank", {"banks"}), " (did you mean 'banks'?)");
  EXPECT_EQ(did_you_mean("voltage", {"banks"}), "");
}

}  // namespace
}  // namespace rowan
