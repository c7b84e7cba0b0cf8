// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstring>

#include "models/arithmetic/pe_type.h"

namespace rowan::arithmetic {

/// The only NaN that a machine's words hold.
inline constexpr Word kNan = 0x7fc00000;

/// The number whose bits a binary32 word has.
[[nodiscard]] inline float float_of(Word word) {
  static_assert(sizeof(float) == sizeof(Word));
  float number;
  std::memcpy(&number, &word, sizeof(number));
  return number;
}

/// The bits of a number, whatever NaN it may be.
[[nodiscard]] inline Word bits_of(float number) {
  Word word;
  std::memcpy(&word, &number, sizeof(word));
  return word;
}

/// The word of a number.
[[nodiscard]] inline Word word_of(float number) {
  return std::isnan(number) ? kNan : bits_of(number);
}

}  // namespace rowan::arithmetic
