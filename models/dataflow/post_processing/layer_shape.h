// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/dataflow/unit_pass.h"
#include "workloads/layer.h"

namespace rowan::dataflow::post_processing {

/// A layer that the post-processing unit carries out, of one image. The ifmap, or first operand,
/// is [channels][height][width] words.
struct LayerShape {
  UnitOperation operation = UnitOperation::kRelu;
  unsigned channels = 1;
  unsigned height = 1;
  unsigned width = 1;
  unsigned second_channels = 0;  ///< addition: of the second operand, at most `channels`
  // Pooling. A window lies on the fmap at least in part: padding is less than its extents.
  unsigned window_height = 1;
  unsigned window_width = 1;
  unsigned stride = 1;
  unsigned padding = 0;  ///< on all four sides
  unsigned groups = 1;   ///< softmax: parts of the channels
  unsigned column = 0;   ///< select: the position that is kept, in row 0
  UnitArithmetic arithmetic;

  /// Positions of the loops of a layer: the ofmap's rows and columns, for tokens the ifmap's.
  [[nodiscard]] unsigned grid_height() const;
  [[nodiscard]] unsigned grid_width() const;
  [[nodiscard]] unsigned out_height() const;
  [[nodiscard]] unsigned out_width() const;
  /// Channels that a result needs together.
  [[nodiscard]] unsigned channels_together() const;
  /// Words of parameters of a channel: layer norm [gain, offset], tokens [1 + height * width].
  [[nodiscard]] unsigned parameters_per_channel() const;
};

/// Of a layer of a settled network. Throws std::invalid_argument for a layer of the array.
[[nodiscard]] LayerShape layer_shape(const workloads::Layer& layer);

/// Throws InputError when the extents or formats do not fit together: a window larger than the
/// padded fmap, groups that do not divide the channels, sums that would not fit 64 bits.
void check(const LayerShape& shape);

}  // namespace rowan::dataflow::post_processing
