// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "models/arithmetic/pe_type.h"

// MAC windows are the simulator's hot loop. Psums are taken in blocks of a vector register, so that
// a block's sums stay in it across all words of the window. Vectors are the GNU extension of GCC
// and Clang; one copy of the loop is compiled per instruction set, and the processor's is chosen at
// run time. Vectors pass by reference, for their calling convention depends on the instruction set.

namespace rowan::arithmetic {

/// `kCount` words side by side.
template <std::size_t kCount>
struct Lanes {
  using Signed [[gnu::vector_size(kCount * sizeof(std::int32_t))]] = std::int32_t;
  using Unsigned [[gnu::vector_size(kCount * sizeof(std::uint32_t))]] = std::uint32_t;
  using Float [[gnu::vector_size(kCount * sizeof(float))]] = float;
};

/// What is done to the products and sums of integers.
enum class IntegerSum : std::uint8_t {
  kWrapped,       ///< once at the end, and the wrap cuts at least as much as the window
  kWrappedOfCut,  ///< products are cut to their window first
  kSaturated,     ///< after each product
};

/// Sums of `kCount` psums of integers. `Multiplier::multiply<Lanes>(weights, activation, products)`
/// sets products, exact in 32 bits.
template <class Multiplier, IntegerSum kSum, std::size_t kCount>
class IntegerSums {
 public:
  using Signed = typename Lanes<kCount>::Signed;
  using Unsigned = typename Lanes<kCount>::Unsigned;

  [[gnu::always_inline]] explicit IntegerSums(const MacFormat& format)
      : shift_(static_cast<int>(format.window.shift)),
        cut_(static_cast<int>(32 - format.window.bits)),
        unused_(static_cast<int>(32 - format.psum_bits)) {}

  [[gnu::always_inline]] void add(const Word* filters, Word activation) {
    Signed weights;
    std::memcpy(&weights, filters, sizeof(weights));
    Signed products;
    Multiplier::template multiply<Lanes<kCount>>(weights, activation, products);
    products >>= shift_;
    if constexpr (kSum != IntegerSum::kWrapped) {
      products = reinterpret_cast<Signed>(reinterpret_cast<Unsigned>(products) << cut_) >> cut_;
    }
    const auto before = reinterpret_cast<Signed>(sums_);
    sums_ += reinterpret_cast<Unsigned>(products);
    if constexpr (kSum == IntegerSum::kSaturated) saturate(before, products);
  }

  [[gnu::always_inline]] void store(Word* psums) const {
    const Signed wrapped = reinterpret_cast<Signed>(sums_ << unused_) >> unused_;
    std::memcpy(psums, &wrapped, sizeof(wrapped));
  }

 private:
  /// Stops the sums of `before` and `products` at the ends of a psum word.
  [[gnu::always_inline]] void saturate(const Signed& before, const Signed& products) {
    auto sums = reinterpret_cast<Signed>(sums_);
    // Of 32 bits first: a sum has overflowed where its sign is neither term's.
    const Signed overflowed = ((before ^ sums) & (products ^ sums)) < 0;
    sums = overflowed ? before >> 31 ^ INT32_MAX : sums;
    const Signed most = Signed{} + (INT32_MAX >> unused_);
    sums = sums > most ? most : sums;
    sums = sums < ~most ? ~most : sums;
    sums_ = reinterpret_cast<Unsigned>(sums);
  }

  int shift_;
  int cut_;
  int unused_;
  Unsigned sums_ = {};
};

/// One block of psums; `stride` words from a word's filters to the next word's.
template <class Sums>
[[gnu::always_inline]] inline void mac_block(const Word* ifmap, std::size_t words,
                                             const Word* filters, std::size_t stride,
                                             const MacFormat& format, Word* psums) {
  Sums sums(format);
  for (std::size_t i = 0; i < words; ++i) sums.add(filters + i * stride, ifmap[i]);
  sums.store(psums);
}

/// All psums, in blocks of `kWidest` while there are as many left, then in smaller ones.
/// `Kind::Sums<count>` are the sums of a block.
template <class Kind, std::size_t kWidest>
[[gnu::always_inline]] inline void mac_blocks(const Word* ifmap, std::size_t words,
                                              const Word* filters, std::size_t psum_count,
                                              const MacFormat& format, Word* psums) {
  std::size_t k = 0;
  for (; k + kWidest <= psum_count; k += kWidest) {
    mac_block<typename Kind::template Sums<kWidest>>(ifmap, words, filters + k, psum_count, format,
                                                     psums + k);
  }
  if constexpr (kWidest > 8) {
    if (k + 8 <= psum_count) {
      mac_block<typename Kind::template Sums<8>>(ifmap, words, filters + k, psum_count, format,
                                                 psums + k);
      k += 8;
    }
  }
  if constexpr (kWidest > 4) {
    if (k + 4 <= psum_count) {
      mac_block<typename Kind::template Sums<4>>(ifmap, words, filters + k, psum_count, format,
                                                 psums + k);
      k += 4;
    }
  }
  for (; k < psum_count; ++k) {
    mac_block<typename Kind::template Sums<1>>(ifmap, words, filters + k, psum_count, format,
                                               psums + k);
  }
}

/// A MacWindow of integers, in vectors of up to `kWidest` words.
template <class Multiplier>
struct IntegerWindow {
  template <IntegerSum kSum>
  struct Kind {
    template <std::size_t kCount>
    using Sums = IntegerSums<Multiplier, kSum, kCount>;
  };

  template <std::size_t kWidest>
  [[gnu::always_inline]] static void run(const Word* ifmap, std::size_t words, const Word* filters,
                                         std::size_t psum_count, const MacFormat& format,
                                         Word* psums) {
    if (format.overflow == Overflow::kSaturate) {
      mac_blocks<Kind<IntegerSum::kSaturated>, kWidest>(ifmap, words, filters, psum_count, format,
                                                        psums);
    } else if (format.window.bits >= format.psum_bits) {
      mac_blocks<Kind<IntegerSum::kWrapped>, kWidest>(ifmap, words, filters, psum_count, format,
                                                      psums);
    } else {
      mac_blocks<Kind<IntegerSum::kWrappedOfCut>, kWidest>(ifmap, words, filters, psum_count,
                                                           format, psums);
    }
  }
};

/// `Window::run` compiled for each instruction set.
template <class Window>
struct CompiledWindow {
  static void baseline(const Word* ifmap, std::size_t words, const Word* filters,
                       std::size_t psum_count, const MacFormat& format, Word* psums) {
    Window::template run<4>(ifmap, words, filters, psum_count, format, psums);
  }
#ifdef __x86_64__
  [[gnu::target("avx2")]] static void avx2(const Word* ifmap, std::size_t words,
                                           const Word* filters, std::size_t psum_count,
                                           const MacFormat& format, Word* psums) {
    Window::template run<8>(ifmap, words, filters, psum_count, format, psums);
  }
  [[gnu::target("avx512f")]] static void avx512f(const Word* ifmap, std::size_t words,
                                                 const Word* filters, std::size_t psum_count,
                                                 const MacFormat& format, Word* psums) {
    Window::template run<16>(ifmap, words, filters, psum_count, format, psums);
  }
#endif

  /// Those that this processor can run, the fastest first.
  [[nodiscard]] static std::vector<CompiledMac> all() {
    std::vector<CompiledMac> found;
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx512f") != 0) found.push_back({"avx512f", avx512f});
    if (__builtin_cpu_supports("avx2") != 0) found.push_back({"avx2", avx2});
#endif
    found.push_back({"baseline", baseline});
    return found;
  }
};

}  // namespace rowan::arithmetic
