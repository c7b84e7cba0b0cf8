// SPDX-License-Identifier: Apache-2.0
// Real-number operations against the golden ones, on whole numbers that both compute exactly, or
// against what the golden deviation takes for real.
#include "workloads/float_layer.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "models/base/random.h"
#include "workloads/float_convolution.h"
#include "workloads/golden.h"
#include "workloads/golden_deviation.h"
#include "workloads/network_file.h"

namespace rowan::workloads {
namespace {

/// int16 words, of whose products and sums nothing is cut off.
golden::Arithmetic wide() { return {&arithmetic::pe_type("int16"), 32, 32}; }

Tensor random_words(Random& random, const Extents& extents, int most) {
  Tensor tensor(extents);
  std::generate(tensor.data(), tensor.data() + tensor.size(),
                [&] { return static_cast<arithmetic::Word>(random.between(-most, most)); });
  return tensor;
}

RealTensor reals(const Tensor& words, double scale) {
  RealTensor numbers(words.extents());
  std::transform(words.data(), words.data() + words.size(), numbers.data(),
                 [scale](arithmetic::Word word) { return scale * word; });
  return numbers;
}

FloatTensor floats(const Tensor& words) {
  FloatTensor numbers(words.extents());
  std::copy(words.data(), words.data() + words.size(), numbers.data());
  return numbers;
}

ConvolutionShape random_shape(Random& random) {
  const auto draw = [&](std::int64_t lo, std::int64_t hi) {
    return static_cast<unsigned>(random.between(lo, hi));
  };
  ConvolutionShape shape;
  shape.groups = draw(1, 3);
  shape.filters = shape.groups * draw(1, 4);
  shape.channels = shape.groups * draw(1, 4);
  shape.kernel_height = draw(1, 4);
  shape.kernel_width = draw(1, 4);
  shape.stride = draw(1, 3);
  shape.padding = draw(0, 2);
  if (draw(0, 3) == 0) shape.padding_end = draw(0, 2);
  shape.dilation = draw(1, 2);
  shape.input_dilation = draw(1, 2);
  shape.height = 2 * shape.kernel_height + draw(0, 9);
  shape.width = 2 * shape.kernel_width + draw(0, 40);
  return shape;
}

/// A layer of a network file, settled.
struct Case {
  Network network;
  [[nodiscard]] const Layer& layer() const { return network.layers.back(); }
};

Case layer_of(const std::string& input, const std::string& layer) {
  return {parse_network(
      "schema: rowan.workload/2\nname: n\ninput: " + input + "\nlayers:\n" + layer, "n.yaml")};
}

LayerTensors random_operands(Random& random, const Layer& layer, std::size_t images, int most) {
  LayerTensors operands;
  for (std::size_t i = 0; i < layer.operands.size(); ++i) {
    operands.inputs.push_back(random_words(random, operand_extents(layer, i, images), most));
  }
  operands.parameters = random_words(random, parameter_extents(layer), most);
  return operands;
}

/// The float operation on the words' numbers: word times scale; parameters as they are.
RealTensor float_ofmap(const Layer& layer, const LayerTensors& words, double scale,
                       SumPeaks* peaks = nullptr) {
  std::vector<RealTensor> inputs;
  for (const Tensor& input : words.inputs) inputs.push_back(reals(input, scale));
  FloatOperands operands;
  for (const RealTensor& input : inputs) operands.inputs.push_back(&input);
  operands.parameters = floats(words.parameters);
  return float_layer(layer, operands, peaks);
}

TEST(FloatConvolution, IsTheGoldenOneOnWholeNumbers) {
  Random random(1);
  for (int i = 0; i < 150; ++i) {
    const ConvolutionShape shape = random_shape(random);
    const Tensor ifmap = random_words(random, ifmap_extents(shape, 2), 500);
    const Tensor filters = random_words(random, filter_extents(shape), 500);
    const Tensor psums = golden::convolution(shape, ifmap, filters, 0, 32, 32);
    ASSERT_TRUE(float_convolution(shape, reals(ifmap, 1), floats(filters)) == reals(psums, 1)) << i;
  }
}

TEST(FloatConvolution, IsTheGoldenOneWhereFewSumsAreMade) {
  Random random(2);
  for (unsigned width = 7; width < 16; ++width) {
    ConvolutionShape shape;
    shape.filters = 5;
    shape.channels = 13;
    shape.height = shape.kernel_height = 7;
    shape.width = width;
    shape.kernel_width = 7;
    const Tensor ifmap = random_words(random, ifmap_extents(shape, 3), 500);
    const Tensor filters = random_words(random, filter_extents(shape), 500);
    const Tensor psums = golden::convolution(shape, ifmap, filters, 0, 32, 32);
    EXPECT_TRUE(float_convolution(shape, reals(ifmap, 1), floats(filters)) == reals(psums, 1))
        << width;
  }
}

TEST(FloatConvolution, RefusesOperandsThatDoNotFit) {
  ConvolutionShape shape;
  shape.height = shape.width = 3;
  EXPECT_THROW((void)float_convolution(shape, RealTensor({1, 1, 3, 2}), FloatTensor({1, 1, 1, 1})),
               std::invalid_argument);
  EXPECT_THROW((void)float_convolution(shape, RealTensor({1, 1, 3, 3}), FloatTensor({1, 1, 1, 2})),
               std::invalid_argument);
}

/// Layers whose golden operation is exact on small words.
class ExactFloatLayer : public testing::TestWithParam<const char*> {};

TEST_P(ExactFloatLayer, IsTheGoldenOperationOnWholeNumbers) {
  const Case made = layer_of("{channels: 6, height: 1, width: 37}", GetParam());
  Random random(3);
  const LayerTensors operands = random_operands(random, made.layer(), 2, 30);
  EXPECT_TRUE(float_ofmap(made.layer(), operands, 1) ==
              reals(golden::layer(made.layer(), operands, wide()), 1));
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, ExactFloatLayer,
    testing::Values(
        "- {name: A, kind: fully_connected, filters: 3}\n",
        "- {name: A, kind: fully_connected, filters: 3, relu: false}\n",
        "- {name: A, kind: relu}\n- {name: B, kind: matmul, inputs: [A, input], heads: 2, "
        "transpose: true}\n",
        "- {name: A, kind: matmul, inputs: [input, input], heads: 2, transpose: true}\n"
        "- {name: B, kind: matmul, inputs: [A, input], heads: 2, transpose: false}\n",
        "- {name: A, kind: pooling, pooling: max, global: true}\n", "- {name: A, kind: relu}\n",
        "- {name: A, kind: relu}\n- {name: B, kind: add, inputs: [input, A], relu: false}\n",
        "- {name: A, kind: relu}\n- {name: B, kind: add, inputs: [input, A], relu: true}\n",
        "- {name: A, kind: tokens}\n", "- {name: A, kind: select, column: 5}\n"));

TEST(FloatLayer, PoolsMaximaOfPaddedPlanes) {
  const Case made = layer_of("{channels: 3, height: 9, width: 8}",
                             "- {name: A, kind: pooling, pooling: max, size: 3, stride: 2, "
                             "padding: 1}\n");
  Random random(4);
  const LayerTensors operands = random_operands(random, made.layer(), 2, 1000);
  EXPECT_TRUE(float_ofmap(made.layer(), operands, 1) ==
              reals(golden::layer(made.layer(), operands, wide()), 1));
}

TEST(FloatLayer, AddsWhatTheSecondOperandLacksAsZeros) {
  const Case made =
      layer_of("{channels: 3, height: 4, width: 4}",
               "- {name: A, kind: convolution, filters: 5, kernel: {height: 1, width: 1}}\n"
               "- {name: B, kind: add, inputs: [A, input], relu: false}\n");
  Random random(5);
  const LayerTensors operands = random_operands(random, made.layer(), 2, 1000);
  EXPECT_TRUE(float_ofmap(made.layer(), operands, 1) ==
              reals(golden::layer(made.layer(), operands, wide()), 1));
}

/// Layers that round in words: `fraction` of ifmap words, `ofmap_fraction` of ofmap words.
struct RoundingCase {
  const char* layer;
  unsigned fraction;
  unsigned ofmap_fraction;
};
class RoundingFloatLayer : public testing::TestWithParam<RoundingCase> {};

TEST_P(RoundingFloatLayer, IsTheRealNumberThatWordsDeviateFrom) {
  const auto& [text, fraction, ofmap_fraction] = GetParam();
  const Case made = layer_of("{channels: 6, height: 9, width: 8}", text);
  Random random(6);
  LayerTensors operands = random_operands(random, made.layer(), 2, 700);
  const auto expected = golden::real_ofmap(made.layer(), operands);
  ASSERT_TRUE(expected);
  const RealTensor found =
      float_ofmap(made.layer(), operands, std::ldexp(1.0, -static_cast<int>(fraction)));
  ASSERT_EQ(found.size(), expected->size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    ASSERT_NEAR(std::ldexp(found.data()[i], static_cast<int>(ofmap_fraction)), (*expected)[i], 1e-6)
        << i;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, RoundingFloatLayer,
    testing::Values(RoundingCase{"- {name: A, kind: pooling, pooling: average, size: 3, stride: 2, "
                                 "padding: 1}\n",
                                 0, 0},
                    RoundingCase{"- {name: A, kind: pooling, pooling: average, global: true}\n", 3,
                                 3},
                    RoundingCase{"- {name: A, kind: gelu, fraction_bits: 8}\n", 8, 8},
                    RoundingCase{"- {name: A, kind: softmax, groups: 2, fraction_bits: 6, "
                                 "ofmap_fraction_bits: 11}\n",
                                 6, 11},
                    RoundingCase{"- {name: A, kind: layer_norm, ofmap_fraction_bits: 0, "
                                 "gain_fraction_bits: 0}\n",
                                 4, 0}));

TEST(FloatLayer, TellsTheLargestSumsBeforeRelu) {
  const Case made = layer_of("{channels: 2, height: 1, width: 1}",
                             "- {name: A, kind: fully_connected, filters: 3}\n");
  LayerTensors operands;
  operands.inputs.emplace_back(Extents{2, 2, 1, 1});
  const std::vector<arithmetic::Word> input{1, 2, 3, -1};
  std::copy(input.begin(), input.end(), operands.inputs[0].data());
  operands.parameters = Tensor({3, 2, 1, 1});
  const std::vector<arithmetic::Word> filters{1, 1, -1, -1, 0, 0};
  std::copy(filters.begin(), filters.end(), operands.parameters.data());
  SumPeaks peaks;
  const RealTensor ofmap = float_ofmap(made.layer(), operands, 1, &peaks);
  EXPECT_EQ(peaks, (SumPeaks{3, 3, 0}));
  EXPECT_EQ(ofmap.data()[1], 0.0);
}

}  // namespace
}  // namespace rowan::workloads
