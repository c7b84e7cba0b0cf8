// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/dataflow/post_processing/layer_shape.h"
#include "tests/support/small_layer.h"

/// Layers of the post-processing unit, for the tests of the dataflow and of the hardware.
namespace rowan::support {

[[nodiscard]] inline dataflow::post_processing::LayerShape unit_shape(
    dataflow::UnitOperation operation, unsigned channels, unsigned height, unsigned width) {
  dataflow::post_processing::LayerShape shape;
  shape.operation = operation;
  shape.channels = channels;
  shape.height = height;
  shape.width = width;
  return shape;
}

[[nodiscard]] inline dataflow::post_processing::LayerShape pooling_shape(
    dataflow::UnitOperation operation, unsigned channels, unsigned height, unsigned width,
    unsigned window, unsigned stride, unsigned padding) {
  auto shape = unit_shape(operation, channels, height, width);
  shape.window_height = window;
  shape.window_width = window;
  shape.stride = stride;
  shape.padding = padding;
  return shape;
}

/// An accelerator of one PE whose GLB has `banks` banks of `rows` rows of 4 words, fmaps and psums
/// alike, and `filter_banks` more for parameters.
[[nodiscard]] inline spec::AcceleratorSpec unit_accelerator(unsigned banks, unsigned rows,
                                                            unsigned filter_banks = 2) {
  spec::AcceleratorSpec accelerator = small_accelerator(1, 1);
  accelerator.global_buffer.banks = banks;
  accelerator.global_buffer.bank_rows = rows;
  accelerator.global_buffer.filter_banks = filter_banks;
  accelerator.controller.scan_chain = Bits(0);
  return accelerator;
}

}  // namespace rowan::support
