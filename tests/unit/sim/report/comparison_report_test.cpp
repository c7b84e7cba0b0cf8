// SPDX-License-Identifier: Apache-2.0
#include "sim/report/comparison_report.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/sim/sample_result.h"

namespace rowan::sim {
namespace {

/// Layer A's estimate is exact but for a burst, layer B's total is 10 % too long.
Result compared_result() {
  Result result = sample_result();
  for (LayerResult& layer : result.layers) {
    analytical::Estimate estimate;
    estimate.processing = layer.measures.processing;
    estimate.total = layer.measures.total;
    estimate.counts = layer.measures.counts;
    layer.estimate = estimate;
  }
  result.layers[0].estimate->counts.add(Counter::kDramBurst, 3);
  analytical::Estimate& off = *result.layers[1].estimate;
  off.total = Cycles(off.total.value() / 10 * 11);
  off.bounds.dram = off.total;
  return result;
}

TEST(ComparisonReport, SaysHowManyLayersAreClose) {
  const std::string table = comparison_table(compared_result());
  EXPECT_NE(table.find("within 5 %: processing 2, total 1 of 2 layers"), std::string::npos)
      << table;
  EXPECT_NE(table.find("+10.0"), std::string::npos) << table;
}

TEST(ComparisonReport, NamesTheAccessesThatDiffer) {
  const std::string table = comparison_table(compared_result());
  EXPECT_NE(table.find("A: dram.burst: 0 bursts simulated, 3 estimated\n"), std::string::npos)
      << table;
  const auto json = nlohmann::json::parse(comparison_json(compared_result()));
  ASSERT_EQ(json["layers"][0]["counts_that_differ"].size(), 1U);
  EXPECT_EQ(json["layers"][0]["counts_that_differ"][0]["action"], "burst");
  EXPECT_TRUE(json["layers"][1]["counts_that_differ"].empty());
  EXPECT_EQ(json["layers_within_5_percent"]["total"], 1);
}

}  // namespace
}  // namespace rowan::sim
