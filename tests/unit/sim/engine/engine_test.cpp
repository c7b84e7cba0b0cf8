// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/engine.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sim/engine/best_mappings.h"

namespace rowan::sim {
namespace {

/// Two small layers with pooling between them, on Eyeriss.
Request small_request(TensorSource tensors) {
  Request request;
  request.platform.name = "eyeriss";
  request.workload.name = "small";
  request.batch = 2;
  request.tensors = tensors;
  request.workload.input = {3, 8, 8};
  workloads::Layer first;
  first.name = "first";
  first.shape.filters = 4;
  first.shape.kernel_height = 3;
  first.shape.kernel_width = 3;
  first.product_shift = 8;
  workloads::Layer pool;
  pool.name = "pool";
  pool.kind = workloads::LayerKind::kPooling;
  workloads::Layer second = first;
  second.name = "second";
  second.shape.filters = 5;
  second.shape.kernel_height = 2;
  second.shape.kernel_width = 2;
  request.workload.layers = {first, pool, second};
  settle(request.workload);
  for (const std::size_t i : {0, 2}) {
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
