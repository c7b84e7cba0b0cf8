// SPDX-License-Identifier: Apache-2.0
//
// The program `cosimulate`, and what it draws for platforms of any size.

#include <csignal>
#include <regex>
#include <string>

#include <gtest/gtest.h>

#include "models/spec/check.h"
#include "models/spec/platform_file.h"
#include "tests/rtl/need_tool.h"
#include "tests/support/cli_fixture.h"
#include "validation/rtl/cosimulation.h"

namespace rowan {
namespace {

/// The program of validation/rtl.
class Cosimulate : public support::Cli {
 protected:
  /// With another PATH, if it is not empty.
  [[nodiscard]] support::ProgramRun cosimulate(const support::Words& arguments,
                                               const std::string& search = "") const {
    support::Words words{search.empty() ? "ROWAN=" : "PATH=" + search, ROWAN_COSIMULATE_EXECUTABLE};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return support::run_program("/usr/bin/env", words);
  }
  /// A verilator on PATH whose models print `report`.
  void write_verilator(const std::string& report) const {
    write("verilator",
          "#!/bin/bash\nwhile [ \"$1\" != -Mdir ]; do shift; done\nmkdir -p \"$2\"\n"
          "printf '#!/bin/bash\\necho \"" +
              report +
              "\"\\n' > \"$2/Vpass_check\"\n"
              "chmod +x \"$2/Vpass_check\"\n");
    support::fs::permissions(path("verilator"), support::fs::perms::owner_all);
  }
};

TEST_F(Cosimulate, PrintsWhatItHasComparedAndThatNothingDiffers) {
  ROWAN_NEED_TOOL("verilator");
  write("platform.yaml",
        support::replaced(support::replaced(support::kPlatform, "rows: 4", "rows: 2"), "columns: 5",
                          "columns: 2"));
  const support::ProgramRun run =
      cosimulate({"--platform", path("platform.yaml"), "--cases", "3", "--seed", "7"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_TRUE(std::regex_search(run.out, std::regex("\n +passes +3\n"))) << run.out;
  EXPECT_TRUE(std::regex_search(run.out, std::regex("\n +passes that differ +0\n"))) << run.out;
  // Of a pass: six causes of four PEs, packets of four networks and blocked cycles of three.
  EXPECT_TRUE(std::regex_search(run.out, std::regex("counters +93\n"))) << run.out;
}

TEST_F(Cosimulate, ExitsWithOneAndSaysWhereWhenAPassDiffers) {
  write_verilator("FAIL: cycle 12: word 3");
  const support::ProgramRun run =
      cosimulate({"--platform", path("platform.yaml"), "--cases", "2", "--seed", "7"},
                 path("") + ":/usr/bin:/bin");
  EXPECT_EQ(run.status, 1) << run.err;
  EXPECT_TRUE(std::regex_search(run.out, std::regex("\n +passes that differ +2\n"))) << run.out;
  EXPECT_TRUE(support::contains(run.out, "small seed 7\n")) << run.out;
  EXPECT_TRUE(support::contains(run.out, "small seed 8\n")) << run.out;
  EXPECT_TRUE(support::contains(run.out, "FAIL: cycle 12: word 3")) << run.out;
}

TEST_F(Cosimulate, PassThatTheModelDoesNotSurviveDiffersAndIsNamed) {
  write_verilator("FAIL: soon\"; kill -SEGV $$; echo \"");
  write("platform.yaml", support::replaced(support::kPlatform, "columns: 5", "columns: 3"));
  const support::ProgramRun run =
      cosimulate({"--platform", path("platform.yaml"), "--cases", "9", "--seed", "7"},
                 path("") + ":/usr/bin:/bin");
  EXPECT_EQ(run.status, 1) << run.err;
  EXPECT_TRUE(std::regex_search(run.out, std::regex("\n +passes that differ +5\n"))) << run.out;
  EXPECT_TRUE(support::contains(run.out, "\nsmall seed 7\nseed 7")) << run.out;
  EXPECT_TRUE(support::contains(run.out, "exit status -1\nFAIL: soon\n")) << run.out;
}

TEST_F(Cosimulate, PassOfOtherLengthThanTheEnginesDiffers) {
  write_verilator("PASS: 1 psum words, 1 cycles");
  write("platform.yaml", support::replaced(support::kPlatform, "columns: 5", "columns: 4"));
  const support::ProgramRun run = cosimulate({"--platform", path("platform.yaml"), "--cases", "1"},
                                             path("") + ":/usr/bin:/bin");
  EXPECT_EQ(run.status, 1) << run.out << run.err;
}

TEST_F(Cosimulate, InterruptLeavesNoTemporaryFolder) {
  write_verilator("PASS: soon\"; sleep 0.3; echo \"");
  write("platform.yaml", support::replaced(support::kPlatform, "columns: 5", "columns: 6"));
  support::fs::create_directories(path("temporary"));
  const auto empty = [&] { return support::fs::is_empty(path("temporary")); };
  for (const int signal : {SIGINT, SIGTERM}) {
    support::RunningProgram program(
        "/usr/bin/env", {"TMPDIR=" + path("temporary"), "PATH=" + path("") + ":/usr/bin:/bin",
                         ROWAN_COSIMULATE_EXECUTABLE, "--platform", path("platform.yaml")});
    for (unsigned i = 0; i < 100'000 && empty(); ++i) usleep(100);
    EXPECT_FALSE(empty());
    program.send(signal);
    EXPECT_EQ(program.wait().status, -1);
    EXPECT_TRUE(empty());
  }
}

TEST_F(Cosimulate, WrongInputAndAMissingVerilatorAreRefused) {
  const auto refused = [&](const support::Words& words, const std::string& search = "") {
    const support::ProgramRun run = cosimulate(words, search);
    EXPECT_EQ(run.status, 2);
    EXPECT_EQ(run.out, "");
    return run.err;
  };
  EXPECT_EQ(refused({}), "cosimulate: --platform: is missing\n");
  EXPECT_EQ(refused({"--platform", path("platform.yaml"), "--case", "1"}),
            "cosimulate: unknown option '--case' (did you mean '--cases'?)\n");
  EXPECT_EQ(refused({"--platform", path("platform.yaml"), "--cases", "0"}),
            "cosimulate: --cases: 0 is out of range, 1 to 1000000\n");
  EXPECT_EQ(refused({"--platform", path("platform.yaml")}, path("")),
            "cosimulate: verilator is not installed (it is not on PATH)\n");
  write("platform.yaml", std::string(support::kPlatform) +
                             "pe:\n  type: int4\n  filter_fifo: {depth_words: 1024}\nfilter_gin: "
                             "{width_bits: 4096}\n");
  EXPECT_TRUE(
      support::contains(refused({"--platform", path("platform.yaml")}),
                        "platform 'small' cannot be written as RTL: filter_gin.width_bits"));
}

TEST_F(Cosimulate, PlatformWithoutALegalMappingIsRefusedBeforeTheMachineIsBuilt) {
  // Two tiles of at least a bank for ifmaps and one for psums do not fit three banks.
  write("platform.yaml", std::string(support::kPlatform) +
                             "global_buffer: {banks: 3}\ndram: {overlap: double_buffer}\n");
  const support::ProgramRun run =
      cosimulate({"--platform", path("platform.yaml"), "--seed", "7"}, path(""));
  EXPECT_EQ(run.status, 2);
  EXPECT_EQ(run.err,
            "cosimulate: platform 'small' cannot be cosimulated: with seed 7, of 100000 drawn "
            "layers and mappings none is legal on it and small enough\n");
}

TEST(RandomRtlCase, IsFoundForAnArrayWhoseLeastPassIsManyCyclesOfItsPes) {
  validation::RtlConfiguration configuration;
  configuration.spec = spec::load_platform(ROWAN_SOURCE_DIR "/platforms/eyeriss.yaml");
  spec::AcceleratorSpec& spec = configuration.spec;
  spec.array = {128, 128};
  for (spec::GinSpec* gin : {&spec.ifmap_gin, &spec.filter_gin, &spec.psum_gin}) {
    gin->row_id_bits = 8;
    gin->column_id_bits = 8;
  }
  ASSERT_TRUE(spec::check(spec).empty());
  const validation::RtlCase test = validation::random_rtl_case(configuration, 1);
  EXPECT_EQ(test.layer.accelerator.array.rows, 128U);
}

}  // namespace
}  // namespace rowan
