// SPDX-License-Identifier: Apache-2.0
#include "models/mapper/objective.h"

namespace rowan::mapper {

Cost latency_cost(const analytical::Estimate& estimate) {
  return {estimate.total.value(), estimate.processing.value()};
}

Cost dram_cost(const analytical::Estimate& estimate) {
  return {estimate.traffic.dram().value(), estimate.total.value()};
}

}  // namespace rowan::mapper
