// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/commands/arguments.h"
#include "sim/engine/resolve.h"
#include "sim/engine/result.h"

namespace rowan::sim {

/// Options that name platform, network, batch and layers.
[[nodiscard]] std::vector<Option> layer_options();
/// What the mapper looks for.
[[nodiscard]] Option objective_option();
/// What prices the results.
[[nodiscard]] Option energy_option();
/// Where counts are written for Accelergy.
[[nodiscard]] Option action_counts_option();
/// All of those but the last, and the mapping.
[[nodiscard]] std::vector<Option> request_options();
/// How a float network is drawn and quantised.
[[nodiscard]] std::vector<Option> float_options();
/// request_options(), float_options(), and how a simulation gets its tensors and does its work.
[[nodiscard]] std::vector<Option> simulation_options();

/// What layer_options() say. Throws InputError.
[[nodiscard]] RequestNames layer_names(const Arguments& arguments);
/// What request_options() say. Throws InputError.
[[nodiscard]] RequestNames request_names(const Arguments& arguments);
/// What simulation_options() say. Throws InputError.
[[nodiscard]] RequestNames simulation_names(const Arguments& arguments);

/// Puts what float_options() say into the names. Throws InputError.
void take_float_options(const Arguments& arguments, RequestNames& names);

/// Throws InputError when action_counts_option() is given without a table to name its actions.
void require_energy_table(const Arguments& arguments, const Request& request);
/// Writes the file of action_counts_option(), if it is given. Throws InputError.
void write_action_counts(const Arguments& arguments, const Request& request,
                         const LayerMeasures& total);

}  // namespace rowan::sim
