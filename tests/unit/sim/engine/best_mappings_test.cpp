// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/best_mappings.h"

#include <gtest/gtest.h>

#include "tests/support/input_error.h"

namespace rowan::sim {
namespace {

Request small_request() {
  Request request;
  request.platform.name = "small";
  workloads::Layer layer;
  layer.name = "first";
  layer.shape = {1, 4, 3, 8, 8, 3, 3, 1, 0, 1};
  request.workload.layers = {layer};
  return request;
}

TEST(Objectives, AreFoundByName) {
  for (const std::string& name : objective_names()) EXPECT_EQ(objective_of(name).name, name);
  EXPECT_EQ(support::input_error([] { return objective_of("latencie").name; }),
            "objective: unknown objective 'latencie' (did you mean 'latency'?)");
}

TEST(BestMappings, AreOfTheRequestsPlatformAndBatch) {
  Request request = small_request();
  const auto found = best_mappings(request, request.workload.layers[0], objective_of("latency"), 3);
  ASSERT_EQ(found.best.size(), 3U);
  EXPECT_EQ(found.best[0].estimate.macs, request.workload.layers[0].shape.macs_per_image());
  request.batch = 2;
  EXPECT_EQ(best_mappings(request, request.workload.layers[0], objective_of("latency"), 1)
                .best[0]
                .estimate.macs,
            2 * request.workload.layers[0].shape.macs_per_image());
}

TEST(BestMappings, NoneThatIsLegalIsAnErrorOfTheLayer) {
  Request request = small_request();
  request.platform.global_buffer.banks = 1;
  EXPECT_EQ(support::input_error([&] {
              return best_mappings(request, request.workload.layers[0], objective_of("latency"), 1);
            }).rfind("layer first: no mapping is legal on platform 'small': global_buffer", 0),
            0U);
}

}  // namespace
}  // namespace rowan::sim
