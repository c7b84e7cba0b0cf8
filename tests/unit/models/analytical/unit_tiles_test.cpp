// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/unit_tiles.h"

#include <numeric>

#include <gtest/gtest.h>

#include "tests/support/small_unit_layer.h"

namespace rowan::analytical {
namespace {

using dataflow::UnitOperation;
using dataflow::post_processing::LayerPlan;
using support::pooling_shape;
using support::unit_accelerator;
using support::unit_shape;

std::uint64_t taken(const UnitLayer& layer) {
  const std::vector<UnitTiles> tiles = layer.tiles();
  return std::accumulate(
      tiles.begin(), tiles.end(), std::uint64_t{0},
      [](std::uint64_t sum, const UnitTiles& tile) { return sum + tile.count * tile.tile.taken; });
}

// Windows at -1, 1 and 3 on 5 words have 2, 3 and 2 of them.
TEST(UnitLayer, TakesAWordOfAPoolingLayerOnceForEachWindow) {
  const LayerPlan plan(pooling_shape(UnitOperation::kMaxPooling, 2, 5, 5, 3, 2, 1), 3,
                       unit_accelerator(40, 8));
  const UnitLayer layer(plan);
  ASSERT_EQ(layer.tiles().size(), 1U);
  const auto [tile, count] = layer.tiles().front();
  EXPECT_EQ(count, 3U);
  EXPECT_EQ(tile.frames, 2U);
  EXPECT_EQ(tile.frame_words, 25U);
  EXPECT_EQ(tile.taken, 2 * 7 * 7U);
  EXPECT_EQ(tile.planes, 2U);
  EXPECT_EQ(tile.plane_words, 9U);
  EXPECT_EQ(tile.parameters, 0U);
}

TEST(UnitLayer, TakesTheSameWordsHoweverItIsCut) {
  const auto shape = pooling_shape(UnitOperation::kAveragePooling, 2, 13, 11, 3, 2, 2);
  const LayerPlan whole(shape, 2, unit_accelerator(400, 8));
  const LayerPlan strips(shape, 2, unit_accelerator(10, 8));
  const LayerPlan parts(shape, 2, unit_accelerator(3, 3));
  ASSERT_LT(strips.tile(0).rows.size, shape.out_height());
  ASSERT_LT(parts.tile(0).columns.size, shape.out_width());
  EXPECT_EQ(taken(UnitLayer(strips)), taken(UnitLayer(whole)));
  EXPECT_EQ(taken(UnitLayer(parts)), taken(UnitLayer(whole)));
}

// A window of the whole plane is cut on both sides.
TEST(UnitLayer, WindowBeyondBothEndsHasThePlane) {
  const LayerPlan plan(pooling_shape(UnitOperation::kAveragePooling, 1, 3, 3, 7, 1, 2), 1,
                       unit_accelerator(40, 8));
  const UnitLayer layer(plan);
  EXPECT_EQ(taken(layer), 9U);
}

TEST(UnitLayer, FirstStripOfTokensHasTheClassToken) {
  // Strips of one row of two positions: 2 + 1 words, then 2.
  const LayerPlan plan(unit_shape(UnitOperation::kTokens, 1, 3, 2), 1, unit_accelerator(2, 3));
  const UnitLayer layer(plan);
  ASSERT_EQ(layer.tile_count(), plan.tile_count());
  const std::vector<UnitTile> image = layer.image();
  ASSERT_EQ(image.size(), 3U);
  EXPECT_EQ(image[0].results(), 3U);
  EXPECT_EQ(image[1].results(), 2U);
  EXPECT_EQ(image[0].parameters, 3U);
  EXPECT_EQ(image[1].parameters, 2U);
  EXPECT_EQ(image[2].ifmap_words(), 2U);
}

TEST(UnitLayer, SecondOperandEndsBeforeTheFirst) {
  auto shape = unit_shape(UnitOperation::kAddition, 3, 2, 2);
  shape.second_channels = 2;
  const LayerPlan plan(shape, 1, unit_accelerator(2, 4));
  ASSERT_EQ(plan.tile(0).channels.size, 2U);
  const std::vector<UnitTile> image = UnitLayer(plan).image();
  ASSERT_EQ(image.size(), 2U);
  EXPECT_EQ(image[0].frames, 4U);
  EXPECT_EQ(image[1].frames, 1U);
  EXPECT_EQ(image[1].planes, 1U);
}

TEST(UnitLayer, SoftmaxTakesWordsThreeTimesAndLayerNormTwice) {
  auto softmax = unit_shape(UnitOperation::kSoftmax, 4, 1, 2);
  softmax.groups = 2;
  EXPECT_EQ(taken(UnitLayer(LayerPlan(softmax, 1, unit_accelerator(8, 8)))), 3 * 8U);
  const LayerPlan norm(unit_shape(UnitOperation::kLayerNorm, 4, 1, 2), 1, unit_accelerator(8, 8));
  EXPECT_EQ(taken(UnitLayer(norm)), 2 * 8U);
  EXPECT_EQ(UnitLayer(norm).tiles().front().tile.parameters, 8U);
}

TEST(UnitLayer, HasThePatternOfAPlaneOrOfAnImage) {
  // Strips of 4 and 2 rows of a plane, the same for 5 planes and 7 images.
  const LayerPlan strips(unit_shape(UnitOperation::kRelu, 5, 6, 4), 7, unit_accelerator(3, 8));
  ASSERT_EQ(strips.tile_count(), 70U);
  const auto [plane, planes] = UnitLayer(strips).pattern(2);
  EXPECT_EQ(plane.size(), 2U);
  EXPECT_EQ(planes, 35U);
  EXPECT_TRUE(UnitLayer(strips).pattern(1).first.empty());
  // Four planes, then one.
  const LayerPlan sets(unit_shape(UnitOperation::kRelu, 5, 4, 4), 7, unit_accelerator(3, 16));
  ASSERT_EQ(sets.tile(0).channels.size, 4U);
  const auto [image, images] = UnitLayer(sets).pattern(2);
  EXPECT_EQ(image.size(), 2U);
  EXPECT_EQ(images, 7U);
}

}  // namespace
}  // namespace rowan::analytical
