// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/analytical/estimate.h"

namespace rowan::support {

/// An energy of several parts, none of which decides alone, without a table.
inline double weighted_energy(const analytical::Estimate& estimate) {
  return static_cast<double>(estimate.macs + estimate.counts[Counter::kGlbIfmapRead] * 6 +
                             estimate.counts[Counter::kGlbPsumWrite] * 12 +
                             estimate.dram().value() * 100 + estimate.total.value());
}

}  // namespace rowan::support
