// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "workloads/layer.h"
#include "workloads/tensor.h"

/// A layer of the array as the convolution that the machine runs.
///
/// A convolution or fully connected layer is itself. A matmul has other filters for every image, so
/// its images become groups: one image, heads * images groups, a 1 x 1 kernel, filters from the
/// second operand.
namespace rowan::workloads {

struct ArrayShape {
  ConvolutionShape shape;
  unsigned images = 1;
};

/// `ifmap` [images][C][H][W] and `filters` [M][C per group][R][S] of that convolution.
struct ArrayOperands {
  ConvolutionShape shape;
  unsigned images = 1;
  Tensor ifmap;
  Tensor filters;
};

/// The convolution for a batch. Throws std::invalid_argument for a layer that is not on the array.
[[nodiscard]] ArrayShape array_shape(const Layer& layer, unsigned batch);

/// The convolution's operands; tensors that are moved in are not copied, but for a matmul's second
/// with `transpose`. Throws std::invalid_argument for a layer that is not on the array, and when
/// the tensors do not fit it.
[[nodiscard]] ArrayOperands array_operands(const Layer& layer, LayerTensors tensors);

/// The layer's ofmap (or psums) [N][C][H][W] from the convolution's [images][M][E][F]: the same
/// words in the same order.
[[nodiscard]] Tensor from_array(const Layer& layer, unsigned batch, Tensor ofmap);

}  // namespace rowan::workloads
