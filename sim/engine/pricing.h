// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "models/energy/pricer.h"
#include "sim/engine/request.h"
#include "sim/engine/result.h"

namespace rowan::sim {

/// Energies of layers, in their order, and of all of them.
struct PricedLayers {
  std::vector<energy::EnergyBreakdown> layers;
  energy::EnergyBreakdown total;  ///< their sum, action by action
};

/// Of a request with an energy table. Throws InputError when a row is missing.
[[nodiscard]] PricedLayers price(const Request& request,
                                 const std::vector<const LayerMeasures*>& layers);

/// Of a result, if its request has an energy table.
[[nodiscard]] std::optional<PricedLayers> price(const Result& result);

/// Adds a breakdown with the same components and actions, or any to an empty one.
void add(energy::EnergyBreakdown& sum, const energy::EnergyBreakdown& breakdown);

/// Average power in mW of so much energy in so many cycles; only pJ make one.
[[nodiscard]] double milliwatts(Picojoules energy, Cycles cycles, Kilohertz clock);

}  // namespace rowan::sim
