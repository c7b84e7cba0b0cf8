// SPDX-License-Identifier: Apache-2.0
#include "sim/report/json_report.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/unit/sim/sample_result.h"

namespace rowan::sim {
namespace {

TEST(JsonReport, NamesSchemaAndRequest) {
  const Result result = sample_result();
  const auto json = nlohmann::json::parse(json_report(result));
  EXPECT_EQ(json["schema"], "rowan.result/1");
  EXPECT_EQ(json["platform"], "tiny");
  EXPECT_EQ(json["workload"], "net");
  EXPECT_EQ(json["batch"], 2);
  EXPECT_EQ(json["seed"], 1);
  EXPECT_EQ(json["request_hash"], request_hash(result.request));
  EXPECT_EQ(json["request"], nlohmann::json::parse(canonical_json(result.request)));
  EXPECT_EQ(json["clock_mhz"], 100.0);
}

TEST(JsonReport, LayersCarryTheirMeasures) {
  const auto json = nlohmann::json::parse(json_report(sample_result()));
  ASSERT_EQ(json["layers"].size(), 2U);
  const auto& layer = json["layers"][1];
  EXPECT_EQ(layer["name"], "B");
  EXPECT_EQ(layer["mapping_source"], "mapper");
  EXPECT_EQ(layer["cycles"]["processing"], 1'000'000);
  EXPECT_EQ(layer["time_ms"]["total"], 20.0);
  EXPECT_EQ(layer["utilization"], 0.5);
  EXPECT_EQ(layer["busy"], 6'000'000);
  EXPECT_EQ(layer["stalls"]["dram"], 3'000'000);
  EXPECT_EQ(layer["counts"]["mac"]["gated"], 200'000);
  EXPECT_EQ(layer["dram_bytes"]["total"], 246);
  EXPECT_EQ(layer["glb_bytes"], 124);
  EXPECT_EQ(layer["check"]["nonzero_psum_percent"], 25.0);
  EXPECT_TRUE(layer["check"]["first_mismatch"].is_null());
  EXPECT_EQ(layer["kind"], "convolution");
  EXPECT_EQ(layer["mapping"]["m"], 1);
  EXPECT_EQ(layer["check"]["saturated_sums"], 14);
  EXPECT_EQ(layer["check"]["saturated_outputs"], 22);
  EXPECT_TRUE(layer["float_error"].is_null());
  EXPECT_EQ(layer["fast_forward"], nlohmann::json::parse(R"({"passes_replayed": 6,
      "passes_verified": 0, "cycles_simulated": 800000, "cycles_replayed": 1200000,
      "outputs_simulated": 200, "outputs_replayed": 1800})"));
  EXPECT_EQ(json["total"]["cycles"]["total"], 3'000'000);
  EXPECT_EQ(json["total"]["fast_forward"]["cycles_replayed"], 1'800'000);
}

TEST(JsonReport, LayersSayWhatIsResident) {
  Result result = sample_result();
  result.layers[1].request.resident = {true, false, 7};
  const auto json = nlohmann::json::parse(json_report(result));
  EXPECT_EQ(json["layers"][0]["resident"],
            nlohmann::json::parse(R"({"ifmap": false, "ofmap": false, "banks": 0})"));
  EXPECT_EQ(json["layers"][1]["resident"],
            nlohmann::json::parse(R"({"ifmap": true, "ofmap": false, "banks": 7})"));
  EXPECT_FALSE(json["total"].contains("resident"));
}

TEST(JsonReport, ALayerWithoutAMappingHasItsLettersNull) {
  Result result = sample_result();
  const auto with = nlohmann::json::parse(json_report(result));
  result.layers[1].request.mapping.reset();
  const auto json = nlohmann::json::parse(json_report(result));
  const auto& mapping = json["layers"][1]["mapping"];
  EXPECT_EQ(mapping.size(), with["layers"][1]["mapping"].size());
  for (const auto& letter : mapping) EXPECT_TRUE(letter.is_null());
  EXPECT_TRUE(json["layers"][1]["mapping_source"].is_null());
  EXPECT_EQ(json["layers"][0], with["layers"][0]);
}

TEST(JsonReport, ARoundingOperationHasItsErrorAgainstRealNumbers) {
  Result result = sample_result();
  auto& deviation = result.layers[0].measures.check->deviation;
  deviation = workloads::golden::Deviation{0.5, 42.25};
  EXPECT_EQ(nlohmann::json::parse(json_report(result))["layers"][0]["float_error"],
            nlohmann::json::parse(R"({"max_abs_error": 0.5, "sqnr_db": 42.25})"));
  deviation = workloads::golden::Deviation{0, std::numeric_limits<double>::infinity()};
  EXPECT_EQ(nlohmann::json::parse(json_report(result))["layers"][0]["float_error"],
            nlohmann::json::parse(R"({"max_abs_error": 0.0, "sqnr_db": null})"));
}

TEST(JsonReport, LayersOfAFloatNetworkHaveTheirNoise) {
  Result result = sample_result();
  EXPECT_TRUE(result_json(result)["layers"][0]["sqnr_db"].is_null());
  EXPECT_TRUE(result_json(result)["quantization"].is_null());
  result.request.tensors = TensorSource::kFloat;
  result.request.quantization.granularity = workloads::Granularity::kFilter;
  result.layers[0].noise = workloads::LayerNoise{{1000, 1}, {100, 1}, {10, 0}};
  const auto json = result_json(result);
  EXPECT_EQ(json["quantization"]["scale"], "power_of_two");
  EXPECT_EQ(json["quantization"]["granularity"], "filter");
  EXPECT_EQ(json["layers"][0]["sqnr_db"]["weights"], 30.0);
  EXPECT_EQ(json["layers"][0]["sqnr_db"]["ifmap"], 20.0);
  EXPECT_TRUE(json["layers"][0]["sqnr_db"]["ofmap"].is_null());
  EXPECT_TRUE(json["layers"][1]["noise_squares"].is_null());
}

TEST(JsonReport, ARatioThatIsNoNumberIsToldApartByItsSums) {
  Result result = sample_result();
  // Exact, without a signal, and nothing at all.
  result.layers[0].noise = workloads::LayerNoise{{10, 0}, {0, 2.5}, {0, 0}};
  // Not a number.
  result.layers[1].noise = workloads::LayerNoise{{}, {}, {1, std::nan("")}};
  const auto layers = nlohmann::json::parse(json_report(result))["layers"];
  for (const char* of : {"weights", "ifmap", "ofmap"}) {
    EXPECT_TRUE(layers[0]["sqnr_db"][of].is_null()) << of;
  }
  EXPECT_EQ(layers[0]["signal_squares"],
            nlohmann::json::parse(R"({"weights": 10.0, "ifmap": 0.0, "ofmap": 0.0})"));
  EXPECT_EQ(layers[0]["noise_squares"],
            nlohmann::json::parse(R"({"weights": 0.0, "ifmap": 2.5, "ofmap": 0.0})"));
  EXPECT_TRUE(layers[1]["sqnr_db"]["ofmap"].is_null());
  EXPECT_EQ(layers[1]["signal_squares"]["ofmap"], 1.0);
  EXPECT_TRUE(layers[1]["noise_squares"]["ofmap"].is_null());
}

TEST(JsonReport, ShowsTheFirstMismatch) {
  Result result = sample_result();
  result.layers[0].measures.check->first = Mismatch{"A", {0, 1, 2, 3}, 4, -5};
  const auto json = nlohmann::json::parse(json_report(result));
  const auto expected = nlohmann::json::parse(
      R"({"layer":"A","image":0,"filter":1,"row":2,"column":3,"expected":4,"found":-5})");
  EXPECT_EQ(json["layers"][0]["check"]["first_mismatch"], expected);
  EXPECT_EQ(json["total"]["check"]["first_mismatch"], expected);
}

TEST(JsonReport, ACheckThatWasLeftOutIsNull) {
  Result result = sample_result();
  for (LayerResult& layer : result.layers) layer.measures.check.reset();
  const auto json = nlohmann::json::parse(json_report(result));
  EXPECT_TRUE(json["layers"][0]["check"].is_null());
  EXPECT_TRUE(json["total"]["check"].is_null());
}

TEST(JsonReport, NamesThatAreNoUtf8AreStillJson) {
  Result result = sample_result();
  result.request.platform.name = "caf\xe9";
  EXPECT_TRUE(nlohmann::json::accept(json_report(result)));
}

}  // namespace
}  // namespace rowan::sim
