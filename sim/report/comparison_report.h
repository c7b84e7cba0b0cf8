// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/engine/result.h"

namespace rowan::sim {

/// Results whose layers have estimates: what the two models say of each layer, where cycles differ
/// and why, and which accesses they count differently.
[[nodiscard]] std::string comparison_table(const Result& result);
/// Schema `rowan.comparison/1`.
[[nodiscard]] std::string comparison_json(const Result& result);

}  // namespace rowan::sim
