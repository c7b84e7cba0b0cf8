// SPDX-License-Identifier: Apache-2.0
//
// int16, int8, int4: two's complement words, exact products.
#include <cmath>

#include "models/arithmetic/fixed_point.h"
#include "models/arithmetic/integer_psum.h"
#include "models/arithmetic/pe_type.h"
#include "models/arithmetic/vector_mac.h"

namespace rowan::arithmetic {
namespace {

double weight_value(Word weight) { return weight; }

/// Halves away from zero.
template <unsigned kBits>
Word nearest_weight(double value) {
  if (std::isnan(value)) return 0;
  const double bound = 1U << kBits;  // far beyond the word, far within std::int64_t
  return clamp(std::llround(std::fmin(std::fmax(value, -bound), bound)), kBits);
}

struct Multiplier {
  template <class Lanes>
  [[gnu::always_inline]] static void multiply(const typename Lanes::Signed& weights,
                                              Word activation, typename Lanes::Signed& products) {
    products = weights * activation;
  }
};

template <unsigned kBits>
PeType integer(const char* name, const char* description, unsigned psum_bits) {
  const auto mac_windows = CompiledWindow<IntegerWindow<Multiplier>>::all();
  return {name,
          description,
          Numbers::kInteger,
          kBits,
          kBits,
          0,
          2 * kBits,
          psum_bits,
          1,
          2,
          0,
          weight_value,
          nearest_weight<kBits>,
          mac_windows.front().mac_window,
          add_integer_psums,
          mac_windows};
}

}  // namespace

PeType int16_type() { return integer<16>("int16", "16-bit integers", 32); }
PeType int8_type() { return integer<8>("int8", "8-bit integers", 24); }
PeType int4_type() { return integer<4>("int4", "4-bit integers", 16); }

}  // namespace rowan::arithmetic
