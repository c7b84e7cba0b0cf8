// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "workloads/layer.h"
#include "workloads/tensor.h"

namespace rowan::workloads {

/// Operands drawn at random as `layer.seeded` says: `inputs` [images][C][H][W], `parameters` as
/// parameter_extents() says.
///
/// Magnitudes are uniform from 1 to the maximum, or to the largest word of so many bits where that
/// is less. Each fmap word is then zero with the layer's share, independently; parameters and fmaps
/// that may be negative have random signs, other fmaps none. A layer norm's gains are 2^g give or
/// take an eighth, g = gain_fraction_bits. The words depend on the seed, the layer's name and the
/// operand; those of an image also on its number, but not on the number of images. The same on
/// every machine. Throws std::invalid_argument when a number of bits is not 2 to 32.
[[nodiscard]] LayerTensors seeded_tensors(std::uint64_t seed, const Layer& layer,
                                          std::size_t images, unsigned activation_bits,
                                          unsigned weight_bits);

}  // namespace rowan::workloads
