// SPDX-License-Identifier: Apache-2.0
//
// What the mapper chooses, in simulation: AlexNet against the published mapping, and the order of
// its best candidates.

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/mapper/search.h"
#include "tests/support/simulated_layer.h"
#include "tests/support/small_layer.h"

namespace rowan {
namespace {

constexpr unsigned kBatch = 4;

class AlexNetLayer : public testing::TestWithParam<const char*> {};

TEST_P(AlexNetLayer, IsAtLeastAsFastAsUnderThePublishedMapping) {
  const spec::AcceleratorSpec eyeriss = support::eyeriss();
  const workloads::Layer layer = support::alexnet_layer(GetParam());
  const auto tensors = workloads::seeded_tensors(1, layer, kBatch, 16, 16);
  const auto found = mapper::search(layer.shape, kBatch, eyeriss, analytical::assumptions_of(layer),
                                    mapper::cost_function(mapper::kObjectives[0], {}));
  const mapper::Candidate& best = found.best.front();
  const auto published =
      support::simulate(layer, kBatch, support::alexnet_mapping(GetParam()), eyeriss, tensors);
  const auto simulated = support::simulate(layer, kBatch, best.mapping, eyeriss, tensors);
  const auto percent = [](std::uint64_t a, std::uint64_t b) {
    return 100 * (static_cast<double>(a) / static_cast<double>(b) - 1);
  };
  std::printf(
      "%s: processing %+.2f %%, total %+.2f %% against the published mapping; estimate "
      "%+.2f %%, %+.2f %%\n",
      GetParam(), percent(simulated.processing, published.processing),
      percent(simulated.total, published.total),
      percent(best.estimate.processing.value(), simulated.processing),
      percent(best.estimate.total.value(), simulated.total));
  EXPECT_LE(simulated.processing, published.processing);
  EXPECT_LE(simulated.total, published.total);
}

INSTANTIATE_TEST_SUITE_P(Conv, AlexNetLayer,
                         testing::Values("CONV1", "CONV2", "CONV3", "CONV4", "CONV5"),
                         [](const auto& layer) { return std::string(layer.param); });

TEST(Mapper, ItsChoiceIsCloseToTheBestOfItsTopCandidatesInSimulation) {
  constexpr std::size_t kCandidates = 10;
  const spec::AcceleratorSpec eyeriss = support::eyeriss();
  std::vector<workloads::Layer> layers(4);
  layers[0].name = "3x3";
  layers[0].shape = {1, 64, 64, 28, 28, 3, 3, 1, 1, 1};
  layers[1].name = "1x1";
  layers[1].shape = {1, 128, 64, 14, 14, 1, 1, 1, 0, 1};
  layers[2].name = "depthwise";
  layers[2].shape = {32, 32, 32, 28, 28, 3, 3, 1, 1, 1};
  layers[3].name = "fc";
  layers[3].shape = {1, 256, 64, 6, 6, 6, 6, 1, 0, 1};
  for (workloads::Layer& layer : layers) {
    SCOPED_TRACE(layer.name);
    layer.seeded.ifmap_zeros_percent = 50;
    layer.product_shift = 11;
    const auto tensors = workloads::seeded_tensors(1, layer, 1, 16, 16);
    const auto found =
        mapper::search(layer.shape, 1, eyeriss, analytical::assumptions_of(layer),
                       mapper::cost_function(mapper::kObjectives[0], {}), {kCandidates});
    std::vector<std::uint64_t> totals;
    for (const mapper::Candidate& candidate : found.best) {
      totals.push_back(support::simulate(layer, 1, candidate.mapping, eyeriss, tensors).total);
      EXPECT_NEAR(static_cast<double>(candidate.estimate.total.value()) /
                      static_cast<double>(totals.back()),
                  1.0, 0.10);
    }
    const std::uint64_t best = *std::min_element(totals.begin(), totals.end());
    std::printf("%s: the first of %zu candidates is %.2f %% above the fastest in simulation\n",
                layer.name.c_str(), totals.size(),
                100 * (static_cast<double>(totals.front()) / static_cast<double>(best) - 1));
    EXPECT_LE(static_cast<double>(totals.front()), 1.03 * static_cast<double>(best));
  }
}

}  // namespace
}  // namespace rowan
