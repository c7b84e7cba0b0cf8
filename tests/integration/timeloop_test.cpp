// SPDX-License-Identifier: Apache-2.0
//
// Counts of the loop nests in validation/timeloop, against those that timeloop-model gives.

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/analytical/loop_nest/count.h"
#include "models/analytical/loop_nest/nest_file.h"

namespace rowan::analytical::loop_nest {
namespace {

const std::string kFolder = ROWAN_SOURCE_DIR "/validation/timeloop/";

/// Lines of a file that are neither comments nor its head.
std::vector<std::vector<std::string>> read_csv(const std::string& name) {
  std::ifstream file(kFolder + name);
  std::vector<std::vector<std::string>> lines;
  bool head = true;
  for (std::string line; std::getline(file, line);) {
    if (line.rfind('#', 0) == 0) continue;
    std::vector<std::string> cells;
    std::istringstream text(line);
    for (std::string cell; std::getline(text, cell, ',');) cells.push_back(cell);
    if (!head) lines.push_back(cells);
    head = false;
  }
  return lines;
}

/// Counts as the lines of counts.csv have them, by level and data type.
std::map<std::string, std::string> counted(const std::string& name) {
  std::map<std::string, std::string> lines;
  for (const LevelCounts& level : count(load_loop_nest(kFolder + name + ".yaml")).levels) {
    for (const DataCounts& data : level.data) {
      std::string& line = lines[level.name + "," + name_of(data.data)];
      for (const std::uint64_t value :
           {data.reads, data.fills, data.updates, data.temporal_reductions, level.instances}) {
        line += "," + std::to_string(value);
      }
    }
  }
  return lines;
}

TEST(Timeloop, CountsAreEqual) {
  std::map<std::string, std::map<std::string, std::string>> cases;
  for (const auto& cells : read_csv("counts.csv")) {
    ASSERT_EQ(cells.size(), 8U);
    std::string& line = cases[cells[0]][cells[1] + "," + cells[2]];
    for (std::size_t i = 3; i < cells.size(); ++i) line += "," + cells[i];
  }
  EXPECT_EQ(cases.size(), 6U);
  for (const auto& [name, lines] : cases) EXPECT_EQ(counted(name), lines) << name;
}

TEST(Timeloop, CyclesAreEqual) {
  const auto cases = read_csv("cycles.csv");
  EXPECT_EQ(cases.size(), 6U);
  for (const auto& cells : cases) {
    ASSERT_EQ(cells.size(), 2U);
    const NestCounts counts = count(load_loop_nest(kFolder + cells[0] + ".yaml"));
    EXPECT_EQ(std::to_string(counts.cycles.value()), cells[1]) << cells[0];
  }
}

}  // namespace
}  // namespace rowan::analytical::loop_nest
