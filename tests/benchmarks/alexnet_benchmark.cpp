// SPDX-License-Identifier: Apache-2.0
//
// AlexNet's CONV layers, batch 4, on Eyeriss in full detail: PE-cycles (processing cycles x rows x
// columns) per second of simulation, and the whole run's peak memory.

#include <memory>

#include <benchmark/benchmark.h>
#include <sys/resource.h>

#include "models/dataflow/row_stationary/layer_schedule.h"
#include "models/dataflow/row_stationary/mapping_file.h"
#include "models/spec/platform_file.h"
#include "sim/engine/systemc_runner.h"
#include "workloads/network_file.h"
#include "workloads/seeded_tensors.h"

namespace rowan {
namespace {

namespace row_stationary = dataflow::row_stationary;

constexpr unsigned kBatch = 4;
const std::string kSource = ROWAN_SOURCE_DIR;

const spec::AcceleratorSpec& platform() {
  static const auto spec = spec::load_platform(kSource + "/platforms/eyeriss.yaml");
  return spec;
}

/// SystemC elaborates once per process: all layers share the accelerator.
sim::SystemcRunner& runner() {
  static sim::SystemcRunner the_runner(platform());
  return the_runner;
}

void simulate_layer(benchmark::State& state) {
  static const auto network = workloads::load_network(kSource + "/workloads/zoo/alexnet.yaml");
  static const auto mappings =
      row_stationary::load_mappings(kSource + "/workloads/mappings/alexnet_eyeriss.yaml");
  const auto position = find_layer(network, "CONV" + std::to_string(state.range(0)));
  const workloads::Layer& layer = network.layers.at(position.value());
  const auto tensors = workloads::seeded_tensors(1, layer, kBatch, 16, 16);
  const row_stationary::LayerPlan plan(layer.shape, kBatch, mappings.layers.at(layer.name).mapping,
                                       platform());
  const auto image = row_stationary::make_dram_image(plan, tensors.ifmap(), tensors.filters(),
                                                     layer.network_input);
  hardware::LayerJob job;
  job.schedule = std::make_shared<row_stationary::LayerSchedule>(plan, image.layout);
  job.buffers = plan.buffers();
  job.mac = {{layer.product_shift, 16}, 16};
  job.post_processing = {layer.relu, layer.ofmap_shift, 16};

  double pe_cycles = 0;
  for (auto _ : state) {
    runner().memory() = image.bytes;
    runner().memory().resize(image.layout.bytes);
    const auto activity = runner().run(job);
    pe_cycles += static_cast<double>(activity.processing.value()) * platform().array.rows *
                 platform().array.columns;
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  state.SetLabel(layer.name);
  state.counters["PE_cycles/s"] = benchmark::Counter(pe_cycles, benchmark::Counter::kIsRate);
  state.counters["peak_MiB"] = static_cast<double>(usage.ru_maxrss) / 1024.0;
}
BENCHMARK(simulate_layer)->DenseRange(1, 5)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rowan

BENCHMARK_MAIN();
