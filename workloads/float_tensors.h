// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "workloads/network.h"
#include "workloads/tensor.h"

namespace rowan::workloads {

/// Where the numbers of a float network come from: a folder, or, without one, a seed.
struct FloatSource {
  std::uint64_t seed = 1;
  std::string directory;
};

/// A network's input [N][C][H][W] in binary32.
///
/// Drawn: normal, of mean 0 and variance 1. The numbers depend on the seed and the image, not on
/// the number of images. From a folder: `input.npy`, as read_float_npy() reads it; throws as that
/// does.
[[nodiscard]] FloatTensor float_input(const Network& network, std::size_t images,
                                      const FloatSource& source);

/// A layer's parameters in binary32, extents as parameter_extents() says; nothing for a layer that
/// has none.
///
/// Drawn, from the seed and the layer's name:
/// - filters: normal, of mean 0 and variance 2 / (C R S) (C per group): K. He, X. Zhang, S. Ren, J.
///   Sun, "Delving Deep into Rectifiers", ICCV 2015, equation 10. Those of a layer that makes the
///   first operand of a matmul with `transpose` are divided by the square root of the channels of a
///   head: attention's own scale, which the machine has no other place for;
/// - gains of a layer norm: 1 plus a normal number of deviation 1/16; its offsets: of deviation
///   1/8. Class token and position embedding: of deviation 1, like what layer norm makes of them.
///   (**Assumption**: trained ones vary about 1 and 0.)
/// From a folder: `<layer>.filters.npy` on the array, else `<layer>.parameters.npy`; throws as
/// read_float_npy() does.
[[nodiscard]] FloatTensor float_parameters(const Network& network, std::size_t position,
                                           const FloatSource& source);

}  // namespace rowan::workloads
