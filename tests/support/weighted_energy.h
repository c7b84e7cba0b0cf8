// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/analytical/estimate.h"

namespace rowan::support {

/// An energy of several parts, none of which decides alone, without a table.
inline double weighted_energy(const analytical::Estimate& estimate) {
  return static_cast<double>(estimate.macs + estimate.traffic.glb_ifmap_read.value() * 6 +
                             estimate.traffic.glb_psum_write.value() * 12 +
                             estimate.traffic.dram().value() * 100 + estimate.total.value());
}

}  // namespace rowan::support
