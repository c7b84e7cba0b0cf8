// SPDX-License-Identifier: Apache-2.0
//
// The analytical model against the engine, for every layer of the array of whole networks on
// Eyeriss and on machines like it with other PE types: every counter of an access is equal, cycles
// of nine layers in ten are within 5 %.

#include <cmath>
#include <cstdio>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "models/analytical/coded_fmaps.h"
#include "models/analytical/estimate.h"
#include "sim/engine/layer_runner.h"
#include "sim/engine/operands.h"
#include "sim/engine/resolve.h"
#include "tests/support/access_counts.h"
#include "tests/support/forked.h"
#include "workloads/array_operands.h"

namespace rowan::sim {
namespace {

/// Which cycles are to be close: processing alone where the link is slow beside a double buffer
/// (docs/analytical.md).
enum class Close { kBoth, kProcessing };

struct Network {
  const char* name;
  unsigned batch;
  std::size_t layers;  ///< of the array
  const char* platform = "eyeriss";
  Close close = Close::kBoth;
};
std::ostream& operator<<(std::ostream& out, const Network& network) { return out << network.name; }

bool within_5_percent(Cycles estimated, Cycles simulated) {
  const double ratio =
      static_cast<double>(estimated.value()) / static_cast<double>(simulated.value());
  return std::abs(ratio - 1) <= 0.05;
}

/// What a layer's estimate is like.
struct Comparison {
  std::string differences;  ///< of counts; empty when there are none
  bool processing_close = false;
  bool total_close = false;
};

Comparison compare(const Request& request, const LayerRequest& layer_request, Operands& of,
                   LayerRunner& runner) {
  const workloads::Layer& layer = request.layer(layer_request);
  workloads::LayerTensors tensors = of.of(layer_request.position);
  LayerRunner::Outcome outcome = runner.run(layer_request, tensors, [](const char*) {});
  const ActivityCounts& simulated = outcome.result.measures.counts;
  const workloads::ArrayOperands operands = workloads::array_operands(layer, std::move(tensors));
  const workloads::Tensor ofmap =
      std::move(outcome.ofmap).reshaped(workloads::psum_extents(operands.shape, operands.images));
  const ActivityCounts counts =
      analytical::counts_of(*layer_request.mapping, operands.shape, request.platform,
                            {operands.ifmap, ofmap, layer.network_input});
  const analytical::Estimate estimate =
      analytical::estimate(*layer_request.mapping, operands.shape, operands.images,
                           request.platform, analytical::assumptions_of(layer));
  const ActivityCounts& estimated = estimate.counts;
  const auto of_coded_fmaps = [](Counter counter) {
    return counter == Counter::kDramIfmapRead || counter == Counter::kDramOfmapWrite ||
           counter == Counter::kDramBurst || counter == Counter::kRlcDecode ||
           counter == Counter::kRlcEncode;
  };
  const sim::LayerMeasures& measures = outcome.result.measures;
  const std::string found =
      support::access_differences(counts, simulated) +
      support::access_differences(support::ungated(estimated), support::ungated(simulated),
                                  of_coded_fmaps);
  return {found.empty() ? "" : layer.name + ":\n" + found,
          within_5_percent(estimate.processing, measures.processing),
          within_5_percent(estimate.total, measures.total)};
}

class NetworkCounts : public testing::TestWithParam<Network> {};

TEST_P(NetworkCounts, AreThoseOfTheEngine) {
  RequestNames names;
  names.platform = GetParam().platform;
  names.workload = GetParam().name;
  names.batch = GetParam().batch;
  names.check = Check::kNone;
  const Request request = quantized(resolve(names));
  // In a process of its own: SystemC elaborates once.
  const std::string found = support::run_forked([&] {
    LayerRunner runner(request);
    Operands operands(request);
    std::size_t layers = 0;
    std::size_t close = 0;
    std::string all;
    for (const LayerRequest& layer : request.layers) {
      if (!layer.mapping) continue;
      ++layers;
      const Comparison comparison = compare(request, layer, operands, runner);
      all += comparison.differences;
      const bool both = GetParam().close == Close::kBoth;
      close += comparison.processing_close && (comparison.total_close || !both) ? 1 : 0;
    }
    std::printf("cycles within 5 %%: %zu of %zu layers\n", close, layers);
    std::fflush(stdout);
    if (close * 10 < layers * 9) all += "cycles: fewer than nine in ten within 5 %\n";
    return std::to_string(layers) + " layers\n" + all;
  });
  EXPECT_EQ(found, std::to_string(GetParam().layers) + " layers\n");
}

std::string name_of(const testing::TestParamInfo<Network>& suite) { return suite.param.name; }

INSTANTIATE_TEST_SUITE_P(Zoo, NetworkCounts,
                         testing::Values(Network{"alexnet", 4, 8}, Network{"vgg16", 1, 16},
                                         Network{"resnet20", 2, 20},
                                         Network{"mobilenet_v1", 1, 28}),
                         name_of);
Network of_type(const char* platform) { return {"resnet20", 1, 20, platform, Close::kProcessing}; }

INSTANTIATE_TEST_SUITE_P(PeTypes, NetworkCounts,
                         testing::Values(of_type("quidam_fp32"), of_type("quidam_int16"),
                                         of_type("quidam_int8"), of_type("quidam_int4"),
                                         of_type("quidam_lightpe1"), of_type("quidam_lightpe2")),
                         [](const auto& suite) { return std::string(suite.param.platform); });
INSTANTIATE_TEST_SUITE_P(NightlyZoo, NetworkCounts,
                         testing::Values(Network{"resnet50", 1, 54}, Network{"mobilenet_v2", 1, 53},
                                         Network{"bert_base", 1, 96}, Network{"vit_b16", 1, 98}),
                         name_of);

}  // namespace
}  // namespace rowan::sim
