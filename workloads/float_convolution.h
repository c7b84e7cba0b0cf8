// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "workloads/layer.h"
#include "workloads/tensor.h"

/// Sums of products in binary64, each product and sum rounded: a reference for words. The order of
/// additions depends on shapes alone, so that results are the same on every machine.
namespace rowan::workloads {

/// Convolution: `ifmap` [N][G*C][height][width], `filters` [G*M][C][R][S] to sums [N][G*M][E][F],
/// before ReLU. Throws std::invalid_argument when extents do not fit the shape.
[[nodiscard]] RealTensor float_convolution(const ConvolutionShape& shape, const RealTensor& ifmap,
                                           const FloatTensor& filters);

/// Matmul of fmaps [N][C][1][W] and [N][C'][1][W'], as Matmul says. Throws std::invalid_argument
/// when their extents do not fit each other.
[[nodiscard]] RealTensor float_matmul(const Matmul& matmul, const RealTensor& a,
                                      const RealTensor& b);

}  // namespace rowan::workloads
