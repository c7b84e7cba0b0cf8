// SPDX-License-Identifier: Apache-2.0
//
// The Verilog machine, simulated by Verilator, against the SystemC modules: random passes of random
// layers on a table of configurations; every psum word, its cycle, and the counters.

#include <filesystem>
#include <iostream>
#include <stdexcept>

#include <gtest/gtest.h>
#include <unistd.h>

#include "models/hardware/pass_bench.h"
#include "models/rtl/check.h"
#include "models/rtl/sources.h"
#include "models/spec/check.h"
#include "sim/engine/pass_images.h"
#include "tests/support/forked.h"
#include "tests/support/rtl_case.h"
#include "tests/support/verilated_model.h"

namespace rowan {
namespace {

namespace fs = std::filesystem;

constexpr char kVerilator[] = ROWAN_VERILATOR;
const std::string kRtl = std::string(ROWAN_SOURCE_DIR) + "/models/rtl";

support::VerilatedModel build(const support::RtlConfiguration& configuration) {
  return {kVerilator, ROWAN_CCACHE, std::string(ROWAN_RTL_BUILD) + "/" + configuration.name,
          rtl::source_files(kRtl, configuration.spec, configuration.tables, "")};
}

/// A folder that goes with the test.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("rowan_rtl_test_" + std::to_string(getpid()))) {
    fs::create_directories(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

/// Puts the images of a case on an array of `spec` into a folder. SystemC elaborates once per
/// process: the work is a child's.
void write_images(const std::string& folder, const support::RtlCase& test,
                  const spec::AcceleratorSpec& spec) {
  const std::string failure = support::run_forked([&] {
    hardware::PassBench bench(spec);
    const sim::PassImages images =
        sim::make_pass_images(bench, spec, test.buffers, test.mac, test.state);
    support::write_files(folder, {{"configuration.hex", images.configuration},
                                  {"psums.hex", images.psums},
                                  {"counters.hex", images.counters}});
    return std::string();
  });
  if (!failure.empty()) throw std::runtime_error(failure);
}

/// Random passes of random layers, until five differ.
void expect_no_difference(const support::RtlConfiguration& configuration, std::uint64_t first_seed,
                          std::uint64_t count) {
  ASSERT_TRUE(spec::check(configuration.spec).empty()) << configuration.name;
  ASSERT_TRUE(rtl::check(configuration.spec).empty()) << configuration.name;
  const support::VerilatedModel model = build(configuration);
  const Folder folder;
  unsigned different = 0;
  std::uint64_t with_psums = 0;
  for (std::uint64_t seed = first_seed; seed < first_seed + count && different < 5; ++seed) {
    const support::RtlCase test = support::random_rtl_case(configuration, seed);
    write_images(folder.path(), test, configuration.spec);
    const std::string report = model.check(folder.path(), seed);
    if (test.state.pass.shape->reads_psums) ++with_psums;
    if (support::passed(report)) continue;
    ++different;
    ADD_FAILURE() << configuration.name << " seed " << seed << "\n"
                  << test.describe() << "\n"
                  << report.substr(0, 4000);
  }
  std::cout << configuration.name << ": " << count << " passes, " << with_psums
            << " of them on the psums of others\n";
  EXPECT_GT(with_psums, 0U);
}

class Cosimulation : public testing::TestWithParam<support::RtlConfiguration> {
 protected:
  void SetUp() override {
    if (kVerilator[0] == '\0') GTEST_SKIP() << "verilator is not installed";
  }
};

TEST_P(Cosimulation, DiffersInNoWordAndNoCycle) { expect_no_difference(GetParam(), 1, 18); }

TEST_P(Cosimulation, DiffersInNoWordAndNoCycleInManyPassesNightly) {
  expect_no_difference(GetParam(), 1000, 500);
}

INSTANTIATE_TEST_SUITE_P(Rtl, Cosimulation, testing::ValuesIn(support::rtl_configurations()),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace rowan
