// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/row_stationary/layer_plan.h"

#include <array>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "models/dataflow/row_stationary/buffers.h"
#include "models/dataflow/row_stationary/placement.h"
#include "tests/support/input_error.h"
#include "tests/support/small_layer.h"

namespace rowan::dataflow::row_stationary {
namespace {

using Indices = std::array<unsigned, 9>;

Indices indices(const LoopIndex& i) {
  return {i.group,         i.image,    i.strip,       i.column,  i.filter_group,
          i.channel_group, i.fold_row, i.fold_column, i.subgroup};
}

/// Two iterations of every loop; the second filter group has one subgroup of two.
LayerPlan plan_of_twos() {
  workloads::ConvolutionShape shape;
  shape.groups = 2;
  shape.filters = 2 * 5;
  shape.channels = 2 * 4;
  shape.height = 5;
  shape.width = 5;
  shape.kernel_height = 2;
  shape.kernel_width = 2;
  Mapping mapping;
  mapping.m = 4;  // 4 + 1 filters
  mapping.p = 2;
  mapping.e = 2;
  mapping.f = 3;  // 3 + 1 columns
  mapping.q = 3;  // 3 + 1 channels
  return {shape, 2, mapping, support::small_accelerator(2, 2)};
}

Mapping conv1_mapping() { return support::alexnet_mapping("CONV1"); }

LayerPlan alexnet(const char* name) {
  return {support::alexnet_layer(name).shape, 4, support::alexnet_mapping(name),
          support::eyeriss()};
}

TEST(LayerPlan, CountsBlocksOfEveryLoop) {
  EXPECT_EQ(indices(plan_of_twos().loops()), (Indices{2, 2, 2, 2, 2, 2, 2, 2, 2}));
  EXPECT_EQ(indices(alexnet("CONV1").loops()), (Indices{1, 4, 8, 1, 1, 3, 1, 1, 3}));
  EXPECT_EQ(indices(alexnet("CONV2").loops()), (Indices{2, 4, 1, 1, 2, 24, 1, 1, 4}));
}

TEST(LayerPlan, RemaindersHaveWhatIsLeft) {
  const LayerPlan plan = plan_of_twos();
  LoopIndex last;
  last.group = last.image = last.strip = last.column = 1;
  last.filter_group = last.channel_group = last.fold_row = last.fold_column = 1;
  const auto pair = [](Block block) { return std::make_pair(block.begin, block.size); };
  using Pair = std::pair<unsigned, unsigned>;
  EXPECT_EQ(pair(plan.groups(last)), Pair(1, 1));
  EXPECT_EQ(pair(plan.images(last)), Pair(1, 1));
  EXPECT_EQ(pair(plan.ofmap_rows(last)), Pair(2, 2));
  EXPECT_EQ(pair(plan.ofmap_columns(last)), Pair(3, 1));
  EXPECT_EQ(pair(plan.filter_group(last)), Pair(4, 1));
  EXPECT_EQ(pair(plan.filters(last)), Pair(4, 1));
  EXPECT_EQ(pair(plan.channels(last)), Pair(3, 1));
  EXPECT_EQ(pair(plan.filter_rows(last)), Pair(1, 1));
  EXPECT_EQ(pair(plan.filter_columns(last)), Pair(1, 1));
  EXPECT_EQ(plan.subgroups(last), 1U);
  LoopIndex second;
  second.subgroup = 1;
  EXPECT_EQ(plan.subgroups(second), 2U);
  EXPECT_EQ(pair(plan.filters(second)), Pair(2, 2));
  const PassExtents extents = plan.extents(last);
  EXPECT_EQ(extents.ofmap_columns, 1U);
  EXPECT_EQ(extents.filters, 1U);
  EXPECT_EQ(extents.channels, 1U);
  EXPECT_TRUE(extents.reads_psums);
}

TEST(LayerPlan, StartsPsumsInTheFirstChannelsAndTaps) {
  EXPECT_TRUE(LayerPlan::starts_psums(LoopIndex()));
  for (unsigned LoopIndex::*later :
       {&LoopIndex::channel_group, &LoopIndex::fold_row, &LoopIndex::fold_column}) {
    LoopIndex index;
    index.*later = 1;
    EXPECT_FALSE(LayerPlan::starts_psums(index));
  }
  for (unsigned LoopIndex::*other :
       {&LoopIndex::group, &LoopIndex::image, &LoopIndex::strip, &LoopIndex::column,
        &LoopIndex::filter_group, &LoopIndex::subgroup}) {
    LoopIndex index;
    index.*other = 1;
    EXPECT_TRUE(LayerPlan::starts_psums(index));
  }
}

TEST(Advance, NestsTheLoopsInTheOrderOfTheIndex) {
  const LayerPlan plan = plan_of_twos();
  std::vector<Indices> expected;
  for (unsigned outer = 0; outer < 256; ++outer) {
    Indices index{};
    for (unsigned loop = 0; loop < 8; ++loop) index[loop] = outer >> (7 - loop) & 1U;
    const unsigned subgroups = index[4] == 0 ? 2 : 1;  // of 4 filters, and of 1
    for (index[8] = 0; index[8] < subgroups; ++index[8]) expected.push_back(index);
  }
  std::vector<Indices> visited;
  LoopIndex index;
  do {
    visited.push_back(indices(index));
  } while (advance(plan, index));
  EXPECT_EQ(visited, expected);
  EXPECT_EQ(plan.pass_count(), 384U);  // 128 * 2 + 128 * 1
}

TEST(LayerPlan, NumbersTilesAndBlocksWithoutGaps) {
  const LayerPlan plan = plan_of_twos();
  std::set<std::size_t> ifmaps;
  std::set<std::size_t> filters;
  std::set<std::size_t> ofmaps;
  std::map<std::size_t, Indices> ofmap_of;
  LoopIndex index;
  do {
    ifmaps.insert(plan.ifmap_tile_index(index));
    filters.insert(plan.filter_block_index(index));
    ofmaps.insert(plan.ofmap_tile_index(index));
  } while (advance(plan, index));
  // Ifmaps: all loops but filter group and subgroup, 2^7. Ofmaps: the five outer ones, 2^5.
  // Filters: group, filter group, channels and folds 2^5, subgroups 2; those of the second filter
  // group have one subgroup only.
  EXPECT_EQ(plan.ifmap_tile_count(), 128U);
  EXPECT_EQ(ifmaps.size(), 128U);
  EXPECT_EQ(*ifmaps.rbegin(), 127U);
  EXPECT_EQ(plan.ofmap_tile_count(), 32U);
  EXPECT_EQ(ofmaps.size(), 32U);
  EXPECT_EQ(*ofmaps.rbegin(), 31U);
  EXPECT_EQ(plan.filter_block_count(), 64U);
  EXPECT_EQ(filters.size(), 2 * 8 * (2 + 1U));
  EXPECT_LT(*filters.rbegin(), 64U);
}

TEST(LayerPlan, IllegalMappingSaysWhichRules) {
  Mapping mapping = conv1_mapping();
  mapping.p = 32;
  const std::string error = support::input_error([&] {
    return LayerPlan(support::alexnet_layer("CONV1").shape, 4, mapping, support::eyeriss());
  });
  EXPECT_EQ(error,
            "illegal mapping; filter_spad: p * q * S words = 352 exceeds pe.filter_spad.size_words "
            "= 224; psum_spad: p words = 32 exceeds pe.psum_spad.size_words = 24; filter_buffer: "
            "filter words of a pass = 7744 exceeds words of global_buffer.filter_banks = 4096");
}

TEST(LayerPlan, TileWindowsLeaveOutThePadding) {
  // 4 x 4 words, padding 2, 3 x 3 taps: 6 x 6 ofmaps, in strips of 2 rows and blocks of 4 columns.
  workloads::ConvolutionShape shape;
  shape.height = 4;
  shape.width = 4;
  shape.padding = 2;
  shape.kernel_height = 3;
  shape.kernel_width = 3;
  Mapping mapping;
  mapping.e = 2;
  mapping.f = 4;
  mapping.filter_rows = 3;
  mapping.filter_columns = 3;
  const LayerPlan plan(shape, 1, mapping, support::small_accelerator(3, 3));
  const auto window = [&](unsigned strip, unsigned column) {
    LoopIndex index;
    index.strip = strip;
    index.column = column;
    const PlaneWindow w = plan.tile_window(index);
    return std::vector<unsigned>{w.plane_rows,
                                 w.plane_columns,
                                 w.first_row,
                                 w.rows,
                                 w.first_column,
                                 w.columns,
                                 plan.tile_rows(index).begin,
                                 plan.tile_columns(index).begin};
  };
  // Strip 0: padded rows 0 to 3, of which 2 and 3 are rows 0 and 1. Column block 0: padded 0 to 5,
  // words 0 to 3 from 2 on.
  EXPECT_EQ(window(0, 0), (std::vector<unsigned>{4, 6, 2, 2, 2, 4, 0, 0}));
  // Strip 1: padded rows 2 to 5, all words. Column block 1: padded 4 to 7, words 2 and 3.
  EXPECT_EQ(window(1, 1), (std::vector<unsigned>{4, 4, 0, 4, 0, 2, 0, 2}));
  // Strip 2: padded rows 4 to 7, rows 2 and 3.
  EXPECT_EQ(window(2, 0), (std::vector<unsigned>{4, 6, 0, 2, 2, 4, 2, 0}));
}

/// 3 x 3 words, 2 zeros between neighbours, padding 1 and 2 at the end: at rows and columns 1, 4
/// and 7 of 10. 2 x 2 taps, so 9 x 9 ofmaps, in strips of 2 rows and blocks of 4 columns.
LayerPlan plan_with_inserted_zeros() {
  workloads::ConvolutionShape shape;
  shape.height = 3;
  shape.width = 3;
  shape.input_dilation = 3;
  shape.padding = 1;
  shape.padding_end = 2;
  shape.kernel_height = 2;
  shape.kernel_width = 2;
  Mapping mapping;
  mapping.e = 2;
  mapping.f = 4;
  mapping.filter_rows = 2;
  mapping.filter_columns = 2;
  return {shape, 1, mapping, support::small_accelerator(2, 2)};
}

TEST(LayerPlan, TileWindowsHaveTheWordsBetweenInsertedZeros) {
  const LayerPlan plan = plan_with_inserted_zeros();
  EXPECT_EQ(plan.loops().strip, 5U);
  EXPECT_EQ(plan.loops().column, 3U);
  // Rows: those of the plane, first, count, first of the ifmap; then columns alike.
  const auto window = [&](unsigned strip, unsigned column) {
    LoopIndex index;
    index.strip = strip;
    index.column = column;
    const PlaneWindow w = plan.tile_window(index);
    if (w.rows > 0) {
      EXPECT_EQ(w.row_step, 3U);
      EXPECT_EQ(w.column_step, 3U);
    }
    return std::vector<unsigned>{
        w.plane_rows,    w.first_row,    w.rows,    plan.tile_rows(index).begin,
        w.plane_columns, w.first_column, w.columns, plan.tile_columns(index).begin};
  };
  // Rows 0 to 2 have 1, rows 2 to 4 and 4 to 6 have 4, rows 6 to 8 have 7. Columns 0 to 4 have 1
  // and 4, columns 4 to 8 have 4 and 7.
  EXPECT_EQ(window(0, 0), (std::vector<unsigned>{3, 1, 1, 0, 5, 1, 2, 0}));
  EXPECT_EQ(window(1, 0), (std::vector<unsigned>{3, 2, 1, 1, 5, 1, 2, 0}));
  EXPECT_EQ(window(2, 1), (std::vector<unsigned>{3, 0, 1, 1, 5, 0, 2, 1}));
  EXPECT_EQ(window(3, 1), (std::vector<unsigned>{3, 1, 1, 2, 5, 0, 2, 1}));
  // Rows 8 and 9, and columns 8 and 9, are padding.
  EXPECT_EQ(window(4, 0), (std::vector<unsigned>{2, 0, 0, 0, 5, 0, 0, 0}));
  EXPECT_EQ(window(0, 2), (std::vector<unsigned>{3, 0, 0, 0, 2, 0, 0, 0}));
}

TEST(LayerPlan, TileBetweenTwoWordsHasNone) {
  workloads::ConvolutionShape shape;
  shape.height = 2;
  shape.width = 2;
  shape.input_dilation = 3;
  Mapping mapping;
  mapping.f = 4;
  const LayerPlan plan(shape, 1, mapping, support::small_accelerator(1, 1));
  ASSERT_EQ(plan.loops().strip, 4U);
  std::vector<unsigned> words;
  for (LoopIndex index; index.strip < 4; ++index.strip) {
    const PlaneWindow window = plan.tile_window(index);
    words.push_back(window.rows * window.columns);
  }
  EXPECT_EQ(words, (std::vector<unsigned>{2, 0, 0, 2}));
}

TEST(LayerPlan, TileInThePaddingHasNoWords) {
  // One row of padding above: the first ofmap row under the first filter row sees nothing else.
  workloads::ConvolutionShape shape;
  shape.height = 3;
  shape.width = 3;
  shape.padding = 1;
  shape.kernel_height = 3;
  shape.kernel_width = 3;
  Mapping mapping;
  mapping.f = 3;
  mapping.filter_columns = 3;
  const LayerPlan plan(shape, 1, mapping, support::small_accelerator(3, 3));
  const PlaneWindow window = plan.tile_window(LoopIndex());
  EXPECT_EQ(window.plane_rows, 1U);
  EXPECT_EQ(window.plane_columns, 5U);
  EXPECT_EQ(window.rows, 0U);
  EXPECT_EQ(window.columns, 0U);
  LoopIndex second;
  second.fold_row = 1;
  EXPECT_EQ(plan.tile_window(second).rows, 1U);
  EXPECT_EQ(plan.tile_window(second).first_column, 1U);
}

TEST(LayerPlan, PsumTileOfConv2IsSixteenFiltersInFourRows) {
  // 27 x 27 positions, 4 subgroups of 16 filters: 4 rows of 4 per position, ofmap rows innermost.
  const LayerPlan plan = alexnet("CONV2");
  const auto tile = plan.psum_tile(LoopIndex());
  EXPECT_EQ(tile->rows, 27U);
  EXPECT_EQ(tile->columns, 27U);
  ASSERT_EQ(tile->planes.size(), 64U);
  EXPECT_EQ(tile->planes[0].lane, 0U);
  EXPECT_EQ(tile->planes[0].column_stride, 4 * 27U);
  EXPECT_EQ(tile->planes[0].first_row[26], 26U);
  EXPECT_EQ(tile->planes[7].lane, 3U);
  EXPECT_EQ(tile->planes[7].first_row[0], 27U);            // packet 1 of 4
  EXPECT_EQ(tile->planes[16].first_row[0], 4 * 27 * 27U);  // the second subgroup
  EXPECT_EQ(tile->planes[63].first_row[26], 3 * 2916 + 3 * 27 + 26U);
}

TEST(LayerPlan, PsumTilePutsEveryWordOfEveryPlaneInAPlaceOfItsOwn) {
  Random random(41);
  for (unsigned trial = 0; trial < 150; ++trial) {
    const support::MappedLayer layer = support::random_mapped_layer(random);
    SCOPED_TRACE(layer.text());
    const LayerPlan plan(layer.shape, layer.batch, layer.mapping, layer.accelerator);
    LoopIndex index;
    do {
      const auto tile = plan.psum_tile(index);
      ASSERT_EQ(tile->planes.size(), std::size_t{plan.images(index).size} *
                                         plan.groups(index).size * plan.filter_group(index).size);
      std::set<std::pair<std::uint32_t, std::uint32_t>> taken;
      for (const PlaneLayout& plane : tile->planes) {
        EXPECT_LT(plane.lane, psum_packet_words(layer.accelerator));
        ASSERT_EQ(plane.first_row.size(), tile->rows);
        for (std::uint32_t row = 0; row < tile->rows; ++row) {
          for (std::uint32_t column = 0; column < tile->columns; ++column) {
            const std::uint32_t psum_row = plane.first_row[row] + column * plane.column_stride;
            EXPECT_LT(psum_row, plan.buffers().psum_rows);
            EXPECT_TRUE(taken.emplace(psum_row, plane.lane).second);
          }
        }
      }
    } while (advance(plan, index));
  }
}

TEST(LayerPlan, PsumTileFindsTheWordsWhereThePassesPutThem) {
  Random random(42);
  for (unsigned trial = 0; trial < 100; ++trial) {
    const support::MappedLayer layer = support::random_mapped_layer(random);
    SCOPED_TRACE(layer.text());
    const LayerPlan plan(layer.shape, layer.batch, layer.mapping, layer.accelerator);
    const Mapping& mapping = plan.mapping();
    const PassBuilder builder(mapping, plan.shape(), plan.accelerator());
    const Placement placement(mapping, plan.shape(), layer.accelerator.array.columns);
    LoopIndex index;
    do {
      const auto tile = plan.psum_tile(index);
      const PassExtents e = plan.extents(index);
      const auto pass = builder.build(e);
      // Rows of each PE's packets in a window, in order.
      std::map<MulticastId, std::vector<std::uint32_t>> rows_of;
      for (const Packet& packet : pass->psum_out.step) rows_of[packet.id].push_back(packet.address);
      const unsigned packet_words = psum_packet_words(layer.accelerator);
      unsigned sets = 1;
      while (sets < mapping.r && channels_of_set(e, mapping, sets) > 0) ++sets;
      for (unsigned image = 0; image < e.images; ++image) {
        for (unsigned group = 0; group < e.groups; ++group) {
          for (unsigned k = 0; k < e.filters; ++k) {
            const unsigned filter = plan.filters(index).begin - plan.filter_group(index).begin + k;
            const unsigned filters = plan.filter_group(index).size;
            const PlaneLayout& plane = tile->planes[(image * e.groups + group) * filters + filter];
            for (unsigned row = 0; row < e.ofmap_rows; ++row) {
              const auto at = placement.pe({group, k / mapping.p}, sets - 1, 0, e.filter_rows, row);
              const unsigned word = k % mapping.p;
              const auto& rows = rows_of[{at.row, at.column}];
              ASSERT_LT(word / packet_words, rows.size());
              EXPECT_EQ(plane.lane, word % packet_words);
              for (unsigned column = 0; column < e.ofmap_columns; ++column) {
                EXPECT_EQ(plane.first_row[row] + column * plane.column_stride,
                          plan.psum_row(index) +
                              pass->psum_out.bases[image * e.ofmap_columns + column] +
                              rows[word / packet_words]);
              }
            }
          }
        }
      }
    } while (advance(plan, index) && !testing::Test::HasFailure());
  }
}

TEST(LayerPlan, TilesFitTheBuffersOfThePlan) {
  Random random(43);
  for (unsigned trial = 0; trial < 100; ++trial) {
    const support::MappedLayer layer = support::random_mapped_layer(random);
    SCOPED_TRACE(layer.text());
    const LayerPlan plan(layer.shape, layer.batch, layer.mapping, layer.accelerator);
    LoopIndex index;
    std::uint64_t passes = 0;
    do {
      const PlaneWindow window = plan.tile_window(index);
      const PassExtents e = plan.extents(index);
      EXPECT_LE(std::uint64_t{window.plane_rows} * window.plane_columns * e.images * e.groups *
                    e.channels,
                plan.buffers().ifmap_words);
      if (window.rows > 0) {
        EXPECT_LT(window.first_row + (window.rows - 1) * window.row_step, window.plane_rows);
        EXPECT_LT(window.first_column + (window.columns - 1) * window.column_step,
                  window.plane_columns);
      }
      ++passes;
    } while (advance(plan, index));
    EXPECT_EQ(passes, plan.pass_count());
  }
}

}  // namespace
}  // namespace rowan::dataflow::row_stationary
