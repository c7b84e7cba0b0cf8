// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sim/engine/estimation.h"

namespace rowan::sim {

[[nodiscard]] std::string estimate_table(const Estimation& estimation);
/// Schema `rowan.estimate/1`.
[[nodiscard]] std::string estimate_json(const Estimation& estimation);

}  // namespace rowan::sim
