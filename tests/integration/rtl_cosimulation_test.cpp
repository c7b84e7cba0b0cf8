// SPDX-License-Identifier: Apache-2.0
//
// The Verilog machine, simulated by Verilator, against the SystemC modules: random passes of random
// layers on a table of configurations; every psum word, its cycle, and the counters.

#include <iostream>

#include <gtest/gtest.h>

#include "models/rtl/check.h"
#include "models/spec/check.h"
#include "tests/support/cosimulation.h"

namespace rowan {
namespace {

/// Random passes of random layers, until five differ.
void expect_no_difference(const support::RtlConfiguration& configuration, std::uint64_t first_seed,
                          std::uint64_t count) {
  ASSERT_TRUE(spec::check(configuration.spec).empty()) << configuration.name;
  ASSERT_TRUE(rtl::check(configuration.spec).empty()) << configuration.name;
  const support::VerilatedModel model = support::verilated(configuration);
  const support::TestFolder folder;
  unsigned different = 0;
  std::uint64_t with_psums = 0;
  for (std::uint64_t seed = first_seed; seed < first_seed + count && different < 5; ++seed) {
    const support::RtlCase test = support::random_rtl_case(configuration, seed);
    support::write_images(folder.path(), test, configuration.spec);
    const std::string report = model.check(folder.path(), seed);
    if (test.state.pass.shape->reads_psums) ++with_psums;
    if (support::passed(report)) continue;
    ++different;
    ADD_FAILURE() << configuration.name << " seed " << seed << "\n"
                  << test.describe() << "\n"
                  << report.substr(0, 4000);
  }
  std::cout << configuration.name << ": " << count << " passes, " << with_psums
            << " of them on the psums of others" << std::endl;
  if (!configuration.layer) {
    EXPECT_GT(with_psums, 0U);
  }
}

class Cosimulation : public testing::TestWithParam<support::RtlConfiguration> {};

TEST_P(Cosimulation, DiffersInNoWordAndNoCycle) {
  ROWAN_NEED_TOOL(ROWAN_VERILATOR, "verilator");
  expect_no_difference(GetParam(), 1, 18);
}

TEST_P(Cosimulation, DiffersInNoWordAndNoCycleInManyPassesNightly) {
  ROWAN_NEED_TOOL(ROWAN_VERILATOR, "verilator");
  expect_no_difference(GetParam(), 1000, 500);
}

INSTANTIATE_TEST_SUITE_P(Rtl, Cosimulation, testing::ValuesIn(support::rtl_configurations()),
                         [](const auto& test) { return test.param.name; });

TEST(CosimulationOfRandomMachines, DiffersInNoWordAndNoCycleNightly) {
  ROWAN_NEED_TOOL(ROWAN_VERILATOR, "verilator");
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    expect_no_difference(support::random_rtl_configuration(seed), 1, 10);
  }
}

}  // namespace
}  // namespace rowan
