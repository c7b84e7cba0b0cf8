// SPDX-License-Identifier: Apache-2.0
// Speed of the golden convolution and of drawing its operands, on the layers of AlexNet, batch
// of 4.
#include <string>

#include <benchmark/benchmark.h>

#include "workloads/golden.h"
#include "workloads/network_file.h"
#include "workloads/seeded_tensors.h"

namespace rowan::workloads {
namespace {

constexpr std::size_t kImages = 4;

Layer alexnet_layer(benchmark::State& state) {
  const Network network = load_network(ROWAN_SOURCE_DIR "/workloads/zoo/alexnet.yaml");
  const auto position = find_layer(network, "CONV" + std::to_string(state.range(0)));
  const Layer layer = network.layers.at(position.value());
  state.SetLabel(layer.name);
  return layer;
}

void convolution(benchmark::State& state) {
  const Layer layer = alexnet_layer(state);
  const LayerTensors tensors = seeded_tensors(1, layer, kImages, 16, 16);
  for (auto _ : state) {
    benchmark::DoNotOptimize(golden::convolution(layer.shape, tensors.ifmap(), tensors.filters(),
                                                 layer.product_shift, 16, 16));
  }
  state.counters["macs_per_s"] =
      benchmark::Counter(static_cast<double>(layer.shape.macs_per_image() * kImages),
                         benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(convolution)->DenseRange(1, 5)->Unit(benchmark::kMillisecond);

void draw(benchmark::State& state) {
  const Layer layer = alexnet_layer(state);
  std::size_t words = 0;
  for (auto _ : state) {
    const LayerTensors tensors = seeded_tensors(1, layer, kImages, 16, 16);
    words = tensors.ifmap().size() + tensors.filters().size();
    benchmark::DoNotOptimize(tensors.ifmap().data());
  }
  state.counters["words_per_s"] =
      benchmark::Counter(static_cast<double>(words), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(draw)->DenseRange(1, 5)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rowan::workloads

BENCHMARK_MAIN();
