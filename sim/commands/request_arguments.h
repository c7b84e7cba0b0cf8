// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/commands/arguments.h"
#include "sim/engine/resolve.h"

namespace rowan::sim {

/// Options that name platform, network, batch and layers.
[[nodiscard]] std::vector<Option> layer_options();
/// What the mapper looks for.
[[nodiscard]] Option objective_option();
/// Those two, and the mapping.
[[nodiscard]] std::vector<Option> request_options();

/// What layer_options() say. Throws InputError.
[[nodiscard]] RequestNames layer_names(const Arguments& arguments);
/// What request_options() say. Throws InputError.
[[nodiscard]] RequestNames request_names(const Arguments& arguments);

}  // namespace rowan::sim
