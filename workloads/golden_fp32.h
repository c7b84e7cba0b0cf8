// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "workloads/layer.h"
#include "workloads/tensor.h"

/// The operations of the post-processing unit on binary32 words, by the second table of
/// docs/machine.md, section 10: in binary64, rounded once, every NaN 0x7fc00000. Extents and errors
/// are those of the operations on integers (golden.h).
namespace rowan::workloads::golden::fp32 {

/// exp(x) by the table's polynomial.
[[nodiscard]] double exponential(double x);

/// What leaves for DRAM of psums: ReLU where the layer has it.
[[nodiscard]] Tensor ofmap(const Tensor& psums, const Layer& layer);
[[nodiscard]] Tensor pool(const Tensor& fmap, const Pooling& pooling);
[[nodiscard]] Tensor relu(const Tensor& fmap);
[[nodiscard]] Tensor add(const Tensor& a, const Tensor& b, const Layer& layer);
[[nodiscard]] Tensor gelu(const Tensor& fmap);
/// Over the channels of each of `groups` groups, at each position.
[[nodiscard]] Tensor softmax(const Tensor& fmap, unsigned groups);
[[nodiscard]] Tensor layer_norm(const Tensor& fmap, const Tensor& parameters);
[[nodiscard]] Tensor tokens(const Tensor& fmap, const Tensor& parameters);
[[nodiscard]] Tensor select(const Tensor& fmap, unsigned column);

}  // namespace rowan::workloads::golden::fp32
