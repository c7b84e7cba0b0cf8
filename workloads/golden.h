// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "models/arithmetic/pe_type.h"
#include "workloads/accumulation_order.h"
#include "workloads/layer.h"
#include "workloads/tensor.h"

/// The operations a layer stands for, written once more and without the hardware's code: what every
/// engine is held to.
namespace rowan::workloads::golden {

/// What a machine computes with, by docs/machine.md, section 5. Of the type, only the definition of
/// its words is used.
struct Arithmetic {
  const arithmetic::PeType* type = &arithmetic::pe_type("int16");
  unsigned product_bits = 16;  ///< integers: of a shifted product that are kept
  unsigned psum_bits = 16;     ///< integers: of a sum
  arithmetic::Overflow overflow = arithmetic::Overflow::kWrap;  ///< of integer sums
};

/// Whether psums depend on the order in which products are added.
[[nodiscard]] bool is_ordered(const Arithmetic& arithmetic);

/// What can be told about sums besides their words. Counts add up over calls.
struct SumStatistics {
  std::uint64_t psums = 0;           ///< all words
  std::uint64_t nonzero = 0;         ///< words, before ReLU
  std::uint64_t wrapped = 0;         ///< words whose sum did not fit psum_bits and wrapped
  std::uint64_t saturated_sums = 0;  ///< additions whose sum did not fit psum_bits and saturated
  std::uint64_t saturated = 0;       ///< ofmap words, of any layer, that were clamped
};

/// Convolution: `ifmap` [N][G*C][height][width], `filters` [G*M][C][R][S] to psums [N][G*M][E][F],
/// before ReLU. Padding and inserted zeros are words like others.
///
/// Integers: a weight counts in units of 2^-weight_fraction_bits. Each product is taken modulo
/// 2^32, shifted right by `product_shift` (0 to 31, towards minus infinity) and kept to
/// `product_bits` (1 to 32, two's complement); sums wrap or saturate at `psum_bits` (1 to 32).
/// Where a sum that wraps leaves 32 bits, `statistics` judges its low 32 bits. Floating-point
/// types: `product_shift` has no meaning.
///
/// `order` is used where is_ordered(). Throws std::invalid_argument when extents do not fit the
/// shape, a number of bits is out of range, a weight is no word of the type, or the order is needed
/// and does not have every tap once.
[[nodiscard]] Tensor convolution(const ConvolutionShape& shape, const Tensor& ifmap,
                                 const Tensor& filters, unsigned product_shift,
                                 const Arithmetic& arithmetic, const AccumulationOrder& order = {},
                                 SumStatistics* statistics = nullptr);
/// The same of two's complement words, at most 16 bits wide, whose sums wrap.
[[nodiscard]] Tensor convolution(const ConvolutionShape& shape, const Tensor& ifmap,
                                 const Tensor& filters, unsigned product_shift,
                                 unsigned product_bits, unsigned psum_bits,
                                 SumStatistics* statistics = nullptr);

/// What leaves for DRAM, extents as `psums`: ReLU where the layer has it, division by 2^ofmap_shift
/// (or the filter's of filter_shifts) to nearest, halves up, clamped to a two's complement word of
/// `activation_bits`.
[[nodiscard]] Tensor ofmap(const Tensor& psums, const Layer& layer, unsigned activation_bits,
                           SumStatistics* statistics = nullptr);

/// The ofmap [N][C][H][W] of any layer from its operands: array_operands(), convolution() and
/// ofmap() for a layer of the array, else the operation of its kind: below, or, for floating-point
/// types, in golden_fp32.h. Where weights are other words than activations, a matmul's second
/// operand is replaced by the nearest ones (docs/machine.md, section 5). `order` as for
/// convolution(). Throws std::invalid_argument when operands do not fit the layer.
[[nodiscard]] Tensor layer(const Layer& layer, const LayerTensors& operands,
                           const Arithmetic& arithmetic, const AccumulationOrder& order = {},
                           SumStatistics* statistics = nullptr);

// The layers of the post-processing unit on integers, by the table of docs/machine.md, section 10.
// Fmaps are [N][C][H][W], of equal extents where nothing else is said; results are clamped to a
// word of `activation_bits`, and clamped words counted as `saturated`. All throw
// std::invalid_argument when extents do not fit or a number of bits is out of range.

/// Pooling to [N][C][rows][columns] of pooling_windows(). Average: to nearest, halves up, padding
/// counting as 0.
[[nodiscard]] Tensor pool(const Tensor& fmap, const Pooling& pooling);
[[nodiscard]] Tensor relu(const Tensor& fmap);
/// a + b divided by 2^ofmap_shift, then ReLU where the layer has it. `b` may have fewer channels
/// than `a`: those it lacks are 0.
[[nodiscard]] Tensor add(const Tensor& a, const Tensor& b, const Layer& layer,
                         unsigned activation_bits, SumStatistics* statistics = nullptr);
[[nodiscard]] Tensor gelu(const Tensor& fmap, const UnitAttributes& attributes,
                          unsigned activation_bits, SumStatistics* statistics = nullptr);
/// Over the channels of each group, at each position.
[[nodiscard]] Tensor softmax(const Tensor& fmap, const UnitAttributes& attributes,
                             unsigned activation_bits, SumStatistics* statistics = nullptr);
/// Over the channels at each position; `parameters` [C][2][1][1]: gain, offset.
[[nodiscard]] Tensor layer_norm(const Tensor& fmap, const Tensor& parameters,
                                const UnitAttributes& attributes, unsigned activation_bits,
                                SumStatistics* statistics = nullptr);
/// To [N][C][1][1 + H W]; `parameters` [C][1][1][1 + H W].
[[nodiscard]] Tensor tokens(const Tensor& fmap, const Tensor& parameters, unsigned activation_bits,
                            SumStatistics* statistics = nullptr);
/// To [N][C][1][1]: row 0, column `column`.
[[nodiscard]] Tensor select(const Tensor& fmap, unsigned column);

}  // namespace rowan::workloads::golden
