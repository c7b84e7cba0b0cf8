// SPDX-License-Identifier: Apache-2.0
#include "sim/report/terminal_report.h"

#include <sstream>

#include <gtest/gtest.h>

#include "tests/unit/sim/sample_result.h"

namespace rowan::sim {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(TerminalReport, HasALinePerLayerAndATotal) {
  const std::string report = terminal_report(sample_result());
  EXPECT_TRUE(contains(report,
                       "  layer   (M)     PEs  passes      cycles          ms      ms      %     "
                       "MB   MiB  checked   differ\n"))
      << report;
  EXPECT_TRUE(contains(report,
                       "  B      3.00       5       8   1,000,000      10.000  20.000   50.0  "
                       "0.000  0.00     2000        0\n"))
      << report;
  EXPECT_TRUE(contains(report,
                       "  total  4.50              12   1,500,000      15.000  30.000   50.0  "
                       "0.000  0.00     3000        0\n"))
      << report;
}

TEST(TerminalReport, ShowsWhatPesDidInPercent) {
  const std::string report = terminal_report(sample_result());
  EXPECT_TRUE(contains(report, "  A      50.0            0.0         0.0  25.0 ")) << report;
}

TEST(TerminalReport, EndsWithTheCheck) {
  Result result = sample_result();
  const std::string good = "\ncheck: 3,000 output words equal the golden operations, 0 differ\n";
  std::string report = terminal_report(result);
  EXPECT_EQ(report.substr(report.size() - good.size()), good);

  result.layers[1].measures.check->mismatches = 2;
  result.layers[1].measures.check->first = Mismatch{"B", {0, 1, 2, 3}, 4, -5};
  report = terminal_report(result);
  EXPECT_TRUE(contains(report,
                       "\nfirst: B, image 0, filter 1, row 2, column 3: expected 4, found -5\n"
                       "check: FAILED, 2 of 3,000 output words differ from the golden "
                       "operations\n"))
      << report;

  for (LayerResult& layer : result.layers) layer.measures.check.reset();
  EXPECT_TRUE(contains(terminal_report(result), "\ncheck: left out\n"));
}

Result without_overflows() {
  Result result = sample_result();
  for (LayerResult& layer : result.layers) {
    layer.measures.check->wrapped_psums = layer.measures.check->saturated_sums = 0;
  }
  return result;
}

TEST(TerminalReport, TellsOfSumsThatWrapped) {
  Result result = without_overflows();
  result.layers[0].measures.check->wrapped_psums = 7;
  EXPECT_TRUE(contains(terminal_report(result),
                       "note: 7 sums did not fit a psum word of 16 bits and wrapped\n"));
}

TEST(TerminalReport, TellsOfSumsThatSaturated) {
  Result result = without_overflows();
  result.layers[0].measures.check->saturated_sums = 7;
  EXPECT_TRUE(contains(terminal_report(result),
                       "note: 7 sums did not fit a psum word of 16 bits and saturated\n"));
}

TEST(TerminalReport, ShowsTheNoiseOfAFloatNetwork) {
  Result result = sample_result();
  EXPECT_EQ(terminal_report(result).find("quantisation noise"), std::string::npos);
  result.request.tensors = TensorSource::kFloat;
  for (LayerResult& layer : result.layers) {
    layer.noise = workloads::LayerNoise{{0, 0}, {100, 1}, {10, 0}};
  }
  const std::string text = terminal_report(result);
  EXPECT_NE(text.find("against the float network; scales power_of_two, weights by layer"),
            std::string::npos);
  EXPECT_NE(text.find("A            -   20.0  exact\n"), std::string::npos) << text;
}

TEST(TerminalReport, StaysWithin120ColumnsOfAscii) {
  Result result = sample_result();
  result.layers[0].name = std::string(60, 'x');
  result.layers[0].measures = sample_measures(20'000);
  std::istringstream report(terminal_report(result));
  for (std::string line; std::getline(report, line);) {
    EXPECT_LE(line.size(), 120U) << line;
    for (const char c : line) EXPECT_TRUE(c >= ' ' && c <= '~') << line;
  }
}

TEST(TerminalReport, SaysWhereMappingsComeFrom) {
  Result result = sample_result();
  EXPECT_TRUE(contains(terminal_report(result), "mapping: published for 1, mapper for 1\n"));
  result.layers[0].request.source = MappingSource::kMapper;
  EXPECT_TRUE(contains(terminal_report(result), "mapping: mapper\n"));
  result.layers[0].request.mapping.reset();
  EXPECT_TRUE(contains(terminal_report(result), "mapping: mapper\n"));
  result.layers[1].request.mapping.reset();
  EXPECT_FALSE(contains(terminal_report(result), "mapping"));
}

TEST(TerminalReport, SaysWhichOfmapsStayWhereAnyCan) {
  Result result = sample_result();
  EXPECT_FALSE(contains(terminal_report(result), "resident"));
  result.request.platform.global_buffer.inter_layer_reuse = true;
  EXPECT_TRUE(contains(terminal_report(result),
                       "\nresident: 0 of 2 ofmaps stay in the global buffer for the next layer\n"));
  result.layers[0].request.resident = {false, true, 7};
  result.layers[1].request.resident = {true, false, 7};
  EXPECT_TRUE(contains(terminal_report(result),
                       "\nresident: 1 of 2 ofmaps stay in the global buffer for the next layer, in "
                       "up to 7 of 25 banks at a time\n"))
      << terminal_report(result);
}

TEST(TerminalReport, SaysWhatWasSimulatedAndWhatReplayed) {
  Result result = sample_result();
  const std::string line =
      "cycles: 1,200,000 simulated, 1,800,000 replayed; outputs: 300 simulated, 2,700 replayed";
  EXPECT_TRUE(contains(terminal_report(result), "\n" + line + "\n")) << terminal_report(result);
  result.layers[0].measures.fast_forward.passes_verified = 1'234;
  EXPECT_TRUE(contains(terminal_report(result), "\n" + line + "; 1,234 replays verified\n"));
}

}  // namespace
}  // namespace rowan::sim
