// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "workloads/layer.h"
#include "workloads/tensor.h"

namespace rowan::workloads {

/// A layer's numbers: what LayerTensors is to words.
struct FloatOperands {
  std::vector<const RealTensor*> inputs;  ///< [N][C][H][W], one for each of Layer::inputs
  FloatTensor parameters;                 ///< as parameter_extents() says
};

/// Largest magnitudes of a layer's sums, by filter, before ReLU.
using SumPeaks = std::vector<double>;

/// The ofmap [N][C][H][W] of a layer in real numbers (binary64), with its ReLU where it has one and
/// without shifts. GELU is x times the normal distribution's Phi(x). Puts the peaks of a layer of
/// the array into `peaks`, if there is a place. Throws std::invalid_argument when operands do not
/// fit the layer.
[[nodiscard]] RealTensor float_layer(const Layer& layer, const FloatOperands& operands,
                                     SumPeaks* peaks = nullptr);

}  // namespace rowan::workloads
