// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/commands/arguments.h"
#include "sim/engine/resolve.h"

namespace rowan::sim {

/// Options that name platform, network, batch, layers and mapping.
[[nodiscard]] std::vector<Option> request_options();

/// What they say. Throws InputError.
[[nodiscard]] RequestNames request_names(const Arguments& arguments);

}  // namespace rowan::sim
