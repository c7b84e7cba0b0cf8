// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace rowan::arithmetic {

/// A word of any format, sign-extended: what FIFOs, scratchpads and buffers carry.
using Word = std::int32_t;

/// How a multiply unit turns a full product into what is added: product >> shift, kept to
/// product_bits (two's complement, truncated).
struct ProductWindow {
  unsigned shift = 0;
  unsigned bits = 32;
};

/// Operation of a PE on one window: psums[k] += window(filters[i * psum_count + k] * ifmap[i]) for
/// all i, wrapping at psum_bits. `ifmap` [words], `filters` [words][psum_count], `psums`
/// [psum_count]; `psums` is set, not added to.
using MacWindow = void (*)(const Word* ifmap, std::size_t words, const Word* filters,
                           std::size_t psum_count, ProductWindow window, unsigned psum_bits,
                           Word* psums);

/// One kind of PE arithmetic; a row of pe_types().
struct PeType {
  const char* name;
  const char* description;
  unsigned activation_bits;
  unsigned weight_bits;
  MacWindow mac_window;
};

/// All PE types, one row each.
[[nodiscard]] const std::vector<PeType>& pe_types();
/// Throws std::out_of_range for an unknown name (platform files are checked before).
[[nodiscard]] const PeType& pe_type(const std::string& name);

/// Wraps to a two's complement word of `bits` bits (1 to 32).
[[nodiscard]] constexpr Word wrap(std::int64_t value, unsigned bits) {
  const unsigned unused = 64 - bits;
  return static_cast<Word>(static_cast<std::int64_t>(static_cast<std::uint64_t>(value) << unused) >>
                           unused);
}

}  // namespace rowan::arithmetic
