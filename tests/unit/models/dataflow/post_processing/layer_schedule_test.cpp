// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/post_processing/layer_schedule.h"

#include <vector>

#include <gtest/gtest.h>

#include "tests/support/small_unit_layer.h"

namespace rowan::dataflow::post_processing {
namespace {

using support::unit_accelerator;
using support::unit_shape;

std::vector<Step> steps_of(const Schedule& schedule) {
  std::vector<Step> steps;
  const auto reader = schedule.restart();
  for (Step step; reader->next(step);) steps.push_back(step);
  return steps;
}

struct Layer {
  Layer(const LayerShape& shape, unsigned batch, const spec::AcceleratorSpec& accelerator,
        const workloads::Tensor& parameters = {})
      : plan(shape, batch, accelerator),
        ifmap({batch, shape.channels, shape.height, shape.width}),
        image(make_dram_image(plan, {{ifmap}, parameters}, false)),
        schedule(plan, image.layout) {}
  LayerPlan plan;
  workloads::Tensor ifmap;
  DramImage image;
  LayerSchedule schedule;
};

TEST(PostProcessingSchedule, LoadsPassesAndStoresTileAfterTile) {
  const Layer layer(unit_shape(UnitOperation::kRelu, 5, 2, 4), 2, unit_accelerator(2, 8));
  const std::vector<Step> steps = steps_of(layer.schedule);
  ASSERT_EQ(steps.size(), 3 * layer.plan.tile_count());
  ASSERT_EQ(layer.plan.tile_count(), 4U);  // 4 planes, then 1, of two images
  for (std::size_t i = 0; i < layer.plan.tile_count(); ++i) {
    const auto& load = std::get<LoadTile>(steps[3 * i]);
    const auto& pass = std::get<Pass>(steps[3 * i + 1]);
    const auto& store = std::get<StoreTile>(steps[3 * i + 2]);
    const TileAddresses& at = layer.image.layout.tiles[i];
    EXPECT_EQ(load.number, i);
    EXPECT_EQ(load.address, at.ifmap);
    EXPECT_EQ(load.bytes, at.ifmap_bytes);
    EXPECT_EQ(load.planes, i % 2 == 0 ? 4U : 1U);
    EXPECT_EQ(load.window.plane_rows, 2U);
    EXPECT_EQ(load.window.columns, 4U);
    EXPECT_EQ(pass.number, i);
    EXPECT_EQ(pass.ifmap_tile, i);
    EXPECT_EQ(pass.psum_tile, i);
    EXPECT_EQ(store.number, i);
    EXPECT_EQ(store.address, at.ofmap);
    EXPECT_EQ(store.shape, pass.shape->unit->results);
  }
}

TEST(PostProcessingSchedule, SharesTheShapesOfEqualTiles) {
  const Layer layer(unit_shape(UnitOperation::kRelu, 5, 2, 4), 2, unit_accelerator(2, 8));
  const auto steps = steps_of(layer.schedule);
  const auto shape = [&](std::size_t tile) { return std::get<Pass>(steps[3 * tile + 1]).shape; };
  EXPECT_EQ(shape(0), shape(2));
  EXPECT_EQ(shape(1), shape(3));
  EXPECT_NE(shape(0), shape(1));
  const auto again = steps_of(layer.schedule);
  EXPECT_EQ(std::get<Pass>(again[1]).shape, shape(0));
}

TEST(PostProcessingSchedule, TellsTilesAtThePaddingFromOthers) {
  // 6 x 6, windows of 3, stride 1, padding 1: strips of 2 results, of 3, 4 and 3 rows.
  const Layer layer(support::pooling_shape(UnitOperation::kMaxPooling, 1, 6, 6, 3, 1, 1), 1,
                    unit_accelerator(2, 12));
  const auto steps = steps_of(layer.schedule);
  ASSERT_EQ(layer.plan.tile_count(), 3U);
  const auto unit = [&](std::size_t tile) {
    return std::get<Pass>(steps[3 * tile + 1]).shape->unit;
  };
  EXPECT_EQ(unit(0)->rows, 3U);
  EXPECT_EQ(unit(0)->window.first_row, -1);
  EXPECT_EQ(unit(1)->rows, 4U);
  EXPECT_EQ(unit(1)->window.first_row, 0);
  EXPECT_EQ(unit(2)->rows, 3U);
  EXPECT_EQ(unit(2)->window.first_row, 0);
}

TEST(PostProcessingSchedule, TellsTheTileWithTheClassTokenFromOthers) {
  // A row of 2 positions a tile.
  const Layer layer(unit_shape(UnitOperation::kTokens, 1, 4, 2), 1, unit_accelerator(2, 3),
                    workloads::Tensor({1, 1, 1, 9}));
  const auto steps = steps_of(layer.schedule);
  ASSERT_EQ(layer.plan.tile_count(), 4U);
  const auto shape = [&](std::size_t tile) { return std::get<Pass>(steps[3 * tile + 1]).shape; };
  EXPECT_NE(shape(0), shape(1));
  EXPECT_EQ(shape(1), shape(2));
  EXPECT_EQ(shape(1), shape(3));
}

TEST(PostProcessingSchedule, GivesEveryPassItsParameters) {
  const Layer layer(unit_shape(UnitOperation::kTokens, 1, 2, 2), 2, unit_accelerator(2, 3),
                    workloads::Tensor({1, 1, 1, 5}));
  const auto steps = steps_of(layer.schedule);
  ASSERT_EQ(layer.plan.tile_count(), 4U);
  const auto pass = [&](std::size_t tile) { return std::get<Pass>(steps[3 * tile + 1]); };
  EXPECT_EQ(pass(0).shape->filter_words, 3U);
  EXPECT_EQ(pass(1).shape->filter_words, 2U);
  EXPECT_NE(pass(0).filter_address, pass(1).filter_address);
  EXPECT_EQ(pass(0).filter_address, pass(2).filter_address);
}

}  // namespace
}  // namespace rowan::dataflow::post_processing
