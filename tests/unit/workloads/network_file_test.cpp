// SPDX-License-Identifier: Apache-2.0
#include "workloads/network_file.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/base/error.h"

namespace rowan::workloads {
namespace {

constexpr char kHead[] =
    "schema: rowan.workload/2\n"
    "name: net\n"
    "input: {channels: 4, height: 8, width: 9}\n"
    "layers:\n";

/// A network of one layer; each line of a layer can be replaced or added to.
std::string one_layer(const std::string& rest = "") {
  return std::string(kHead) +
         "  - name: A\n"
         "    kind: convolution\n"
         "    filters: 6\n"
         "    kernel: {height: 3, width: 2}\n" +
         rest;
}

/// A network of layers in flow style, from line 5 on.
std::string layers(const std::vector<std::string>& flows) {
  std::string text = kHead;
  for (const std::string& flow : flows) text += "  - {" + flow + "}\n";
  return text;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string error_of(const std::string& text) {
  try {
    (void)parse_network(text, "net.yaml");
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

Network parsed(const std::vector<std::string>& flows) {
  return parse_network(layers(flows), "net.yaml");
}

TEST(NetworkFile, ReadsEveryKeyOfAConvolution) {
  const Network network = parse_network(R"(schema: rowan.workload/2
name: net-1.0
description: two layers
default_batch: 3
input: {channels: 4, height: 20, width: 21}
layers:
  - name: A
    kind: convolution
    inputs: [input]
    filters: 6
    kernel: {height: 3, width: 2}
    stride: 2
    padding: 1
    padding_end: 2
    input_dilation: 4
    dilation: 3
    groups: 2
    relu: false
    product_shift_bits: 7
    ofmap_shift_bits: 5
    seeded: {ifmap_zeros_percent: 12.5, ifmap_max: 100, filter_max: 50}
  - name: B
    kind: convolution
    filters: 1
    kernel: {height: 1, width: 1}
)",
                                        "net.yaml");
  EXPECT_EQ(network.name, "net-1.0");
  EXPECT_EQ(network.description, "two layers");
  EXPECT_EQ(network.default_batch, 3U);
  EXPECT_EQ(network.input, (FmapShape{4, 20, 21}));
  ASSERT_EQ(network.layers.size(), 2U);
  const Layer& a = network.layers[0];
  EXPECT_EQ(a.name, "A");
  EXPECT_EQ(a.kind, LayerKind::kConvolution);
  EXPECT_EQ(a.shape.filters, 6U);
  EXPECT_EQ(a.shape.kernel_height, 3U);
  EXPECT_EQ(a.shape.kernel_width, 2U);
  EXPECT_EQ(a.shape.stride, 2U);
  EXPECT_EQ(a.shape.padding, 1U);
  EXPECT_EQ(a.shape.end_padding(), 2U);
  EXPECT_EQ(a.shape.input_dilation, 4U);
  EXPECT_EQ(a.shape.dilation, 3U);
  EXPECT_EQ(a.shape.groups, 2U);
  EXPECT_FALSE(a.relu);
  EXPECT_EQ(a.product_shift, 7U);
  EXPECT_EQ(a.ofmap_shift, 5U);
  EXPECT_EQ(a.seeded.ifmap_zeros_percent, 12.5);
  EXPECT_EQ(a.seeded.ifmap_max, 100U);
  EXPECT_EQ(a.seeded.filter_max, 50U);
  const Layer& b = network.layers[1];
  EXPECT_TRUE(b.relu);
  EXPECT_EQ(b.shape.stride, 1U);
  EXPECT_EQ(b.shape.input_dilation, 1U);
}

TEST(NetworkFile, ReadsTheKeysOfEveryOtherKind) {
  const Network network = parsed({
      "name: P, kind: pooling, pooling: average, size: 3, stride: 2, padding: 1",
      "name: R, kind: relu",
      "name: A, kind: add, inputs: [R, P], relu: true, ofmap_shift_bits: 3",
      "name: G, kind: gelu, fraction_bits: 9",
      "name: T, kind: tokens",
      "name: S, kind: matmul, inputs: [T, T], heads: 2, transpose: true, product_shift_bits: 5, "
      "ofmap_shift_bits: 6",
      "name: M, kind: softmax, groups: 2, fraction_bits: 10, ofmap_fraction_bits: 15",
      "name: C, kind: matmul, inputs: [M, T], heads: 2, transpose: false",
      "name: L, kind: layer_norm, ofmap_fraction_bits: 11, gain_fraction_bits: 12",
      "name: E, kind: select, column: 3",
      "name: F, kind: fully_connected, filters: 10, relu: false, product_shift_bits: 1, "
      "ofmap_shift_bits: 2",
      "name: Q, kind: pooling, inputs: [A], pooling: max, global: true",
  });
  const auto layer = [&](const char* name) { return network.layers[*find_layer(network, name)]; };
  EXPECT_EQ(layer("P").pooling.kind, PoolingKind::kAverage);
  EXPECT_EQ(layer("P").pooling.size, 3U);
  EXPECT_EQ(layer("P").pooling.stride, 2U);
  EXPECT_EQ(layer("P").pooling.padding, 1U);
  EXPECT_TRUE(layer("A").relu);
  EXPECT_EQ(layer("A").ofmap_shift, 3U);
  EXPECT_EQ(layer("A").inputs, (std::vector<std::string>{"R", "P"}));
  EXPECT_EQ(layer("G").unit.fraction_bits, 9U);
  EXPECT_EQ(layer("S").matmul.heads, 2U);
  EXPECT_TRUE(layer("S").matmul.transpose);
  EXPECT_EQ(layer("S").product_shift, 5U);
  EXPECT_EQ(layer("S").ofmap_shift, 6U);
  EXPECT_EQ(layer("M").unit.groups, 2U);
  EXPECT_EQ(layer("M").unit.fraction_bits, 10U);
  EXPECT_EQ(layer("M").unit.ofmap_fraction_bits, 15U);
  EXPECT_FALSE(layer("C").matmul.transpose);
  EXPECT_EQ(layer("L").unit.ofmap_fraction_bits, 11U);
  EXPECT_EQ(layer("L").unit.gain_fraction_bits, 12U);
  EXPECT_EQ(layer("E").unit.column, 3U);
  EXPECT_EQ(layer("F").shape.filters, 10U);
  EXPECT_TRUE(layer("Q").pooling.global);
  EXPECT_EQ(dump_network(parse_network(dump_network(network), "dump")), dump_network(network));
}

TEST(NetworkFile, PaddingIsThatOfAllSidesUnlessItSaysOtherwise) {
  const auto shape = [](const std::string& keys) {
    return parse_network(one_layer(keys), "net.yaml").layers[0].shape;
  };
  EXPECT_FALSE(shape("    padding: 1\n").padding_end.has_value());
  EXPECT_EQ(shape("    padding: 1\n").padded_height(), 10U);
  EXPECT_EQ(shape("    padding: 1\n    padding_end: 0\n").padded_height(), 9U);
  EXPECT_EQ(shape("    padding_end: 3\n    input_dilation: 2\n").padded_height(), 7 * 2 + 1 + 3U);
}

TEST(NetworkFile, WhatIsDumpedReadsBackTheSame) {
  const Network network = load_network(ROWAN_SOURCE_DIR "/workloads/zoo/alexnet.yaml");
  const std::string text = dump_network(network);
  EXPECT_EQ(dump_network(parse_network(text, "dump")), text);
  const std::string average =
      dump_network(parse_network(one_layer("    seeded: {ifmap_zeros_percent: 77.6}\n"
                                           "    padding: 2\n"
                                           "    padding_end: 1\n"
                                           "    input_dilation: 3\n"
                                           "    relu: false\n"),
                                 "net.yaml"));
  EXPECT_EQ(dump_network(parse_network(average, "dump")), average);
  EXPECT_NE(average.find("77.6"), std::string::npos);
}

TEST(NetworkFile, AnEarlierSchemaIsRefusedByItsName) {
  EXPECT_EQ(error_of(replaced(one_layer(), "workload/2", "workload/1")),
            "net.yaml:1:1: schema: 'rowan.workload/1' is not one of rowan.workload/2");
}

TEST(NetworkFile, ErrorsNameThePlaceAndTheKey) {
  EXPECT_EQ(error_of(one_layer("    strid: 2\n")),
            "net.yaml:9:5: layers[0].strid: unknown key (did you mean 'stride'?)");
  EXPECT_EQ(error_of(one_layer("    stride: 0\n")).substr(0, 35),
            "net.yaml:9:5: layers[0].stride: 0 i");
  EXPECT_EQ(error_of(replaced(one_layer(), "convolution", "pool")).substr(0, 57),
            "net.yaml:6:5: layers[0].kind: 'pool' is not one of convol");
  EXPECT_EQ(error_of(replaced(one_layer(), "channels: 4, ", "")),
            "net.yaml:3:1: input: missing key 'channels'");
}

TEST(NetworkFile, AKindHasNoKeysOfOthers) {
  EXPECT_EQ(error_of(layers({"name: A, kind: relu, relu: true"})),
            "net.yaml:5:27: layers[0].relu: unknown key");
  EXPECT_EQ(error_of(layers({"name: A, kind: gelu, fractionbits: 3"})),
            "net.yaml:5:27: layers[0].fractionbits: unknown key (did you mean 'fraction_bits'?)");
  EXPECT_EQ(error_of(layers({"name: A, kind: pooling, pooling: max, global: true, size: 2"})),
            "net.yaml:5:58: layers[0].size: unknown key");
  EXPECT_EQ(error_of(layers({"name: A, kind: fully_connected, filters: 2, stride: 1"})),
            "net.yaml:5:50: layers[0].stride: unknown key");
  EXPECT_EQ(error_of(layers({"name: A, kind: softmax, fraction_bits: 2"})),
            "net.yaml:5:5: layers[0]: missing key 'ofmap_fraction_bits'");
}

TEST(NetworkFile, NamesAreUniqueAndPlain) {
  EXPECT_EQ(error_of(replaced(one_layer(), "name: A", "name: a/b")),
            "net.yaml:5:5: layers[0].name: 'a/b' is no name: letters, digits, '_', '.' and '-'");
  EXPECT_EQ(error_of(replaced(one_layer(), "name: net", "name: 'my net'")),
            "net.yaml:2:1: name: 'my net' is no name: letters, digits, '_', '.' and '-'");
  EXPECT_EQ(error_of(layers({"name: A, kind: relu", "name: A, kind: relu"})),
            "net.yaml:6:6: layers[1].name: 'A' is the name of an earlier layer");
  EXPECT_EQ(error_of(layers({"name: input, kind: relu"})),
            "net.yaml:5:6: layers[0].name: 'input' is the network's input");
}

TEST(NetworkFile, ANetworkHasALayer) {
  EXPECT_EQ(error_of(replaced(kHead, "layers:", "layers: []")),
            "net.yaml:4:1: layers: must have a layer");
}

TEST(NetworkFile, InputsAreEarlierLayers) {
  EXPECT_EQ(error_of(layers({"name: CONV1, kind: relu", "name: B, kind: relu, inputs: [CONV2]"})),
            "net.yaml:6:36: layers[1].inputs[0]: no layer 'CONV2' before this one (did you mean "
            "'CONV1'?)");
  EXPECT_EQ(error_of(layers({"name: A, kind: relu, inputs: [B]", "name: B, kind: relu"})),
            "net.yaml:5:36: layers[0].inputs[0]: 'B' is a later layer; inputs are layers before "
            "this one");
  EXPECT_EQ(error_of(layers({"name: A, kind: relu, inputs: [A]"})),
            "net.yaml:5:36: layers[0].inputs[0]: a layer cannot take its own ofmap");
}

TEST(NetworkFile, AKindTakesItsNumberOfInputs) {
  EXPECT_EQ(error_of(layers({"name: A, kind: relu", "name: B, kind: add, relu: false"})),
            "net.yaml:6:5: layers[1].inputs: add takes 2 inputs, but there is 1; the file leaves "
            "layers[1].inputs at its default");
  EXPECT_EQ(error_of(layers({"name: A, kind: relu, inputs: [input, input]"})),
            "net.yaml:5:27: layers[0].inputs: relu takes 1 input, but there are 2");
}

TEST(NetworkFile, AMisfitIsReportedAtItsKeyWithTheProducersShape) {
  EXPECT_EQ(error_of(one_layer("    groups: 3\n")),
            "net.yaml:9:5: layers[0].groups: input gives 4 x 8 x 9, whose channels are not "
            "divisible by 3");
  EXPECT_EQ(error_of(layers({"name: A, kind: relu", "name: B, kind: select, column: 9"})),
            "net.yaml:6:29: layers[1].column: 9 is not among the columns: A gives 4 x 8 x 9");
}

}  // namespace
}  // namespace rowan::workloads
