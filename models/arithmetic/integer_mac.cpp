// SPDX-License-Identifier: Apache-2.0
#include "models/arithmetic/integer_mac.h"

#include <cstring>

#include "models/arithmetic/ordered_mac.h"

// This is the simulator's hot loop. Psums are taken in blocks of a vector register, so that a
// block's sums stay in it across all words of the window. Vectors are the GNU extension of GCC and
// Clang; one copy of the loop is compiled per instruction set, and the processor's is chosen at run
// time.

namespace rowan::arithmetic {
namespace {

/// `kCount` words side by side.
template <std::size_t kCount>
struct Lanes {
  using Signed [[gnu::vector_size(kCount * sizeof(std::int32_t))]] = std::int32_t;
  using Unsigned [[gnu::vector_size(kCount * sizeof(std::uint32_t))]] = std::uint32_t;
};

/// Whether a product must be cut to its window before it is added, or the psum's own wrap cuts at
/// least as much.
enum class Truncation { kImplied, kEachProduct };

/// One block of `kCount` psums; `stride` words from a word's filters to the next word's.
template <std::size_t kCount, Truncation kTruncation>
[[gnu::always_inline]] inline void mac_block(const Word* ifmap, std::size_t words,
                                             const Word* filters, std::size_t stride,
                                             ProductWindow window, unsigned psum_bits,
                                             Word* psums) {
  using Signed = typename Lanes<kCount>::Signed;
  using Unsigned = typename Lanes<kCount>::Unsigned;
  const unsigned cut = 32 - window.bits;
  const unsigned unused = 32 - psum_bits;
  Unsigned sums = {};
  for (std::size_t i = 0; i < words; ++i) {
    Signed products;
    std::memcpy(&products, filters + i * stride, sizeof(products));
    products *= ifmap[i];
    products >>= static_cast<int>(window.shift);
    if constexpr (kTruncation == Truncation::kEachProduct) {
      products = reinterpret_cast<Signed>(reinterpret_cast<Unsigned>(products) << cut) >>
                 static_cast<int>(cut);
    }
    sums += reinterpret_cast<Unsigned>(products);
  }
  const Signed wrapped = reinterpret_cast<Signed>(sums << unused) >> static_cast<int>(unused);
  std::memcpy(psums, &wrapped, sizeof(wrapped));
}

/// All psums, in blocks of `kWidest` while there are as many left, then in smaller ones.
template <std::size_t kWidest, Truncation kTruncation>
[[gnu::always_inline]] inline void mac_blocks(const Word* ifmap, std::size_t words,
                                              const Word* filters, std::size_t psum_count,
                                              ProductWindow window, unsigned psum_bits,
                                              Word* psums) {
  std::size_t k = 0;
  for (; k + kWidest <= psum_count; k += kWidest) {
    mac_block<kWidest, kTruncation>(ifmap, words, filters + k, psum_count, window, psum_bits,
                                    psums + k);
  }
  if constexpr (kWidest > 8) {
    if (k + 8 <= psum_count) {
      mac_block<8, kTruncation>(ifmap, words, filters + k, psum_count, window, psum_bits,
                                psums + k);
      k += 8;
    }
  }
  if constexpr (kWidest > 4) {
    if (k + 4 <= psum_count) {
      mac_block<4, kTruncation>(ifmap, words, filters + k, psum_count, window, psum_bits,
                                psums + k);
      k += 4;
    }
  }
  for (; k < psum_count; ++k) {
    mac_block<1, kTruncation>(ifmap, words, filters + k, psum_count, window, psum_bits, psums + k);
  }
}

template <std::size_t kWidest>
[[gnu::always_inline]] inline void mac_window(const Word* ifmap, std::size_t words,
                                              const Word* filters, std::size_t psum_count,
                                              ProductWindow window, unsigned psum_bits,
                                              Word* psums) {
  if (window.bits >= psum_bits) {
    mac_blocks<kWidest, Truncation::kImplied>(ifmap, words, filters, psum_count, window, psum_bits,
                                              psums);
  } else {
    mac_blocks<kWidest, Truncation::kEachProduct>(ifmap, words, filters, psum_count, window,
                                                  psum_bits, psums);
  }
}

std::int64_t integer_product(Word activation, Word weight) {
  return std::int64_t{activation} * weight;
}

void mac_window_baseline(const Word* ifmap, std::size_t words, const Word* filters,
                         std::size_t psum_count, const MacFormat& format, Word* psums) {
  if (format.overflow == Overflow::kSaturate) {
    ordered_mac_window(ifmap, words, filters, psum_count, format, psums, integer_product);
  } else {
    mac_window<4>(ifmap, words, filters, psum_count, format.window, format.psum_bits, psums);
  }
}

#ifdef __x86_64__
[[gnu::target("avx2")]] void mac_window_avx2(const Word* ifmap, std::size_t words,
                                             const Word* filters, std::size_t psum_count,
                                             const MacFormat& format, Word* psums) {
  if (format.overflow == Overflow::kSaturate) {
    ordered_mac_window(ifmap, words, filters, psum_count, format, psums, integer_product);
  } else {
    mac_window<8>(ifmap, words, filters, psum_count, format.window, format.psum_bits, psums);
  }
}

[[gnu::target("avx512f")]] void mac_window_avx512(const Word* ifmap, std::size_t words,
                                                  const Word* filters, std::size_t psum_count,
                                                  const MacFormat& format, Word* psums) {
  if (format.overflow == Overflow::kSaturate) {
    ordered_mac_window(ifmap, words, filters, psum_count, format, psums, integer_product);
  } else {
    mac_window<16>(ifmap, words, filters, psum_count, format.window, format.psum_bits, psums);
  }
}
#endif

std::vector<IntegerMac> find_integer_macs() {
  std::vector<IntegerMac> found;
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx512f") != 0) found.push_back({"avx512f", mac_window_avx512});
  if (__builtin_cpu_supports("avx2") != 0) found.push_back({"avx2", mac_window_avx2});
#endif
  found.push_back({"baseline", mac_window_baseline});
  return found;
}

}  // namespace

const std::vector<IntegerMac>& integer_macs() {
  static const std::vector<IntegerMac> kFound = find_integer_macs();
  return kFound;
}

MacWindow integer_mac_window() { return integer_macs().front().mac_window; }

}  // namespace rowan::arithmetic
