// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "workloads/layer.h"
#include "workloads/tensor.h"

/// How far the integer operations that round are from real numbers.
namespace rowan::workloads::golden {

/// What average pooling, GELU, softmax or layer norm gives in double precision on the same words,
/// [N][C][H][W], in units of the last place of an ofmap word, not rounded and not clamped; nothing
/// for other layers, whose golden operation loses no more than it says. Throws
/// std::invalid_argument when operands do not fit the layer.
[[nodiscard]] std::optional<std::vector<double>> real_ofmap(const Layer& layer,
                                                            const LayerTensors& operands);

/// Words against real numbers.
struct Deviation {
  double max_abs_error = 0;  ///< in units of the last place
  double sqnr_db = 0;        ///< signal to quantization noise; infinite without noise
};

/// `real` has a number for every word of `ofmap`; else throws std::invalid_argument.
[[nodiscard]] Deviation deviation(const Tensor& ofmap, const std::vector<double>& real);

}  // namespace rowan::workloads::golden
