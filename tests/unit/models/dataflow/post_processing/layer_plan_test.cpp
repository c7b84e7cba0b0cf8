// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/post_processing/layer_plan.h"

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/input_error.h"
#include "tests/support/small_unit_layer.h"
#include "workloads/network_file.h"

namespace rowan::dataflow::post_processing {
namespace {

using support::pooling_shape;
using support::unit_accelerator;
using support::unit_shape;

std::string text(const Block& block) {
  return std::to_string(block.begin) + "+" + std::to_string(block.size);
}

/// channels rows columns, of the ofmap
std::vector<std::string> tiles(const LayerPlan& plan) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < plan.tile_count(); ++i) {
    const Tile tile = plan.tile(i);
    all.push_back(text(tile.channels) + " " + text(tile.rows) + " " + text(tile.columns));
  }
  return all;
}

std::string error_of(const LayerShape& shape, const spec::AcceleratorSpec& accelerator) {
  return support::input_error([&] { return LayerPlan(shape, 1, accelerator).tile_count(); });
}

TEST(PostProcessingPlan, HoldsAsManyWholePlanesAsFit) {
  // Banks of 8 rows of 4 words: a plane of 4 x 4 takes half an ifmap bank; of the results four
  // planes take 16 rows. With 6 banks: 8 planes take 4 + 4 banks, 7 as well, 4 take 2 + 2, 6 take 3
  // + 4.
  const LayerPlan plan(unit_shape(UnitOperation::kRelu, 10, 4, 4), 1, unit_accelerator(6, 8));
  EXPECT_EQ(tiles(plan), (std::vector<std::string>{"0+4 0+4 0+4", "4+4 0+4 0+4", "8+2 0+4 0+4"}));
  EXPECT_EQ(plan.buffers().ifmap_words, 64U);
  EXPECT_EQ(plan.buffers().psum_rows, 16U);
  EXPECT_EQ(plan.buffers().ifmap_banks, 2U);
  EXPECT_EQ(plan.buffers().psum_banks, 2U);
}

TEST(PostProcessingPlan, CutsAPlaneThatDoesNotFitIntoStrips) {
  // 5 x 4: a plane takes 1 ifmap bank and 20 rows, 3 banks; two rows take 8 rows.
  const LayerPlan plan(unit_shape(UnitOperation::kGelu, 2, 5, 4), 1, unit_accelerator(2, 8));
  EXPECT_EQ(tiles(plan), (std::vector<std::string>{"0+1 0+2 0+4", "0+1 2+2 0+4", "0+1 4+1 0+4",
                                                   "1+1 0+2 0+4", "1+1 2+2 0+4", "1+1 4+1 0+4"}));
}

TEST(PostProcessingPlan, CutsARowThatDoesNotFitIntoParts) {
  const LayerPlan plan(unit_shape(UnitOperation::kRelu, 1, 2, 20), 1, unit_accelerator(2, 8));
  EXPECT_EQ(tiles(plan), (std::vector<std::string>{"0+1 0+1 0+8", "0+1 0+1 8+8", "0+1 0+1 16+4",
                                                   "0+1 1+1 0+8", "0+1 1+1 8+8", "0+1 1+1 16+4"}));
}

TEST(PostProcessingPlan, HalvesTheBufferForDoubleBuffer) {
  spec::AcceleratorSpec accelerator = unit_accelerator(6, 8);
  accelerator.dram.overlap = spec::DramOverlap::kDoubleBuffer;
  // 3 banks a tile: a plane takes 1 + 2.
  const LayerPlan plan(unit_shape(UnitOperation::kRelu, 3, 4, 4), 1, accelerator);
  EXPECT_EQ(tiles(plan), (std::vector<std::string>{"0+2 0+4 0+4", "2+1 0+4 0+4"}));
}

TEST(PostProcessingPlan, TakesTheImagesOneByOne) {
  const LayerPlan plan(unit_shape(UnitOperation::kRelu, 1, 1, 4), 3, unit_accelerator(2, 8));
  ASSERT_EQ(plan.tile_count(), 3U);
  EXPECT_EQ(plan.tiles_per_image(), 1U);
  for (unsigned i = 0; i < 3; ++i) EXPECT_EQ(plan.tile(i).image, i);
}

TEST(PostProcessingPlan, KeepsTheChannelsOfASumTogether) {
  LayerShape softmax = unit_shape(UnitOperation::kSoftmax, 12, 1, 4);
  softmax.groups = 4;
  // Banks of 4 rows: 3 channels take 12 words and 4 rows, 6 take 24 words and 8 rows.
  const LayerPlan plan(softmax, 1, unit_accelerator(4, 4));
  EXPECT_EQ(tiles(plan), (std::vector<std::string>{"0+6 0+1 0+4", "6+6 0+1 0+4"}));
  EXPECT_EQ(plan.pass_shape(plan.tile(0))->unit->groups, 2U);

  const LayerPlan norm(unit_shape(UnitOperation::kLayerNorm, 12, 1, 4), 1, unit_accelerator(2, 4));
  EXPECT_EQ(tiles(norm), (std::vector<std::string>{"0+12 0+1 0+1", "0+12 0+1 1+1", "0+12 0+1 2+1",
                                                   "0+12 0+1 3+1"}));
  EXPECT_EQ(norm.parameter_words(norm.tile(2)), 24U);
}

TEST(PostProcessingPlan, GivesPoolingStripsTheirHaloAndNoPadding) {
  // 7 rows of 8 with windows of 3, stride 2, padding 1: 4 x 4 results.
  const LayerShape shape = pooling_shape(UnitOperation::kMaxPooling, 1, 7, 8, 3, 2, 1);
  const LayerPlan plan(shape, 1, unit_accelerator(3, 8));
  ASSERT_EQ(tiles(plan), (std::vector<std::string>{"0+1 0+2 0+4", "0+1 2+2 0+4"}));
  const Tile first = plan.tile(0);
  const Tile second = plan.tile(1);
  EXPECT_EQ(text(first.ifmap_rows), "0+4");   // rows -1 to 3
  EXPECT_EQ(text(second.ifmap_rows), "3+4");  // rows 3 to 7
  EXPECT_EQ(text(first.ifmap_columns), "0+8");
  const auto above = plan.pass_shape(first)->unit;
  const auto below = plan.pass_shape(second)->unit;
  EXPECT_EQ(above->window.first_row, -1);
  EXPECT_EQ(below->window.first_row, 0);
  EXPECT_EQ(above->window.first_column, -1);
  EXPECT_EQ(below->rows, 4U);
  EXPECT_EQ(below->results->rows, 2U);
}

TEST(PostProcessingPlan, LeavesOutRowsThatNoWindowOfTheTileUses) {
  const LayerShape shape = pooling_shape(UnitOperation::kMaxPooling, 1, 10, 10, 2, 4, 0);
  const LayerPlan plan(shape, 1, unit_accelerator(20, 8));
  ASSERT_EQ(plan.tile_count(), 1U);
  EXPECT_EQ(text(plan.tile(0).ifmap_rows), "0+10");
  const LayerShape shorter = pooling_shape(UnitOperation::kMaxPooling, 1, 9, 9, 2, 4, 0);
  const LayerPlan other(shorter, 1, unit_accelerator(20, 8));
  EXPECT_EQ(text(other.tile(0).ifmap_rows), "0+6");
}

TEST(PostProcessingPlan, GivesATileTheSecondOperandsChannelsItHas) {
  LayerShape shape = unit_shape(UnitOperation::kAddition, 6, 1, 4);
  shape.second_channels = 3;
  // Banks of 4 rows: 2 + 2 planes fill an ifmap bank, their results a psum bank.
  const LayerPlan plan(shape, 1, unit_accelerator(2, 4));
  ASSERT_EQ(tiles(plan), (std::vector<std::string>{"0+2 0+1 0+4", "2+2 0+1 0+4", "4+2 0+1 0+4"}));
  EXPECT_EQ(text(plan.tile(0).second_channels), "0+2");
  EXPECT_EQ(text(plan.tile(1).second_channels), "2+1");
  EXPECT_EQ(plan.tile(2).second_channels.size, 0U);
}

TEST(PostProcessingPlan, PutsTheClassTokenInTheFirstTile) {
  // 1 + 3 * 4 columns; two rows and the class token take 9 psum rows.
  const LayerPlan plan(unit_shape(UnitOperation::kTokens, 1, 3, 4), 1, unit_accelerator(2, 9));
  ASSERT_EQ(tiles(plan), (std::vector<std::string>{"0+1 0+1 0+9", "0+1 0+1 9+4"}));
  EXPECT_EQ(text(plan.tile(1).ifmap_rows), "2+1");
  EXPECT_TRUE(plan.pass_shape(plan.tile(0))->unit->class_token);
  EXPECT_FALSE(plan.pass_shape(plan.tile(1))->unit->class_token);
  EXPECT_EQ(plan.parameter_words(plan.tile(0)), 9U);
  EXPECT_EQ(plan.parameter_words(plan.tile(1)), 4U);
}

TEST(PostProcessingPlan, CutsTokensToTheParameterRing) {
  // One filter bank of 8 rows holds 32 words: 3 channels of 9.
  const LayerPlan plan(unit_shape(UnitOperation::kTokens, 7, 2, 4), 1, unit_accelerator(40, 8, 1));
  EXPECT_EQ(tiles(plan), (std::vector<std::string>{"0+3 0+1 0+9", "3+3 0+1 0+9", "6+1 0+1 0+9"}));
}

TEST(PostProcessingPlan, LoadsOnlyTheSelectedColumn) {
  LayerShape shape = unit_shape(UnitOperation::kSelect, 3, 2, 5);
  shape.column = 4;
  const LayerPlan plan(shape, 1, unit_accelerator(2, 8));
  ASSERT_EQ(tiles(plan), (std::vector<std::string>{"0+3 0+1 0+1"}));
  EXPECT_EQ(text(plan.tile(0).ifmap_rows), "0+1");
  EXPECT_EQ(text(plan.tile(0).ifmap_columns), "4+1");
}

TEST(PostProcessingPlan, SpreadsThePlanesOverTheLanesOfAPsumRow) {
  const LayerPlan plan(unit_shape(UnitOperation::kRelu, 6, 2, 3), 1, unit_accelerator(9, 8));
  const auto shape = plan.pass_shape(plan.tile(0));
  const PsumTileShape& results = *shape->unit->results;
  ASSERT_EQ(results.planes.size(), 6U);
  EXPECT_EQ(results.planes[3].lane, 3U);
  EXPECT_EQ(results.planes[3].first_row, (std::vector<std::uint32_t>{0, 3}));
  EXPECT_EQ(results.planes[5].lane, 1U);
  EXPECT_EQ(results.planes[5].first_row, (std::vector<std::uint32_t>{6, 9}));
  EXPECT_EQ(results.planes[5].column_stride, 1U);
  EXPECT_EQ(shape->active_pes, 0U);
  EXPECT_EQ(shape->pes.size(), 1U);
}

TEST(PostProcessingPlan, SaysWhatDoesNotFitAndWhatWould) {
  EXPECT_EQ(error_of(unit_shape(UnitOperation::kLayerNorm, 33, 1, 1), unit_accelerator(40, 8)),
            "layer norm does not fit: 66 parameter words, but global_buffer.filter_banks hold 64; "
            "32 channels fit");
  EXPECT_EQ(error_of(unit_shape(UnitOperation::kSoftmax, 33, 1, 1), unit_accelerator(2, 8)),
            "softmax does not fit: 2 ifmap + 2 psum banks for one position, but "
            "global_buffer.banks is 2; 32 channels fit");
  EXPECT_EQ(error_of(pooling_shape(UnitOperation::kAveragePooling, 1, 9, 9, 9, 1, 0),
                     unit_accelerator(3, 8)),
            "average pooling does not fit: 3 ifmap + 1 psum banks for one position, but "
            "global_buffer.banks is 3; a window of 8 x 8 words fits");
  spec::AcceleratorSpec twice = unit_accelerator(3, 8);
  twice.dram.overlap = spec::DramOverlap::kDoubleBuffer;
  EXPECT_EQ(error_of(unit_shape(UnitOperation::kRelu, 1, 1, 1), twice),
            "ReLU does not fit: 1 ifmap + 1 psum banks, twice for dram.overlap double_buffer, for "
            "one position, but global_buffer.banks is 3");
}

TEST(PostProcessingPlan, FitsTheLimitExactly) {
  EXPECT_EQ(error_of(unit_shape(UnitOperation::kLayerNorm, 32, 1, 1), unit_accelerator(40, 8)),
            "no error");
  EXPECT_EQ(error_of(unit_shape(UnitOperation::kSoftmax, 32, 1, 1), unit_accelerator(2, 8)),
            "no error");
}

// Every result word of every layer stands in one tile, and the tiles need no more than the chip
// has.
TEST(PostProcessingPlan, OfEveryLayerOfTheZooFitsTheChip) {
  unsigned layers = 0;
  for (const auto& file :
       std::filesystem::directory_iterator(std::string(ROWAN_SOURCE_DIR) + "/workloads/zoo")) {
    if (file.path().extension() != ".yaml") continue;
    for (const workloads::Layer& layer : workloads::load_network(file.path()).layers) {
      if (workloads::on_array(layer)) continue;
      SCOPED_TRACE(file.path().string() + " " + layer.name);
      ++layers;
      for (const auto overlap : {spec::DramOverlap::kNone, spec::DramOverlap::kDoubleBuffer}) {
        spec::AcceleratorSpec chip = support::eyeriss();
        chip.dram.overlap = overlap;
        const LayerPlan plan(layer_shape(layer), 1, chip);
        std::uint64_t words = 0;
        for (std::size_t i = 0; i < plan.tile_count(); ++i) {
          const Tile tile = plan.tile(i);
          words += std::uint64_t{tile.channels.size} * tile.rows.size * tile.columns.size;
        }
        EXPECT_EQ(words, layer.output.words());
      }
    }
  }
  EXPECT_GT(layers, 100U);
}

}  // namespace
}  // namespace rowan::dataflow::post_processing
