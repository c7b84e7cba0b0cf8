// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/systemc_runner.h"

#include <systemc>

#include "models/base/error.h"
#include "models/hardware/accelerator.h"
#include "models/hardware/dram.h"
#include "models/hardware/layer_clock.h"

namespace rowan::sim {

namespace {

/// Pauses the simulation when a layer is done.
class Pause final : public sc_core::sc_module {
 public:
  Pause(const sc_core::sc_module_name& name, const sc_core::sc_event& done) : sc_module(name) {
    SC_HAS_PROCESS(Pause);
    SC_METHOD(run);
    sensitive << done;
    dont_initialize();
  }

 private:
  void run() { sc_core::sc_pause(); }
};

}  // namespace

struct SystemcRunner::System {
  System(const spec::AcceleratorSpec& platform, hardware::SimulationOrder order)
      : accelerator("accelerator", platform, order),
        dram("dram", platform.dram),
        pause("pause", accelerator.controller().done()) {
    accelerator.dram.bind(dram.socket);
  }
  hardware::Accelerator accelerator;
  hardware::Dram dram;
  Pause pause;
};

SystemcRunner::SystemcRunner(const spec::AcceleratorSpec& platform, hardware::SimulationOrder order)
    : system_(std::make_unique<System>(platform, order)) {}

SystemcRunner::~SystemcRunner() = default;

std::vector<std::uint8_t>& SystemcRunner::memory() { return system_->dram.memory(); }

std::vector<std::uint8_t>& SystemcRunner::resident() { return system_->accelerator.resident(); }

hardware::LayerActivity SystemcRunner::run(const hardware::LayerJob& job) {
  hardware::LayerActivity activity = run_once(job);
  const auto transition = system_->accelerator.spec().controller.pass_transition;
  if (transition == spec::PassTransition::kOverlap && job.link == hardware::Link::kReal) {
    hardware::LayerJob ideal = job;
    ideal.link = hardware::Link::kIdeal;
    activity.processing = run_once(ideal).processing;
  }
  return activity;
}

hardware::LayerActivity SystemcRunner::run_once(const hardware::LayerJob& job) {
  hardware::Controller& controller = system_->accelerator.controller();
  controller.start(job);
  sc_core::sc_start();  // until it pauses, or nothing moves any more
  if (controller.busy()) {
    throw HardwareError("deadlock: nothing moves any more, but the layer has not ended\n" +
                        system_->accelerator.blocked());
  }
  if (!controller.failure().empty()) throw HardwareError(controller.failure());
  return controller.activity();
}

}  // namespace rowan::sim
