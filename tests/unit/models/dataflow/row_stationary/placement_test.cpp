// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/row_stationary/placement.h"

#include <map>
#include <set>
#include <tuple>
#include <utility>

#include <gtest/gtest.h>

#include "tests/support/small_layer.h"

namespace rowan::dataflow::row_stationary {
namespace {

using Pair = std::pair<unsigned, unsigned>;

Pair pair(Placement::Position at) { return {at.row, at.column}; }
Pair pair(Placement::Id id) { return {id.row, id.column}; }

/// Of an AlexNet layer on the chip, 12 x 14 PEs.
Placement on_eyeriss(const char* name) {
  const auto shape = support::alexnet_layer(name).shape;
  return {clip(support::alexnet_mapping(name), shape, 4), shape, 14};
}

TEST(Placement, OfConv1IsTwoSetsOf11x7SideBySide) {
  const Placement placement = on_eyeriss("CONV1");
  for (unsigned i = 0; i < 11; ++i) {
    for (unsigned j = 0; j < 7; ++j) {
      EXPECT_EQ(pair(placement.pe({0, 0}, 0, i, 11, j)), Pair(i, j));
      EXPECT_EQ(pair(placement.pe({0, 1}, 0, i, 11, j)), Pair(i, 7 + j));
    }
  }
  EXPECT_EQ(placement.segments(), 1U);
  EXPECT_EQ(placement.rows_needed(), 11U);
  // Stride 4: rows i + 4j, at most 10 + 24 = 34 = 8 * 4 + 2.
  EXPECT_EQ(pair(placement.ifmap_id(0, 0, 34)), Pair(2, 8));
  EXPECT_EQ(pair(placement.largest_ifmap_id()), Pair(3, 8));
  EXPECT_EQ(pair(placement.filter_id({0, 1}, 0, 10)), Pair(10, 1));
  EXPECT_EQ(pair(placement.largest_filter_id()), Pair(10, 1));
}

TEST(Placement, OfConv2CutsASetOf5x27Into5x14And5x13) {
  const Placement placement = on_eyeriss("CONV2");
  for (unsigned i = 0; i < 5; ++i) {
    for (unsigned j = 0; j < 27; ++j) {
      EXPECT_EQ(pair(placement.pe({0, 0}, 0, i, 5, j)), j < 14 ? Pair(i, j) : Pair(5 + i, j - 14));
    }
    // Both segments take the same filter row.
    EXPECT_EQ(pair(placement.filter_id({0, 0}, 0, i)), Pair(i, 0));
  }
  EXPECT_EQ(placement.segments(), 2U);
  EXPECT_EQ(placement.rows_needed(), 10U);
  EXPECT_EQ(pair(placement.largest_ifmap_id()), Pair(0, 30));  // 31 IDs, all that 5 bits have
}

TEST(Placement, OfConv3StacksFourSetsOf3x13) {
  const Placement placement = on_eyeriss("CONV3");
  for (unsigned t = 0; t < 4; ++t) {
    for (unsigned i = 0; i < 3; ++i) {
      EXPECT_EQ(pair(placement.pe({0, t}, 0, i, 3, 12)), Pair(3 * t + i, 12));
      EXPECT_EQ(pair(placement.filter_id({0, t}, 0, i)), Pair(3 * t + i, 0));
    }
  }
  EXPECT_EQ(placement.rows_needed(), 12U);
  // The four sets work on the same channels.
  EXPECT_EQ(pair(placement.largest_ifmap_id()), Pair(0, 14));
}

TEST(Placement, OfConv4ChainsTwoSetsOnDifferentChannels) {
  const Placement placement = on_eyeriss("CONV4");
  for (unsigned t = 0; t < 2; ++t) {
    for (unsigned i = 0; i < 3; ++i) {
      EXPECT_EQ(pair(placement.pe({0, t}, 0, i, 3, 0)), Pair(6 * t + 3 + i, 0));  // the lower set
      EXPECT_EQ(pair(placement.pe({0, t}, 1, i, 3, 0)), Pair(6 * t + i, 0));
      EXPECT_EQ(pair(placement.filter_id({0, t}, 1, i)), Pair((t * 2 + 1) * 3 + i, 0));
    }
  }
  EXPECT_EQ(placement.rows_needed(), 12U);
  EXPECT_EQ(pair(placement.ifmap_id(0, 0, 5)), Pair(0, 5));
  EXPECT_EQ(pair(placement.ifmap_id(0, 1, 5)), Pair(1, 5));
}

TEST(Placement, OfFewerFilterRowsStandsOnTheBottomOfTheShelf) {
  // Shelves of 2 * 3 rows; a fold with one row left: set 0 in row 5, set 1 right above it.
  const Placement placement = on_eyeriss("CONV4");
  EXPECT_EQ(pair(placement.pe({0, 0}, 0, 0, 1, 4)), Pair(5, 4));
  EXPECT_EQ(pair(placement.pe({0, 0}, 1, 0, 1, 4)), Pair(4, 4));
  EXPECT_EQ(pair(placement.pe({0, 1}, 0, 0, 1, 4)), Pair(11, 4));
}

TEST(Placement, TellsGroupsOnOneShelfApart) {
  // Chains of 2 x 2; three stand side by side on 6 columns. A group needs ifmap rows 0 to 2.
  workloads::ConvolutionShape shape;
  shape.groups = 4;
  Mapping mapping;
  mapping.e = 2;
  mapping.g = 4;
  mapping.filter_rows = 2;
  const Placement placement(mapping, shape, 6);
  EXPECT_EQ(pair(placement.pe({0, 0}, 0, 0, 2, 0)), Pair(0, 0));
  EXPECT_EQ(pair(placement.pe({1, 0}, 0, 0, 2, 0)), Pair(0, 2));
  EXPECT_EQ(pair(placement.pe({2, 0}, 0, 1, 2, 1)), Pair(1, 5));
  EXPECT_EQ(pair(placement.pe({3, 0}, 0, 0, 2, 0)), Pair(2, 0));  // the next shelf
  EXPECT_EQ(pair(placement.ifmap_id(0, 0, 1)), Pair(0, 1));
  EXPECT_EQ(pair(placement.ifmap_id(1, 0, 1)), Pair(0, 4));
  EXPECT_EQ(pair(placement.ifmap_id(2, 0, 1)), Pair(0, 7));
  EXPECT_EQ(pair(placement.ifmap_id(3, 0, 1)), Pair(1, 1));
  EXPECT_EQ(pair(placement.filter_id({2, 0}, 0, 1)), Pair(1, 2));
  EXPECT_EQ(pair(placement.filter_id({3, 0}, 0, 1)), Pair(3, 0));
  EXPECT_EQ(pair(placement.largest_ifmap_id()), Pair(1, 8));
  EXPECT_EQ(pair(placement.largest_filter_id()), Pair(3, 2));
  EXPECT_EQ(placement.rows_needed(), 4U);
}

TEST(Placement, GivesDilatedAndStridedRowsIdsOfTheStride) {
  // Rows 2i + 3j of i < 3, j < 2: at most 7 = 2 * 3 + 1.
  workloads::ConvolutionShape shape;
  shape.stride = 3;
  shape.dilation = 2;
  Mapping mapping;
  mapping.e = 2;
  mapping.filter_rows = 3;
  const Placement placement(mapping, shape, 4);
  EXPECT_EQ(pair(placement.ifmap_id(0, 0, 4)), Pair(1, 1));
  EXPECT_EQ(pair(placement.ifmap_id(0, 0, 7)), Pair(1, 2));
  EXPECT_EQ(pair(placement.largest_ifmap_id()), Pair(2, 2));
}

TEST(Placement, GivesAFilterLowerThanTheStrideAsManyRowIdsAsItHasRows) {
  // Rows i + 16j of i < 2, j < 3: modulo 16 they are 0 and 1.
  workloads::ConvolutionShape shape;
  shape.stride = 16;
  Mapping mapping;
  mapping.e = 3;
  mapping.r = 2;
  mapping.filter_rows = 2;
  const Placement placement(mapping, shape, 4);
  EXPECT_EQ(pair(placement.ifmap_id(0, 0, 33)), Pair(1, 2));
  EXPECT_EQ(pair(placement.ifmap_id(0, 1, 16)), Pair(2, 1));
  EXPECT_EQ(pair(placement.largest_ifmap_id()), Pair(3, 2));
}

/// Everything of a pass as large as the mapping.
template <class Visit>
void for_each_pe(const Mapping& mapping, Visit visit) {
  for (unsigned group = 0; group < mapping.g; ++group) {
    for (unsigned t = 0; t < mapping.t; ++t) {
      for (unsigned set = 0; set < mapping.r; ++set) {
        for (unsigned i = 0; i < mapping.filter_rows; ++i) {
          for (unsigned j = 0; j < mapping.e; ++j) visit(Placement::Chain{group, t}, set, i, j);
        }
      }
    }
  }
}

TEST(Placement, PutsNoTwoPesInOnePlaceAndNeedsTheRowsItSays) {
  Random random(11);
  for (unsigned trial = 0; trial < 300; ++trial) {
    const support::MappedLayer layer = support::random_mapped_layer(random);
    SCOPED_TRACE(layer.text());
    const Mapping mapping = clip(layer.mapping, layer.shape, layer.batch);
    const Placement placement(mapping, layer.shape, layer.accelerator.array.columns);
    for (unsigned rows = 1; rows <= mapping.filter_rows; ++rows) {
      std::set<Pair> taken;
      Mapping part = mapping;
      part.filter_rows = rows;
      for_each_pe(part, [&](Placement::Chain chain, unsigned set, unsigned i, unsigned j) {
        const Pair at = pair(placement.pe(chain, set, i, rows, j));
        EXPECT_TRUE(taken.insert(at).second) << at.first << "," << at.second;
        EXPECT_LT(at.first, placement.rows_needed());
        EXPECT_LT(at.second, layer.accelerator.array.columns);
      });
    }
  }
}

TEST(Placement, ChainsPsumsUpwardsThroughAdjacentRows) {
  Random random(12);
  for (unsigned trial = 0; trial < 100; ++trial) {
    const support::MappedLayer layer = support::random_mapped_layer(random);
    SCOPED_TRACE(layer.text());
    const Mapping mapping = clip(layer.mapping, layer.shape, layer.batch);
    const Placement placement(mapping, layer.shape, layer.accelerator.array.columns);
    const unsigned rows = mapping.filter_rows;
    for_each_pe(mapping, [&](Placement::Chain chain, unsigned set, unsigned i, unsigned j) {
      const auto [row, column] = pair(placement.pe(chain, set, i, rows, j));
      if (i > 0) {
        EXPECT_EQ(pair(placement.pe(chain, set, i - 1, rows, j)), Pair(row - 1, column));
      }
      if (i == 0 && set + 1 < mapping.r) {
        EXPECT_EQ(pair(placement.pe(chain, set + 1, rows - 1, rows, j)), Pair(row - 1, column));
      }
    });
  }
}

TEST(Placement, GivesEachPeTheIdsOfItsRowsAlone) {
  Random random(13);
  for (unsigned trial = 0; trial < 300; ++trial) {
    const support::MappedLayer layer = support::random_mapped_layer(random);
    SCOPED_TRACE(layer.text());
    const Mapping mapping = clip(layer.mapping, layer.shape, layer.batch);
    const Placement placement(mapping, layer.shape, layer.accelerator.array.columns);
    std::map<Pair, std::tuple<unsigned, unsigned, unsigned>> ifmap;
    std::map<Pair, std::tuple<unsigned, unsigned, unsigned, unsigned>> filter;
    const Pair most_ifmap = pair(placement.largest_ifmap_id());
    const Pair most_filter = pair(placement.largest_filter_id());
    for_each_pe(mapping, [&](Placement::Chain chain, unsigned set, unsigned i, unsigned j) {
      const unsigned row = i * layer.shape.dilation + j * layer.shape.stride;
      const Pair ifmap_id = pair(placement.ifmap_id(chain.group, set, row));
      const auto data = std::make_tuple(chain.group, set, row);
      EXPECT_EQ(ifmap.emplace(ifmap_id, data).first->second, data);
      EXPECT_LE(ifmap_id.first, most_ifmap.first);
      EXPECT_LE(ifmap_id.second, most_ifmap.second);
      const Pair filter_id = pair(placement.filter_id(chain, set, i));
      const auto words = std::make_tuple(chain.group, chain.filter_set, set, i);
      EXPECT_EQ(filter.emplace(filter_id, words).first->second, words);
      EXPECT_LE(filter_id.first, most_filter.first);
      EXPECT_LE(filter_id.second, most_filter.second);
    });
  }
}

}  // namespace
}  // namespace rowan::dataflow::row_stationary
