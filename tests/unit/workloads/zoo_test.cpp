// SPDX-License-Identifier: Apache-2.0
// The networks of workloads/zoo: MACs and weights of every layer against a count from the papers
// (tests/golden/network_layers.csv), and that number formats keep words alive and off the wrap.
#include <algorithm>
#include <cstdint>
#include <fstream>
#include <map>
#include <ostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "workloads/golden.h"
#include "workloads/network_file.h"
#include "workloads/seeded_tensors.h"

namespace rowan::workloads {
namespace {

Network zoo_network(const std::string& name) {
  return load_network(ROWAN_SOURCE_DIR "/workloads/zoo/" + name + ".yaml");
}

struct CountedLayer {
  std::string name;
  std::uint64_t macs = 0;
  std::uint64_t weights = 0;
};

std::vector<CountedLayer> counted_layers(const std::string& network) {
  std::ifstream file(ROWAN_SOURCE_DIR "/tests/golden/network_layers.csv");
  std::vector<CountedLayer> layers;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(network + ",", 0) != 0) continue;
    std::istringstream cells(line.substr(network.size() + 1));
    CountedLayer layer;
    char comma = ',';
    std::getline(cells, layer.name, ',');
    cells >> layer.macs >> comma >> layer.weights;
    layers.push_back(layer);
  }
  return layers;
}

struct ZooNetwork {
  const char* name;
  std::uint64_t macs;
};

void PrintTo(const ZooNetwork& network, std::ostream* out) { *out << network.name; }

class Zoo : public testing::TestWithParam<ZooNetwork> {};

TEST_P(Zoo, HasTheMacsAndWeightsOfThePapers) {
  const Network network = zoo_network(GetParam().name);
  const std::vector<CountedLayer> counted = counted_layers(GetParam().name);
  std::size_t next = 0;
  std::uint64_t total = 0;
  for (const Layer& layer : network.layers) {
    if (!on_array(layer)) continue;
    ASSERT_LT(next, counted.size()) << layer.name;
    const CountedLayer& expected = counted[next++];
    EXPECT_EQ(macs_per_image(layer), expected.macs) << layer.name << ", " << expected.name;
    const Extents& e = parameter_extents(layer);
    EXPECT_EQ(e[0] * e[1] * e[2] * e[3], expected.weights) << layer.name << ", " << expected.name;
    total += macs_per_image(layer);
  }
  EXPECT_EQ(next, counted.size());
  EXPECT_EQ(total, GetParam().macs);
}

TEST_P(Zoo, IsNamedLikeItsFileAndReadsBackTheSame) {
  const Network network = zoo_network(GetParam().name);
  EXPECT_EQ(network.name, GetParam().name);
  EXPECT_FALSE(network.description.empty());
  const std::string text = dump_network(network);
  EXPECT_EQ(dump_network(parse_network(text, "dump")), text);
}

TEST_P(Zoo, HasOneOutputAndNoLayerThatNobodyTakes) {
  std::string outputs;
  const Network network = zoo_network(GetParam().name);
  for (const NetworkTensor& tensor : network.tensors) {
    if (tensor.role == TensorRole::kOutput) outputs += tensor.name;
  }
  EXPECT_EQ(outputs, network.layers.back().name);
}

INSTANTIATE_TEST_SUITE_P(
    All, Zoo,
    testing::Values(ZooNetwork{"alexnet", 724406816}, ZooNetwork{"vgg16", 15470264320},
                    ZooNetwork{"vgg16_cifar10", 313201664}, ZooNetwork{"resnet18", 1814073344},
                    ZooNetwork{"resnet34", 3663761408}, ZooNetwork{"resnet50", 4089184256},
                    ZooNetwork{"resnet50_v1", 3857973248}, ZooNetwork{"resnet20", 40551040},
                    ZooNetwork{"resnet56", 125485696}, ZooNetwork{"mobilenet_v1", 568740352},
                    ZooNetwork{"mobilenet_v2", 300774272}, ZooNetwork{"bert_base", 11173625856},
                    ZooNetwork{"vit_b16", 17563828224}));

/// Runs a network on seeded parameters and a seeded input.
class Chain {
 public:
  Chain(const Network& network, std::uint64_t seed) : network_(network), seed_(seed) {}

  /// Checks each layer's words.
  void run() {
    for (const Layer& layer : network_.layers) {
      LayerTensors tensors = seeded_tensors(seed_, layer, 1, 16, 16);
      for (std::size_t i = 0; i < layer.inputs.size(); ++i) {
        // What takes the network's input first decides on its words.
        tensors.inputs[i] = ofmaps_.try_emplace(layer.inputs[i], tensors.inputs[i]).first->second;
      }
      golden::SumStatistics statistics;
      Tensor ofmap = golden::layer(layer, tensors, {}, {}, &statistics);
      check(layer, ofmap, statistics);
      ofmaps_[layer.name] = std::move(ofmap);
    }
  }

 private:
  static void check(const Layer& layer, const Tensor& ofmap,
                    const golden::SumStatistics& statistics) {
    const auto zeros = std::count(ofmap.data(), ofmap.data() + ofmap.size(), 0);
    EXPECT_LT(static_cast<double>(zeros), 0.95 * static_cast<double>(ofmap.size())) << layer.name;
    EXPECT_LE(statistics.wrapped * 1000, statistics.psums) << layer.name;
    EXPECT_LE(statistics.saturated * 1000, ofmap.size()) << layer.name;
  }

  const Network& network_;
  std::uint64_t seed_;
  std::map<std::string, Tensor> ofmaps_;
};

TEST(ZooFormats, ChainedWordsLiveAndDoNotWrap) {
  for (const char* name : {"resnet20", "vgg16_cifar10"}) {
    for (const std::uint64_t seed : {1, 2, 3, 20170101}) {
      SCOPED_TRACE(std::string(name) + ", seed " + std::to_string(seed));
      const Network network = zoo_network(name);
      Chain(network, seed).run();
    }
  }
}

TEST(ZooFormats, ChainedWordsOfLargerNetworksLiveAndDoNotWrapNightly) {
  for (const char* name : {"resnet18", "resnet34", "resnet50", "resnet56", "mobilenet_v1",
                           "mobilenet_v2", "bert_base", "vit_b16"}) {
    SCOPED_TRACE(name);
    const Network network = zoo_network(name);
    Chain(network, 1).run();
  }
}

}  // namespace
}  // namespace rowan::workloads
