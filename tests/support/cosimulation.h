// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "models/hardware/pass_bench.h"
#include "models/rtl/sources.h"
#include "sim/engine/pass_images.h"
#include "tests/support/forked.h"
#include "tests/support/rtl_case.h"
#include "tests/support/verilated_model.h"

/// The Verilog machine beside the SystemC modules. For programs that know ROWAN_VERILATOR and so
/// on.
namespace rowan::support {

/// Skips a test whose tool is not installed.
#define ROWAN_NEED_TOOL(path, name) \
  if (std::string(path).empty()) GTEST_SKIP() << name << " is not installed"

[[nodiscard]] inline std::vector<rtl::SourceFile> sources_of(
    const RtlConfiguration& configuration) {
  return rtl::source_files(std::string(ROWAN_SOURCE_DIR) + "/models/rtl", configuration.spec,
                           configuration.tables, "");
}

/// Built in a folder of this name.
[[nodiscard]] inline VerilatedModel verilated(const std::string& name,
                                              const std::vector<rtl::SourceFile>& sources) {
  return {ROWAN_VERILATOR, ROWAN_CCACHE, std::string(ROWAN_RTL_BUILD) + "/" + name, sources};
}

[[nodiscard]] inline VerilatedModel verilated(const RtlConfiguration& configuration) {
  return verilated(configuration.name, sources_of(configuration));
}

/// A folder that goes with the test.
class TestFolder {
 public:
  TestFolder()
      : path_(std::filesystem::temp_directory_path() /
              ("rowan_rtl_test_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~TestFolder() { std::filesystem::remove_all(path_); }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

/// Puts the images of a case on an array of `spec` into a folder. SystemC elaborates once per
/// process: the work is a child's.
inline void write_images(const std::string& folder, const RtlCase& test,
                         const spec::AcceleratorSpec& spec) {
  static_cast<void>(run_forked([&] {
    hardware::PassBench bench(spec);
    const sim::PassImages images =
        sim::make_pass_images(bench, spec, test.buffers, test.mac, test.state);
    write_files(folder, {{"configuration.hex", images.configuration},
                         {"psums.hex", images.psums},
                         {"counters.hex", images.counters}});
    return std::string();
  }));
}

}  // namespace rowan::support
