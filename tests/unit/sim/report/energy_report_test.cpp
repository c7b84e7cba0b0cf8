// SPDX-License-Identifier: Apache-2.0
#include "sim/report/energy_report.h"

#include <gtest/gtest.h>

#include "tests/unit/sim/sample_result.h"

namespace rowan::sim {
namespace {

energy::EnergyBreakdown breakdown(const std::string& unit) {
  energy::EnergyBreakdown made;
  made.unit = unit;
  made.components = {{"mac", energy::Place::kOnChip, {}, Picojoules(3e6)},
                     {"gon", energy::Place::kOnChip, {}, Picojoules(0)},
                     {"dram", energy::Place::kOffChip, {}, Picojoules(1e6)}};
  made.on_chip = Picojoules(3e6);
  made.off_chip = Picojoules(1e6);
  made.total = Picojoules(4e6);
  return made;
}

std::string report(const std::string& unit) {
  Request request = sample_request();
  request.energy_table.emplace();
  request.energy_table->name = "mine";
  const PricedLayers priced{{breakdown(unit)}, breakdown(unit)};
  return energy_report(request, priced, {{"A", Cycles(1000)}}, Cycles(1000));
}

TEST(EnergyReport, HasSharesAndPower) {
  const std::string text = report("pJ");
  EXPECT_NE(text.find("Energy by table mine"), std::string::npos) << text;
  // 3 uJ in 1000 cycles of 10 ns; three quarters of the energy is the MACs'.
  EXPECT_NE(text.find("A       4.00     3.00    300.0   75.0    25.0\n"), std::string::npos)
      << text;
  EXPECT_EQ(text.find("gon"), std::string::npos) << text;
}

TEST(EnergyReport, RelativeEnergiesMakeNoPower) {
  const std::string text = report("mac");
  EXPECT_NE(text.find("in millions of the energy of a mac"), std::string::npos) << text;
  EXPECT_EQ(text.find("mW"), std::string::npos) << text;
}

}  // namespace
}  // namespace rowan::sim
