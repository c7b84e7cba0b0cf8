// SPDX-License-Identifier: Apache-2.0
#include "workloads/layer_selection.h"

#include <gtest/gtest.h>

#include "models/base/error.h"

namespace rowan::workloads {
namespace {

using Positions = std::vector<std::size_t>;

Network network_of(const std::vector<std::string>& names) {
  Network network;
  network.name = "net";
  for (const std::string& name : names) network.layers.emplace_back().name = name;
  return network;
}

std::string error_of(const Network& network, const std::string& patterns) {
  try {
    (void)select_layers(network, patterns);
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

TEST(LayerSelection, ANameSelectsThatLayerAlone) {
  const Network network = network_of({"CONV1", "CONV10", "CONV2"});
  EXPECT_EQ(select_layers(network, "CONV1"), (Positions{0}));
  EXPECT_EQ(select_layers(network, "CONV2"), (Positions{2}));
}

TEST(LayerSelection, KeepsTheNetworksOrderAndTakesEachLayerOnce) {
  const Network network = network_of({"a", "b", "c", "d"});
  EXPECT_EQ(select_layers(network, "d, b,[bc],d"), (Positions{1, 2, 3}));
}

TEST(LayerSelection, WildcardsMatchWholeNames) {
  const Network network = network_of({"CONV1", "CONV2", "conv2_1x1", "fc.6"});
  EXPECT_EQ(select_layers(network, "*"), (Positions{0, 1, 2, 3}));
  EXPECT_EQ(select_layers(network, "CONV?"), (Positions{0, 1}));
  EXPECT_EQ(select_layers(network, "*2*"), (Positions{1, 2}));
  EXPECT_EQ(select_layers(network, "CONV[2-9]"), (Positions{1}));
  EXPECT_EQ(select_layers(network, "?c*"), (Positions{3}));
}

TEST(LayerSelection, EveryPatternMustMatch) {
  const Network network = network_of({"CONV1", "CONV2"});
  EXPECT_EQ(error_of(network, "CONV1,FC*"), "'FC*' matches no layer; net has CONV1, CONV2");
  EXPECT_EQ(error_of(network, "CONW1"),
            "'CONW1' matches no layer (did you mean 'CONV1'?); net has CONV1, CONV2");
  EXPECT_EQ(error_of(network, "CONV1,"), "a pattern is empty");
  EXPECT_EQ(error_of(network, ""), "a pattern is empty");
  EXPECT_EQ(error_of(network, "conv?"),
            "'conv?' matches no layer (did you mean 'CONV1'?); net has CONV1, CONV2");
}

}  // namespace
}  // namespace rowan::workloads
