// SPDX-License-Identifier: Apache-2.0
// Speed of the golden convolution and of drawing its operands, on the layers of AlexNet, batch
// of 4.
#include <algorithm>
#include <cstring>
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

/// In chunks of a filter row of one channel, as a PE without interleaved channels adds up.
AccumulationOrder channel_by_channel(const ConvolutionShape& shape) {
  AccumulationOrder order;
  for (unsigned c = 0; c < shape.channels_per_group(); ++c) {
    for (unsigned r = 0; r < shape.kernel_height; ++r) {
      order.emplace_back();
      for (unsigned s = 0; s < shape.kernel_width; ++s) order.back().push_back({c, r, s});
    }
  }
  return order;
}

/// The binary32 words of whole numbers.
void make_floating(Tensor& tensor) {
  std::transform(tensor.data(), tensor.data() + tensor.size(), tensor.data(),
                 [](arithmetic::Word word) {
                   const auto number = static_cast<float>(word);
                   std::memcpy(&word, &number, sizeof word);
                   return word;
                 });
}

void ordered_convolution(benchmark::State& state, const char* type, arithmetic::Overflow overflow) {
  const Layer layer = alexnet_layer(state);
  LayerTensors tensors = seeded_tensors(1, layer, kImages, 16, 16);
  if (arithmetic::pe_type(type).numbers == arithmetic::Numbers::kFloat) {
    make_floating(tensors.ifmap());
    make_floating(tensors.filters());
  }
  const golden::Arithmetic arithmetic{&arithmetic::pe_type(type), 16, 20, overflow};
  const AccumulationOrder order = channel_by_channel(layer.shape);
  for (auto _ : state) {
    benchmark::DoNotOptimize(golden::convolution(layer.shape, tensors.ifmap(), tensors.filters(),
                                                 layer.product_shift, arithmetic, order));
  }
  state.counters["macs_per_s"] =
      benchmark::Counter(static_cast<double>(layer.shape.macs_per_image() * kImages),
                         benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK_CAPTURE(ordered_convolution, saturate, "int16", arithmetic::Overflow::kSaturate)
    ->DenseRange(1, 5)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(ordered_convolution, fp32, "fp32", arithmetic::Overflow::kWrap)
    ->DenseRange(1, 5)
    ->Unit(benchmark::kMillisecond);

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
