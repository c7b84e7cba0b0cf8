// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "models/analytical/loop_nest/count.h"

namespace rowan::sim {

[[nodiscard]] std::string loop_nest_table(const analytical::loop_nest::NestCounts& counts);
/// Schema `rowan.loop_nest_counts/1`.
[[nodiscard]] std::string loop_nest_json(const analytical::loop_nest::NestCounts& counts);

}  // namespace rowan::sim
