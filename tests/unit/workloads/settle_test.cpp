// SPDX-License-Identifier: Apache-2.0
// What a network settles from its layers: operands, shapes, tensors; and what it refuses.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/base/error.h"
#include "workloads/network.h"

namespace rowan::workloads {
namespace {

Layer layer_of(const std::string& name, LayerKind kind, std::vector<std::string> inputs = {}) {
  Layer layer;
  layer.name = name;
  layer.kind = kind;
  layer.inputs = std::move(inputs);
  return layer;
}

Layer convolution(const std::string& name, unsigned filters, unsigned kernel,
                  std::vector<std::string> inputs = {}) {
  Layer layer = layer_of(name, LayerKind::kConvolution, std::move(inputs));
  layer.shape.filters = filters;
  layer.shape.kernel_height = kernel;
  layer.shape.kernel_width = kernel;
  return layer;
}

Layer matmul(unsigned heads, bool transpose) {
  Layer layer = layer_of("M", LayerKind::kMatmul, {"A", "B"});
  layer.matmul = {heads, transpose};
  return layer;
}

Network network_of(const FmapShape& input, std::vector<Layer> layers) {
  Network network;
  network.name = "net";
  network.input = input;
  network.layers = std::move(layers);
  return network;
}

/// "path: message", or "no fault".
std::string fault_of(Network network) {
  const auto fault = find_fault(network);
  return fault ? fault->path + ": " + fault->message : "no fault";
}
std::string fault_of(const FmapShape& input, std::vector<Layer> layers) {
  return fault_of(network_of(input, std::move(layers)));
}

Network settled(const FmapShape& input, std::vector<Layer> layers) {
  Network network = network_of(input, std::move(layers));
  settle(network);
  return network;
}

TEST(Settle, LayersWithoutInputsAreAChain) {
  const Network network = settled({3, 8, 10}, {convolution("A", 4, 3), convolution("B", 5, 1)});
  EXPECT_EQ(network.layers[0].inputs, (std::vector<std::string>{"input"}));
  EXPECT_EQ(network.layers[1].inputs, (std::vector<std::string>{"A"}));
  EXPECT_TRUE(network.layers[0].network_input);
  EXPECT_FALSE(network.layers[1].network_input);
  EXPECT_EQ(network.layers[0].shape.channels, 3U);
  EXPECT_EQ(network.layers[0].shape.height, 8U);
  EXPECT_EQ(network.layers[0].shape.width, 10U);
  EXPECT_EQ(network.layers[0].output, (FmapShape{4, 6, 8}));
  EXPECT_EQ(network.layers[1].operands[0].shape, (FmapShape{4, 6, 8}));
  EXPECT_EQ(network.layers[1].output, (FmapShape{5, 6, 8}));
}

TEST(Settle, AFullyConnectedLayersKernelIsItsIfmap) {
  Layer layer = layer_of("A", LayerKind::kFullyConnected);
  layer.shape.filters = 10;
  const Network network = settled({3, 4, 5}, {layer});
  EXPECT_EQ(network.layers[0].output, (FmapShape{10, 1, 1}));
  EXPECT_EQ(parameter_extents(network.layers[0]), (Extents{10, 3, 4, 5}));
  EXPECT_EQ(macs_per_image(network.layers[0]), 600U);
}

TEST(Settle, AMatmulIsAConvolutionInGroups) {
  // Queries [6][1][4] and keys [6][1][5] in two heads: scores [2 * 5][1][4].
  const Network scores =
      settled({6, 1, 4}, {layer_of("A", LayerKind::kRelu), layer_of("T", LayerKind::kTokens),
                          layer_of("B", LayerKind::kRelu), matmul(2, true)});
  const Layer& layer = scores.layers[3];
  EXPECT_EQ(layer.output, (FmapShape{10, 1, 4}));
  EXPECT_EQ(layer.shape.groups, 2U);
  EXPECT_EQ(layer.shape.filters, 10U);
  EXPECT_EQ(layer.shape.channels, 6U);
  EXPECT_EQ(layer.shape.width, 4U);
  EXPECT_EQ(macs_per_image(layer), 10U * 4 * 3);
  EXPECT_FALSE(layer.relu);
  EXPECT_EQ(parameter_extents(layer), Extents{});
}

TEST(Settle, AContextHasTheValuesChannels) {
  // Probabilities [2 * 5][1][4] and values [6][1][5].
  Layer tokens = layer_of("B", LayerKind::kTokens);
  Layer a = convolution("A", 10, 1, {"input"});
  const Network network = settled({6, 1, 4}, {tokens, a, matmul(2, false)});
  EXPECT_EQ(network.layers[2].output, (FmapShape{6, 1, 4}));
  EXPECT_EQ(macs_per_image(network.layers[2]), 6U * 4 * 5);
}

TEST(Settle, PoolingWindowsMayReachIntoThePadding) {
  Layer layer = layer_of("A", LayerKind::kPooling);
  layer.pooling = {PoolingKind::kMax, 3, 2, 1};
  EXPECT_EQ(settled({4, 112, 7}, {layer}).layers[0].output, (FmapShape{4, 56, 4}));
  layer.pooling.global = true;
  EXPECT_EQ(settled({4, 112, 7}, {layer}).layers[0].output, (FmapShape{4, 1, 1}));
  layer.pooling = {PoolingKind::kMax, 1, 2, 0};
  EXPECT_EQ(settled({4, 32, 31}, {layer}).layers[0].output, (FmapShape{4, 16, 16}));
}

TEST(Settle, TokensAndSelectMakeColumns) {
  Layer select = layer_of("S", LayerKind::kSelect);
  select.unit.column = 12;
  const Network network = settled({5, 3, 4}, {layer_of("T", LayerKind::kTokens), select});
  EXPECT_EQ(network.layers[0].output, (FmapShape{5, 1, 13}));
  EXPECT_EQ(parameter_extents(network.layers[0]), (Extents{5, 1, 1, 13}));
  EXPECT_EQ(network.layers[1].output, (FmapShape{5, 1, 1}));
}

TEST(Settle, TensorsKnowWhoMakesAndWhoTakesThem) {
  Layer add = layer_of("C", LayerKind::kAdd, {"B", "A"});
  const Network network = settled({3, 4, 4}, {convolution("A", 2, 1), convolution("B", 2, 1), add,
                                              layer_of("N", LayerKind::kLayerNorm)});
  std::vector<std::string> names;
  for (const NetworkTensor& tensor : network.tensors) names.push_back(tensor.name);
  EXPECT_EQ(names, (std::vector<std::string>{"input", "A:filters", "A", "B:filters", "B", "C",
                                             "N:parameters", "N"}));
  const auto tensor = [&](const char* name) {
    return network.tensors[*find_tensor(network, name)];
  };
  EXPECT_EQ(tensor("input").role, TensorRole::kInput);
  EXPECT_EQ(tensor("input").extents, (Extents{1, 3, 4, 4}));
  EXPECT_EQ(tensor("input").producer, std::nullopt);
  EXPECT_EQ(tensor("A").role, TensorRole::kActivation);
  EXPECT_EQ(tensor("A").producer, 0U);
  EXPECT_EQ(tensor("A").consumers, (std::vector<std::size_t>{1, 2}));
  EXPECT_EQ(tensor("A:filters").role, TensorRole::kParameter);
  EXPECT_EQ(tensor("A:filters").extents, (Extents{2, 3, 1, 1}));
  EXPECT_EQ(tensor("A:filters").consumers, (std::vector<std::size_t>{0}));
  EXPECT_EQ(tensor("N:parameters").extents, (Extents{2, 2, 1, 1}));
  EXPECT_EQ(tensor("N").role, TensorRole::kOutput);
  EXPECT_EQ(network.layers[2].operands[0].tensor, 4U);
  EXPECT_EQ(network.layers[2].operands[1].tensor, 2U);
  EXPECT_EQ(find_layer(network, "D"), std::nullopt);
  EXPECT_EQ(find_tensor(network, "D"), std::nullopt);
}

TEST(Settle, ALayerThatTakesATensorTwiceIsOneConsumer) {
  const Network network = settled({3, 4, 4}, {layer_of("A", LayerKind::kAdd, {"input", "input"})});
  EXPECT_EQ(network.tensors[0].consumers, (std::vector<std::size_t>{0}));
}

TEST(Settle, WordsMayBeNegativeWithoutRelu) {
  Layer plain = convolution("P", 3, 1, {"input"});
  plain.relu = false;
  Layer sum = layer_of("S", LayerKind::kAdd, {"A", "A"});
  sum.relu = false;
  Layer mixed = layer_of("X", LayerKind::kAdd, {"A", "P"});
  mixed.relu = false;
  Layer clipped = layer_of("Y", LayerKind::kAdd, {"A", "P"});
  const Network network = settled(
      {3, 1, 4},
      {convolution("A", 3, 1), plain, sum, mixed, clipped, layer_of("R", LayerKind::kRelu, {"P"}),
       layer_of("G", LayerKind::kGelu, {"A"}), layer_of("H", LayerKind::kGelu, {"P"}),
       layer_of("F", LayerKind::kSoftmax, {"P"}), layer_of("N", LayerKind::kLayerNorm, {"A"}),
       layer_of("T", LayerKind::kTokens, {"A"}), layer_of("E", LayerKind::kSelect, {"P"})});
  std::string negative;
  for (const NetworkTensor& tensor : network.tensors) {
    if (tensor.role != TensorRole::kParameter && tensor.may_be_negative) negative += tensor.name;
  }
  EXPECT_EQ(negative, "inputPXHNTE");
  EXPECT_TRUE(network.layers[3].operands[1].may_be_negative);
  EXPECT_FALSE(network.layers[3].operands[0].may_be_negative);
}

TEST(Settle, SettlingTwiceChangesNothing) {
  Network network = settled({3, 8, 10}, {convolution("A", 4, 3), convolution("B", 5, 1)});
  const std::size_t tensors = network.tensors.size();
  settle(network);
  EXPECT_EQ(network.tensors.size(), tensors);
  EXPECT_EQ(network.layers[1].operands.size(), 1U);
}

TEST(Settle, ThrowsTheFaultWithTheNetworksName) {
  Network network = network_of({3, 4, 4}, {convolution("A", 4, 5)});
  try {
    settle(network);
    FAIL() << "no error";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(),
                 "network net: layers[0].kernel.height: a kernel of 5 with dilation 1 spans 5, but "
                 "input gives 3 x 4 x 4, which padded has only 4");
  }
}

TEST(SettleFault, ChannelsAndFiltersMustBeDivisibleByGroups) {
  Layer layer = convolution("A", 6, 1);
  layer.shape.groups = 3;
  EXPECT_EQ(fault_of({4, 8, 9}, {layer}),
            "layers[0].groups: input gives 4 x 8 x 9, whose channels are not divisible by 3");
  layer.shape.groups = 4;
  EXPECT_EQ(fault_of({4, 8, 9}, {layer}),
            "layers[0].filters: 6 is not divisible by groups, which is 4");
  layer.shape.groups = 2;
  EXPECT_EQ(fault_of({4, 8, 9}, {layer}), "no fault");
  Layer softmax = layer_of("S", LayerKind::kSoftmax);
  softmax.unit.groups = 3;
  EXPECT_EQ(fault_of({4, 8, 9}, {softmax}),
            "layers[0].groups: input gives 4 x 8 x 9, whose channels are not divisible by 3");
}

TEST(SettleFault, TheKernelMustFitThePaddedIfmap) {
  Layer layer = convolution("A", 6, 3);
  layer.shape.dilation = 4;
  layer.shape.padding = 1;
  EXPECT_EQ(fault_of({4, 8, 9}, {layer}), "no fault");
  layer.shape.padding = 0;
  EXPECT_EQ(fault_of({4, 9, 8}, {layer}),
            "layers[0].kernel.width: a kernel of 3 with dilation 4 spans 9, but input gives 4 x 9 "
            "x 8, which padded has only 8");
}

TEST(SettleFault, ThePoolingWindowMustFit) {
  Layer layer = layer_of("A", LayerKind::kPooling);
  layer.pooling = {PoolingKind::kMax, 7, 1, 0};
  EXPECT_EQ(fault_of({4, 6, 8}, {layer}),
            "layers[0].size: a window of 7 does not fit: input gives 4 x 6 x 8, padded by 0");
  layer.pooling.padding = 1;
  EXPECT_EQ(fault_of({4, 6, 8}, {layer}), "no fault");
  layer.pooling = {PoolingKind::kMax, 2, 1, 2};
  EXPECT_EQ(fault_of({4, 6, 8}, {layer}), "layers[0].padding: 2 is not less than size, which is 2");
}

TEST(SettleFault, AnAdditionsOperandsMustAgree) {
  const auto fault = [](unsigned channels, unsigned kernel) {
    return fault_of({4, 8, 8}, {convolution("A", channels, kernel),
                                layer_of("S", LayerKind::kAdd, {"input", "A"})});
  };
  EXPECT_EQ(fault(3, 1), "no fault");
  EXPECT_EQ(fault(5, 1),
            "layers[1].inputs: input gives 4 x 8 x 8, but A gives 5 x 8 x 8: rows and columns must "
            "agree, and the second may not have more channels");
  EXPECT_EQ(fault(4, 2).substr(0, 60),
            "layers[1].inputs: input gives 4 x 8 x 8, but A gives 4 x 7 x");
}

TEST(SettleFault, AMatmulsOperandsMustAgree) {
  const auto fault = [](unsigned a, unsigned b, const Layer& layer, unsigned height = 1) {
    return fault_of({6, height, 4},
                    {convolution("A", a, 1), convolution("B", b, 1, {"input"}), layer});
  };
  EXPECT_EQ(fault(6, 6, matmul(3, true)), "no fault");
  EXPECT_EQ(fault(6, 9, matmul(3, true)),
            "layers[2].inputs: A gives 6 x 1 x 4 and B gives 9 x 1 x 4, but the first must have 9 "
            "channels");
  EXPECT_EQ(fault(8, 6, matmul(2, false)), "no fault");
  EXPECT_EQ(fault(8, 6, matmul(3, false)),
            "layers[2].inputs: A gives 8 x 1 x 4 and B gives 6 x 1 x 4, but the first must have 12 "
            "channels, heads times the width of the second");
  EXPECT_EQ(fault(6, 6, matmul(4, true)),
            "layers[2].heads: B gives 6 x 1 x 4, whose channels are not divisible by 4");
  EXPECT_EQ(fault(6, 6, matmul(3, true), 2),
            "layers[2].inputs: A gives 6 x 2 x 4, but a matmul takes sequences, of height 1");
}

TEST(SettleFault, SizesAreBounded) {
  EXPECT_EQ(fault_of({65536, 65536, 65536}, {convolution("A", 1, 1)}),
            "input: 281474976710656 words in an image; at most 268435456 are allowed");
  EXPECT_EQ(fault_of({65536, 8, 9}, {convolution("A", 65536, 3)}),
            "layers[0].filters: 38654705664 filter words; at most 268435456 are allowed");
  Layer padded = convolution("A", 1, 1);
  padded.shape.padding = 1024;
  EXPECT_EQ(fault_of({65536, 8, 9}, {padded}),
            "layers[0].padding: 277164326912 words in an image's padded ifmap; at most 268435456 "
            "are allowed");
  EXPECT_EQ(
      fault_of({1, 1024, 1024}, {convolution("A", 512, 1)}),
      "layers[0].filters: 536870912 words in an image's ofmap; at most 268435456 are allowed");
  const auto layer = [](const char* name) { return layer_of(name, LayerKind::kRelu); };
  EXPECT_EQ(fault_of({1, 1, 20000}, {layer("A"), layer("B"), matmul(1, true)}),
            "layers[2].heads: 400000000 words in an image's ofmap; at most 268435456 are allowed");
}

TEST(SettleFault, ExtentsWithInsertedZerosAreBounded) {
  Layer stretched = convolution("A", 1, 1);
  stretched.shape.input_dilation = 17;
  EXPECT_EQ(fault_of({1, 16383, 16383}, {layer_of("T", LayerKind::kTokens), stretched}),
            "layers[1].input_dilation: 4562845714 rows or columns in a padded ifmap; at most "
            "268435456 are allowed");
}

TEST(SettleFault, MacsAreBounded) {
  Layer layer = convolution("A", 256, 64);
  layer.shape.padding = 255;
  EXPECT_EQ(fault_of({256, 514, 514}, {layer}),
            "layers[0]: 247905780760576 MACs per image; at most 1099511627776 are allowed");
}

}  // namespace
}  // namespace rowan::workloads
