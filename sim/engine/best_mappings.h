// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "models/mapper/search.h"
#include "sim/engine/request.h"

namespace rowan::sim {

/// Names of mapper::kObjectives, the default first.
[[nodiscard]] std::vector<std::string> objective_names();
/// Throws InputError for an unknown name, with the nearest one.
[[nodiscard]] const mapper::Objective& objective_of(const std::string& name);

/// Looks for the best mappings of a request's layers; layers of one shape share a search.
class MappingSearch {
 public:
  /// The request outlives it. Throws InputError for an objective that needs energies without a
  /// table.
  MappingSearch(const Request& request, const mapper::Objective& objective,
                const mapper::SearchScope& scope = {});

  /// For the request's batch, and its platform without so many banks of the GLB; the layer is one
  /// of the array. Throws InputError naming the layer when no mapping is legal.
  [[nodiscard]] const mapper::SearchResult& of(const workloads::Layer& layer,
                                               unsigned resident_banks = 0);

 private:
  const Request& request_;
  mapper::CostFunction cost_;
  mapper::SearchScope scope_;
  std::map<std::vector<double>, mapper::SearchResult> found_;  ///< by all that a search depends on
};

}  // namespace rowan::sim
