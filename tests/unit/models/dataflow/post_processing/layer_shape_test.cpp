// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/post_processing/layer_shape.h"

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

}  // namespace
}  // namespace rowan::dataflow::post_processing
