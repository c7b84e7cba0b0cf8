// SPDX-License-Identifier: Apache-2.0
// The network of workloads/zoo/alexnet.yaml: its shapes, and that its number formats keep psums
// alive and off the wrap.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "workloads/golden.h"
#include "workloads/network_file.h"
#include "workloads/seeded_tensors.h"

namespace rowan::workloads {
namespace {

constexpr unsigned kBits = 16;
constexpr std::size_t kImages = 2;

Network alexnet() { return load_network(ROWAN_SOURCE_DIR "/workloads/zoo/alexnet.yaml"); }

/// What matters of the words of a tensor.
struct Measures {
  double nonzero = 0;  ///< share
  double root_mean_square = 0;
  double standard_deviation = 0;
};

Measures measure(const Tensor& tensor) {
  const auto count = static_cast<double>(tensor.size());
  double nonzero = 0;
  double sum = 0;
  double squares = 0;
  for (std::size_t i = 0; i < tensor.size(); ++i) {
    const double word = tensor.data()[i];
    nonzero += word != 0 ? 1 : 0;
    sum += word;
    squares += word * word;
  }
  const double mean = sum / count;
  return {nonzero / count, std::sqrt(squares / count), std::sqrt(squares / count - mean * mean)};
}

TEST(AlexNet, HasThePublishedShareOfZeros) {
  constexpr double kPercent[] = {0.01, 38.7, 72.5, 79.3, 77.6};
  const Network network = alexnet();
  for (std::size_t i = 0; i < std::size(kPercent); ++i) {
    const auto position = find_layer(network, "CONV" + std::to_string(i + 1));
    EXPECT_EQ(network.layers.at(position.value()).seeded.ifmap_zeros_percent, kPercent[i]);
  }
  EXPECT_EQ(network.default_batch, 4U);
}

TEST(AlexNet, PoolsAfterConvolutionsOneTwoAndFive) {
  const Network network = alexnet();
  std::string names;
  for (const Layer& layer : network.layers) {
    names += layer.name + " ";
    if (on_array(layer)) {
      EXPECT_EQ(layer.relu, layer.name != "FC8");
      continue;
    }
    EXPECT_EQ(layer.pooling.kind, PoolingKind::kMax);
    EXPECT_EQ(layer.pooling.size, 3U);
    EXPECT_EQ(layer.pooling.stride, 2U);
  }
  EXPECT_EQ(names, "CONV1 POOL1 CONV2 POOL2 CONV3 CONV4 CONV5 POOL5 FC6 FC7 FC8 ");
}

class AlexNetFormats : public testing::TestWithParam<std::uint64_t> {
 protected:
  /// Checks a layer's psums; returns its ofmap.
  static Tensor run(const Layer& layer, const Tensor& ifmap, const Tensor& filters) {
    golden::SumStatistics statistics;
    const Tensor psums = golden::convolution(layer.shape, ifmap, filters, layer.product_shift,
                                             kBits, kBits, &statistics);
    const Measures measures = measure(psums);
    EXPECT_GT(measures.nonzero, 0.99) << layer.name;
    EXPECT_LE(statistics.wrapped * 100000, statistics.psums) << layer.name;
    EXPECT_LT(measures.standard_deviation, 32768.0 / 6) << layer.name;
    EXPECT_GT(measures.standard_deviation, 32768.0 / 64) << layer.name;
    return golden::ofmap(psums, layer, kBits);
  }
};

TEST_P(AlexNetFormats, SeededPsumsLiveAndDoNotWrap) {
  for (const Layer& layer : alexnet().layers) {
    if (!on_array(layer)) continue;
    const LayerTensors tensors = seeded_tensors(GetParam(), layer, kImages, kBits, kBits);
    run(layer, tensors.ifmap(), tensors.filters());
  }
}

TEST_P(AlexNetFormats, ChainedPsumsLiveAndDoNotWrap) {
  Tensor ifmap;
  for (const Layer& layer : alexnet().layers) {
    if (!on_array(layer)) {
      ifmap = golden::pool(ifmap, layer.pooling);
      continue;
    }
    const LayerTensors tensors = seeded_tensors(GetParam(), layer, kImages, kBits, kBits);
    if (layer.network_input) {
      ifmap = tensors.ifmap();
    } else {
      // A chained ifmap has about the magnitudes of a seeded one.
      const double ratio =
          measure(ifmap).root_mean_square / measure(tensors.ifmap()).root_mean_square;
      EXPECT_GT(ratio, 1.0 / 3) << layer.name;
      EXPECT_LT(ratio, 3.0) << layer.name;
    }
    ifmap = run(layer, ifmap, tensors.filters());
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, AlexNetFormats, testing::Values(1, 2, 20170101));

}  // namespace
}  // namespace rowan::workloads
