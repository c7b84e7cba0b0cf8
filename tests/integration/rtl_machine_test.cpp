// SPDX-License-Identifier: Apache-2.0
//
// What `rowan rtl` writes, in the hands of other tools; and that a wrong machine, or wrong
// expectations, are found out.

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/rtl/need_tool.h"
#include "tests/support/cli_fixture.h"
#include "validation/rtl/cosimulation.h"
#include "validation/rtl/tools.h"

namespace rowan {
namespace {

using validation::RtlConfiguration;

const std::string kVerilog = std::string(ROWAN_SOURCE_DIR) + "/models/rtl/verilog";
const std::string kTests = std::string(ROWAN_SOURCE_DIR) + "/tests/rtl";

RtlConfiguration configuration_of(const std::string& name) {
  for (RtlConfiguration& configuration : validation::rtl_configurations()) {
    if (configuration.name == name) return configuration;
  }
  throw std::logic_error("no configuration " + name);
}

rtl::SourceFile& file_of(std::vector<rtl::SourceFile>& sources, const std::string& name) {
  for (rtl::SourceFile& file : sources) {
    if (file.name == name) return file;
  }
  throw std::logic_error("no file " + name);
}

/// Whether passes on `model` differ from what an array of `expected` does.
bool any_difference(const validation::VerilatedModel& model, const RtlConfiguration& configuration,
                    const spec::AcceleratorSpec& expected) {
  const auto differences = validation::compare(model, configuration, expected, {1, 10}).differences;
  for (const std::string& difference : differences) {
    EXPECT_TRUE(support::contains(difference, "FAIL: ") || support::contains(difference, "PASS: "))
        << difference;  // no comparison, that is
  }
  return !differences.empty();
}

struct Mutation {
  const char* name;
  const char* file;
  const char* from;
  const char* to;
};

class WrongMachine : public testing::TestWithParam<Mutation> {};

TEST_P(WrongMachine, IsFoundOut) {
  ROWAN_NEED_TOOL("verilator");
  const Mutation& mutation = GetParam();
  // Of those that saturate the one that takes least to build.
  const RtlConfiguration configuration = configuration_of("saturating_one_column");
  std::vector<rtl::SourceFile> sources = validation::sources_of(configuration);
  rtl::SourceFile& file = file_of(sources, mutation.file);
  file.content = support::replaced(file.content, mutation.from, mutation.to);
  const validation::VerilatedModel model(std::string("wrong_") + mutation.name, sources);
  EXPECT_TRUE(any_difference(model, configuration, configuration.spec));
}

constexpr Mutation kMutations[] = {
    {"multiply_stage", "rowan_array.v", ".MULTIPLY_LATENCY(MULTIPLY_LATENCY)",
     ".MULTIPLY_LATENCY(MULTIPLY_LATENCY + 1)"},
    {"fifo_depth", "rowan_array.v", ".IFMAP_FIFO_WORDS(IFMAP_FIFO_WORDS)",
     ".IFMAP_FIFO_WORDS(IFMAP_FIFO_WORDS + 1)"},
    {"overflow", "rowan_array.v", ".SATURATE(SATURATE)", ".SATURATE(1 - SATURATE)"},
    {"start", "rowan_controller.v", "running <= start && !reset", "running <= start && reset"},
};

INSTANTIATE_TEST_SUITE_P(Rtl, WrongMachine, testing::ValuesIn(kMutations),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(WrongExpectation, IsFoundOut) {
  ROWAN_NEED_TOOL("verilator");
  const RtlConfiguration configuration = configuration_of("int8_saturating");
  const validation::VerilatedModel model = validation::verilated(configuration);
  EXPECT_FALSE(any_difference(model, configuration, configuration.spec));
  const auto found_out = [&](auto change) {
    spec::AcceleratorSpec other = configuration.spec;
    change(other);
    return any_difference(model, configuration, other);
  };
  EXPECT_TRUE(found_out([](auto& spec) { spec.pe.accumulate_latency = Cycles(3); }));
  EXPECT_TRUE(found_out([](auto& spec) { spec.gon.latency = Cycles(2); }));
  EXPECT_TRUE(found_out([](auto& spec) { spec.pe.ifmap_fifo.depth = Words(3); }));
}

/// Modules of the machine, as files.
std::vector<std::string> module_files() {
  std::vector<std::string> files;
  for (const auto& entry : support::fs::directory_iterator(kVerilog)) {
    files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

TEST(SmallestPass, TakesTheCyclesWorkedOutByHand) {
  ROWAN_NEED_TOOL("iverilog");
  const validation::TemporaryFolder folder;
  const std::string program = folder.path() + "/one_pe_pass.vvp";
  std::vector<std::string> arguments{
      "-g2005", "-Wall", "-s", "one_pe_pass", "-o", program, kTests + "/one_pe_pass.v"};
  const auto modules = module_files();
  arguments.insert(arguments.end(), modules.begin(), modules.end());
  EXPECT_EQ(validation::run_tool(validation::find_tool("iverilog"), arguments), "");
  const std::string report = validation::run_tool(validation::find_tool("vvp"), {"-n", program});
  EXPECT_TRUE(validation::passed(report)) << report;
}

TEST(Fp32Units, AgreeWithTheProcessor) {
  ROWAN_NEED_TOOL("verilator");
  const validation::TemporaryFolder folder;
  static_cast<void>(validation::run_tool(
      "/usr/bin/env", {"OBJCACHE=" + validation::find_tool("ccache"), "verilator", "--cc", "--exe",
                       "--build", "-O3", "--top-module", "fp32_units", "-Mdir", folder.path(), "-y",
                       kVerilog, kTests + "/fp32_units.v", kTests + "/fp32_units.cpp"}));
  const std::string report = validation::run_tool(folder.path() + "/Vfp32_units", {"1000000"});
  EXPECT_TRUE(validation::passed(report)) << report;
}

// All machines of the cosimulation are built so.
TEST(WrittenMachine, IsNotBuiltWithAWarningOfVerilator) {
  ROWAN_NEED_TOOL("verilator");
  std::vector<rtl::SourceFile> sources = validation::sources_of(configuration_of("one_pe"));
  rtl::SourceFile& file = file_of(sources, "rowan_pe.v");
  file.content = support::replaced(file.content, "endmodule", "wire unread = clock;\nendmodule");
  try {
    const validation::VerilatedModel model("wrong_warning", sources);
    FAIL();
  } catch (const std::runtime_error& error) {
    EXPECT_TRUE(support::contains(error.what(), "%Warning-UNUSEDSIGNAL")) << error.what();
  }
}

class Rtl : public support::Cli {
 protected:
  /// Writes layer A of the small network on the small platform.
  void write_small(const std::string& pass) const {
    const support::ProgramRun run = rowan(
        {"rtl", "--platform", path("platform.yaml"), "--workload", path("workload.yaml"), "--layer",
         "A", "--mapping", path("mapping.yaml"), "--pass", pass, "--out", path("rtl")});
    ASSERT_EQ(run.status, 0) << run.err;
  }
  [[nodiscard]] std::string make(const std::string& target) const {
    return validation::run_tool(
        "/usr/bin/make",
        {"-C", path("rtl"), "OBJCACHE=" + validation::find_tool("ccache"), target});
  }
};

TEST_F(Rtl, ChecksItselfWithVerilator) {
  ROWAN_NEED_TOOL("verilator");
  write("platform.yaml",
        support::replaced(support::replaced(support::kPlatform, "rows: 4", "rows: 3"), "columns: 5",
                          "columns: 2"));
  write_small("1");
  EXPECT_TRUE(support::contains(make("verilator"), "PASS: "));
  EXPECT_NO_THROW(static_cast<void>(make("lint")));
}

TEST_F(Rtl, ChecksItselfWithIcarusAndWithoutAWarning) {
  ROWAN_NEED_TOOL("iverilog");
  write_small("0");
  const std::string report = make("iverilog");
  EXPECT_TRUE(support::contains(report, "PASS: ")) << report;
  EXPECT_FALSE(support::contains(report, "warning")) << report;
}

TEST_F(Rtl, HasNoLatchesAndNoOpenOrDoublyDrivenWires) {
  ROWAN_NEED_TOOL("yosys");
  write("platform.yaml",
        support::replaced(support::replaced(support::kPlatform, "rows: 4", "rows: 3"), "columns: 5",
                          "columns: 2"));
  write_small("0");
  EXPECT_NO_THROW(static_cast<void>(make("yosys")));
}

TEST_F(Rtl, CarriesOutPassesOfAlexnetOnTheChip) {
  ROWAN_NEED_TOOL("verilator");
  const validation::VerilatedModel model = validation::verilated(configuration_of("eyeriss"));
  for (const char* pass : {"0", "9"}) {
    const support::ProgramRun run =
        rowan({"rtl", "--platform", "eyeriss", "--layer", "CONV3", "--workload", "alexnet",
               "--pass", pass, "--out", path(std::string("pass_") + pass)});
    ASSERT_EQ(run.status, 0) << run.err;
    const std::string report = model.check(path(std::string("pass_") + pass + "/images"), 1);
    EXPECT_TRUE(validation::passed(report)) << report.substr(0, 4000);
    EXPECT_TRUE(support::contains(report, "PASS: 43264 psum words, ")) << report.substr(0, 4000);
  }
}

TEST_F(Rtl, UnsupportedPlatformIsRefusedByItsParameter) {
  write("platform.yaml", std::string(support::kPlatform) +
                             "pe:\n  type: int4\n  filter_fifo: {depth_words: 1024}\nfilter_gin: "
                             "{width_bits: 4096}\n");
  const std::string message =
      refusal(rowan({"rtl", "--platform", path("platform.yaml"), "--out", path("rtl")}));
  EXPECT_EQ(message,
            "platform 'small' cannot be written as RTL: filter_gin.width_bits: 1024 words of a "
            "packet are more than 255, what the RTL's packet tables can name");
  EXPECT_FALSE(support::fs::exists(path("rtl")));
}

TEST_F(Rtl, PassesAndLayersThatAreNotThereAreRefused) {
  const auto refused = [&](const support::Words& more) {
    support::Words words{"rtl",        "--platform",          path("platform.yaml"),
                         "--workload", path("workload.yaml"), "--out",
                         path("rtl")};
    words.insert(words.end(), more.begin(), more.end());
    return refusal(rowan(words));
  };
  EXPECT_EQ(refused({"--layer", "A", "--pass", "4000"}), "--pass: layer A has no pass 4000");
  EXPECT_EQ(refused({"--layer", "*"}), "--layer: 2 layers have such a name; a pass is of one");
  const std::string unknown = refused({"--layer", "C"});
  EXPECT_EQ(unknown.rfind("--layer: ", 0), 0U) << unknown;
  EXPECT_FALSE(support::fs::exists(path("rtl")));
}

TEST_F(Rtl, ReplacesAnEarlierFolderAndNoOther) {
  write_small("0");
  write_small("1");
  EXPECT_TRUE(support::contains(content("rtl/README.md"), "pass 1 of layer A"));
  write("rtl/notes.txt", "mine");
  const std::string message =
      refusal(rowan({"rtl", "--platform", path("platform.yaml"), "--workload",
                     path("workload.yaml"), "--out", path("rtl")}));
  EXPECT_TRUE(support::contains(message, "holds 'notes.txt'")) << message;
  EXPECT_TRUE(support::contains(content("rtl/README.md"), "pass 1 of layer A"));
}

TEST_F(Rtl, LayerThatTheRegistersCannotDescribeIsRefusedByName) {
  const std::string text =
      support::replaced(support::kWorkload, "height: 8, width: 8", "height: 9, width: 17");
  const std::string kernel = "    kernel: {height: 3, width: 3}\n";
  write("workload.yaml",
        support::replaced(text, kernel, kernel + "    stride: 3\n    dilation: 2\n"));
  const std::string message =
      refusal(rowan({"rtl", "--platform", path("platform.yaml"), "--workload",
                     path("workload.yaml"), "--layer", "A", "--out", path("rtl")}));
  EXPECT_EQ(message.rfind("layer A: the registers of the RTL cannot describe this pass", 0), 0U)
      << message;
  EXPECT_FALSE(support::fs::exists(path("rtl")));
}

TEST_F(Rtl, FolderIsLookedAtBeforeTheWork) {
  support::fs::create_directories(path("rtl"));
  write("rtl/notes.txt", "mine");
  const std::string message = refusal(
      rowan({"rtl", "--platform", path("platform.yaml"), "--workload", path("workload.yaml"),
             "--layer", "A", "--pass", "4000", "--out", path("rtl")}));
  EXPECT_TRUE(support::contains(message, "holds 'notes.txt'")) << message;
}

TEST_F(Rtl, InterruptWhileItWritesLeavesNoTemporaryFolder) {
  const auto writes = [&] {
    const std::vector<std::string> names = entries();
    return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
      return name == "rtl" || support::fs::exists(path(name + "/rowan_add.v"));
    });
  };
  for (const int signal : {SIGINT, SIGTERM}) {
    support::RunningProgram program(ROWAN_EXECUTABLE,
                                    {"rtl", "--platform", path("platform.yaml"), "--workload",
                                     path("workload.yaml"), "--layer", "A", "--out", path("rtl")});
    for (unsigned i = 0; i < 100'000 && !writes(); ++i) usleep(100);
    program.send(signal);
    // It may have ended before the signal.
    const int status = program.wait().status;
    EXPECT_TRUE(status == 130 || status == 0) << status;
    EXPECT_EQ(entries(),
              (std::vector<std::string>{"mapping.yaml", "platform.yaml", "rtl", "workload.yaml"}));
    support::fs::remove_all(path("rtl"));
  }
}

TEST_F(Rtl, ToolThatIsInstalledAfterTheBuildIsFound) {
  ASSERT_EQ(setenv("PATH", ("/nowhere::" + path("")).c_str(), 1), 0);
  EXPECT_EQ(validation::find_tool("yosys"), "");
  write("yosys", "no program yet");
  EXPECT_EQ(validation::find_tool("yosys"), "");
  support::fs::permissions(path("yosys"), support::fs::perms::owner_all);
  EXPECT_EQ(validation::find_tool("yosys"), path("yosys"));
}

TEST_F(Rtl, EntriesOfThePathThatCannotBeLookedIntoArePassedOver) {
  write("yosys", "#!/bin/sh\n");
  support::fs::permissions(path("yosys"), support::fs::perms::owner_all);
  const std::string too_long = "/" + std::string(1000, 'x');
  ASSERT_EQ(setenv("PATH", (too_long + ":" + path("platform.yaml") + ":" + path("")).c_str(), 1),
            0);
  EXPECT_EQ(validation::find_tool("yosys"), path("yosys"));
}

}  // namespace
}  // namespace rowan
