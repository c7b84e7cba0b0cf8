// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/machine_layer.h"

#include <cmath>
#include <cstring>
#include <set>

#include <gtest/gtest.h>

#include "models/base/error.h"
#include "models/functional/layer_execution.h"
#include "sim/engine/golden_ofmap.h"
#include "sim/engine/operands.h"
#include "tests/unit/sim/engine/small_request.h"

namespace rowan::sim {
namespace {

using workloads::LayerKind;

/// A layer of every kind, some taking what two layers give.
workloads::Network network_of_all_kinds() {
  workloads::Network network;
  network.name = "all";
  network.input = {3, 6, 6};
  auto& layers = network.layers;
  layers = {
      convolution_layer("convolution", 4, 1),    unit_layer("pooling", LayerKind::kPooling),
      unit_layer("tokens", LayerKind::kTokens),  unit_layer("norm", LayerKind::kLayerNorm),
      unit_layer("scores", LayerKind::kMatmul),  unit_layer("softmax", LayerKind::kSoftmax),
      unit_layer("context", LayerKind::kMatmul), unit_layer("add", LayerKind::kAdd),
      unit_layer("gelu", LayerKind::kGelu),      unit_layer("relu", LayerKind::kRelu),
      unit_layer("select", LayerKind::kSelect),  unit_layer("classes", LayerKind::kFullyConnected)};
  layers[0].relu = false;
  layers[4].inputs = {"norm", "norm"};
  layers[4].matmul = {2, true};
  layers[5].unit.groups = 2;
  layers[6].inputs = {"softmax", "norm"};
  layers[6].matmul = {2, false};
  layers[7].inputs = {"tokens", "context"};
  layers[11].shape.filters = 5;
  for (workloads::Layer& layer : layers) layer.product_shift = 8;
  return network;
}

Request all_kinds() {
  Request request = request_of(network_of_all_kinds());
  request.batch = 1;
  return request;
}

workloads::Tensor carried_out(const Request& request, MachineLayer& machine) {
  const hardware::LayerJob& job = machine.job;
  functional::run_layer({job.schedule, job.buffers, job.mac, job.post_processing}, request.platform,
                        machine.memory, machine.resident);
  return machine.read_ofmap(machine.memory, machine.resident);
}

TEST(MachineLayer, OfEveryKindLeavesTheGoldenOfmapInMemory) {
  Request request = all_kinds();
  std::set<LayerKind> kinds;
  // A matmul's mapping is for its images.
  for (const unsigned batch : {1U, 2U}) {
    request.batch = batch;
    MappingSearch search(request, mapper::kObjectives[0]);
    for (LayerRequest& layer_request : request.layers) {
      const workloads::Layer& layer = request.layer(layer_request);
      SCOPED_TRACE(layer.name);
      if (layer_request.mapping) layer_request.mapping = search.of(layer).best.front().mapping;
      const auto operands = Operands(request).of(layer_request.position);
      MachineLayer machine = make_machine_layer(request, layer_request, operands);
      EXPECT_EQ(carried_out(request, machine),
                golden_ofmap(request, layer_request.position, operands));
      kinds.insert(layer.kind);
    }
  }
  EXPECT_EQ(kinds.size(), static_cast<std::size_t>(LayerKind::kSelect) + 1);
}

TEST(MachineLayer, SaturatesInTheGoldenOrder) {
  Request request = all_kinds();
  request.platform.pe.psum_overflow = arithmetic::Overflow::kSaturate;
  request.platform.pe.product_bits = 32;
  request.platform.pe.psum_bits = 16;
  for (workloads::Layer& layer : request.workload.layers) layer.product_shift = 0;
  std::uint64_t saturated = 0;
  for (LayerRequest& layer_request : request.layers) {
    if (!layer_request.mapping) continue;
    // Many chunks: several channel groups and folds.
    layer_request.mapping->q = layer_request.mapping->r = layer_request.mapping->filter_rows = 1;
    const auto operands = Operands(request).of(layer_request.position);
    MachineLayer machine = make_machine_layer(request, layer_request, operands);
    workloads::golden::SumStatistics statistics;
    EXPECT_EQ(carried_out(request, machine),
              golden_ofmap(request, layer_request.position, operands, &statistics))
        << request.layer(layer_request).name;
    saturated += statistics.saturated_sums;
  }
  EXPECT_GT(saturated, 100U);
}

/// Binary32 words of a third of every word, times a power of two that differs from word to word.
void make_floating(workloads::Tensor& tensor) {
  for (std::size_t i = 0; i < tensor.size(); ++i) {
    const auto power = static_cast<int>(i * 7 % 24);
    const auto number = std::ldexp(static_cast<float>(tensor.data()[i]) / 3, power);
    std::memcpy(&tensor.data()[i], &number, sizeof number);
  }
}

TEST(MachineLayer, AddsFloatingPointNumbersInTheGoldenOrder) {
  Request request = small_request(TensorSource::kSeeded);
  request.platform.pe.type = "fp32";
  request.platform.pe.product_bits = request.platform.pe.psum_bits = 32;
  request.platform.pe.zero_gating = false;
  unsigned ordered = 0;
  for (LayerRequest& layer_request : request.layers) {
    if (!layer_request.mapping) continue;
    workloads::LayerTensors operands = Operands(request).of(layer_request.position);
    for (workloads::Tensor& input : operands.inputs) make_floating(input);
    make_floating(operands.parameters);
    Request in_one_pass = request;
    in_one_pass.layers.clear();
    layer_request.mapping->q = layer_request.mapping->r = layer_request.mapping->filter_rows = 1;
    MachineLayer machine = make_machine_layer(request, layer_request, operands);
    const workloads::Tensor golden = golden_ofmap(request, layer_request.position, operands);
    EXPECT_EQ(carried_out(request, machine), golden) << request.layer(layer_request).name;
    const bool differs = !(golden_ofmap(in_one_pass, layer_request.position, operands) == golden);
    ordered += differs ? 1 : 0;
  }
  EXPECT_EQ(ordered, 2U) << "layers for which another order gives another ofmap";
}

TEST(MachineLayer, OfEveryKindLeavesAResidentOfmapInTheGlobalBuffer) {
  Request request = all_kinds();
  for (LayerRequest& layer_request : request.layers) {
    const workloads::Layer& layer = request.layer(layer_request);
    SCOPED_TRACE(layer.name);
    const auto operands = Operands(request).of(layer_request.position);
    const MachineLayer in_dram = make_machine_layer(request, layer_request, operands);
    layer_request.resident = {true, true, 0};
    MachineLayer machine = make_machine_layer(request, layer_request, operands);
    EXPECT_LT(machine.memory.size(), in_dram.memory.size());
    const std::vector<std::uint8_t> memory = machine.memory;  // parameters alone
    EXPECT_EQ(carried_out(request, machine),
              golden_ofmap(request, layer_request.position, operands));
    EXPECT_EQ(machine.memory, memory);
  }
}

TEST(MachineLayer, OnAPlatformWithoutItsResidentBanks) {
  Request request = all_kinds();
  const auto operands = Operands(request).of(0);
  const MachineLayer machine = make_machine_layer(request, request.layers[0], operands);
  const unsigned needed = machine.job.buffers.ifmap_banks + machine.job.buffers.psum_banks;
  request.layers[0].resident = {false, true, request.platform.global_buffer.banks - needed};
  EXPECT_NO_THROW((void)make_machine_layer(request, request.layers[0], operands));
  ++request.layers[0].resident.banks;
  EXPECT_THROW((void)make_machine_layer(request, request.layers[0], operands), InputError);
}

TEST(MachineLayer, OfTheArrayHasTheArithmeticOfLayerAndPlatform) {
  Request request = all_kinds();
  request.platform.pe.product_bits = 19;
  request.fast_forward = hardware::Replay::kVerify;
  request.seed = 7;
  request.workload.layers[0].relu = true;
  request.workload.layers[0].ofmap_shift = 3;
  request.workload.layers[0].filter_shifts = {3, 5};
  const MachineLayer machine =
      make_machine_layer(request, request.layers[0], Operands(request).of(0));
  EXPECT_EQ(machine.job.mac.window.shift, 8U);
  EXPECT_EQ(machine.job.mac.window.bits, 19U);
  EXPECT_TRUE(machine.job.post_processing.relu);
  EXPECT_EQ(machine.job.post_processing.shift, 3U);
  EXPECT_EQ(machine.job.post_processing.activation_bits, 16U);
  EXPECT_EQ(machine.job.post_processing.channel_shifts, (std::vector<unsigned>{3, 5}));
  EXPECT_EQ(machine.job.post_processing.numbers, arithmetic::Numbers::kInteger);
  EXPECT_EQ(machine.job.fast_forward.replay, hardware::Replay::kVerify);
  EXPECT_EQ(machine.job.fast_forward.seed, 7U);
  EXPECT_NE(machine.job.fast_forward.executor, nullptr);
}

TEST(MachineLayer, OffTheArrayLeavesItsResultsAsTheyAre) {
  Request request = all_kinds();
  request.workload.layers[7].relu = true;
  request.workload.layers[7].ofmap_shift = 3;
  const MachineLayer machine =
      make_machine_layer(request, request.layers[7], Operands(request).of(7));
  EXPECT_FALSE(machine.job.post_processing.relu);
  EXPECT_EQ(machine.job.post_processing.shift, 0U);
}

TEST(MachineLayer, AnOfmapThatNobodyWroteIsMalformed) {
  const Request request = all_kinds();
  MachineLayer machine = make_machine_layer(request, request.layers[1], Operands(request).of(1));
  std::fill(machine.memory.begin(), machine.memory.end(), std::uint8_t{0xff});
  EXPECT_THROW((void)machine.read_ofmap(machine.memory, machine.resident), HardwareError);
}

}  // namespace
}  // namespace rowan::sim
