// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/best_mappings.h"

#include "models/base/error.h"
#include "models/base/suggest.h"
#include "models/base/yaml_node.h"

namespace rowan::sim {

std::vector<std::string> objective_names() {
  std::vector<std::string> names;
  for (const mapper::Objective& objective : mapper::kObjectives) names.emplace_back(objective.name);
  return names;
}

const mapper::Objective& objective_of(const std::string& name) {
  for (const mapper::Objective& objective : mapper::kObjectives) {
    if (name == objective.name) return objective;
  }
  throw InputError("objective: unknown objective '" + printable(name) + "'" +
                   did_you_mean(name, objective_names()));
}

mapper::SearchResult best_mappings(const Request& request, const workloads::Layer& layer,
                                   const mapper::Objective& objective, std::size_t keep) {
  try {
    return mapper::search(layer.shape, request.batch, request.platform,
                          analytical::assumptions_of(layer), objective.cost, keep);
  } catch (const InputError& error) {
    throw InputError("layer " + layer.name + ": " + error.what());
  }
}

}  // namespace rowan::sim
