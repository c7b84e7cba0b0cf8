// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "models/arithmetic/fixed_point.h"
#include "models/arithmetic/pe_type.h"

namespace rowan::arithmetic {

/// A sum as a psum word of `format`.
[[nodiscard]] constexpr Word psum_word(std::int64_t sum, const MacFormat& format) {
  return format.overflow == Overflow::kWrap ? wrap(sum, format.psum_bits)
                                            : clamp(sum, format.psum_bits);
}

/// AddPsums of every integer type.
[[nodiscard]] inline Word add_integer_psums(Word incoming, Word own, const MacFormat& format) {
  return psum_word(std::int64_t{incoming} + own, format);
}

}  // namespace rowan::arithmetic
