// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/fmap_assumptions.h"

namespace rowan::analytical {

FmapAssumptions assumptions_of(const workloads::Layer& layer) {
  FmapAssumptions fmaps;
  fmaps.network_input = layer.network_input;
  fmaps.ifmap_zeros = layer.seeded.ifmap_zeros_percent / 100;
  fmaps.ofmap_zeros = layer.relu ? 0.5 : 0;
  return fmaps;
}

}  // namespace rowan::analytical
