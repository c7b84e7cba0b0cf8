// SPDX-License-Identifier: Apache-2.0
//
// fp32: IEEE 754 binary32, a multiplication and then an addition, each rounded to nearest even.
#include <cmath>
#include <cstring>

#include "models/arithmetic/floating_point.h"
#include "models/arithmetic/pe_type.h"

namespace rowan::arithmetic {
namespace {

double weight_value(Word weight) { return float_of(weight); }

Word nearest_weight(double value) { return word_of(static_cast<float>(value)); }

void mac_window(const Word* ifmap, std::size_t words, const Word* filters, std::size_t psum_count,
                const MacFormat& /*format*/, Word* psums) {
  for (std::size_t k = 0; k < psum_count; ++k) psums[k] = 0;
  for (std::size_t i = 0; i < words; ++i) {
    const float activation = float_of(ifmap[i]);
    for (std::size_t k = 0; k < psum_count; ++k) {
      const float product = activation * float_of(filters[i * psum_count + k]);
      psums[k] = bits_of(float_of(psums[k]) + product);
    }
  }
  // A NaN stays one, so that the last sum alone need be made the one NaN.
  for (std::size_t k = 0; k < psum_count; ++k) psums[k] = word_of(float_of(psums[k]));
}

Word add_psums(Word incoming, Word own, const MacFormat& /*format*/) {
  return word_of(float_of(incoming) + float_of(own));
}

}  // namespace

PeType fp32_type() {
  return {"fp32",
          "IEEE 754 binary32, a multiplication and then an addition",
          Numbers::kFloat,
          32,
          32,
          0,
          32,
          32,
          2,
          3,
          weight_value,
          nearest_weight,
          mac_window,
          add_psums};
}

}  // namespace rowan::arithmetic
