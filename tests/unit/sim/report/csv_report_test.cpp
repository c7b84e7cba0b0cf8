// SPDX-License-Identifier: Apache-2.0
#include "sim/report/csv_report.h"

#include <algorithm>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/unit/sim/sample_result.h"

namespace rowan::sim {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells(1);
  for (const char c : line) {
    if (c == ',') {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

TEST(CsvReport, QuotesWhatHasToBeQuoted) {
  EXPECT_EQ(csv_cell(""), "");
  EXPECT_EQ(csv_cell("CONV1 a.b"), "CONV1 a.b");
  EXPECT_EQ(csv_cell("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_cell("a\"b"), "\"a\"\"b\"");
  EXPECT_EQ(csv_cell("a\nb"), "\"a\nb\"");
}

TEST(CsvReport, HasAHeadAndALinePerLayer) {
  const auto lines = lines_of(csv_report(sample_result()));
  ASSERT_EQ(lines.size(), 3U);
  const auto head = cells_of(lines[0]);
  const auto second = cells_of(lines[2]);
  ASSERT_EQ(second.size(), head.size());
  const auto cell = [&](const std::string& name) {
    const auto found = std::find(head.begin(), head.end(), name);
    return found == head.end() ? "no column"
                               : second[static_cast<std::size_t>(found - head.begin())];
  };
  EXPECT_EQ(cell("name"), "B");
  EXPECT_EQ(cell("mapping.m"), "1");
  EXPECT_EQ(cell("cycles.total"), "2000000");
  EXPECT_EQ(cell("stalls.dram"), "3000000");
  EXPECT_EQ(cell("counts.mac.compute"), "2800000");
  EXPECT_EQ(cell("check.outputs_compared"), "2000");
  EXPECT_EQ(cell("check.first_mismatch"), "no column");
  EXPECT_EQ(cell("check.saturated_sums"), "14");
  EXPECT_EQ(cell("check.saturated_outputs"), "22");
  EXPECT_EQ(cell("fast_forward.cycles_replayed"), "1200000");
  EXPECT_EQ(cell("float_error.sqnr_db"), "");
}

TEST(CsvReport, NoiseHasColumnsForFloatTensorsAlone) {
  Result result = sample_result();
  EXPECT_EQ(csv_report(result).find("sqnr_db.weights"), std::string::npos);
  for (LayerResult& layer : result.layers) {
    layer.noise = workloads::LayerNoise{{1000, 1}, {100, 1}, {10, 0}};
  }
  const std::string csv = csv_report(result);
  EXPECT_NE(csv.find(",sqnr_db.weights,sqnr_db.ifmap,sqnr_db.ofmap,"
                     "signal_squares.weights,signal_squares.ifmap,signal_squares.ofmap,"
                     "noise_squares.weights,noise_squares.ifmap,noise_squares.ofmap\n"),
            std::string::npos);
  EXPECT_NE(csv.find(",30.0,20.0,,1000.0,100.0,10.0,1.0,1.0,0.0\n"), std::string::npos);
}

TEST(CsvReport, ALayerWithoutAMappingHasEmptyCellsUnderTheSameHead) {
  Result result = sample_result();
  const auto with = lines_of(csv_report(result));
  result.request.workload.layers[1].kind = workloads::LayerKind::kSoftmax;
  result.layers[1].request.mapping.reset();
  result.layers[1].measures.check->deviation = workloads::golden::Deviation{0.5, 42.25};
  const auto without = lines_of(csv_report(result));
  EXPECT_EQ(without[0], with[0]);
  EXPECT_EQ(without[1], with[1]);
  EXPECT_EQ(without[2].rfind("B,softmax,3000000,,,,,,,,,,,,,5,", 0), 0U) << without[2];
  EXPECT_EQ(without[2].substr(without[2].size() - 10), ",0.5,42.25");
}

TEST(CsvReport, ACheckThatWasLeftOutIsEmptyUnderTheSameHead) {
  Result result = sample_result();
  const auto with = lines_of(csv_report(result));
  for (LayerResult& layer : result.layers) layer.measures.check.reset();
  const auto without = lines_of(csv_report(result));
  EXPECT_EQ(without[0], with[0]);
  EXPECT_EQ(without[1].substr(without[1].size() - 7), ",,,,,,,");
}

}  // namespace
}  // namespace rowan::sim
