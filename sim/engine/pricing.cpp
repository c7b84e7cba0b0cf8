// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/pricing.h"

namespace rowan::sim {

PricedLayers price(const Request& request, const std::vector<const LayerMeasures*>& layers) {
  const energy::Pricer pricer(*request.energy_table, request.platform);
  PricedLayers priced;
  priced.total.unit = pricer.unit();
  for (const LayerMeasures* layer : layers) {
    priced.layers.push_back(pricer.price(layer->counts, layer->total));
    add(priced.total, priced.layers.back());
  }
  return priced;
}

std::optional<PricedLayers> price(const Result& result) {
  if (!result.request.energy_table) return std::nullopt;
  std::vector<const LayerMeasures*> measures;
  for (const LayerResult& layer : result.layers) measures.push_back(&layer.measures);
  return price(result.request, measures);
}

void add(energy::EnergyBreakdown& sum, const energy::EnergyBreakdown& breakdown) {
  if (sum.components.empty()) {
    sum = breakdown;
    return;
  }
  for (std::size_t i = 0; i < sum.components.size(); ++i) {
    energy::ComponentEnergy& component = sum.components[i];
    const energy::ComponentEnergy& other = breakdown.components.at(i);
    for (std::size_t j = 0; j < component.actions.size(); ++j) {
      component.actions[j].count += other.actions.at(j).count;
      component.actions[j].energy += other.actions[j].energy;
    }
    component.energy += other.energy;
  }
  sum.on_chip += breakdown.on_chip;
  sum.off_chip += breakdown.off_chip;
  sum.total += breakdown.total;
}

double milliwatts(Picojoules energy, Cycles cycles, Kilohertz clock) {
  // pJ / (cycles / kHz) = 1e-12 J / 1e-3 s
  return cycles.value() == 0 ? 0
                             : energy.value() * static_cast<double>(clock.value()) /
                                   static_cast<double>(cycles.value()) * 1e-6;
}

}  // namespace rowan::sim
