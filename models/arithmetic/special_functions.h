// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/arithmetic/pe_type.h"

/// Functions of the post-processing unit on words, to the bit as docs/machine.md section 10 states.
/// Source: assumption, no paper describes them; tables with linear interpolation.
namespace rowan::arithmetic {

/// Largest integer not above the square root.
[[nodiscard]] std::uint64_t floor_sqrt(std::uint64_t value);

/// x Phi(x), Phi the normal distribution function. `x` and the result have `fraction_bits` (at most
/// 24); the result is clamped to `bits`.
[[nodiscard]] Word gelu(Word x, unsigned fraction_bits, unsigned bits);

/// results [count]: e^x over the sum of them all, of words `x` [count] with `fraction_bits` (at
/// most 24); results have `ofmap_fraction_bits` (at most 24), clamped to `bits`. `count` is 1 to
/// 65,536.
void softmax(const Word* x, std::size_t count, unsigned fraction_bits, unsigned ofmap_fraction_bits,
             unsigned bits, Word* results);

/// Formats of a layer norm, each at most 24.
struct LayerNormFormat {
  unsigned ofmap_fraction_bits = 0;
  unsigned gain_fraction_bits = 0;
  unsigned bits = 16;  ///< of results
};

/// results [count]: x less the mean, over the standard deviation, times the gain plus the offset.
/// `x` [count], `parameters` [count][gain, offset]; the offset is a word like the results. `count`
/// is 1 to 65,536.
void layer_norm(const Word* x, std::size_t count, const Word* parameters,
                const LayerNormFormat& format, Word* results);

}  // namespace rowan::arithmetic
