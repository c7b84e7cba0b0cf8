// SPDX-License-Identifier: Apache-2.0
#include "tests/support/simulated_layer.h"

#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>

#include "models/dataflow/row_stationary/dram_image.h"
#include "models/dataflow/row_stationary/layer_plan.h"
#include "models/dataflow/row_stationary/layer_schedule.h"
#include "models/spec/derived.h"
#include "sim/engine/systemc_runner.h"
#include "tests/support/forked.h"

namespace rowan::support {

SimulatedLayer simulate(const workloads::Layer& layer, unsigned batch,
                        const dataflow::row_stationary::Mapping& mapping,
                        const spec::AcceleratorSpec& accelerator,
                        const workloads::LayerTensors& tensors, dataflow::FmapPlaces places) {
  namespace rs = dataflow::row_stationary;
  const std::string reply = run_forked([&] {
    const rs::LayerPlan plan(layer.shape, batch, mapping, accelerator);
    const rs::DramImage image =
        rs::make_dram_image(plan, tensors.ifmap(), tensors.filters(), layer.network_input, places);
    hardware::LayerJob job;
    job.schedule = std::make_shared<rs::LayerSchedule>(plan, image.layout);
    job.buffers = plan.buffers();
    job.mac = spec::mac_format(accelerator.pe, layer.product_shift);
    const arithmetic::PeType& type = arithmetic::pe_type(accelerator.pe.type);
    job.post_processing = {layer.relu, layer.ofmap_shift, type.activation_bits, type.numbers,
                           layer.filter_shifts};
    sim::SystemcRunner runner(accelerator);
    runner.memory() = image.bytes;
    runner.memory().resize(image.layout.bytes);
    runner.resident() = image.resident;
    runner.resident().resize(image.layout.resident_bytes);
    const hardware::LayerActivity activity = runner.run(job);
    std::ostringstream out;
    out << activity.processing << " " << activity.total << " " << activity.passes << " "
        << activity.macs;
    for (const CounterInfo& info : counter_table()) out << " " << activity.counts[info.counter];
    return out.str();
  });
  SimulatedLayer simulated;
  std::istringstream in(reply);
  in >> simulated.processing >> simulated.total >> simulated.passes >> simulated.macs;
  for (const CounterInfo& info : counter_table()) {
    std::uint64_t value = 0;
    in >> value;
    simulated.counts.add(info.counter, value);
  }
  if (in.fail()) throw std::runtime_error(reply);
  return simulated;
}

}  // namespace rowan::support
