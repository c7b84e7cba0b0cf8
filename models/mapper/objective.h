// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "models/analytical/estimate.h"

namespace rowan::mapper {

/// What a mapping costs: less is better, `second` decides between equals.
struct Cost {
  double first = 0;
  double second = 0;
  friend bool operator<(const Cost& a, const Cost& b) {
    return a.first != b.first ? a.first < b.first : a.second < b.second;
  }
  friend bool operator==(const Cost& a, const Cost& b) {
    return a.first == b.first && a.second == b.second;
  }
};

/// The cost of an estimate. It must not fall when a part of the estimate grows: the search takes
/// the cost of a lower bound for a lower bound of the cost.
using CostFunction = std::function<Cost(const analytical::Estimate& estimate)>;

/// Energy of what an estimate counts, in pJ.
using EnergyFunction = std::function<double(const analytical::Estimate& estimate)>;

/// What a search looks for, with a name.
struct Objective {
  const char* name;
  Cost (*cost)(const analytical::Estimate& estimate, const EnergyFunction& energy);
  bool needs_energy;  ///< else `energy` is not called, and may be empty
  const char* meaning;
};

[[nodiscard]] Cost latency_cost(const analytical::Estimate& estimate, const EnergyFunction& energy);
[[nodiscard]] Cost dram_cost(const analytical::Estimate& estimate, const EnergyFunction& energy);
[[nodiscard]] Cost energy_cost(const analytical::Estimate& estimate, const EnergyFunction& energy);
[[nodiscard]] Cost edp_cost(const analytical::Estimate& estimate, const EnergyFunction& energy);

/// All of them; the first one is the default.
inline constexpr Objective kObjectives[] = {
    {"latency", latency_cost, false, "total cycles, then processing cycles"},
    {"dram", dram_cost, false, "bytes to and from DRAM, then total cycles"},
    {"energy", energy_cost, true, "energy, DRAM included, then total cycles"},
    {"edp", edp_cost, true, "energy times total cycles, then total cycles"},
};

[[nodiscard]] CostFunction cost_function(const Objective& objective, const EnergyFunction& energy);

}  // namespace rowan::mapper
