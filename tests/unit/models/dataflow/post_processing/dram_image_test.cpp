// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/post_processing/dram_image.h"

#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/dataflow/fmap_frames.h"
#include "tests/support/input_error.h"
#include "tests/support/small_unit_layer.h"

namespace rowan::dataflow::post_processing {
namespace {

using arithmetic::Word;
using support::unit_accelerator;
using support::unit_shape;
using workloads::Tensor;

/// Words `first`, `first` + 1, ...
Tensor counted(const workloads::Extents& extents, Word first) {
  Tensor tensor(extents);
  std::iota(tensor.data(), tensor.data() + tensor.size(), first);
  return tensor;
}

std::vector<Word> words_at(const DramImage& image, std::uint64_t address, std::size_t count) {
  std::vector<Word> words;
  for (std::size_t i = 0; i < count; ++i) {
    words.push_back(static_cast<std::int16_t>(image.bytes.at(address + 2 * i) |
                                              image.bytes.at(address + 2 * i + 1) << 8));
  }
  return words;
}

spec::AcceleratorSpec uncoded(unsigned banks, unsigned rows) {
  spec::AcceleratorSpec accelerator = unit_accelerator(banks, rows);
  accelerator.dram.rlc = false;
  return accelerator;
}

TEST(PostProcessingDramImage, HasTheOperandsOfAnAdditionSideBySide) {
  LayerShape shape = unit_shape(UnitOperation::kAddition, 3, 1, 2);
  shape.second_channels = 3;
  const LayerPlan plan(shape, 1, uncoded(2, 2));  // two planes a tile
  const Tensor a = counted({1, 3, 1, 2}, 1);
  const Tensor b = counted({1, 3, 1, 2}, 101);
  const DramImage image = make_dram_image(plan, {{a, b}, {}}, false);
  ASSERT_EQ(plan.tile_count(), 2U);
  const auto& tiles = image.layout.tiles;
  EXPECT_EQ(words_at(image, tiles[0].ifmap, 8),
            (std::vector<Word>{1, 2, 3, 4, 101, 102, 103, 104}));
  EXPECT_EQ(tiles[0].ifmap_bytes, 16U);
  EXPECT_EQ(words_at(image, tiles[1].ifmap, 4), (std::vector<Word>{5, 6, 105, 106}));
  EXPECT_EQ(tiles[1].ifmap_bytes, 8U);
}

TEST(PostProcessingDramImage, HasThePartOfThePlaneThatATileNeeds) {
  LayerShape shape = support::pooling_shape(UnitOperation::kMaxPooling, 1, 4, 4, 2, 1, 0);
  const LayerPlan plan(shape, 1, uncoded(2, 3));
  const Tensor x = counted({1, 1, 4, 4}, 0);
  const DramImage image = make_dram_image(plan, {{x}, {}}, false);
  ASSERT_EQ(plan.tile_count(), 3U);
  EXPECT_EQ(words_at(image, image.layout.tiles[1].ifmap, 8),
            (std::vector<Word>{4, 5, 6, 7, 8, 9, 10, 11}));
}

TEST(PostProcessingDramImage, CodesFramesButForTheNetworksInput) {
  const LayerPlan plan(unit_shape(UnitOperation::kRelu, 2, 1, 3), 1, unit_accelerator(2, 8));
  const Tensor x({1, 2, 1, 3});
  const DramImage coded = make_dram_image(plan, {{x}, {}}, false);
  EXPECT_TRUE(coded.layout.coded_ifmaps);
  EXPECT_TRUE(coded.layout.coded_ofmaps);
  EXPECT_EQ(coded.layout.tiles[0].ifmap_bytes, 16U);  // a code word a plane
  EXPECT_EQ(coded.layout.tiles[0].ofmap_bytes, 16U);
  const DramImage input = make_dram_image(plan, {{x}, {}}, true);
  EXPECT_FALSE(input.layout.coded_ifmaps);
  EXPECT_TRUE(input.layout.coded_ofmaps);
  EXPECT_EQ(input.layout.tiles[0].ifmap_bytes, 16U);  // 6 words, padded
}

TEST(PostProcessingDramImage, HasOneBlockOfGainsAndOffsets) {
  const LayerPlan plan(unit_shape(UnitOperation::kLayerNorm, 3, 1, 4), 2, uncoded(2, 2));
  ASSERT_GT(plan.tile_count(), 2U);
  const Tensor x = counted({2, 3, 1, 4}, 0);
  const Tensor parameters = counted({3, 2, 1, 1}, 50);
  const DramImage image = make_dram_image(plan, {{x}, parameters}, false);
  for (const TileAddresses& tile : image.layout.tiles) {
    EXPECT_EQ(tile.parameters, image.layout.tiles[0].parameters);
  }
  EXPECT_EQ(words_at(image, image.layout.tiles[0].parameters, 6),
            (std::vector<Word>{50, 51, 52, 53, 54, 55}));
}

TEST(PostProcessingDramImage, GivesEveryTileOfTokensItsEmbeddings) {
  const LayerPlan plan(unit_shape(UnitOperation::kTokens, 2, 2, 2), 2, uncoded(2, 3));
  ASSERT_EQ(plan.tiles_per_image(), 4U);  // of each channel 1 + 2 columns, then 2
  const Tensor x = counted({2, 2, 2, 2}, 0);
  const Tensor parameters = counted({2, 1, 1, 5}, 10);
  const DramImage image = make_dram_image(plan, {{x}, parameters}, false);
  const auto& tiles = image.layout.tiles;
  EXPECT_EQ(words_at(image, tiles[0].parameters, 3), (std::vector<Word>{10, 11, 12}));
  EXPECT_EQ(words_at(image, tiles[1].parameters, 2), (std::vector<Word>{13, 14}));
  EXPECT_EQ(words_at(image, tiles[3].parameters, 2), (std::vector<Word>{18, 19}));
  EXPECT_EQ(tiles[7].parameters, tiles[3].parameters);
  EXPECT_EQ(words_at(image, tiles[7].ifmap, 2), (std::vector<Word>{14, 15}));
}

TEST(PostProcessingDramImage, OfmapIsReadBackFromItsTiles) {
  const LayerPlan plan(unit_shape(UnitOperation::kRelu, 3, 3, 5), 2, unit_accelerator(2, 4));
  ASSERT_GT(plan.tile_count(), 6U);
  const Tensor x = counted({2, 3, 3, 5}, -20);
  const DramImage image = make_dram_image(plan, {{x}, {}}, false);
  std::vector<std::uint8_t> memory = image.bytes;
  memory.resize(image.layout.bytes);
  // The tiles of this operation's ofmap are those of its ifmap.
  for (const TileAddresses& tile : image.layout.tiles) {
    ASSERT_LE(tile.ifmap_bytes, tile.ofmap_bytes);
    std::copy_n(image.bytes.begin() + static_cast<std::ptrdiff_t>(tile.ifmap), tile.ifmap_bytes,
                memory.begin() + static_cast<std::ptrdiff_t>(tile.ofmap));
  }
  EXPECT_TRUE(read_ofmap(plan, image.layout, memory) == x);
}

TEST(PostProcessingDramImage, ResidentFmapsStandInAMemoryOfTheirOwnUncoded) {
  const LayerPlan plan(unit_shape(UnitOperation::kRelu, 1, 2, 3), 1, unit_accelerator(2, 8));
  ASSERT_EQ(plan.tile_count(), 1U);
  const Tensor x = counted({1, 1, 2, 3}, -3);
  const DramImage image =
      make_dram_image(plan, {{x}, {}}, false, {FmapPlace::kResident, FmapPlace::kResident});
  EXPECT_FALSE(image.layout.coded_ifmaps);
  EXPECT_FALSE(image.layout.coded_ofmaps);
  EXPECT_EQ(image.layout.bytes, 0U);
  EXPECT_EQ(image.resident, (std::vector<std::uint8_t>{0xfd, 0xff, 0xfe, 0xff, 0xff, 0xff, 0, 0,  //
                                                       1, 0, 2, 0, 0, 0, 0, 0}));
  EXPECT_EQ(image.layout.tiles[0].ifmap, 0U);
  EXPECT_EQ(image.layout.tiles[0].ofmap, 16U);
  EXPECT_EQ(image.layout.resident_bytes, 32U);
}

TEST(PostProcessingDramImage, RejectsOperandsOfAnotherSize) {
  const LayerPlan plan(unit_shape(UnitOperation::kLayerNorm, 2, 1, 3), 1, unit_accelerator(2, 8));
  const Tensor x({1, 2, 1, 3});
  const auto error_of = [&](const std::vector<Tensor>& inputs, const Tensor& parameters) {
    return support::input_error([&] {
      return make_dram_image(plan, {inputs, parameters}, false).bytes.size();
    });
  };
  const Tensor parameters({2, 2, 1, 1});
  EXPECT_EQ(error_of({x}, parameters), "no error");
  EXPECT_EQ(error_of({x, x}, parameters), "2 operands, not 1");
  EXPECT_EQ(error_of({x}, Tensor({2, 1, 1, 1})),
            "the tensor of gains and offsets is 2x1x1x1, not 2x2x1x1");
  const Tensor wrong({1, 3, 1, 2});
  EXPECT_EQ(error_of({wrong}, parameters), "the operand is 1x3x1x2, not 1x2x1x3");
}

}  // namespace
}  // namespace rowan::dataflow::post_processing
