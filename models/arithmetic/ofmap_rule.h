// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "models/arithmetic/pe_type.h"

namespace rowan::arithmetic {

/// How finished psums become ofmap words where they leave for DRAM (docs/machine.md section 5).
struct OfmapRule {
  bool relu = false;
  unsigned shift = 0;             ///< integers: divided by 2^shift, rounded to nearest, halves up
  unsigned activation_bits = 16;  ///< integers: and clamped to this
  Numbers numbers = Numbers::kInteger;
  /// [ofmap channels] in place of `shift`, again from the first where there are more channels (a
  /// matmul's images); empty: the same for all.
  std::vector<unsigned> channel_shifts = {};

  [[nodiscard]] unsigned shift_of(std::size_t channel) const {
    return channel_shifts.empty() ? shift : channel_shifts[channel % channel_shifts.size()];
  }
};

}  // namespace rowan::arithmetic
