// SPDX-License-Identifier: Apache-2.0
#include "sim/report/json_parts.h"

#include <cmath>

#include "models/base/activity.h"
#include "sim/engine/mapping_letters.h"
#include "sim/engine/pricing.h"

namespace rowan::sim {

using Json = nlohmann::ordered_json;

namespace {

Json finite(double number) { return std::isfinite(number) ? Json(number) : Json(); }

/// `number_of` each of a layer's sums.
template <class NumberOf>
Json of_noise(const workloads::LayerNoise& noise, NumberOf number_of) {
  return {{"weights", finite(number_of(noise.weights))},
          {"ifmap", finite(number_of(noise.ifmaps))},
          {"ofmap", finite(number_of(noise.ofmap))}};
}

}  // namespace

void add_times(Json& json, const Request& request, const LayerMeasures& measures) {
  json["passes"] = measures.passes;
  json["cycles"] = {{"processing", measures.processing.value()}, {"total", measures.total.value()}};
  json["time_ms"] = {{"processing", milliseconds(request, measures.processing)},
                     {"total", milliseconds(request, measures.total)}};
  json["utilization"] = utilization(request, measures);
}

void add_activity(Json& json, const Request& request, const LayerMeasures& measures) {
  const ActivityCounts& counts = measures.counts;
  Json& by_component = json["counts"] = Json::object();
  for (const CounterInfo& row : counter_table()) {
    by_component[row.component][row.action] = counts[row.counter];
  }
  json["dram_bytes"] = {{"total", dram_bytes(measures).value()},
                        {"ifmap", counts[Counter::kDramIfmapRead]},
                        {"filter", counts[Counter::kDramFilterRead]},
                        {"ofmap", counts[Counter::kDramOfmapWrite]}};
  json["glb_bytes"] = glb_bytes(request, measures).value();
}

void add_noise(Json& json, const std::optional<workloads::LayerNoise>& noise) {
  using Sum = arithmetic::SignalNoise;
  json["sqnr_db"] = noise ? of_noise(*noise, [](const Sum& sum) { return sum.db(); }) : Json();
  json["signal_squares"] =
      noise ? of_noise(*noise, [](const Sum& sum) { return sum.signal; }) : Json();
  json["noise_squares"] =
      noise ? of_noise(*noise, [](const Sum& sum) { return sum.noise; }) : Json();
}

Json mapping_json(const std::optional<dataflow::row_stationary::Mapping>& mapping) {
  Json json = Json::object();
  for (const MappingLetter& letter : kMappingLetters) {
    json[letter.name] = mapping ? Json((*mapping).*letter.field) : Json();
  }
  return json;
}

Json energy_table_json(const Request& request) {
  if (!request.energy_table) return nullptr;
  const energy::EnergyTable& table = *request.energy_table;
  return {{"name", table.name},
          {"hash", request.energy_table_hash},
          {"unit", table.unit},
          {"dynamic_scale", table.scale.dynamic},
          {"fitted_on", table.scale.fitted_on}};
}

Json energy_json(const energy::EnergyBreakdown& breakdown, const Request& request, Cycles cycles) {
  Json json;
  json["unit"] = breakdown.unit;
  json["total"] = breakdown.total.value();
  json["on_chip"] = breakdown.on_chip.value();
  json["dram"] = breakdown.off_chip.value();
  Json power;  // null unless energies are absolute
  if (breakdown.unit == "pJ") {
    power = milliwatts(breakdown.on_chip, cycles, request.platform.clock);
  }
  json["on_chip_power_mw"] = power;
  Json& components = json["components"] = Json::object();
  for (const energy::ComponentEnergy& component : breakdown.components) {
    Json& entry = components[component.component];
    entry["energy"] = component.energy.value();
    for (const energy::ActionEnergy& action : component.actions) {
      entry["actions"][action.action] = action.energy.value();
    }
  }
  return json;
}

}  // namespace rowan::sim
