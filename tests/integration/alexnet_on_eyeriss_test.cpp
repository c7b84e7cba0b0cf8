// SPDX-License-Identifier: Apache-2.0
//
// The main job against the published measurements (validation/eyeriss_alexnet.csv), with the
// tolerances that stand there.

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/program.h"

namespace rowan {
namespace {

using Row = std::map<std::string, std::string>;

/// Rows of a CSV file by their first column; lines that start with # are comments.
std::map<std::string, Row> read_csv(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> head;
  std::map<std::string, Row> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::vector<std::string> cells;
    std::istringstream text(line);
    for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
    if (head.empty()) {
      head = cells;
      continue;
    }
    for (std::size_t i = 0; i < cells.size(); ++i) rows[cells[0]][head[i]] = cells[i];
  }
  return rows;
}

double number(const Row& row, const std::string& column) { return std::stod(row.at(column)); }

/// The main job's result.
nlohmann::json run_main_job() {
  const support::ProgramRun run = support::run_program(
      ROWAN_EXECUTABLE, {"run", "--platform", "eyeriss", "--workload", "alexnet", "--batch", "4",
                         "--layers", "CONV*", "--format", "json"});
  EXPECT_EQ(run.status, 0) << run.err;
  return nlohmann::json::parse(run.out);
}

/// The preset's numbers as they are. A change belongs into CHANGELOG.md, with before and after.
void expect_golden_numbers(const nlohmann::json& result) {
  std::ifstream file(std::string(ROWAN_SOURCE_DIR) + "/tests/golden/alexnet_eyeriss.json");
  const auto golden = nlohmann::json::parse(file);
  for (const auto& layer : result["layers"]) {
    const auto& expected = golden[layer["name"].get<std::string>()];
    EXPECT_EQ(layer["cycles"], expected["cycles"]) << layer["name"];
    EXPECT_EQ(layer["passes"], expected["passes"]) << layer["name"];
    EXPECT_EQ(layer["dram_bytes"]["total"], expected["dram_bytes"]) << layer["name"];
    EXPECT_EQ(layer["glb_bytes"], expected["glb_bytes"]) << layer["name"];
    EXPECT_EQ(layer["ofmap_hash"], expected["ofmap_hash"]) << layer["name"];
  }
}

TEST(AlexNetOnEyeriss, MeetsTheChipWithinTheTolerancesAndEveryWordIsRight) {
  const auto result = run_main_job();
  const auto chip = read_csv(std::string(ROWAN_SOURCE_DIR) + "/validation/eyeriss_alexnet.csv");
  ASSERT_EQ(result["layers"].size(), 5U);
  std::uint64_t words = 0;
  for (const auto& layer : result["layers"]) {
    const Row& published = chip.at(layer["name"].get<std::string>());
    const double tolerance = number(published, "processing_tolerance_percent") / 100;
    EXPECT_NEAR(
        layer["time_ms"]["processing"].get<double>() / number(published, "processing_latency_ms"),
        1.0, tolerance)
        << layer["name"];
    EXPECT_EQ(layer["active_pes"].get<double>(), number(published, "active_pes")) << layer["name"];
    EXPECT_EQ(layer["check"]["mismatches"], 0U) << layer["name"];
    words += layer["check"]["outputs_compared"].get<std::uint64_t>();
  }
  // 4 * (96*55*55 + 256*27*27 + 384*13*13 + 384*13*13 + 256*13*13)
  EXPECT_EQ(words, 2'600'320U);
  const Row& total = chip.at("total");
  EXPECT_NEAR(result["total"]["time_ms"]["processing"].get<double>() /
                  number(total, "processing_latency_ms"),
              1.0, number(total, "processing_tolerance_percent") / 100);
  expect_golden_numbers(result);
}

}  // namespace
}  // namespace rowan
