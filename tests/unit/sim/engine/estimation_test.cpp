// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/estimation.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "sim/engine/resolve.h"
#include "sim/report/estimate_report.h"

namespace rowan::sim {
namespace {

Request alexnet() {
  RequestNames names;
  names.platform = "eyeriss";
  names.workload = "alexnet";
  return resolve(names);
}

TEST(Estimation, HasEveryLayerOfANetwork) {
  const Estimation estimation = estimate(alexnet());
  ASSERT_EQ(estimation.layers.size(), 11U);
  for (const EstimatedLayer& layer : estimation.layers) {
    EXPECT_GT(layer.estimate.total, Cycles(0)) << layer.name;
    EXPECT_GT(layer.measures().counts[Counter::kDramBurst], 0U) << layer.name;
  }
  EXPECT_EQ(estimation.layers[1].name, "POOL1");
  EXPECT_EQ(estimation.layers[1].estimate.binding, analytical::Bound::kDram);
}

TEST(Estimation, TotalIsTheSumOfTheLayers) {
  const Estimation estimation = estimate(alexnet());
  Cycles total(0);
  for (const EstimatedLayer& layer : estimation.layers) total += layer.estimate.total;
  EXPECT_EQ(estimation.total().total, total);
}

TEST(EstimateReport, SharesOfAnArrayLayerAddUp) {
  const auto json = nlohmann::json::parse(estimate_json(estimate(alexnet())));
  const auto& bounds = json["layers"][0]["bounds"];
  const auto sum = [&](std::initializer_list<const char*> names) {
    std::int64_t cycles = 0;
    for (const char* name : names) cycles += bounds[name].get<std::int64_t>();
    return cycles;
  };
  const auto& cycles = json["layers"][0]["cycles"];
  EXPECT_EQ(sum({"windows", "filter_load", "ramp"}), cycles["processing"]);
  EXPECT_EQ(json["layers"][0]["bound"], "mac");
  EXPECT_EQ(json["energy_table"]["name"], "eyeriss_65nm");
}

}  // namespace
}  // namespace rowan::sim
