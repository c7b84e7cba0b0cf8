// SPDX-License-Identifier: Apache-2.0
//
// The Verilog machine, simulated by Verilator, against the SystemC modules: random passes of random
// layers on a table of configurations; every psum word, its cycle, and the counters.

#include <iostream>

#include <gtest/gtest.h>

#include "models/rtl/check.h"
#include "models/spec/check.h"
#include "tests/rtl/need_tool.h"
#include "validation/rtl/cosimulation.h"

namespace rowan {
namespace {

void expect_no_difference(const validation::RtlConfiguration& configuration,
                          validation::Seeds seeds) {
  ASSERT_TRUE(spec::check(configuration.spec).empty()) << configuration.name;
  ASSERT_TRUE(rtl::check(configuration.spec).empty()) << configuration.name;
  const validation::Comparison comparison = validation::compare(
      validation::verilated(configuration), configuration, configuration.spec, seeds);
  for (const std::string& difference : comparison.differences) ADD_FAILURE() << difference;
  std::cout << configuration.name << ": " << comparison.passes << " passes, "
            << comparison.passes_on_psums << " of them on the psums of others" << std::endl;
  if (!configuration.layer) {
    EXPECT_GT(comparison.passes_on_psums, 0U);
  }
}

class Cosimulation : public testing::TestWithParam<validation::RtlConfiguration> {};

TEST_P(Cosimulation, DiffersInNoWordAndNoCycle) {
  ROWAN_NEED_TOOL("verilator");
  expect_no_difference(GetParam(), {1, 18});
}

TEST_P(Cosimulation, DiffersInNoWordAndNoCycleInManyPassesNightly) {
  ROWAN_NEED_TOOL("verilator");
  expect_no_difference(GetParam(), {1000, 500});
}

INSTANTIATE_TEST_SUITE_P(Rtl, Cosimulation, testing::ValuesIn(validation::rtl_configurations()),
                         [](const auto& test) { return test.param.name; });

TEST(CosimulationOfRandomMachines, DiffersInNoWordAndNoCycleNightly) {
  ROWAN_NEED_TOOL("verilator");
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    expect_no_difference(validation::random_rtl_configuration(seed), {1, 10});
  }
}

}  // namespace
}  // namespace rowan
