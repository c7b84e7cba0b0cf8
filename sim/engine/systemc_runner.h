// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/hardware/layer_job.h"
#include "models/hardware/simulation_order.h"
#include "models/spec/accelerator_spec.h"

namespace rowan::sim {

/// Runs layers on an accelerator with its DRAM in SystemC, one after the other in one elaboration.
///
/// One per process: SystemC cannot elaborate twice.
class SystemcRunner {
 public:
  explicit SystemcRunner(const spec::AcceleratorSpec& platform,
                         hardware::SimulationOrder order = hardware::SimulationOrder::kForward);
  ~SystemcRunner();
  SystemcRunner(const SystemcRunner&) = delete;
  SystemcRunner& operator=(const SystemcRunner&) = delete;

  /// DRAM's content, for the host to fill and to read between layers.
  [[nodiscard]] std::vector<std::uint8_t>& memory();
  /// The same of the fmaps that stay in the global buffer.
  [[nodiscard]] std::vector<std::uint8_t>& resident();

  /// Starts the layer and waits for its end.
  /// With pass_transition overlap, processing latency is measured in a second run with an ideal
  /// link. Throws HardwareError for a deadlock or a broken invariant.
  [[nodiscard]] hardware::LayerActivity run(const hardware::LayerJob& job);

 private:
  [[nodiscard]] hardware::LayerActivity run_once(const hardware::LayerJob& job);

  struct System;
  std::unique_ptr<System> system_;
};

}  // namespace rowan::sim
