// SPDX-License-Identifier: Apache-2.0
//
// ResNet-20 in numbers on the machine of each PE type: every word is the golden one, no psum
// overflows, and wider words lose less.
#include <optional>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "sim/engine/engine.h"
#include "sim/engine/resolve.h"
#include "sim/report/json_report.h"
#include "tests/support/forked.h"

namespace rowan::sim {
namespace {

/// rowan.result/1 of a run; in a process of its own, for SystemC elaborates once.
nlohmann::json result_of(const std::string& type, const std::optional<std::string>& granularity) {
  RequestNames names;
  names.platform = "quidam_" + type;
  names.workload = "resnet20";
  names.batch = 1;
  names.tensors = "float";
  names.granularity = granularity;
  const Request request = resolve(names);
  return nlohmann::json::parse(
      support::run_forked([&] { return json_report(run(request, [](const Progress&) {})); }));
}

/// The mean over the ofmaps of the array's layers, in dB.
double mean_db(const std::string& type, const std::optional<std::string>& granularity) {
  const nlohmann::json result = result_of(type, granularity);
  EXPECT_EQ(result["total"]["check"]["mismatches"], 0) << type;
  EXPECT_GT(result["total"]["check"]["outputs_compared"], 280'000) << type;
  EXPECT_EQ(result["total"]["check"]["wrapped_psums"], 0) << type;
  double sum = 0;
  int count = 0;
  for (const nlohmann::json& layer : result["layers"]) {
    if (layer["macs"] == 0) continue;
    sum += layer["sqnr_db"]["ofmap"].get<double>();
    ++count;
  }
  return sum / count;
}

TEST(QuantisedNetworks, WiderWordsLoseLess) {
  const double int16 = mean_db("int16", std::nullopt);
  const double int8 = mean_db("int8", std::nullopt);
  const double int4 = mean_db("int4", std::nullopt);
  EXPECT_GT(mean_db("fp32", std::nullopt), int16 + 30);
  EXPECT_GT(int16, int8 + 30);
  EXPECT_GT(int8, int4 + 12);
  EXPECT_GT(int4, 5);
}

TEST(QuantisedNetworks, TwoTermsOfALightPeLoseLessThanOne) {
  const double lightpe1 = mean_db("lightpe1", std::nullopt);
  const double lightpe2 = mean_db("lightpe2", std::nullopt);
  EXPECT_GT(mean_db("int8", std::nullopt), lightpe2 + 5);
  EXPECT_GT(lightpe2, lightpe1 + 5);
  EXPECT_GT(lightpe1, 5);
}

TEST(QuantisedNetworks, FiltersMayHaveScalesOfTheirOwn) {
  for (const char* type : {"int8", "int4", "lightpe2"}) {
    EXPECT_GT(mean_db(type, "filter"), mean_db(type, "layer") - 0.5) << type;
  }
}

}  // namespace
}  // namespace rowan::sim
