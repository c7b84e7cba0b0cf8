// SPDX-License-Identifier: Apache-2.0
//
// The PE type that docs/extending.md adds, in the program, in the energy table and in Verilog.

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/rtl/need_tool.h"
#include "tests/support/program.h"

namespace rowan {
namespace {

const std::string kSources = ROWAN_SOURCE_DIR;
const std::string kExample = kSources + "/tests/extending/shift4";

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

support::ProgramRun extended(const std::vector<std::string>& arguments) {
  return support::run_program(ROWAN_EXTENDED_EXECUTABLE, arguments);
}

TEST(Extending, ThePageHasThePatchThatIsBuilt) {
  const std::string page = content(kSources + "/docs/extending.md");
  EXPECT_NE(page.find(content(kExample + ".patch")), std::string::npos);
}

TEST(Extending, TheTypeIsListed) {
  EXPECT_NE(extended({"list", "pe-types"}).out.find("shift4"), std::string::npos);
}

TEST(Extending, ANetworkInTheTypeGivesTheGoldenWordsAndHasEnergy) {
  const validation::TemporaryFolder folder;
  const support::ProgramRun run =
      extended({"run", "--platform", kExample + ".yaml", "--workload", "resnet20", "--tensors",
                "float", "--out", folder.path() + "/out"});
  ASSERT_EQ(run.status, 0) << run.err;
  const auto result = nlohmann::json::parse(content(folder.path() + "/out/result.json"));
  EXPECT_EQ(result["total"]["check"]["outputs_compared"], 280650U);
  EXPECT_EQ(result["total"]["check"]["mismatches"], 0U);
  EXPECT_GT(result["total"]["energy"]["components"]["mac"]["energy"], 0.0);
}

TEST(Extending, AttentionInTheTypeGivesTheGoldenWords) {
  const validation::TemporaryFolder folder;
  const support::ProgramRun run = extended({"run", "--platform", kExample + ".yaml", "--workload",
                                            kSources + "/tests/support/attention.yaml", "--tensors",
                                            "float", "--out", folder.path() + "/out"});
  ASSERT_EQ(run.status, 0) << run.err;
  const auto result = nlohmann::json::parse(content(folder.path() + "/out/result.json"));
  EXPECT_EQ(result["total"]["check"]["outputs_compared"], 4446U);
  EXPECT_EQ(result["total"]["check"]["mismatches"], 0U);
}

TEST(Extending, APassInVerilogIsThatOfTheEngine) {
  ROWAN_NEED_TOOL("iverilog");
  const validation::TemporaryFolder folder;
  std::ofstream(folder.path() + "/small.yaml")
      << content(kExample + ".yaml") << "\narray: {rows: 3, columns: 4}\n";
  const std::string out = folder.path() + "/rtl";
  const support::ProgramRun run =
      extended({"rtl", "--platform", folder.path() + "/small.yaml", "--workload", "resnet20",
                "--layer", "CONV4_1B", "--out", out});
  ASSERT_EQ(run.status, 0) << run.err;
  // Seeded words, made for 16 bits, would leave hardly any psum but 0 and -1.
  std::istringstream psums(content(out + "/images/psums.hex"));
  std::set<std::string> words;
  for (std::string line; psums >> line;) words.insert(line.substr(16));
  EXPECT_GT(words.size(), 100U);
  const std::string report = validation::run_tool("/usr/bin/make", {"-C", out, "iverilog"});
  EXPECT_TRUE(report.find("PASS: ") != std::string::npos) << report.substr(0, 4000);
  EXPECT_EQ(report.find("warning"), std::string::npos) << report.substr(0, 4000);
}

}  // namespace
}  // namespace rowan
