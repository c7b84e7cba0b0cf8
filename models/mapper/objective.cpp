// SPDX-License-Identifier: Apache-2.0
#include "models/mapper/objective.h"

namespace rowan::mapper {

namespace {
double cycles(Cycles cycles) { return static_cast<double>(cycles.value()); }
}  // namespace

Cost latency_cost(const analytical::Estimate& estimate, const EnergyFunction&) {
  return {cycles(estimate.total), cycles(estimate.processing)};
}

Cost dram_cost(const analytical::Estimate& estimate, const EnergyFunction&) {
  return {static_cast<double>(estimate.dram().value()), cycles(estimate.total)};
}

Cost energy_cost(const analytical::Estimate& estimate, const EnergyFunction& energy) {
  return {energy(estimate), cycles(estimate.total)};
}

Cost edp_cost(const analytical::Estimate& estimate, const EnergyFunction& energy) {
  return {energy(estimate) * cycles(estimate.total), cycles(estimate.total)};
}

CostFunction cost_function(const Objective& objective, const EnergyFunction& energy) {
  return [cost = objective.cost, energy](const analytical::Estimate& estimate) {
    return cost(estimate, energy);
  };
}

}  // namespace rowan::mapper
