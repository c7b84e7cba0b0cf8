// SPDX-License-Identifier: Apache-2.0
//
// lightpe1: 8-bit activations, weights +-2^-m, a product is one shift. Source: A. Inci et al.,
// "QUIDAM", 2022; R. Ding et al., "LightNN", GLSVLSI 2017.
//
// A weight word has 4 bits: bit 3 its sign (1: negative), bits 2 to 0 m. There is no zero: the
// nearest word of 0 is +2^-7, the smallest there is.
#include <cmath>

#include "models/arithmetic/integer_psum.h"
#include "models/arithmetic/pe_type.h"
#include "models/arithmetic/vector_mac.h"

namespace rowan::arithmetic {
namespace {

constexpr std::uint32_t kFractionBits = 7;
constexpr unsigned kWeightBits = 4;

double weight_value(Word weight) {
  const auto code = static_cast<std::uint32_t>(weight);
  const double magnitude = std::ldexp(1.0, -static_cast<int>(code & 7U));
  return (code & 8U) != 0 ? -magnitude : magnitude;
}

Word nearest_weight(double value) {
  const double magnitude = std::abs(value);
  Word m = 0;
  // Between two neighbours 2^-m and 2^-(m+1) the border is 3/4 2^-m.
  while (m < 7 && magnitude < std::ldexp(0.75, -m)) ++m;
  if (std::isnan(value)) m = 7;
  return wrap(value < 0 ? m | 8 : m, kWeightBits);
}

/// The shift.
struct Multiplier {
  template <class Lanes>
  [[gnu::always_inline]] static void multiply(const typename Lanes::Signed& weights,
                                              Word activation, typename Lanes::Signed& products) {
    using Unsigned = typename Lanes::Unsigned;
    const Unsigned codes = reinterpret_cast<Unsigned>(weights);
    const Unsigned shifted = (Unsigned{} + static_cast<std::uint32_t>(activation))
                             << (kFractionBits - (codes & 7U));
    const Unsigned negative = -(codes >> 3U & 1U);
    products = reinterpret_cast<typename Lanes::Signed>((shifted ^ negative) - negative);
  }
};

}  // namespace

PeType lightpe1_type() {
  const auto mac_windows = CompiledWindow<IntegerWindow<Multiplier>>::all();
  return {"lightpe1",
          "8-bit integers, weights of one power of two: a shift",
          Numbers::kInteger,
          8,
          kWeightBits,
          kFractionBits,
          16,
          20,
          1,
          2,
          1,
          weight_value,
          nearest_weight,
          mac_windows.front().mac_window,
          add_integer_psums,
          mac_windows};
}

}  // namespace rowan::arithmetic
