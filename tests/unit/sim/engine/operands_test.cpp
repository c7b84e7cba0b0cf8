// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/operands.h"

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

#include "sim/engine/golden_ofmap.h"
#include "tests/support/input_error.h"
#include "tests/unit/sim/engine/small_request.h"
#include "workloads/npy.h"
#include "workloads/seeded_tensors.h"

namespace rowan::sim {
namespace {

using workloads::LayerTensors;
using workloads::Tensor;

constexpr std::size_t kFirst = 0;
constexpr std::size_t kPool = 1;
constexpr std::size_t kWide = 2;
constexpr std::size_t kLast = 3;

LayerTensors drawn(const Request& request, std::size_t position) {
  return workloads::seeded_tensors(request.seed, request.workload.layers[position], request.batch,
                                   16, 16);
}

Tensor golden(const Request& request, std::size_t position, const LayerTensors& operands) {
  return golden_ofmap(request, position, operands);
}

Tensor marked(const workloads::Extents& extents, arithmetic::Word word) {
  Tensor tensor(extents);
  tensor.data()[0] = word;
  return tensor;
}

TEST(Operands, SeededOnesAreDrawnWhateverOtherLayersGive) {
  const Request request = small_request(TensorSource::kSeeded);
  Operands operands(request);
  operands.keep(kFirst, marked({2, 4, 6, 6}, 7));
  const LayerTensors expected = drawn(request, kWide);
  EXPECT_EQ(operands.of(kWide).ifmap(), expected.ifmap());
  EXPECT_EQ(operands.of(kWide).filters(), expected.filters());
}

TEST(Operands, OfAChainAreTheOfmapsThatWereGiven) {
  const Request request = small_request(TensorSource::kChain);
  Operands operands(request);
  const Tensor pool = marked({2, 4, 3, 3}, 5);
  const Tensor wide = marked({2, 4, 3, 3}, 6);
  operands.keep(kWide, wide);
  operands.keep(kPool, pool);
  const LayerTensors last = operands.of(kLast);
  ASSERT_EQ(last.inputs.size(), 2U);
  EXPECT_EQ(last.inputs[0], pool);
  EXPECT_EQ(last.inputs[1], wide);
}

TEST(Operands, ParametersOfAChainAreDrawn) {
  const Request request = small_request(TensorSource::kChain);
  EXPECT_EQ(Operands(request).of(kWide).filters(), drawn(request, kWide).filters());
}

TEST(Operands, AncestorsThatGaveNothingAreMadeByTheGoldenOperations) {
  const Request request = small_request(TensorSource::kChain);
  const Tensor first = golden(request, kFirst, drawn(request, kFirst));
  LayerTensors pool;
  pool.inputs = {first};
  LayerTensors wide = drawn(request, kWide);
  wide.ifmap() = first;
  const LayerTensors last = Operands(request).of(kLast);
  EXPECT_EQ(last.inputs[0], golden(request, kPool, pool));
  EXPECT_EQ(last.inputs[1], golden(request, kWide, wide));
}

TEST(Operands, AncestorsTakeWhatWasGiven) {
  const Request request = small_request(TensorSource::kChain);
  Operands operands(request);
  const Tensor first = marked({2, 4, 6, 6}, 99);
  operands.keep(kFirst, first);
  LayerTensors pool;
  pool.inputs = {first};
  EXPECT_EQ(operands.of(kLast).inputs[0], golden(request, kPool, pool));
}

TEST(Operands, AChainMayBeDeep) {
  workloads::Network network;
  network.name = "deep";
  for (unsigned i = 0; i < 100'000; ++i) {
    network.layers.push_back(unit_layer(std::to_string(i), workloads::LayerKind::kRelu));
  }
  Request request = request_of(std::move(network));
  request.tensors = TensorSource::kChain;
  const arithmetic::Word input = *drawn(request, 0).ifmap().data();
  EXPECT_EQ(*Operands(request).of(99'999).ifmap().data(), std::max(input, 0));
}

TEST(Operands, AnInputThatTwoLayersTakeIsDrawnOnceForBoth) {
  workloads::Network network;
  network.name = "fork";
  network.input = {2, 4, 4};
  workloads::Layer second = convolution_layer("second", 3, 3);
  second.inputs = {workloads::kNetworkInput};
  network.layers = {convolution_layer("first", 2, 1), second};
  Request request = request_of(std::move(network));
  request.tensors = TensorSource::kChain;
  ASSERT_FALSE(drawn(request, 0).ifmap() == drawn(request, 1).ifmap());
  // In whatever order they are asked for.
  EXPECT_EQ(Operands(request).of(1).ifmap(), drawn(request, 0).ifmap());
  Operands operands(request);
  EXPECT_EQ(operands.of(0).ifmap(), drawn(request, 0).ifmap());
  EXPECT_EQ(operands.of(1).ifmap(), drawn(request, 0).ifmap());
}

TEST(Operands, OfAFolderAreItsFiles) {
  namespace fs = std::filesystem;
  const fs::path folder =
      fs::temp_directory_path() / ("rowan_operands_test_" + std::to_string(::getpid()));
  fs::create_directories(folder);
  Request request = small_request(TensorSource::kDirectory);
  request.tensor_directory = folder.string();
  EXPECT_NE(
      support::input_error([&] { return Operands(request).of(kLast); }).find("last.ifmap.npy"),
      std::string::npos);
  const Tensor one = marked({2, 4, 3, 3}, 5);
  const Tensor other = marked({2, 4, 3, 3}, 6);
  workloads::write_npy((folder / "last.ifmap.npy").string(), one);
  workloads::write_npy((folder / "last.ifmap2.npy").string(), other);
  const LayerTensors last = Operands(request).of(kLast);
  EXPECT_EQ(last.inputs[0], one);
  EXPECT_EQ(last.inputs[1], other);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace rowan::sim
