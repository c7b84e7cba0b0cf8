// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "models/mapper/search.h"
#include "sim/engine/request.h"

namespace rowan::sim {

/// Names of mapper::kObjectives, the default first.
[[nodiscard]] std::vector<std::string> objective_names();
/// Throws InputError for an unknown name, with the nearest one.
[[nodiscard]] const mapper::Objective& objective_of(const std::string& name);

/// The `keep` best mappings of a layer for the request's platform and batch. Throws InputError
/// naming the layer when none is legal.
[[nodiscard]] mapper::SearchResult best_mappings(const Request& request,
                                                 const workloads::Layer& layer,
                                                 const mapper::Objective& objective,
                                                 std::size_t keep);

}  // namespace rowan::sim
