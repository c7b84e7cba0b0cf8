// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/arithmetic/pe_type.h"

/// The inner loops of the golden convolution: psums side by side, which stay in vector registers
/// over all their products.
namespace rowan::workloads::golden {

inline constexpr std::size_t kBlock = 32;

/// The products of a psum in the order in which they are added. The ifmap words of psum i of a
/// block stand i further.
struct Products {
  const arithmetic::Word* ifmap;            ///< of psum 0
  const std::vector<std::size_t>& offsets;  ///< [taps] of ifmap words
  const arithmetic::Word* weights;          ///< [taps]
  const std::vector<std::size_t>& ends;     ///< [chunks] of taps
};

/// A product's window as two shifts of a 32-bit word.
struct Window {
  unsigned left;
  unsigned right;
};

using Sums = std::array<arithmetic::Word, kBlock>;

/// Modulo 2^32, whatever the chunks.
void wrapping_sums(const Products& products, Window window, Sums& sums);
/// Every sum clamped to `psum_bits`; `clamped` has how often, for each psum.
void saturating_sums(const Products& products, Window window, unsigned psum_bits, Sums& sums,
                     std::array<std::int64_t, kBlock>& clamped);
/// Of binary32 words; a NaN may be any.
void fp32_sums(const Products& products, Sums& sums);

}  // namespace rowan::workloads::golden
