// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sim/engine/pricing.h"

namespace rowan::sim {

/// A layer of the table of energies.
struct EnergyRow {
  std::string name;
  Cycles total{0};
};

/// Energy of each layer and of all, by component, as a table under a head line. `rows` are the
/// priced layers, in their order.
[[nodiscard]] std::string energy_report(const Request& request, const PricedLayers& priced,
                                        const std::vector<EnergyRow>& rows, Cycles total);

}  // namespace rowan::sim
