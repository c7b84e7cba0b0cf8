// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/engine.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sim/engine/best_mappings.h"

namespace rowan::sim {
namespace {

/// Two small layers that make a chain, on Eyeriss.
Request small_request(TensorSource tensors) {
  Request request;
  request.platform.name = "eyeriss";
  request.workload.name = "small";
  request.batch = 2;
  request.tensors = tensors;
  workloads::Layer first;
  first.name = "first";
  first.network_input = true;
  first.shape = {1, 4, 3, 8, 8, 3, 3, 1, 0, 1};
  first.product_shift = 8;
  first.pooling = workloads::Pooling{};
  workloads::Layer second = first;
  second.name = "second";
  second.network_input = false;
  second.shape = {1, 5, 4, 3, 3, 2, 2, 1, 0, 1};
  request.workload.layers = {first, second};
  for (std::size_t i = 0; i < 2; ++i) {
    request.layers.push_back(
        {i,
         best_mappings(request, request.workload.layers[i], mapper::kObjectives[0], 1)
             .best.front()
             .mapping,
         MappingSource::kMapper});
  }
  return request;
}

TEST(Engine, RunsLayersAndChecksEveryOutput) {
  std::vector<std::string> steps;
  const Result result = run(small_request(TensorSource::kSeeded), [&](const Progress& progress) {
    steps.push_back(progress.layer + " " + progress.step);
  });
  ASSERT_EQ(result.layers.size(), 2U);
  EXPECT_EQ(result.layers[0].measures.macs, 2U * 4 * 3 * 3 * 3 * 6 * 6);
  EXPECT_EQ(result.layers[0].measures.check->compared, 2U * 4 * 6 * 6);
  EXPECT_EQ(result.layers[1].measures.check->compared, 2U * 5 * 2 * 2);
  EXPECT_EQ(result.total().check->mismatches, 0U);
  EXPECT_EQ(result.layers[0].ofmap_hash.size(), 16U);
  EXPECT_EQ(steps,
            (std::vector<std::string>{"first preparing", "first simulating", "first checking",
                                      "second preparing", "second simulating", "second checking"}));
}

TEST(Engine, PeCyclesAddUpToTheWholeArray) {
  const Request request = small_request(TensorSource::kSeeded);
  const Result result = run(request, [](const Progress&) {});
  for (const LayerResult& layer : result.layers) {
    EXPECT_EQ(layer.measures.pe_cycles.total(), layer.measures.total.value() * 12 * 14);
  }
}

TEST(Engine, AChainRunsOnItsOwnOutputs) {
  const Result result = run(small_request(TensorSource::kChain), [](const Progress&) {});
  EXPECT_EQ(result.total().check->mismatches, 0U);
  EXPECT_EQ(result.layers[1].measures.check->compared, 2U * 5 * 2 * 2);
}

TEST(Engine, WithoutCheckThereIsAHashButNoComparison) {
  Request request = small_request(TensorSource::kSeeded);
  request.check = Check::kNone;
  const Result result = run(request, [](const Progress&) {});
  EXPECT_FALSE(result.layers[0].measures.check);
  EXPECT_EQ(result.layers[0].ofmap_hash.size(), 16U);
}

}  // namespace
}  // namespace rowan::sim
