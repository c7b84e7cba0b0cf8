// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <systemc>
#include <tlm>

#include "models/hardware/array.h"
#include "models/hardware/controller.h"
#include "models/hardware/dma.h"
#include "models/hardware/global_buffer.h"
#include "models/hardware/layer_clock.h"
#include "models/hardware/unit_pass_runner.h"
#include "models/spec/accelerator_spec.h"

namespace rowan::hardware {

/// The accelerator: array, post-processing unit, global buffer, DMA and controller. Its socket is
/// bound to DRAM, where tensors live but for fmaps that stay in the global buffer.
///
/// A host starts layers on the controller, one after the other, at any time; time goes on, results
/// are per layer. Several accelerators can stand in one elaboration. Source: Eyeriss JSSC 2017,
/// Fig. 2.
class Accelerator final : public sc_core::sc_module {
 public:
  Accelerator(const sc_core::sc_module_name& name, const spec::AcceleratorSpec& spec,
              SimulationOrder order = SimulationOrder::kForward);

  /// To DRAM.
  tlm::tlm_initiator_socket<32> dram;

  [[nodiscard]] Controller& controller() { return controller_; }
  /// Resident fmaps (GlobalBuffer::resident()), for the host between layers.
  [[nodiscard]] std::vector<std::uint8_t>& resident() { return global_buffer_.resident(); }
  [[nodiscard]] const spec::AcceleratorSpec& spec() const { return spec_; }
  /// Everything that waits, a line each: what a deadlock report says.
  [[nodiscard]] std::string blocked() const;

 private:
  const spec::AcceleratorSpec spec_;
  LayerClock clock_;
  GlobalBuffer global_buffer_;
  Dma dma_;
  Array array_;
  UnitPassRunner post_processing_;
  Controller controller_;
};

}  // namespace rowan::hardware
