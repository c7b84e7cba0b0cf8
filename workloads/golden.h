// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "workloads/layer.h"
#include "workloads/tensor.h"

/// The operations a layer stands for, written once more and without the hardware's code: what every
/// engine is held to.
namespace rowan::workloads::golden {

/// What can be told about sums besides their words. Counts add up over calls.
struct SumStatistics {
  std::uint64_t psums = 0;    ///< all words
  std::uint64_t wrapped = 0;  ///< words whose sum did not fit psum_bits
};

/// Convolution: `ifmap` [N][G*C][height][width], `filters` [G*M][C][R][S] to psums [N][G*M][E][F],
/// before ReLU.
///
/// Each product is taken modulo 2^32, shifted right by `product_shift` (0 to 31, towards minus
/// infinity) and kept to `product_bits` (1 to 32, two's complement); sums wrap at `psum_bits` (1 to
/// 32). The order of additions does not matter. Where a sum leaves 32 bits, `statistics` judges its
/// low 32 bits. Throws std::invalid_argument when extents do not fit the shape or a number of bits
/// is out of range.
[[nodiscard]] Tensor convolution(const ConvolutionShape& shape, const Tensor& ifmap,
                                 const Tensor& filters, unsigned product_shift,
                                 unsigned product_bits, unsigned psum_bits,
                                 SumStatistics* statistics = nullptr);

/// What leaves for DRAM, extents as `psums`: ReLU where the layer has it, division by 2^ofmap_shift
/// to nearest, halves up, clamped to a two's complement word of `activation_bits`.
[[nodiscard]] Tensor ofmap(const Tensor& psums, const Layer& layer, unsigned activation_bits);

/// Pooling of `fmap` [N][C][height][width] to [N][C][(height - size) / stride + 1][(width - size) /
/// stride + 1]; columns and rows that fill no window are dropped. An average is rounded to nearest,
/// halves up. Throws std::invalid_argument when no window fits.
[[nodiscard]] Tensor pool(const Tensor& fmap, const Pooling& pooling);

}  // namespace rowan::workloads::golden
