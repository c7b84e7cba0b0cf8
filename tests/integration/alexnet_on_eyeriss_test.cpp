// SPDX-License-Identifier: Apache-2.0
//
// The main job: every word is right, and times are as the chip's within the tolerances of
// validation/claims.yaml.

#include <fstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "sim/validation/claim_value.h"
#include "sim/validation/validate.h"
#include "tests/support/program.h"

namespace rowan {
namespace {

/// The main job's result.
nlohmann::ordered_json run_main_job() {
  const support::ProgramRun run = support::run_program(
      ROWAN_EXECUTABLE, {"run", "--platform", "eyeriss", "--workload", "alexnet", "--batch", "4",
                         "--layers", "CONV*", "--format", "json"});
  EXPECT_EQ(run.status, 0) << run.err;
  return nlohmann::ordered_json::parse(run.out);
}

/// The preset's numbers as they are. A change belongs into CHANGELOG.md, with before and after.
void expect_golden_numbers(const nlohmann::ordered_json& result) {
  std::ifstream file(std::string(ROWAN_SOURCE_DIR) + "/tests/golden/alexnet_eyeriss.json");
  const auto golden = nlohmann::ordered_json::parse(file);
  for (const auto& layer : result["layers"]) {
    const auto& expected = golden[layer["name"].get<std::string>()];
    EXPECT_EQ(layer["cycles"], expected["cycles"]) << layer["name"];
    EXPECT_EQ(layer["passes"], expected["passes"]) << layer["name"];
    EXPECT_EQ(layer["dram_bytes"]["total"], expected["dram_bytes"]) << layer["name"];
    EXPECT_EQ(layer["glb_bytes"], expected["glb_bytes"]) << layer["name"];
    EXPECT_EQ(layer["ofmap_hash"], expected["ofmap_hash"]) << layer["name"];
  }
}

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

TEST(AlexNetOnEyeriss, MeetsTheChipWithinTheTolerancesAndEveryWordIsRight) {
  const auto result = run_main_job();
  ASSERT_EQ(result["layers"].size(), 5U);
  std::uint64_t words = 0;
  for (const auto& layer : result["layers"]) {
    EXPECT_EQ(layer["check"]["mismatches"], 0U) << layer["name"];
    words += layer["check"]["outputs_compared"].get<std::uint64_t>();
  }
  // 4 * (96*55*55 + 256*27*27 + 384*13*13 + 384*13*13 + 256*13*13)
  EXPECT_EQ(words, 2'600'320U);

  unsigned compared = 0;
  for (const sim::Claim& claim :
       sim::load_claims(std::string(ROWAN_SOURCE_DIR) + "/validation/claims.yaml").claims) {
    if (!ends_with(claim.id, ".processing") && !ends_with(claim.id, ".active_pes")) continue;
    const sim::ClaimOutcome outcome{claim, sim::evaluate(claim.value, result)};
    EXPECT_TRUE(outcome.holds()) << claim.id << ": " << outcome.ours;
    ++compared;
  }
  EXPECT_EQ(compared, 11U);
  expect_golden_numbers(result);
}

}  // namespace
}  // namespace rowan
