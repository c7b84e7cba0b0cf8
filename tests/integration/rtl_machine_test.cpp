// SPDX-License-Identifier: Apache-2.0
//
// What `rowan rtl` writes, in the hands of other tools; and that a wrong machine, or wrong
// expectations, are found out.

#include <algorithm>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/cli_fixture.h"
#include "tests/support/cosimulation.h"

namespace rowan {
namespace {

using support::RtlConfiguration;

const std::string kVerilog = std::string(ROWAN_SOURCE_DIR) + "/models/rtl/verilog";
const std::string kTests = std::string(ROWAN_SOURCE_DIR) + "/tests/rtl";

RtlConfiguration configuration_of(const std::string& name) {
  for (RtlConfiguration& configuration : support::rtl_configurations()) {
    if (configuration.name == name) return configuration;
  }
  throw std::logic_error("no configuration " + name);
}

/// The reports of passes on `model`, expected as an array of `expected` would do them.
bool any_difference(const support::VerilatedModel& model, const RtlConfiguration& configuration,
                    const spec::AcceleratorSpec& expected) {
  const support::TestFolder folder;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    support::write_images(folder.path(), support::random_rtl_case(configuration, seed), expected);
    if (!support::passed(model.check(folder.path(), seed))) return true;
  }
  return false;
}

struct Mutation {
  const char* name;
  const char* file;
  const char* from;
  const char* to;
};

class WrongMachine : public testing::TestWithParam<Mutation> {};

TEST_P(WrongMachine, IsFoundOut) {
  ROWAN_NEED_TOOL(ROWAN_VERILATOR, "verilator");
  const Mutation& mutation = GetParam();
  const RtlConfiguration configuration = configuration_of("int8_saturating");
  std::vector<rtl::SourceFile> sources = support::sources_of(configuration);
  const auto file =
      std::find_if(sources.begin(), sources.end(),
                   [&](const rtl::SourceFile& source) { return source.name == mutation.file; });
  ASSERT_NE(file, sources.end());
  file->content = support::replaced(file->content, mutation.from, mutation.to);
  const support::VerilatedModel model =
      support::verilated(std::string("wrong_") + mutation.name, sources);
  EXPECT_TRUE(any_difference(model, configuration, configuration.spec));
}

constexpr Mutation kMutations[] = {
    {"multiply_stage", "rowan_array.v", ".MULTIPLY_LATENCY(MULTIPLY_LATENCY)",
     ".MULTIPLY_LATENCY(MULTIPLY_LATENCY + 1)"},
    {"fifo_depth", "rowan_array.v", ".IFMAP_FIFO_WORDS(IFMAP_FIFO_WORDS)",
     ".IFMAP_FIFO_WORDS(IFMAP_FIFO_WORDS + 1)"},
    {"overflow", "rowan_array.v", ".SATURATE(SATURATE)", ".SATURATE(0)"},
};

INSTANTIATE_TEST_SUITE_P(Rtl, WrongMachine, testing::ValuesIn(kMutations),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(WrongExpectation, IsFoundOut) {
  ROWAN_NEED_TOOL(ROWAN_VERILATOR, "verilator");
  const RtlConfiguration configuration = configuration_of("int8_saturating");
  const support::VerilatedModel model = support::verilated(configuration);
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
  ROWAN_NEED_TOOL(ROWAN_IVERILOG, "iverilog");
  const support::TestFolder folder;
  const std::string program = folder.path() + "/one_pe_pass.vvp";
  std::vector<std::string> arguments{"-g2005", "-s",    "one_pe_pass",
                                     "-o",     program, kTests + "/one_pe_pass.v"};
  const auto modules = module_files();
  arguments.insert(arguments.end(), modules.begin(), modules.end());
  static_cast<void>(support::run_tool(ROWAN_IVERILOG, arguments));
  const support::fs::path tools = support::fs::path(ROWAN_IVERILOG).parent_path();
  const std::string report = support::run_tool((tools / "vvp").string(), {"-n", program});
  EXPECT_TRUE(support::passed(report)) << report;
}

TEST(Fp32Units, AgreeWithTheProcessor) {
  ROWAN_NEED_TOOL(ROWAN_VERILATOR, "verilator");
  const support::TestFolder folder;
  static_cast<void>(support::run_tool(
      ROWAN_VERILATOR,
      {"--cc", "--exe", "--build", "-O3", "--top-module", "fp32_units", "-Mdir", folder.path(),
       "-y", kVerilog, kTests + "/fp32_units.v", kTests + "/fp32_units.cpp"}));
  const std::string report = support::run_tool(folder.path() + "/Vfp32_units", {"1000000"});
  EXPECT_TRUE(support::passed(report)) << report;
}

TEST(WrittenMachine, HasNoWarningsOfVerilator) {
  ROWAN_NEED_TOOL(ROWAN_VERILATOR, "verilator");
  for (const RtlConfiguration& configuration : support::rtl_configurations()) {
    SCOPED_TRACE(configuration.name);
    const support::TestFolder folder;
    const auto sources = support::sources_of(configuration);
    support::write_files(folder.path(), sources);
    std::vector<std::string> arguments{"--lint-only", "-Wall", "--top-module", "rowan_top"};
    for (const rtl::SourceFile& file : sources) {
      if (file.name.rfind("rowan_", 0) == 0) arguments.push_back(folder.path() + "/" + file.name);
    }
    try {
      EXPECT_EQ(support::run_tool(ROWAN_VERILATOR, arguments), "");
    } catch (const std::runtime_error& error) {
      ADD_FAILURE() << std::string(error.what()).substr(0, 4000);
    }
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
    return support::run_tool("/usr/bin/make", {"-C", path("rtl"), target});
  }
};

TEST_F(Rtl, ChecksItselfWithVerilator) {
  ROWAN_NEED_TOOL(ROWAN_VERILATOR, "verilator");
  write("platform.yaml",
        support::replaced(support::replaced(support::kPlatform, "rows: 4", "rows: 3"), "columns: 5",
                          "columns: 2"));
  write_small("1");
  EXPECT_TRUE(support::contains(make("verilator"), "PASS: "));
  EXPECT_NO_THROW(static_cast<void>(make("lint")));
}

TEST_F(Rtl, ChecksItselfWithIcarus) {
  ROWAN_NEED_TOOL(ROWAN_IVERILOG, "iverilog");
  write_small("0");
  EXPECT_TRUE(support::contains(make("iverilog"), "PASS: "));
}

TEST_F(Rtl, HasNoLatchesAndNoOpenOrDoublyDrivenWires) {
  ROWAN_NEED_TOOL(ROWAN_YOSYS, "yosys");
  write("platform.yaml",
        support::replaced(support::replaced(support::kPlatform, "rows: 4", "rows: 3"), "columns: 5",
                          "columns: 2"));
  write_small("0");
  EXPECT_NO_THROW(static_cast<void>(make("yosys")));
}

TEST_F(Rtl, CarriesOutPassesOfAlexnetOnTheChip) {
  ROWAN_NEED_TOOL(ROWAN_VERILATOR, "verilator");
  const support::VerilatedModel model = support::verilated(configuration_of("eyeriss"));
  for (const char* pass : {"0", "9"}) {
    const support::ProgramRun run =
        rowan({"rtl", "--platform", "eyeriss", "--layer", "CONV3", "--workload", "alexnet",
               "--pass", pass, "--out", path(std::string("pass_") + pass)});
    ASSERT_EQ(run.status, 0) << run.err;
    const std::string report = model.check(path(std::string("pass_") + pass + "/images"), 1);
    EXPECT_TRUE(support::passed(report)) << report.substr(0, 4000);
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
  EXPECT_TRUE(support::contains(refused({"--layer", "C"}), "--layer"));
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

}  // namespace
}  // namespace rowan
