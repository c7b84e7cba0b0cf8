// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/accelerator.h"

namespace rowan::hardware {

Accelerator::Accelerator(const sc_core::sc_module_name& name, const spec::AcceleratorSpec& spec,
                         SimulationOrder order)
    : sc_module(name),
      dram("dram"),
      spec_(spec),
      clock_(Clock(spec.clock)),
      global_buffer_("global_buffer", spec),
      dma_("dma", spec, global_buffer_, clock_),
      array_("array", spec, global_buffer_, clock_, order),
      post_processing_("post_processing", spec, global_buffer_),
      controller_("controller", spec, global_buffer_, array_, post_processing_, dma_, clock_) {
  dma_.socket.bind(dram);
}

std::string Accelerator::blocked() const {
  std::string report = array_.blocked();
  const std::string dma = dma_.waiting_for();
  if (!dma.empty()) report += std::string("  ") + dma_.name() + ": " + dma + "\n";
  return report;
}

}  // namespace rowan::hardware
