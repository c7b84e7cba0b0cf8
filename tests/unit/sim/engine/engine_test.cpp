// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/engine.h"

#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/base/error.h"
#include "sim/engine/golden_ofmap.h"
#include "sim/engine/residency.h"
#include "sim/report/json_report.h"
#include "tests/support/forked.h"
#include "tests/support/sanitizer.h"
#include "tests/unit/sim/engine/small_request.h"
#include "workloads/quantized_run.h"

namespace rowan::sim {
namespace {

Result run_silently(const Request& request) {
  return run(request, [](const Progress&) {});
}

TEST(Engine, RunsLayersAndChecksEveryOutput) {
  std::vector<std::string> steps;
  const Result result = run(small_request(TensorSource::kSeeded), [&](const Progress& progress) {
    steps.push_back(progress.layer + " " + progress.step);
  });
  ASSERT_EQ(result.layers.size(), 4U);
  EXPECT_EQ(result.layers[0].measures.macs, 2U * 4 * 3 * 3 * 3 * 6 * 6);
  EXPECT_EQ(result.layers[0].measures.check->compared, 2U * 4 * 6 * 6);
  EXPECT_EQ(result.layers[0].measures.check->psums, 2U * 4 * 6 * 6);
  EXPECT_EQ(result.layers[1].measures.macs, 0U);
  EXPECT_EQ(result.layers[1].measures.check->compared, 2U * 4 * 3 * 3);
  EXPECT_EQ(result.layers[1].measures.check->psums, 0U);
  EXPECT_EQ(result.layers[2].measures.macs, 2U * 4 * 4 * 4 * 4 * 3 * 3);
  EXPECT_EQ(result.layers[3].measures.check->compared, 2U * 4 * 3 * 3);
  EXPECT_EQ(result.total().check->mismatches, 0U);
  for (const LayerResult& layer : result.layers) {
    EXPECT_EQ(layer.ofmap_hash.size(), 16U);
    EXPECT_GT(layer.measures.total.value(), 0U);
    EXPECT_GT(dram_bytes(layer.measures).value(), 0U);
  }
  EXPECT_EQ(steps, (std::vector<std::string>{
                       "first preparing", "first simulating", "first checking", "pool preparing",
                       "pool simulating", "pool checking", "wide preparing", "wide simulating",
                       "wide checking", "last preparing", "last simulating", "last checking"}));
}

TEST(Engine, PeCyclesAddUpToTheWholeArray) {
  const Request request = small_request(TensorSource::kSeeded);
  const std::uint64_t pes =
      std::uint64_t{request.platform.array.rows} * request.platform.array.columns;
  for (const LayerResult& layer : run_silently(request).layers) {
    EXPECT_EQ(layer.measures.pe_cycles.total(), layer.measures.total.value() * pes);
  }
}

TEST(Engine, AChainRunsOnItsOwnOutputs) {
  const Result result = run_silently(small_request(TensorSource::kChain));
  EXPECT_EQ(result.total().check->mismatches, 0U);
  EXPECT_EQ(result.layers[3].measures.check->compared, 2U * 4 * 3 * 3);
}

/// The small network in numbers, quantised to int8.
Request float_request() {
  Request request = small_request(TensorSource::kFloat);
  request.platform.pe.type = "int8";
  request.platform.pe.product_bits = 16;
  request.platform.pe.psum_bits = 24;
  return request;
}

TEST(Engine, FloatTensorsAreQuantisedAndRunAsAChain) {
  const Request request = float_request();
  std::vector<std::string> steps;
  const Result result = run(request, [&](const Progress& progress) {
    steps.push_back(progress.layer + " " + progress.step);
  });
  EXPECT_EQ(steps[0], "first quantising");
  EXPECT_EQ(steps[1], "first preparing");
  EXPECT_EQ(result.total().check->mismatches, 0U);
  EXPECT_EQ(result.total().check->wrapped_psums, 0U);
  const Request words = quantized(request);
  const auto golden =
      workloads::run_quantized(*words.quantized, golden_arithmetic(words), [](std::size_t) {});
  for (std::size_t i = 0; i < result.layers.size(); ++i) {
    ASSERT_TRUE(result.layers[i].noise);
    EXPECT_EQ(result.layers[i].noise->weights.db(), golden[i].noise.weights.db()) << i;
    EXPECT_EQ(result.layers[i].noise->ifmaps.db(), golden[i].noise.ifmaps.db()) << i;
    EXPECT_EQ(result.layers[i].noise->ofmap.db(), golden[i].noise.ofmap.db()) << i;
  }
  EXPECT_GT(result.layers[3].noise->ofmap.db(), 25);
  EXPECT_EQ(request_hash(result.request), request_hash(request));
}

TEST(Engine, ALayerOfAFloatNetworkHasTheSameWordsAlone) {
  const Request request = float_request();
  Request alone = request;
  alone.layers = {request.layers[2]};
  const auto hashes = [](const Request& run) {
    return support::run_forked([&] { return run_silently(run).layers.back().ofmap_hash; });
  };
  Request first_three = request;
  first_three.layers.pop_back();
  EXPECT_EQ(hashes(alone), hashes(first_three));
}

TEST(Engine, WithoutCheckThereIsAHashButNoComparison) {
  Request request = small_request(TensorSource::kSeeded);
  request.check = Check::kNone;
  const Result result = run_silently(request);
  EXPECT_FALSE(result.layers[0].measures.check);
  EXPECT_EQ(result.layers[0].ofmap_hash.size(), 16U);
}

TEST(Engine, SeveralJobsGiveTheSameResult) {
  for (Request request : {small_request(TensorSource::kSeeded), small_request(TensorSource::kChain),
                          float_request()}) {
    const auto report = [&request] {
      return support::run_forked([&] { return json_report(run_silently(request)); });
    };
    const std::string alone = report();
    for (const unsigned jobs : {2U, 3U, 9U}) {
      request.jobs = jobs;
      EXPECT_EQ(report(), alone) << jobs << " jobs, tensors " << name_of(request.tensors);
    }
  }
}

/// Three layers, one after the other, on a platform with reuse; their fmaps fit.
Request chain_with_reuse() {
  workloads::Network network;
  network.name = "chain";
  network.input = {3, 8, 8};
  network.layers = {convolution_layer("first", 4, 3),
                    unit_layer("pool", workloads::LayerKind::kPooling),
                    convolution_layer("last", 5, 2)};
  Request request = request_of(std::move(network));
  request.tensors = TensorSource::kChain;
  request.platform.global_buffer.inter_layer_reuse = true;
  decide_residency(request, [](const LayerRequest&, unsigned) { return true; });
  return request;
}

TEST(Engine, ResidentFmapsChangeNoWordButLeaveDram) {
  const auto outcome = [](const Request& request) {
    return support::run_forked([&] {
      std::string text;
      for (const LayerResult& layer : run_silently(request).layers) {
        text += layer.ofmap_hash + " ";
        if (layer.measures.check->mismatches != 0) text += "wrong ";
        const Residency& resident = layer.request.resident;
        const ActivityCounts& counts = layer.measures.counts;
        if (resident.ifmap != (counts[Counter::kDramIfmapRead] == 0)) text += "ifmap ";
        if (resident.ofmap != (counts[Counter::kDramOfmapWrite] == 0)) text += "ofmap ";
      }
      return text;
    });
  };
  Request request = chain_with_reuse();
  ASSERT_TRUE(request.layers[1].resident.ifmap);
  ASSERT_TRUE(request.layers[1].resident.ofmap);
  const std::string with = outcome(request);
  for (LayerRequest& layer : request.layers) layer.resident = {};
  EXPECT_EQ(with, outcome(request));
  EXPECT_EQ(with.size(), 3U * 17) << with;  // nothing but hashes
}

TEST(Engine, SeveralJobsGiveTheSameResultWithResidentFmaps) {
  Request request = chain_with_reuse();
  const auto report = [&request] {
    return support::run_forked([&] { return json_report(run_silently(request)); });
  };
  const std::string alone = report();
  request.jobs = 2;
  EXPECT_EQ(report(), alone);
}

TEST(Engine, SeveralJobsTellOfEveryLayer) {
  Request request = small_request(TensorSource::kChain);
  request.jobs = 2;
  std::vector<std::string> steps;
  (void)run(request, [&](const Progress& progress) {
    steps.push_back(progress.layer + " " + progress.step);
    EXPECT_EQ(progress.count, 4U);
  });
  EXPECT_EQ(steps, (std::vector<std::string>{"first computing", "pool computing", "wide computing",
                                             "first simulating", "pool simulating",
                                             "wide simulating", "last simulating"}));
}

TEST(Engine, AFailureOfTheHardwareNamesItsLayerHoweverManyJobs) {
  if (support::kAddressSanitizer) GTEST_SKIP() << support::kExceptionOnMainStack;
  Request request = small_request(TensorSource::kSeeded);
  request.platform.pe.filter_fifo.depth =
      Words(1);  // spec::check() would refuse it: less than a packet
  const auto failure = [&request] {
    return support::run_forked([&] {
      try {
        (void)run_silently(request);
      } catch (const HardwareError& error) {
        return std::string(error.what());
      }
      return std::string("nothing");
    });
  };
  const std::string alone = failure();
  EXPECT_EQ(alone.rfind("layer first: deadlock: ", 0), 0U) << alone;
  EXPECT_NE(alone.find("filter_fifo"), std::string::npos) << alone;
  // Side by side, whichever of them fails first says what it says alone.
  std::set<std::string> each;
  const std::vector<LayerRequest> layers = request.layers;
  for (const LayerRequest& layer : layers) {
    request.layers = {layer};
    each.insert(failure());
  }
  each.erase("nothing");  // a layer that goes through
  EXPECT_EQ(each.count(alone), 1U);
  request.layers = layers;
  request.jobs = 2;
  const std::string beside = failure();
  EXPECT_EQ(each.count(beside), 1U) << beside;
}

TEST(Engine, PartOfAChainIsTheSameAsInTheWhole) {
  Request request = small_request(TensorSource::kChain);
  const auto hashes = [&request] {
    return support::run_forked([&] {
      std::string text;
      for (const LayerResult& layer : run_silently(request).layers) text = layer.ofmap_hash;
      return text;
    });
  };
  const std::string last = hashes();
  request.layers.erase(request.layers.begin(), request.layers.begin() + 3);
  EXPECT_EQ(hashes(), last);
}

}  // namespace
}  // namespace rowan::sim
