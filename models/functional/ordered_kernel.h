// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/arithmetic/pe_type.h"

namespace rowan::functional {

/// Psums of chains of PEs, each MAC in its place: of every position and lane, from the lowest PE
/// up, the sum over the PE's taps (from 0, in order) of
///
///   window(scalars[positions[position] + tap] * weights[tap][lane])
///
/// is added to psums[position][lane], or is its first value where the lowest PE has no source.
struct OrderedSums {
  const arithmetic::Word* scalars = nullptr;
  const std::uint32_t* positions = nullptr;
  std::size_t position_count = 0;
  const arithmetic::Word* weights = nullptr;  ///< [taps of all PEs][lanes]
  std::size_t lanes = 0;
  const std::uint32_t* taps = nullptr;     ///< [taps of all PEs]
  const std::uint32_t* pe_taps = nullptr;  ///< taps of each PE, the lowest first
  std::size_t pe_count = 0;
  bool has_source = false;
  arithmetic::Word* psums = nullptr;  ///< [positions][lanes]
  arithmetic::MacFormat format;
};

/// Ordered sums, compiled for one instruction set.
struct OrderedKernel {
  const char* instruction_set;
  void (*floats)(const OrderedSums&);  ///< binary32
  /// Integers whose psums saturate, for products that fit 32 bits.
  void (*saturating)(const OrderedSums&);
};

/// Those that this processor can run, the fastest first; all give the same words.
[[nodiscard]] const std::vector<OrderedKernel>& ordered_kernels();

}  // namespace rowan::functional
