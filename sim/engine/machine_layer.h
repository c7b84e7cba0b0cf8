// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "models/dataflow/post_processing/layer_plan.h"
#include "models/hardware/layer_job.h"
#include "sim/engine/request.h"
#include "workloads/tensor.h"

namespace rowan::sim {

/// A layer with its operands as the machine carries it out.
struct MachineLayer {
  hardware::LayerJob job;
  std::vector<std::uint8_t> memory;    ///< DRAM before the layer, with room for its ofmap
  std::vector<std::uint8_t> resident;  ///< fmaps that stay in the GLB, likewise
  /// Ofmap [N][C][H][W] from either after the layer. Throws HardwareError when a frame is
  /// malformed.
  std::function<workloads::Tensor(const std::vector<std::uint8_t>& memory,
                                  const std::vector<std::uint8_t>& resident)>
      read_ofmap;
};

/// How the post-processing unit carries out a layer that is not on the array. Throws InputError
/// naming the layer when the platform has no room for it.
[[nodiscard]] dataflow::post_processing::LayerPlan unit_plan(const Request& request,
                                                             const LayerRequest& layer);

/// Plans the layer and lays its operands out in DRAM: the host's part of the work.
[[nodiscard]] MachineLayer make_machine_layer(const Request& request, const LayerRequest& layer,
                                              const workloads::LayerTensors& operands);

}  // namespace rowan::sim
