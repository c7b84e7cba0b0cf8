// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/row_stationary/dram_image.h"

#include <set>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "models/base/error.h"
#include "models/dataflow/fmap_frames.h"
#include "models/dataflow/row_stationary/buffers.h"
#include "models/dataflow/row_stationary/layer_schedule.h"
#include "tests/support/small_layer.h"

namespace rowan::dataflow::row_stationary {
namespace {

using arithmetic::Word;

/// 1, 2, 3, ... so that each word tells where it is from.
workloads::Tensor counting(const workloads::Extents& extents) {
  workloads::Tensor tensor(extents);
  for (std::size_t i = 0; i < tensor.size(); ++i) tensor.data()[i] = static_cast<Word>(i + 1);
  return tensor;
}

std::vector<Word> packed(const std::vector<std::uint8_t>& bytes, Extent extent, std::size_t count) {
  FrameReader reader(bytes.data() + extent.address, extent.bytes, 16, FrameCoding::kPacked);
  std::vector<Word> words(count);
  reader.read(words);
  return words;
}

/// Word of a plane of the ifmap at a row and a column of the padded one.
Word word_at(const workloads::ConvolutionShape& shape, const Word* plane, unsigned row,
             unsigned column) {
  if (row < shape.padding || column < shape.padding) return 0;
  const unsigned y = row - shape.padding;
  const unsigned x = column - shape.padding;
  if (y % shape.input_dilation != 0 || x % shape.input_dilation != 0) return 0;
  if (y / shape.input_dilation >= shape.height || x / shape.input_dilation >= shape.width) return 0;
  return plane[y / shape.input_dilation * shape.width + x / shape.input_dilation];
}

/// A 3 x 3 plane under a 2 x 2 filter, an ofmap row at a time.
LayerPlan two_strips(bool coded) {
  workloads::ConvolutionShape shape;
  shape.height = 3;
  shape.width = 3;
  shape.kernel_height = 2;
  shape.kernel_width = 2;
  Mapping mapping;
  mapping.f = 2;
  mapping.filter_rows = 2;
  mapping.filter_columns = 2;
  spec::AcceleratorSpec accelerator = support::small_accelerator(2, 2);
  accelerator.dram.rlc = coded;
  return {shape, 1, mapping, accelerator};
}

TEST(DramImage, HaloRowsStandInBothTiles) {
  const LayerPlan plan = two_strips(false);
  const DramImage image =
      make_dram_image(plan, counting({1, 1, 3, 3}), counting({1, 1, 2, 2}), false);
  const DramLayout& layout = image.layout;
  ASSERT_EQ(layout.filter_blocks.size(), 1U);
  ASSERT_EQ(layout.ifmap_tiles.size(), 2U);
  ASSERT_EQ(layout.ofmap_tiles.size(), 2U);
  EXPECT_EQ(packed(image.bytes, layout.ifmap_tiles[0], 6), (std::vector<Word>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(packed(image.bytes, layout.ifmap_tiles[1], 6), (std::vector<Word>{4, 5, 6, 7, 8, 9}));
  // Filters 8 bytes, ifmap tiles 12 bytes padded to 16, ofmap tiles 4 bytes padded to 8.
  EXPECT_EQ(layout.filter_blocks[0].bytes, 8U);
  EXPECT_EQ(layout.ifmap_tiles[0].bytes, 16U);
  EXPECT_EQ(layout.ofmap_tiles[0].bytes, 8U);
  EXPECT_EQ(image.bytes.size(), 8 + 16 + 16U);
  EXPECT_EQ(layout.ofmap_tiles[0].address, 40U);
  EXPECT_EQ(layout.ofmap_tiles[1].address, 48U);
  EXPECT_EQ(layout.bytes, 56U);
}

TEST(DramImage, InsertedZerosAreNotInTheTiles) {
  // 3 x 3 words at rows and columns 1, 4 and 7 of 10: padding 1, and 2 at the end. 2 x 2 taps: 9 x
  // 9 ofmaps, in strips of 2 rows and blocks of 4 columns.
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
  spec::AcceleratorSpec accelerator = support::small_accelerator(2, 2);
  accelerator.dram.rlc = false;
  const LayerPlan plan(shape, 1, mapping, accelerator);
  const DramImage image =
      make_dram_image(plan, counting({1, 1, 3, 3}), counting({1, 1, 2, 2}), false);
  const auto& tiles = image.layout.ifmap_tiles;  // three a strip
  ASSERT_EQ(tiles.size(), 15U);
  EXPECT_EQ(packed(image.bytes, tiles[0], 2), (std::vector<Word>{1, 2}));
  EXPECT_EQ(packed(image.bytes, tiles[1], 2), (std::vector<Word>{2, 3}));
  EXPECT_EQ(packed(image.bytes, tiles[4], 2), (std::vector<Word>{5, 6}));
  EXPECT_EQ(packed(image.bytes, tiles[10], 2), (std::vector<Word>{8, 9}));
  for (const std::size_t empty : {2, 12, 13, 14}) EXPECT_EQ(tiles[empty].bytes, 0U) << empty;
}

TEST(DramImage, FiltersStandInBusOrder) {
  // Two filter rows of 2 columns and 2 filters, 4 words each, packets of 2: k innermost, rows
  // interleaved. Words of filter 0: 1 2 / 3 4, of filter 1: 5 6 / 7 8.
  workloads::ConvolutionShape shape;
  shape.filters = 2;
  shape.height = 2;
  shape.width = 2;
  shape.kernel_height = 2;
  shape.kernel_width = 2;
  Mapping mapping;
  mapping.m = 2;
  mapping.p = 2;
  mapping.filter_rows = 2;
  mapping.filter_columns = 2;
  spec::AcceleratorSpec accelerator = support::small_accelerator(2, 1);
  accelerator.filter_gin.width = Bits(32);
  const LayerPlan plan(shape, 1, mapping, accelerator);
  const DramImage image =
      make_dram_image(plan, counting({1, 1, 2, 2}), counting({2, 1, 2, 2}), false);
  EXPECT_EQ(packed(image.bytes, image.layout.filter_blocks[0], 8),
            (std::vector<Word>{1, 5, 3, 7, 2, 6, 4, 8}));
}

TEST(DramImage, WordsOfAFilterRowAreColumnThenChannelThenFilter) {
  // One row of 2 columns, 2 channels, 2 filters: word (s*2 + c)*2 + k. Planes [k][c]: 1 2, 3 4, 5
  // 6, 7 8.
  workloads::ConvolutionShape shape;
  shape.filters = 2;
  shape.channels = 2;
  shape.width = 2;
  shape.kernel_width = 2;
  Mapping mapping;
  mapping.m = 2;
  mapping.p = 2;
  mapping.q = 2;
  mapping.filter_columns = 2;
  const LayerPlan plan(shape, 1, mapping, support::small_accelerator(1, 1));
  const DramImage image =
      make_dram_image(plan, counting({1, 2, 1, 2}), counting({2, 2, 1, 2}), false);
  EXPECT_EQ(packed(image.bytes, image.layout.filter_blocks[0], 8),
            (std::vector<Word>{1, 5, 3, 7, 2, 6, 4, 8}));
}

TEST(DramImage, CodesFmapsButForTheNetworksInput) {
  const LayerPlan plan = two_strips(true);
  const auto ifmap = counting({1, 1, 3, 3});
  const auto filters = counting({1, 1, 2, 2});
  const DramLayout inner = make_dram_image(plan, ifmap, filters, false).layout;
  EXPECT_TRUE(inner.coded_ifmaps);
  EXPECT_TRUE(inner.coded_ofmaps);
  EXPECT_EQ(inner.ifmap_tiles[0].bytes, 16U);  // 6 words, three a code word
  EXPECT_EQ(inner.ofmap_tiles[0].bytes, 8U);   // at most one code word
  const DramImage input = make_dram_image(plan, ifmap, filters, true);
  EXPECT_FALSE(input.layout.coded_ifmaps);
  EXPECT_TRUE(input.layout.coded_ofmaps);
  EXPECT_EQ(packed(input.bytes, input.layout.ifmap_tiles[1], 6),
            (std::vector<Word>{4, 5, 6, 7, 8, 9}));
  const DramLayout plain = make_dram_image(two_strips(false), ifmap, filters, false).layout;
  EXPECT_FALSE(plain.coded_ifmaps);
  EXPECT_FALSE(plain.coded_ofmaps);
}

TEST(DramImage, LiesAtMultiplesOf8WithoutOverlap) {
  Random random(61);
  for (unsigned trial = 0; trial < 60; ++trial) {
    support::MappedLayer mapped = support::random_mapped_layer(random);
    mapped.accelerator.dram.rlc = trial % 2 == 0;
    SCOPED_TRACE(mapped.text());
    const support::SmallLayer layer(mapped, trial, trial % 3 == 0);
    const DramLayout& layout = layer.image.layout;
    std::uint64_t sum = 0;
    std::set<std::uint64_t> begins;
    for (const auto* extents : {&layout.filter_blocks, &layout.ifmap_tiles, &layout.ofmap_tiles}) {
      for (const Extent& extent : *extents) {
        EXPECT_EQ(extent.address % 8, 0U);
        EXPECT_LE(extent.address + extent.bytes, layout.bytes);
        if (extent.bytes > 0) {
          EXPECT_TRUE(begins.insert(extent.address).second);
        }
        sum += extent.bytes;
      }
    }
    EXPECT_EQ(sum, layout.bytes);  // and no gaps
    EXPECT_LE(layer.image.bytes.size(), layout.bytes);
  }
}

TEST(DramImage, EveryIfmapTileMakesItsPartOfThePaddedIfmap) {
  Random random(62);
  for (unsigned trial = 0; trial < 60; ++trial) {
    const support::MappedLayer mapped = support::random_mapped_layer(random);
    SCOPED_TRACE(mapped.text());
    const support::SmallLayer layer(mapped, trial);
    const LayerPlan& plan = layer.plan;
    LoopIndex i;
    do {
      const Extent extent = layer.image.layout.ifmap_tiles[plan.ifmap_tile_index(i)];
      const PlaneWindow window = plan.tile_window(i);
      FrameReader reader(layer.image.bytes.data() + extent.address, extent.bytes, 16,
                         FrameCoding::kRunLength);
      std::vector<Word> frame(std::size_t{window.rows} * window.columns);
      for (unsigned n = 0; n < plan.images(i).size; ++n) {
        for (unsigned g = 0; g < plan.groups(i).size; ++g) {
          for (unsigned c = 0; c < plan.channels(i).size; ++c) {
            reader.read(frame);
            const Word* plane = layer.tensors.ifmap().plane(
                plan.images(i).begin + n,
                (plan.groups(i).begin + g) * mapped.shape.channels_per_group() +
                    plan.channels(i).begin + c);
            std::vector<Word> tile(std::size_t{window.plane_rows} * window.plane_columns);
            place_frame(window, frame, tile.data());
            for (unsigned row = 0; row < window.plane_rows; ++row) {
              for (unsigned column = 0; column < window.plane_columns; ++column) {
                const unsigned y = plan.ofmap_rows(i).begin * mapped.shape.stride +
                                   plan.filter_rows(i).begin * mapped.shape.dilation + row;
                const unsigned x = plan.ofmap_columns(i).begin * mapped.shape.stride +
                                   plan.filter_columns(i).begin * mapped.shape.dilation + column;
                EXPECT_EQ(tile[row * window.plane_columns + column],
                          word_at(mapped.shape, plane, y, x));
              }
            }
          }
        }
      }
      EXPECT_EQ(reader.code_words() * 8, extent.bytes);
    } while (advance(plan, i));
  }
}

TEST(DramImage, OfmapIsReadFromTilesPackedByHand) {
  // Two images, 3 filters (2 + 1), 3 x 3 ofmaps in strips of 2 rows and blocks of 2 columns.
  for (const bool coded : {false, true}) {
    workloads::ConvolutionShape shape;
    shape.filters = 3;
    shape.height = 3;
    shape.width = 3;
    Mapping mapping;
    mapping.n = 2;
    mapping.m = 2;
    mapping.e = 2;
    mapping.f = 2;
    spec::AcceleratorSpec accelerator = support::small_accelerator(1, 2);
    accelerator.dram.rlc = coded;
    const LayerPlan plan(shape, 2, mapping, accelerator);
    const auto ofmap = counting({2, 3, 3, 3});
    const DramLayout layout =
        make_dram_image(plan, counting({2, 1, 3, 3}), counting({3, 1, 1, 1}), false).layout;
    ASSERT_EQ(layout.ofmap_tiles.size(), 8U);
    std::vector<std::uint8_t> memory(layout.bytes);
    // Tiles: strip, column block, filter group; frames: image, filter.
    const std::pair<unsigned, unsigned> halves[] = {{0, 2}, {2, 3}};
    std::size_t tile = 0;
    for (const auto& [row_begin, row_end] : halves) {
      for (const auto& [column_begin, column_end] : halves) {
        for (const auto& [filter_begin, filter_end] : halves) {
          std::vector<std::uint8_t> bytes;
          FrameWriter writer(bytes, 16, coded ? FrameCoding::kRunLength : FrameCoding::kPacked);
          for (unsigned n = 0; n < 2; ++n) {
            for (unsigned m = filter_begin; m < filter_end; ++m) {
              std::vector<Word> frame;
              for (unsigned y = row_begin; y < row_end; ++y) {
                for (unsigned x = column_begin; x < column_end; ++x) {
                  frame.push_back(ofmap.plane(n, m)[y * 3 + x]);
                }
              }
              writer.add(frame);
            }
          }
          ASSERT_LE(writer.finish(), layout.ofmap_tiles[tile].bytes);
          std::copy(bytes.begin(), bytes.end(),
                    memory.begin() + static_cast<std::ptrdiff_t>(layout.ofmap_tiles[tile].address));
          ++tile;
        }
      }
    }
    EXPECT_TRUE(read_ofmap(plan, layout, memory) == ofmap);
  }
}

TEST(DramImage, ResidentFmapsStandInAMemoryOfTheirOwnUncoded) {
  const LayerPlan plan = two_strips(true);
  const auto ifmap = counting({1, 1, 3, 3});
  const auto filters = counting({1, 1, 2, 2});
  const DramImage in_dram = make_dram_image(plan, ifmap, filters, true);  // uncoded, too
  const DramImage image =
      make_dram_image(plan, ifmap, filters, false, {FmapPlace::kResident, FmapPlace::kResident});
  const DramLayout& layout = image.layout;
  EXPECT_FALSE(layout.coded_ifmaps);
  EXPECT_FALSE(layout.coded_ofmaps);
  EXPECT_EQ(layout.bytes, image.bytes.size());  // the filters alone
  // The ifmap's tiles are the same bytes, from address 0; room for the ofmap's follows: two rows of
  // two words, each padded to 8 bytes.
  const std::uint64_t first = in_dram.layout.ifmap_tiles[0].address;
  EXPECT_EQ(layout.ifmap_tiles[0].address, 0U);
  EXPECT_EQ(image.resident,
            std::vector<std::uint8_t>(in_dram.bytes.begin() + static_cast<std::ptrdiff_t>(first),
                                      in_dram.bytes.end()));
  EXPECT_EQ(layout.ofmap_tiles[0].address, image.resident.size());
  EXPECT_EQ(layout.resident_bytes, image.resident.size() + 2 * 8);
}

TEST(DramImage, EachResidentFmapLeavesDramByItself) {
  const LayerPlan plan = two_strips(true);
  const auto ifmap = counting({1, 1, 3, 3});
  const auto filters = counting({1, 1, 2, 2});
  const DramImage image =
      make_dram_image(plan, ifmap, filters, false, {FmapPlace::kDram, FmapPlace::kResident});
  EXPECT_TRUE(image.layout.coded_ifmaps);
  EXPECT_FALSE(image.layout.coded_ofmaps);
  EXPECT_TRUE(image.resident.empty());
  EXPECT_EQ(image.layout.resident_bytes, 2 * 8U);
  EXPECT_EQ(image.layout.bytes, image.bytes.size());
  LayerSchedule schedule(plan, image.layout);
  Step step;
  while (schedule.next(step)) {
    if (const auto* load = std::get_if<LoadTile>(&step)) {
      EXPECT_EQ(load->place, FmapPlace::kDram);
    }
    if (const auto* store = std::get_if<StoreTile>(&step)) {
      EXPECT_EQ(store->place, FmapPlace::kResident);
    }
  }
}

TEST(DramImage, MalformedOfmapIsAnError) {
  const LayerPlan plan = two_strips(true);
  const DramLayout layout =
      make_dram_image(plan, counting({1, 1, 3, 3}), counting({1, 1, 2, 2}), false).layout;
  const std::vector<std::uint8_t> memory(layout.bytes);  // no code word has its last bit
  EXPECT_THROW((void)read_ofmap(plan, layout, memory), HardwareError);
}

}  // namespace
}  // namespace rowan::dataflow::row_stationary
