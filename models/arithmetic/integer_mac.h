// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "models/arithmetic/pe_type.h"

namespace rowan::arithmetic {

/// A MacWindow for integers, compiled for one instruction set.
struct IntegerMac {
  const char* instruction_set;
  MacWindow mac_window;
};

/// Those that this processor can run, the fastest first; all give the same words.
///
/// For activations and weights of up to 16 bits, a window with shift up to 31 and 1 to 32 bits, and
/// psums of 1 to 32 bits.
[[nodiscard]] const std::vector<IntegerMac>& integer_macs();

/// The fastest of integer_macs().
[[nodiscard]] MacWindow integer_mac_window();

}  // namespace rowan::arithmetic
