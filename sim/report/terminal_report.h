// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/engine/result.h"

namespace rowan::sim {

/// A result for the terminal, in plain ASCII and within 120 columns: a line per layer and a total,
/// what the PEs did, counts of the main components, and how the outputs compare.
[[nodiscard]] std::string terminal_report(const Result& result);

}  // namespace rowan::sim
