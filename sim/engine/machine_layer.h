// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "models/hardware/layer_job.h"
#include "sim/engine/request.h"
#include "workloads/tensor.h"

namespace rowan::sim {

/// A layer with its operands as the machine carries it out.
struct MachineLayer {
  hardware::LayerJob job;
  std::vector<std::uint8_t> memory;  ///< DRAM before the layer, with room for its ofmap
  /// Ofmap [N][C][H][W] from DRAM after the layer. Throws HardwareError when a frame is malformed.
  std::function<workloads::Tensor(const std::vector<std::uint8_t>& memory)> read_ofmap;
};

/// Plans the layer and lays its operands out in DRAM: the host's part of the work.
[[nodiscard]] MachineLayer make_machine_layer(const Request& request, const LayerRequest& layer,
                                              const workloads::LayerTensors& operands);

}  // namespace rowan::sim
