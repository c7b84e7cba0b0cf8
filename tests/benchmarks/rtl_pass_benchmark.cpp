// SPDX-License-Identifier: Apache-2.0
//
// A pass of AlexNet's CONV3, batch 4, on Eyeriss: array and global buffer alone, as SystemC
// modules. tests/benchmarks/rtl puts the same pass in Verilog beside it.

#include <memory>

#include <benchmark/benchmark.h>

#include "models/dataflow/row_stationary/dram_image.h"
#include "models/dataflow/row_stationary/layer_plan.h"
#include "models/dataflow/row_stationary/layer_schedule.h"
#include "models/functional/layer_execution.h"
#include "models/hardware/pass_bench.h"
#include "models/spec/derived.h"
#include "tests/support/small_layer.h"
#include "workloads/seeded_tensors.h"

namespace rowan {
namespace {

namespace rs = dataflow::row_stationary;

constexpr unsigned kBatch = 4;

hardware::PassWork first_pass(const spec::AcceleratorSpec& spec) {
  const workloads::Layer layer = support::alexnet_layer("CONV3");
  const auto tensors = workloads::seeded_tensors(1, layer, kBatch, 16, 16);
  const rs::LayerPlan plan(layer.shape, kBatch, support::alexnet_mapping("CONV3"), spec);
  const auto image =
      rs::make_dram_image(plan, tensors.ifmap(), tensors.filters(), layer.network_input);
  functional::LayerWork work;
  work.schedule = std::make_shared<rs::LayerSchedule>(plan, image.layout);
  work.buffers = plan.buffers();
  work.mac = spec::mac_format(spec.pe, layer.product_shift);
  std::vector<std::uint8_t> memory = image.bytes;
  memory.resize(image.layout.bytes);
  std::vector<std::uint8_t> resident;
  auto state = functional::state_before(0, work, spec, memory, resident).value();
  return {state.pass.shape,      work.buffers,           work.mac,
          state.pass.psum_row,   std::move(state.ifmap), std::move(state.filters),
          std::move(state.psums)};
}

void carry_out_pass(benchmark::State& state) {
  const spec::AcceleratorSpec spec = support::eyeriss();
  static hardware::PassBench bench(spec);  // SystemC elaborates once per process
  const hardware::PassWork work = first_pass(spec);
  double cycles = 0;
  for (auto _ : state) cycles += static_cast<double>(bench.run(work).drained);
  state.counters["cycles/s"] = benchmark::Counter(cycles, benchmark::Counter::kIsRate);
}
BENCHMARK(carry_out_pass)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rowan

BENCHMARK_MAIN();
