// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/arithmetic/pe_type.h"

namespace rowan::arithmetic {

/// Nearest two's complement word of `bits` bits (1 to 32).
[[nodiscard]] constexpr Word clamp(std::int64_t value, unsigned bits) {
  const std::int64_t most = (std::int64_t{1} << (bits - 1)) - 1;
  return static_cast<Word>(std::clamp(value, -most - 1, most));
}

/// value / 2^shift to nearest, halves up.
[[nodiscard]] constexpr std::int64_t shift_to_nearest(std::int64_t value, unsigned shift) {
  return shift == 0 ? value : (value + (std::int64_t{1} << (shift - 1))) >> shift;
}

/// Largest integer not above a / b; b is positive.
[[nodiscard]] constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

/// a / b to nearest, halves up; b is positive.
[[nodiscard]] constexpr std::int64_t divide_to_nearest(std::int64_t a, std::int64_t b) {
  return floor_div(2 * a + b, 2 * b);
}

}  // namespace rowan::arithmetic
