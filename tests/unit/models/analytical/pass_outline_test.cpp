// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/pass_outline.h"

#include <gtest/gtest.h>

#include "models/base/units.h"

namespace rowan::analytical {
namespace {

/// Two sets of filters, 4 and 1, on two of channels, 3 and 1: filter rows of 24, 8, 6 and 2 words.
PassWork uneven() {
  PassWork work;
  work.images = 1;
  work.ofmap_rows = 3;
  work.ofmap_columns = 40;
  work.groups = 2;
  work.channels = 4;
  work.filters = 5;
  work.filter_rows = 2;
  work.filter_columns = 2;
  return work;
}

PassOutline outline_of(const PassWork& work) {
  PassPattern pattern;
  pattern.p = 4;
  pattern.q = 3;
  pattern.filter_packet = 4;
  pattern.psum_packet = 2;
  PassOutline outline;
  outline.lay_out(pattern, work);
  return outline;
}

TEST(PassOutline, FollowsTheFirstAndTheLastColumnAndTheLastWithAllFilters) {
  const PassOutline outline = outline_of(uneven());
  ASSERT_EQ(outline.columns.size(), 3U);
  EXPECT_EQ(outline.columns[0].chain, 0U);
  EXPECT_EQ(outline.columns[1].chain, 2U);  // of group 1
  EXPECT_EQ(outline.columns[1].filters, 4U);
  EXPECT_EQ(outline.columns[1].ofmap_row, 2U);
  EXPECT_EQ(outline.columns[2].chain, 3U);
  EXPECT_EQ(outline.columns[2].filters, 1U);
  EXPECT_EQ(outline.chain_height, 4U);
  EXPECT_EQ(outline.windows, 6U);
}

TEST(PassOutline, PlacesFilterPacketsAmongTheRowsThatHaveAny) {
  const PassOutline outline = outline_of(uneven());
  // Rows of a group with packet 0: all 8; 1: sets of 24, 8 and 6 words; 2 to 5: that of 24.
  EXPECT_EQ(outline.filter_packets_of(0), 16U);
  EXPECT_EQ(outline.filter_packets_of(1), 12U);
  EXPECT_EQ(outline.filter_packets_of(2), 4U);
  EXPECT_EQ(outline.most_filter_packets, 6U);
  const PassOutline::FilterRow& last = outline.filter_rows.back();
  EXPECT_EQ(last.words, 2U);
  EXPECT_EQ(outline.filter_place(0, last), 15U);
  // The first row of group 1, behind the six of group 0 that have a packet 1.
  const PassOutline::FilterRow& second_group = outline.filter_rows[4];
  EXPECT_EQ(second_group.chain, 2U);
  EXPECT_EQ(outline.filter_place(1, second_group), 6U);
}

TEST(PassOutline, PlacesPsumPacketsByIndexChainAndColumn) {
  const PassOutline outline = outline_of(uneven());
  // Packet 0 of 4 chains of 3 columns, then packet 1 of the two chains with 4 filters.
  EXPECT_EQ(outline.window_psum_packets, 12U + 6U);
  EXPECT_EQ(outline.psum_place(0, outline.columns[0]), 0U);
  EXPECT_EQ(outline.psum_place(0, outline.columns[2]), 11U);
  EXPECT_EQ(outline.psum_place(1, outline.columns[0]), 12U);
  EXPECT_EQ(outline.psum_place(1, outline.columns[1]), 17U);
}

TEST(PassOutline, CountsIfmapPacketsOfTheChannelsThatEverySetHas) {
  const PassOutline outline = outline_of(uneven());
  EXPECT_EQ(outline.common_channels, 1U);
  EXPECT_EQ(outline.ifmap_packets[0], 2U * 2 * 4);  // groups, sets, rows
  EXPECT_EQ(outline.ifmap_packets[1], 2U * 1 * 4);
  EXPECT_EQ(outline.column_packets, 16U + 2 * 8);
}

}  // namespace
}  // namespace rowan::analytical
