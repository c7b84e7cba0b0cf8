// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "workloads/layer.h"
#include "workloads/tensor.h"

namespace rowan::workloads {

/// Operands drawn at random as `layer.seeded` says: `ifmap` [images][C][H][W], `filters` [M][C per
/// group][R][S].
///
/// Magnitudes are uniform from 1 to the maximum, or to the largest word of so many bits where that
/// is less. Each ifmap word is then zero with the layer's share, independently; filter words and a
/// network's input have random signs, other ifmaps none. The words depend on the seed, the layer's
/// name and the operand; those of an image also on its number, but not on the number of images. The
/// same on every machine. Throws std::invalid_argument when a number of bits is not 2 to 32.
[[nodiscard]] LayerTensors seeded_tensors(std::uint64_t seed, const Layer& layer,
                                          std::size_t images, unsigned activation_bits,
                                          unsigned weight_bits);

}  // namespace rowan::workloads
