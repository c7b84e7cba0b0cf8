// SPDX-License-Identifier: Apache-2.0
// Any layer by its kind, and matmuls against loops of their own.
#include <algorithm>
#include <random>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "workloads/array_operands.h"
#include "workloads/golden.h"
#include "workloads/network.h"
#include "workloads/seeded_tensors.h"

namespace rowan::workloads {
namespace {

using arithmetic::Word;

/// int16 words, of whose products and sums nothing is cut off.
golden::Arithmetic wide() { return {&arithmetic::pe_type("int16"), 32, 32}; }

/// A matmul of A [a][1][wa] and B [b][1][wb]; extents of any shape, as tensors give them.
Layer matmul(unsigned a, unsigned wa, unsigned b, unsigned wb, unsigned heads, bool transpose) {
  Layer layer;
  layer.name = "M";
  layer.kind = LayerKind::kMatmul;
  layer.matmul = {heads, transpose};
  layer.relu = false;
  layer.shape.groups = heads;
  layer.shape.channels = a;
  layer.shape.width = wa;
  layer.shape.filters = transpose ? heads * wb : b;
  layer.operands = {{0, {a, 1, wa}, true}, {0, {b, 1, wb}, true}};
  layer.output = {layer.shape.filters, 1, wa};
  return layer;
}

LayerTensors random_operands(const Layer& layer, std::size_t images) {
  std::mt19937 random(7);
  LayerTensors tensors;
  for (std::size_t i = 0; i < layer.operands.size(); ++i) {
    Tensor tensor(operand_extents(layer, i, images));
    std::generate(tensor.data(), tensor.data() + tensor.size(),
                  [&] { return static_cast<Word>(random() % 201) - 100; });
    tensors.inputs.push_back(std::move(tensor));
  }
  return tensors;
}

Word at(const Tensor& tensor, std::size_t image, std::size_t channel, std::size_t column) {
  return tensor.plane(image, channel)[column];
}

TEST(GoldenLayer, ScoresAreProductsOfQueriesAndKeys) {
  constexpr unsigned kHeads = 3;
  constexpr unsigned kDepth = 4;
  constexpr unsigned kQueries = 5;
  constexpr unsigned kKeys = 6;
  const Layer layer = matmul(kHeads * kDepth, kQueries, kHeads * kDepth, kKeys, kHeads, true);
  const LayerTensors operands = random_operands(layer, 2);
  golden::SumStatistics statistics;
  const Tensor scores = golden::layer(layer, operands, wide(), {}, &statistics);
  ASSERT_EQ(scores.extents(), (Extents{2, kHeads * kKeys, 1, kQueries}));
  EXPECT_EQ(statistics.psums, scores.size());
  for (std::size_t n = 0; n < 2; ++n) {
    for (std::size_t h = 0; h < kHeads; ++h) {
      for (std::size_t j = 0; j < kKeys; ++j) {
        for (std::size_t i = 0; i < kQueries; ++i) {
          Word sum = 0;
          for (std::size_t c = h * kDepth; c < (h + 1) * kDepth; ++c) {
            sum += at(operands.inputs[0], n, c, i) * at(operands.inputs[1], n, c, j);
          }
          ASSERT_EQ(at(scores, n, h * kKeys + j, i), sum);
        }
      }
    }
  }
}

TEST(GoldenLayer, ContextsAreProductsOfProbabilitiesAndValues) {
  constexpr unsigned kHeads = 3;
  constexpr unsigned kDepth = 2;
  constexpr unsigned kQueries = 5;
  constexpr unsigned kKeys = 4;
  const Layer layer = matmul(kHeads * kKeys, kQueries, kHeads * kDepth, kKeys, kHeads, false);
  const LayerTensors operands = random_operands(layer, 2);
  const Tensor context = golden::layer(layer, operands, wide());
  ASSERT_EQ(context.extents(), (Extents{2, kHeads * kDepth, 1, kQueries}));
  for (std::size_t n = 0; n < 2; ++n) {
    for (std::size_t m = 0; m < kHeads * kDepth; ++m) {
      for (std::size_t i = 0; i < kQueries; ++i) {
        Word sum = 0;
        for (std::size_t j = 0; j < kKeys; ++j) {
          sum += at(operands.inputs[0], n, m / kDepth * kKeys + j, i) *
                 at(operands.inputs[1], n, m, j);
        }
        ASSERT_EQ(at(context, n, m, i), sum);
      }
    }
  }
}

TEST(GoldenLayer, AMatmulOfLightPeTakesItsSecondOperandForWeights) {
  Layer layer = matmul(2, 1, 2, 3, 1, true);
  layer.ofmap_shift = 4;
  LayerTensors operands = random_operands(layer, 1);
  for (std::size_t i = 0; i < 2; ++i) operands.inputs[0].data()[i] = i == 0 ? 3 : -5;
  // Columns (96, 1), (0, -100), (-128, 7).
  const Word keys[] = {96, 0, -128, 1, -100, 7};
  std::copy(std::begin(keys), std::end(keys), operands.inputs[1].data());
  const auto psums = [&](const char* type) {
    return golden::layer(layer, operands, {&arithmetic::pe_type(type), 17, 32});
  };
  // Products count in 1/128. lightpe1: (1, 1/128), (1/128, -1), (-1, 1/16).
  const std::vector<std::int64_t> one_term{3 * 128 - 5, 3 + 5 * 128, -3 * 128 - 5 * 8};
  // lightpe2: (3/2, 1/64), (1/64, -3/2), (-2, 1/8).
  const std::vector<std::int64_t> two_terms{3 * 192 - 5 * 2, 3 * 2 + 5 * 192, -3 * 256 - 5 * 16};
  for (const auto& [type, sums] :
       {std::pair("lightpe1", one_term), std::pair("lightpe2", two_terms)}) {
    const Tensor words = psums(type);
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(words.data()[i], (sums[i] + 8) >> 4) << type << " " << i;
    }
  }
}

TEST(ArrayOperands, AMatmulIsOneImageWithAGroupPerHeadAndImage) {
  const Layer layer = matmul(6, 5, 6, 4, 3, true);
  const ArrayShape array = array_shape(layer, 2);
  EXPECT_EQ(array.images, 1U);
  EXPECT_EQ(array.shape.groups, 6U);
  EXPECT_EQ(array.shape.channels, 12U);
  EXPECT_EQ(array.shape.filters, 24U);
  EXPECT_EQ(array.shape.macs_per_image(), 2 * layer.shape.macs_per_image());
  const ArrayOperands operands = array_operands(layer, random_operands(layer, 2));
  EXPECT_EQ(operands.images, 1U);
  EXPECT_EQ(operands.ifmap.extents(), (Extents{1, 12, 1, 5}));
  EXPECT_EQ(operands.filters.extents(), (Extents{24, 2, 1, 1}));
  EXPECT_EQ(from_array(layer, 2, Tensor({1, 24, 1, 5})).extents(), (Extents{2, 12, 1, 5}));
}

TEST(ArrayOperands, AConvolutionIsItself) {
  Layer layer;
  layer.name = "C";
  layer.shape.channels = 3;
  layer.shape.filters = 4;
  layer.shape.height = 2;
  layer.shape.width = 2;
  const LayerTensors tensors = seeded_tensors(1, layer, 5, 16, 16);
  const ArrayOperands operands = array_operands(layer, tensors);
  EXPECT_EQ(operands.images, 5U);
  EXPECT_EQ(operands.ifmap, tensors.ifmap());
  EXPECT_EQ(operands.filters, tensors.filters());
  EXPECT_EQ(array_shape(layer, 5).images, 5U);
}

TEST(ArrayOperands, RefusesWhatDoesNotFit) {
  const Layer layer = matmul(6, 5, 6, 4, 3, true);
  LayerTensors tensors = random_operands(layer, 2);
  tensors.inputs[1] = Tensor({1, 6, 1, 4});
  EXPECT_THROW((void)array_operands(layer, tensors), std::invalid_argument);
  tensors.inputs.pop_back();
  EXPECT_THROW((void)array_operands(layer, tensors), std::invalid_argument);
  Layer relu;
  relu.kind = LayerKind::kRelu;
  EXPECT_THROW((void)array_shape(relu, 1), std::invalid_argument);
  EXPECT_THROW((void)array_operands(relu, {}), std::invalid_argument);
  EXPECT_THROW((void)from_array(layer, 2, Tensor({1, 1, 1, 5})), std::invalid_argument);
}

/// A layer of each kind on [4][1][4], in a network of that layer.
Layer layer_of(LayerKind kind) {
  Network network;
  network.name = "net";
  network.input = {4, 1, 4};
  Layer layer;
  layer.name = "L";
  layer.kind = kind;
  layer.shape.filters = 3;
  layer.matmul = {2, true};
  layer.pooling.global = true;
  layer.unit.groups = 2;
  layer.inputs.assign(operand_count(kind), kNetworkInput);
  network.layers = {layer};
  settle(network);
  return network.layers.front();
}

class GoldenKind : public testing::TestWithParam<LayerKind> {};

TEST_P(GoldenKind, GivesAnOfmapOfTheLayersExtents) {
  const Layer layer = layer_of(GetParam());
  const LayerTensors operands = seeded_tensors(1, layer, 2, 16, 16);
  EXPECT_EQ(operands.parameters.extents(), parameter_extents(layer));
  EXPECT_EQ(golden::layer(layer, operands, {}).extents(), ofmap_extents(layer, 2));
}

TEST_P(GoldenKind, RefusesAnotherNumberOfOperands) {
  const Layer layer = layer_of(GetParam());
  LayerTensors operands = seeded_tensors(1, layer, 2, 16, 16);
  operands.inputs.push_back(operands.inputs.front());
  EXPECT_THROW((void)golden::layer(layer, operands, {}), std::invalid_argument);
}

INSTANTIATE_TEST_SUITE_P(All, GoldenKind,
                         testing::Values(LayerKind::kConvolution, LayerKind::kFullyConnected,
                                         LayerKind::kMatmul, LayerKind::kPooling, LayerKind::kRelu,
                                         LayerKind::kAdd, LayerKind::kSoftmax,
                                         LayerKind::kLayerNorm, LayerKind::kGelu,
                                         LayerKind::kTokens, LayerKind::kSelect));

}  // namespace
}  // namespace rowan::workloads
