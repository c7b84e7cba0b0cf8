// SPDX-License-Identifier: Apache-2.0
#include "workloads/network_file.h"

#include <gtest/gtest.h>

#include "models/base/error.h"

namespace rowan::workloads {
namespace {

/// A network of one layer; each line of a layer can be replaced or added to.
std::string one_layer(const std::string& rest = "") {
  return "schema: rowan.workload/1\n"
         "name: net\n"
         "layers:\n"
         "  - name: A\n"
         "    kind: convolution\n"
         "    input: {channels: 4, height: 8, width: 9}\n"
         "    filters: 6\n"
         "    kernel: {height: 3, width: 2}\n" +
         rest;
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

Layer layer_of(const std::string& name, unsigned channels, unsigned extent, unsigned filters) {
  Layer layer;
  layer.name = name;
  layer.shape.channels = channels;
  layer.shape.height = extent;
  layer.shape.width = extent;
  layer.shape.filters = filters;
  return layer;
}

TEST(NetworkFile, ReadsEveryKey) {
  const Network network = parse_network(R"(schema: rowan.workload/1
name: net-1.0
description: two layers
default_batch: 3
layers:
  - name: A
    kind: convolution
    input: {channels: 4, height: 20, width: 21}
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
    pooling: {kind: average, size: 3, stride: 2}
    seeded: {ifmap_zeros_percent: 12.5, ifmap_max: 100, filter_max: 50}
  - name: B
    kind: convolution
    input: {channels: 1, height: 1, width: 1}
    filters: 1
    kernel: {height: 1, width: 1}
)",
                                        "net.yaml");
  EXPECT_EQ(network.name, "net-1.0");
  EXPECT_EQ(network.description, "two layers");
  EXPECT_EQ(network.default_batch, 3U);
  ASSERT_EQ(network.layers.size(), 2U);
  const Layer& a = network.layers[0];
  EXPECT_EQ(a.name, "A");
  EXPECT_TRUE(a.network_input);
  EXPECT_EQ(a.shape.channels, 4U);
  EXPECT_EQ(a.shape.height, 20U);
  EXPECT_EQ(a.shape.width, 21U);
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
  ASSERT_TRUE(a.pooling.has_value());
  EXPECT_EQ(a.pooling->kind, PoolingKind::kAverage);
  EXPECT_EQ(a.pooling->size, 3U);
  EXPECT_EQ(a.pooling->stride, 2U);
  EXPECT_EQ(a.seeded.ifmap_zeros_percent, 12.5);
  EXPECT_EQ(a.seeded.ifmap_max, 100U);
  EXPECT_EQ(a.seeded.filter_max, 50U);
  const Layer& b = network.layers[1];
  EXPECT_FALSE(b.network_input);
  EXPECT_TRUE(b.relu);
  EXPECT_EQ(b.shape.stride, 1U);
  EXPECT_EQ(b.shape.input_dilation, 1U);
  EXPECT_FALSE(b.pooling.has_value());
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
      dump_network(parse_network(one_layer("    pooling: {kind: average, size: 2, stride: 1}\n"
                                           "    seeded: {ifmap_zeros_percent: 77.6}\n"
                                           "    padding: 2\n"
                                           "    padding_end: 1\n"
                                           "    input_dilation: 3\n"
                                           "    relu: false\n"),
                                 "net.yaml"));
  EXPECT_EQ(dump_network(parse_network(average, "dump")), average);
  EXPECT_NE(average.find("average"), std::string::npos);
  EXPECT_NE(average.find("77.6"), std::string::npos);
}

TEST(NetworkFile, ErrorsNameThePlaceAndTheKey) {
  EXPECT_EQ(error_of(one_layer("    strid: 2\n")),
            "net.yaml:9:5: layers[0].strid: unknown key (did you mean 'stride'?)");
  EXPECT_EQ(error_of(one_layer("    stride: 0\n")).substr(0, 35),
            "net.yaml:9:5: layers[0].stride: 0 i");
  EXPECT_EQ(error_of(replaced(one_layer(), "convolution", "pooling")),
            "net.yaml:5:5: layers[0].kind: 'pooling' is not one of convolution");
  EXPECT_EQ(error_of(replaced(one_layer(), "channels: 4, ", "")).substr(0, 37),
            "net.yaml:6:5: layers[0].input: missin");
}

TEST(NetworkFile, ChannelsAndFiltersMustBeDivisibleByGroups) {
  EXPECT_EQ(error_of(one_layer("    groups: 3\n")),
            "net.yaml:6:13: layers[0].input.channels: 4 is not divisible by groups, which is 3");
  EXPECT_EQ(error_of(one_layer("    groups: 4\n")),
            "net.yaml:7:5: layers[0].filters: 6 is not divisible by groups, which is 4");
  EXPECT_EQ(error_of(one_layer("    groups: 2\n")), "no error");
}

TEST(NetworkFile, TheKernelMustFitThePaddedInput) {
  EXPECT_EQ(
      error_of(one_layer("    dilation: 4\n")),
      "net.yaml:8:14: layers[0].kernel.height: a kernel of 3 with dilation 4 spans 9, but the "
      "padded input has only 8");
  EXPECT_EQ(error_of(one_layer("    dilation: 4\n    padding: 1\n")), "no error");
  EXPECT_EQ(error_of(replaced(one_layer(), "width: 2", "width: 10")),
            "net.yaml:8:25: layers[0].kernel.width: a kernel of 10 with dilation 1 spans 10, but "
            "the padded input has only 9");
}

TEST(NetworkFile, ThePoolingWindowMustFitTheOfmap) {
  EXPECT_EQ(error_of(one_layer("    pooling: {size: 7, stride: 1}\n")),
            "net.yaml:9:15: layers[0].pooling.size: a window of 7 does not fit the ofmap of 6 x 8");
  EXPECT_EQ(error_of(one_layer("    pooling: {size: 6, stride: 1}\n")), "no error");
}

TEST(NetworkFile, NamesAreUniqueAndPlain) {
  EXPECT_EQ(error_of(replaced(one_layer(), "name: A", "name: a/b")),
            "net.yaml:4:5: layers[0].name: 'a/b' is no name: letters, digits, '_', '.' and '-'");
  EXPECT_EQ(error_of(replaced(one_layer(), "name: net", "name: 'my net'")),
            "net.yaml:2:1: name: 'my net' is no name: letters, digits, '_', '.' and '-'");
  const std::string text = one_layer();
  EXPECT_EQ(error_of(text + text.substr(text.find("  - name"))),
            "net.yaml:9:5: layers[1].name: 'A' is the name of an earlier layer");
}

TEST(NetworkFile, ANetworkHasALayer) {
  EXPECT_EQ(error_of("schema: rowan.workload/1\nname: net\nlayers: []\n"),
            "net.yaml:3:1: layers: must have a layer");
}

TEST(NetworkFile, SizesAreBounded) {
  EXPECT_EQ(error_of(replaced(one_layer(), "channels: 4, height: 8, width: 9",
                              "channels: 65536, height: 65536, width: 65536")),
            "net.yaml:6:5: layers[0].input: 281474976710656 words in an image's padded ifmap; at "
            "most 268435456 are allowed");
  EXPECT_EQ(error_of(replaced(replaced(one_layer(), "channels: 4", "channels: 65536"), "filters: 6",
                              "filters: 65536")),
            "net.yaml:7:5: layers[0].filters: 25769803776 filter words; at most 268435456 are "
            "allowed");
  const std::string narrow =
      replaced(one_layer("    padding: 1024\n"), "channels: 4", "channels: 1");
  EXPECT_EQ(error_of(replaced(narrow, "filters: 6", "filters: 65536")),
            "net.yaml:7:5: layers[0].filters: 276760100864 words in an image's ofmap; at most "
            "268435456 are allowed");
}

TEST(NetworkFile, MacsAreBounded) {
  const std::string text = replaced(
      replaced(replaced(one_layer("    padding: 255\n"), "channels: 4, height: 8, width: 9",
                        "channels: 256, height: 514, width: 514"),
               "filters: 6", "filters: 256"),
      "height: 3, width: 2", "height: 64, width: 64");
  const std::string error = error_of(text);
  EXPECT_NE(error.find("MACs per image; at most 1099511627776 are allowed"), std::string::npos);
  EXPECT_NE(error.find(": layers[0]: "), std::string::npos) << error;
}

TEST(Chain, AlexNetCanBeChained) {
  const Network network = load_network(ROWAN_SOURCE_DIR "/workloads/zoo/alexnet.yaml");
  EXPECT_EQ(chain_obstacle(network), std::nullopt);
  EXPECT_NO_THROW(require_chain(network));
}

TEST(Chain, EachExtentMustAgree) {
  Network network;
  network.name = "net";
  network.layers = {layer_of("A", 1, 10, 8), layer_of("B", 8, 10, 4), layer_of("C", 4, 10, 2)};
  EXPECT_EQ(chain_obstacle(network), std::nullopt);
  network.layers[2].shape.channels = 5;
  EXPECT_EQ(chain_obstacle(network), "B gives 4 x 10 x 10, but C takes 5 x 10 x 10");
  network.layers[2] = layer_of("C", 4, 10, 2);
  network.layers[2].shape.width = 11;
  EXPECT_EQ(chain_obstacle(network), "B gives 4 x 10 x 10, but C takes 4 x 10 x 11");
  network.layers[2] = layer_of("C", 4, 10, 2);
  network.layers[2].shape.height = 9;
  EXPECT_EQ(chain_obstacle(network), "B gives 4 x 10 x 10, but C takes 4 x 9 x 10");
}

TEST(Chain, PoolingComesBetweenLayers) {
  Network network;
  network.name = "net";
  network.layers = {layer_of("A", 1, 10, 8), layer_of("B", 8, 4, 4)};
  network.layers[0].pooling = Pooling{PoolingKind::kMax, 3, 2};
  EXPECT_EQ(chain_obstacle(network), std::nullopt);
  network.layers[1].shape.height = 5;
  EXPECT_EQ(chain_obstacle(network), "A gives 8 x 4 x 4 after pooling, but B takes 8 x 5 x 4");
  try {
    require_chain(network);
    FAIL() << "no error";
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(),
                 "network net cannot be chained: A gives 8 x 4 x 4 after pooling, but B takes 8 x "
                 "5 x 4");
  }
}

}  // namespace
}  // namespace rowan::workloads
