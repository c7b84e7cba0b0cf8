// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/post_processing/layer_shape.h"

#include <cstdint>
#include <stdexcept>
#include <string>

#include "models/base/error.h"

namespace rowan::dataflow::post_processing {
namespace {

/// With these, the sums and quotients of docs/machine.md section 10 fit 64 bits.
constexpr unsigned kMostChannelsTogether = 1U << 16U;
constexpr unsigned kMostFractionBits = 24;
constexpr unsigned kMostShift = 31;
/// Extents beyond this are mistakes; their products fit 64 bits.
constexpr unsigned kMostExtent = 1U << 20U;

void at_most(const char* what, std::uint64_t found, std::uint64_t most) {
  if (found <= most) return;
  throw InputError(std::string(what) + " " + std::to_string(found) + " is more than " +
                   std::to_string(most));
}

void at_least_one(const char* what, unsigned found) {
  if (found == 0) throw InputError(std::string(what) + " is 0");
}

bool is_pooling(UnitOperation operation) {
  return operation == UnitOperation::kMaxPooling || operation == UnitOperation::kAveragePooling;
}

unsigned windows(unsigned extent, unsigned window, const LayerShape& shape) {
  return (extent + 2 * shape.padding - window) / shape.stride + 1;
}

UnitOperation operation_of(const workloads::Layer& layer) {
  using workloads::LayerKind;
  switch (layer.kind) {
    case LayerKind::kPooling:
      return layer.pooling.kind == workloads::PoolingKind::kMax ? UnitOperation::kMaxPooling
                                                                : UnitOperation::kAveragePooling;
    case LayerKind::kRelu:
      return UnitOperation::kRelu;
    case LayerKind::kAdd:
      return UnitOperation::kAddition;
    case LayerKind::kSoftmax:
      return UnitOperation::kSoftmax;
    case LayerKind::kLayerNorm:
      return UnitOperation::kLayerNorm;
    case LayerKind::kGelu:
      return UnitOperation::kGelu;
    case LayerKind::kTokens:
      return UnitOperation::kTokens;
    case LayerKind::kSelect:
      return UnitOperation::kSelect;
    case LayerKind::kConvolution:
    case LayerKind::kFullyConnected:
    case LayerKind::kMatmul:
      break;
  }
  throw std::invalid_argument("layer " + layer.name + " is one of the array");
}

void check_windows(const LayerShape& shape) {
  at_least_one("window height", shape.window_height);
  at_least_one("window width", shape.window_width);
  at_least_one("stride", shape.stride);
  at_most("stride", shape.stride, kMostExtent);
  at_most("window height", shape.window_height,
          std::uint64_t{shape.height} + 2 * std::uint64_t{shape.padding});
  at_most("window width", shape.window_width,
          std::uint64_t{shape.width} + 2 * std::uint64_t{shape.padding});
  at_most("padding", shape.padding, kMostExtent);
  if (shape.padding >= shape.window_height || shape.padding >= shape.window_width) {
    throw InputError("padding " + std::to_string(shape.padding) + " is not less than the window, " +
                     std::to_string(shape.window_height) + " x " +
                     std::to_string(shape.window_width) + ": a window could lie in it entirely");
  }
}

}  // namespace

unsigned LayerShape::grid_height() const {
  if (is_pooling(operation)) return windows(height, window_height, *this);
  return operation == UnitOperation::kSelect ? 1 : height;
}

unsigned LayerShape::grid_width() const {
  if (is_pooling(operation)) return windows(width, window_width, *this);
  return operation == UnitOperation::kSelect ? 1 : width;
}

unsigned LayerShape::out_height() const {
  return operation == UnitOperation::kTokens ? 1 : grid_height();
}

unsigned LayerShape::out_width() const {
  return operation == UnitOperation::kTokens ? 1 + height * width : grid_width();
}

unsigned LayerShape::channels_together() const {
  if (operation == UnitOperation::kLayerNorm) return channels;
  return operation == UnitOperation::kSoftmax ? channels / groups : 1;
}

unsigned LayerShape::parameters_per_channel() const {
  if (operation == UnitOperation::kLayerNorm) return 2;
  return operation == UnitOperation::kTokens ? 1 + height * width : 0;
}

LayerShape layer_shape(const workloads::Layer& layer) {
  LayerShape shape;
  shape.operation = operation_of(layer);
  const workloads::FmapShape& input = layer.operands.at(0).shape;
  shape.channels = input.channels;
  shape.height = input.height;
  shape.width = input.width;
  if (layer.kind == workloads::LayerKind::kAdd) {
    shape.second_channels = layer.operands.at(1).shape.channels;
  } else if (layer.kind == workloads::LayerKind::kPooling) {
    const workloads::PoolingWindows windows = workloads::pooling_windows(layer.pooling, input);
    shape.window_height = windows.height;
    shape.window_width = windows.width;
    shape.stride = windows.stride;
    shape.padding = windows.padding;
  }
  shape.groups = layer.unit.groups;
  shape.column = layer.unit.column;
  shape.arithmetic.relu = layer.relu;
  shape.arithmetic.shift = layer.ofmap_shift;
  shape.arithmetic.fraction_bits = layer.unit.fraction_bits;
  shape.arithmetic.ofmap_fraction_bits = layer.unit.ofmap_fraction_bits;
  shape.arithmetic.gain_fraction_bits = layer.unit.gain_fraction_bits;
  return shape;
}

void check(const LayerShape& shape) {
  at_least_one("channels", shape.channels);
  at_least_one("height", shape.height);
  at_least_one("width", shape.width);
  at_most("channels", shape.channels, kMostExtent);
  at_most("height", shape.height, kMostExtent);
  at_most("width", shape.width, kMostExtent);
  at_most("words of a plane", std::uint64_t{shape.height} * shape.width, kMostExtent * 16);
  at_most("shift", shape.arithmetic.shift, kMostShift);
  at_most("fraction_bits", shape.arithmetic.fraction_bits, kMostFractionBits);
  at_most("ofmap_fraction_bits", shape.arithmetic.ofmap_fraction_bits, kMostFractionBits);
  at_most("gain_fraction_bits", shape.arithmetic.gain_fraction_bits, kMostFractionBits);
  switch (shape.operation) {
    case UnitOperation::kMaxPooling:
    case UnitOperation::kAveragePooling:
      check_windows(shape);
      break;
    case UnitOperation::kAddition:
      at_most("channels of the second operand", shape.second_channels, shape.channels);
      break;
    case UnitOperation::kSoftmax:
      at_least_one("groups", shape.groups);
      if (shape.channels % shape.groups != 0) {
        throw InputError(std::to_string(shape.groups) + " groups do not divide " +
                         std::to_string(shape.channels) + " channels");
      }
      break;
    case UnitOperation::kSelect:
      if (shape.column >= shape.width) {
        throw InputError("column " + std::to_string(shape.column) + " of " +
                         std::to_string(shape.width));
      }
      break;
    case UnitOperation::kRelu:
    case UnitOperation::kGelu:
    case UnitOperation::kLayerNorm:
    case UnitOperation::kTokens:
      break;
  }
  at_most("channels of a sum", shape.channels_together(), kMostChannelsTogether);
}

}  // namespace rowan::dataflow::post_processing
