// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "sim/engine/request.h"
#include "sim/engine/result.h"
#include "sim/engine/systemc_runner.h"
#include "workloads/tensor.h"

namespace rowan::sim {

/// Simulates layers of a request one after the other, and checks their outputs. One per process.
class LayerRunner {
 public:
  explicit LayerRunner(const Request& request) : request_(request), runner_(request.platform) {}

  struct Outcome {
    LayerResult result;
    workloads::Tensor ofmap;
  };
  /// Told what it is doing, such as "simulating".
  using Report = std::function<void(const char* step)>;

  /// Throws HardwareError naming the layer when the simulated hardware cannot go on.
  [[nodiscard]] Outcome run(const LayerRequest& layer, const workloads::LayerTensors& operands,
                            const Report& report);

 private:
  [[nodiscard]] hardware::LayerActivity simulate(const std::string& name,
                                                 const hardware::LayerJob& job);
  [[nodiscard]] OfmapCheck check(std::size_t position, const workloads::LayerTensors& operands,
                                 const workloads::Tensor& ofmap) const;

  const Request& request_;
  SystemcRunner runner_;
};

}  // namespace rowan::sim
