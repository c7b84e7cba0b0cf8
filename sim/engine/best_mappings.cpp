// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/best_mappings.h"

#include "models/base/error.h"
#include "models/base/suggest.h"
#include "models/base/yaml_node.h"
#include "models/energy/pricer.h"
#include "sim/engine/residency.h"
#include "workloads/array_operands.h"

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

MappingSearch::MappingSearch(const Request& request, const mapper::Objective& objective,
                             const mapper::SearchScope& scope)
    : request_(request), scope_(scope) {
  mapper::EnergyFunction energy;
  if (objective.needs_energy) {
    if (!request.energy_table) {
      throw InputError(
          "objective: '" + std::string(objective.name) +
          "' needs an energy table; the platform names none, and there is no --energy");
    }
    energy = [pricer = energy::Pricer(*request.energy_table, request.platform)](
                 const analytical::Estimate& estimate) {
      return pricer.picojoules(estimate.counts, estimate.total).value();
    };
  }
  cost_ = mapper::cost_function(objective, energy);
}

const mapper::SearchResult& MappingSearch::of(const workloads::Layer& layer,
                                              unsigned resident_banks) {
  const workloads::ArrayShape array = workloads::array_shape(layer, request_.batch);
  const workloads::ConvolutionShape& s = array.shape;
  const analytical::FmapAssumptions fmaps = analytical::assumptions_of(layer);
  std::vector<double> key;
  for (const unsigned extent : {s.groups, s.filters, s.channels, s.height, s.width, s.kernel_height,
                                s.kernel_width, s.stride, s.padding, s.end_padding(),
                                s.input_dilation, s.dilation, array.images, resident_banks}) {
    key.push_back(extent);
  }
  key.insert(key.end(), {fmaps.network_input ? 1.0 : 0.0, fmaps.ifmap_zeros, fmaps.ofmap_zeros});
  const auto [entry, is_new] = found_.try_emplace(std::move(key));
  if (!is_new) return entry->second;
  try {
    entry->second =
        mapper::search(array.shape, array.images,
                       platform_without(request_.platform, resident_banks), fmaps, cost_, scope_);
  } catch (const InputError& error) {
    found_.erase(entry);
    throw InputError("layer " + layer.name + ": " + error.what());
  }
  return entry->second;
}

}  // namespace rowan::sim
