// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/dataflow/schedule.h"
#include "workloads/layer.h"

namespace rowan::analytical {

/// What compression of the fmaps in DRAM, the gating of MACs, and their way depend on.
struct FmapAssumptions {
  bool network_input = false;  ///< the ifmap is not coded
  double ifmap_zeros = 0;      ///< share of its words, 0 to 1, at random places
  double ofmap_zeros = 0;
  dataflow::FmapPlaces places = {};  ///< resident fmaps are not coded
};

/// Of a layer: the zeros that its seeded tensors have, and half of the ofmap with ReLU.
[[nodiscard]] FmapAssumptions assumptions_of(const workloads::Layer& layer);

}  // namespace rowan::analytical
