// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "models/arithmetic/quantizer.h"
#include "models/base/describe.h"
#include "workloads/float_network.h"
#include "workloads/network.h"

namespace rowan::workloads {

/// Which scales a tensor may have.
enum class ScaleKind {
  kPowerOfTwo,
  kFree,  ///< 2^(e + i / arithmetic::kFreeScalesPerOctave)
};

/// Their names in files and messages; the first one is the default.
inline constexpr Choice<ScaleKind> kScaleKinds[] = {{"power_of_two", ScaleKind::kPowerOfTwo},
                                                    {"free", ScaleKind::kFree}};

[[nodiscard]] inline const char* name_of(ScaleKind kind) {
  return detail::name_in(kScaleKinds, kind);
}

/// The scale of the input and of every ofmap, by its number in the network; 1 for parameters. A
/// word of `quantizer` stands for so many times itself.
///
/// The machine moves words from one scale to another by shifts alone, to the right, and where there
/// is no shift, not at all:
/// - pooling, ReLU, select and tokens leave the scale as it is; the two operands of an addition
///   have one scale, and so has GELU with its ofmap. Such tensors get the scale of least squared
///   error over all of them, each error over its tensor's sum of squares;
/// - an ofmap's scale is not below that of an addition's operands, or of a matmul's product of
///   operands times 2^product_exponent, and a power of two times it; nor is it above 2^31 times
///   that: operands that are so small beside it have coarser scales, at which few of their numbers,
///   or none, are not 0;
/// - scales of GELU's and softmax's fmaps and of layer norm's ofmap are 2^0 to 2^-15
///   (`fraction_bits`), also where scales are free. So are, but for the bounds, those of a matmul's
///   operands and ofmap, which no weight mends; and, since an addition carries a free factor from
///   its operands to its ofmap, those of additions that feed such layers. The operands of scores,
///   whose ofmap softmax takes, are 2^0 at most.
///
/// No scale is below that of its tensor in `least_scales`, unless a bound above says so. A tensor
/// of zeros has any scale that the others leave it.
///
/// `product_exponent`: log2 of the unit of a matmul's psums over the product of its operands'
/// scales.
///
/// All are 1 for an exact quantizer. Throws InputError naming a layer when the rules contradict
/// each other.
[[nodiscard]] std::vector<double> activation_scales(const Network& network, const FloatRun& run,
                                                    const arithmetic::Quantizer& quantizer,
                                                    ScaleKind kind,
                                                    const std::vector<double>& least_scales,
                                                    int product_exponent);

}  // namespace rowan::workloads
