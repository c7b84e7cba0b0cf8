// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/arithmetic/fixed_point.h"
#include "models/arithmetic/pe_type.h"

namespace rowan::arithmetic {

/// A product as the multiply unit hands it on.
[[nodiscard]] constexpr std::int64_t windowed(std::int64_t product, const ProductWindow& window) {
  return wrap(product >> window.shift, window.bits);
}

/// A sum as a psum word of `format`.
[[nodiscard]] constexpr Word psum_word(std::int64_t sum, const MacFormat& format) {
  return format.overflow == Overflow::kWrap ? wrap(sum, format.psum_bits)
                                            : clamp(sum, format.psum_bits);
}

/// AddPsums of every integer type.
[[nodiscard]] inline Word add_integer_psums(Word incoming, Word own, const MacFormat& format) {
  return psum_word(std::int64_t{incoming} + own, format);
}

/// A MacWindow of integers, one MAC after the other. `product(activation, weight)` is the full
/// product.
template <class Product>
void ordered_mac_window(const Word* ifmap, std::size_t words, const Word* filters,
                        std::size_t psum_count, const MacFormat& format, Word* psums,
                        Product product) {
  for (std::size_t k = 0; k < psum_count; ++k) psums[k] = 0;
  for (std::size_t i = 0; i < words; ++i) {
    for (std::size_t k = 0; k < psum_count; ++k) {
      const std::int64_t full = product(ifmap[i], filters[i * psum_count + k]);
      psums[k] = psum_word(psums[k] + windowed(full, format.window), format);
    }
  }
}

}  // namespace rowan::arithmetic
