// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/post_processing/layer_shape.h"

#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/input_error.h"
#include "tests/support/small_unit_layer.h"

namespace rowan::dataflow::post_processing {
namespace {

using support::pooling_shape;
using support::unit_shape;

std::string error_of(const LayerShape& shape) {
  return support::input_error([&] { check(shape); });
}

TEST(LayerShape, OfPoolingDropsWhatFillsNoWindow) {
  const LayerShape shape = pooling_shape(UnitOperation::kMaxPooling, 96, 55, 56, 3, 2, 0);
  EXPECT_EQ(error_of(shape), "no error");
  EXPECT_EQ(shape.out_height(), 27U);
  EXPECT_EQ(shape.out_width(), 27U);
  const LayerShape padded = pooling_shape(UnitOperation::kMaxPooling, 64, 112, 112, 3, 2, 1);
  EXPECT_EQ(padded.out_height(), 56U);
}

TEST(LayerShape, OfTheOthersFollowsTheirDefinition) {
  EXPECT_EQ(unit_shape(UnitOperation::kGelu, 2, 3, 5).out_height(), 3U);
  EXPECT_EQ(unit_shape(UnitOperation::kGelu, 2, 3, 5).out_width(), 5U);
  EXPECT_EQ(unit_shape(UnitOperation::kTokens, 2, 3, 5).out_height(), 1U);
  EXPECT_EQ(unit_shape(UnitOperation::kTokens, 2, 3, 5).out_width(), 16U);
  EXPECT_EQ(unit_shape(UnitOperation::kTokens, 2, 3, 5).parameters_per_channel(), 16U);
  EXPECT_EQ(unit_shape(UnitOperation::kSelect, 2, 3, 5).out_width(), 1U);
  EXPECT_EQ(unit_shape(UnitOperation::kLayerNorm, 6, 3, 5).channels_together(), 6U);
  EXPECT_EQ(unit_shape(UnitOperation::kLayerNorm, 6, 3, 5).parameters_per_channel(), 2U);
  LayerShape softmax = unit_shape(UnitOperation::kSoftmax, 6, 3, 5);
  softmax.groups = 3;
  EXPECT_EQ(softmax.channels_together(), 2U);
}

TEST(LayerShape, WithAWindowBeyondThePaddedFmapIsAnError) {
  EXPECT_EQ(error_of(pooling_shape(UnitOperation::kMaxPooling, 1, 4, 4, 6, 1, 1)), "no error");
  EXPECT_EQ(error_of(pooling_shape(UnitOperation::kMaxPooling, 1, 4, 4, 7, 1, 1)),
            "window height 7 is more than 6");
}

TEST(LayerShape, WithAWindowInThePaddingIsAnError) {
  EXPECT_EQ(error_of(pooling_shape(UnitOperation::kAveragePooling, 1, 4, 4, 2, 1, 2)),
            "padding 2 is not less than the window, 2 x 2: a window could lie in it entirely");
}

TEST(LayerShape, NamesWhatDoesNotFitTogether) {
  LayerShape softmax = unit_shape(UnitOperation::kSoftmax, 7, 1, 1);
  softmax.groups = 2;
  EXPECT_EQ(error_of(softmax), "2 groups do not divide 7 channels");
  LayerShape select = unit_shape(UnitOperation::kSelect, 1, 1, 3);
  select.column = 3;
  EXPECT_EQ(error_of(select), "column 3 of 3");
  LayerShape addition = unit_shape(UnitOperation::kAddition, 4, 1, 1);
  addition.second_channels = 5;
  EXPECT_EQ(error_of(addition), "channels of the second operand 5 is more than 4");
  EXPECT_EQ(error_of(unit_shape(UnitOperation::kRelu, 0, 1, 1)), "channels is 0");
  EXPECT_EQ(error_of(unit_shape(UnitOperation::kLayerNorm, 65'537, 1, 1)),
            "channels of a sum 65537 is more than 65536");
  LayerShape gelu = unit_shape(UnitOperation::kGelu, 1, 1, 1);
  gelu.arithmetic.fraction_bits = 25;
  EXPECT_EQ(error_of(gelu), "fraction_bits 25 is more than 24");
}

workloads::Layer layer_of(workloads::LayerKind kind) {
  workloads::Layer layer;
  layer.kind = kind;
  layer.operands.push_back({0, {6, 8, 9}, true});
  return layer;
}

TEST(LayerShape, OfANetworksPoolingHasItsWindows) {
  workloads::Layer layer = layer_of(workloads::LayerKind::kPooling);
  layer.pooling.kind = workloads::PoolingKind::kAverage;
  layer.pooling.size = 3;
  layer.pooling.stride = 2;
  layer.pooling.padding = 1;
  const LayerShape shape = layer_shape(layer);
  EXPECT_EQ(shape.operation, UnitOperation::kAveragePooling);
  EXPECT_EQ(shape.channels, 6U);
  EXPECT_EQ(shape.height, 8U);
  EXPECT_EQ(shape.width, 9U);
  EXPECT_EQ(shape.window_height, 3U);
  EXPECT_EQ(shape.window_width, 3U);
  EXPECT_EQ(shape.stride, 2U);
  EXPECT_EQ(shape.padding, 1U);
  layer.pooling.global = true;
  layer.pooling.kind = workloads::PoolingKind::kMax;
  const LayerShape global = layer_shape(layer);
  EXPECT_EQ(global.operation, UnitOperation::kMaxPooling);
  EXPECT_EQ(global.window_height, 8U);
  EXPECT_EQ(global.window_width, 9U);
  EXPECT_EQ(global.padding, 0U);
  EXPECT_EQ(global.out_width(), 1U);
}

TEST(LayerShape, OfANetworksLayerHasItsAttributes) {
  workloads::Layer layer = layer_of(workloads::LayerKind::kAdd);
  layer.operands.push_back({1, {4, 8, 9}, true});
  layer.ofmap_shift = 3;
  layer.relu = true;
  const LayerShape addition = layer_shape(layer);
  EXPECT_EQ(addition.operation, UnitOperation::kAddition);
  EXPECT_EQ(addition.second_channels, 4U);
  EXPECT_EQ(addition.arithmetic.shift, 3U);
  EXPECT_TRUE(addition.arithmetic.relu);

  layer = layer_of(workloads::LayerKind::kSoftmax);
  layer.unit.groups = 3;
  layer.unit.fraction_bits = 5;
  layer.unit.ofmap_fraction_bits = 7;
  const LayerShape softmax = layer_shape(layer);
  EXPECT_EQ(softmax.operation, UnitOperation::kSoftmax);
  EXPECT_EQ(softmax.groups, 3U);
  EXPECT_EQ(softmax.arithmetic.fraction_bits, 5U);
  EXPECT_EQ(softmax.arithmetic.ofmap_fraction_bits, 7U);

  layer = layer_of(workloads::LayerKind::kLayerNorm);
  layer.unit.gain_fraction_bits = 9;
  EXPECT_EQ(layer_shape(layer).operation, UnitOperation::kLayerNorm);
  EXPECT_EQ(layer_shape(layer).arithmetic.gain_fraction_bits, 9U);
  layer = layer_of(workloads::LayerKind::kSelect);
  layer.unit.column = 2;
  EXPECT_EQ(layer_shape(layer).operation, UnitOperation::kSelect);
  EXPECT_EQ(layer_shape(layer).column, 2U);
  EXPECT_EQ(layer_shape(layer_of(workloads::LayerKind::kRelu)).operation, UnitOperation::kRelu);
  EXPECT_EQ(layer_shape(layer_of(workloads::LayerKind::kGelu)).operation, UnitOperation::kGelu);
  EXPECT_EQ(layer_shape(layer_of(workloads::LayerKind::kTokens)).operation, UnitOperation::kTokens);
}

TEST(LayerShape, OfALayerOfTheArrayIsAnError) {
  EXPECT_THROW((void)layer_shape(layer_of(workloads::LayerKind::kConvolution)),
               std::invalid_argument);
  EXPECT_THROW((void)layer_shape(layer_of(workloads::LayerKind::kMatmul)), std::invalid_argument);
}

}  // namespace
}  // namespace rowan::dataflow::post_processing
