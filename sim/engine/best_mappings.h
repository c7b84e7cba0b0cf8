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
  /// Keeps so many of each. The request outlives it.
  MappingSearch(const Request& request, const mapper::Objective& objective, std::size_t keep = 1)
      : request_(request), objective_(objective), keep_(keep) {}

  /// For the request's batch, and its platform without so many banks of the GLB; the layer is one
  /// of the array. Throws InputError naming the layer when no mapping is legal.
  [[nodiscard]] const mapper::SearchResult& of(const workloads::Layer& layer,
                                               unsigned resident_banks = 0);

 private:
  const Request& request_;
  const mapper::Objective& objective_;
  std::size_t keep_;
  std::map<std::vector<double>, mapper::SearchResult> found_;  ///< by all that a search depends on
};

}  // namespace rowan::sim
