// SPDX-License-Identifier: Apache-2.0
//
// lightpe2: 8-bit activations, weights +-(2^-m1 + 2^-m2), a product is two shifts and an addition.
// Source: A. Inci et al., "QUIDAM", 2022; R. Ding et al., "LightNN", GLSVLSI 2017.
//
// A weight word has 8 bits, 7 of them used: bit 6 the sign (1: negative) of both terms, bits 5 to 3
// m1, bits 2 to 0 m2. Of the 64 pairs 36 differ in magnitude, from 2^-6 to 2; those with m1 <= m2
// are the ones that nearest_weight() gives. There is no zero: the nearest word of 0 is +2^-6.
// Taking the nearest power of two first and the nearest to the rest then, as LightNN does, can ask
// for a second term of the other sign, which no word has; so the nearest of all words is taken.
#include <cmath>

#include "models/arithmetic/integer_psum.h"
#include "models/arithmetic/pe_type.h"
#include "models/arithmetic/vector_mac.h"

namespace rowan::arithmetic {
namespace {

constexpr std::uint32_t kFractionBits = 7;
constexpr std::uint32_t kSign = 64;

constexpr unsigned first(std::uint32_t code) { return code >> 3U & 7U; }
constexpr unsigned second(std::uint32_t code) { return code & 7U; }

double weight_value(Word weight) {
  const auto code = static_cast<std::uint32_t>(weight);
  const double magnitude = std::ldexp(1.0, -static_cast<int>(first(code))) +
                           std::ldexp(1.0, -static_cast<int>(second(code)));
  return (code & kSign) != 0 ? -magnitude : magnitude;
}

Word nearest_weight(double value) {
  const double magnitude = std::isnan(value) ? 0.0 : std::abs(value);
  // From the largest down, so that the first of two as near is taken.
  std::uint32_t nearest = 0;
  for (std::uint32_t code = 1; code < kSign; ++code) {
    if (first(code) > second(code)) continue;
    const auto distance = [&](std::uint32_t c) {
      return std::abs(weight_value(static_cast<Word>(c)) - magnitude);
    };
    const double better = distance(nearest) - distance(code);
    const bool larger =
        weight_value(static_cast<Word>(code)) > weight_value(static_cast<Word>(nearest));
    if (better > 0 || (better == 0 && larger)) nearest = code;
  }
  return static_cast<Word>(value < 0 ? nearest | kSign : nearest);
}

/// The two shifts and their addition.
struct Multiplier {
  template <class Lanes>
  [[gnu::always_inline]] static void multiply(const typename Lanes::Signed& weights,
                                              Word activation, typename Lanes::Signed& products) {
    using Unsigned = typename Lanes::Unsigned;
    const Unsigned codes = reinterpret_cast<Unsigned>(weights);
    const Unsigned activations = Unsigned{} + static_cast<std::uint32_t>(activation);
    const Unsigned sum = (activations << (kFractionBits - (codes >> 3U & 7U))) +
                         (activations << (kFractionBits - (codes & 7U)));
    const Unsigned negative = -(codes >> 6U & 1U);
    products = reinterpret_cast<typename Lanes::Signed>((sum ^ negative) - negative);
  }
};

}  // namespace

PeType lightpe2_type() {
  const auto mac_windows = CompiledWindow<IntegerWindow<Multiplier>>::all();
  return {"lightpe2",
          "8-bit integers, weights of two powers of two: two shifts and an addition",
          Numbers::kInteger,
          8,
          8,
          kFractionBits,
          17,
          20,
          1,
          2,
          2,
          weight_value,
          nearest_weight,
          mac_windows.front().mac_window,
          add_integer_psums,
          mac_windows};
}

}  // namespace rowan::arithmetic
