// SPDX-License-Identifier: Apache-2.0
#include "models/energy/energy_table.h"

#include <gtest/gtest.h>

#include "tests/support/input_error.h"

namespace rowan::energy {
namespace {

EnergyTable table_of(const std::vector<std::string>& names) {
  EnergyTable table;
  for (const std::string& name : names) {
    table.components.emplace_back().name = name;
    table.components.back().rows.resize(1);
  }
  return table;
}

TEST(EnergyTable, PlainNamesHaveNoRanges) {
  EXPECT_EQ(plain_name("system.chip.PE[0..167].ifmap-spad"), "system.chip.PE.ifmap_spad");
  EXPECT_EQ(plain_name("a.DRAM[1..1]"), "a.DRAM");
}

TEST(EnergyTable, ComponentsAreFoundByTheEndOfTheirNames) {
  const EnergyTable table = table_of({"chip.PE[0..3].mac", "chip.stomac"});
  EXPECT_EQ(find_component(table, "mac"), &table.components[0]);
  EXPECT_EQ(find_component(table, "PE.mac"), &table.components[0]);
  EXPECT_EQ(find_component(table, "chip.PE[0..3].mac"), &table.components[0]);
  EXPECT_EQ(find_component(table, "ac"), nullptr);
  EXPECT_EQ(find_component(table, "adder"), nullptr);
  EXPECT_EQ(short_names(table), (std::vector<std::string>{"mac", "stomac"}));
}

TEST(EnergyTable, ANameOfSeveralIsAnError) {
  const EnergyTable table = table_of({"large.mac", "small.mac"});
  EXPECT_EQ(support::input_error([&] { return find_component(table, "mac"); }),
            "both 'large.mac' and 'small.mac' are a 'mac'; say which in 'classes'");
  EXPECT_EQ(find_component(table, "small.mac"), &table.components[1]);
}

TEST(EnergyTable, AWholeNameGoesBeforeItsEnd) {
  const EnergyTable table = table_of({"large.mac", "small.mac", "mac"});
  EXPECT_EQ(find_component(table, "mac"), &table.components[2]);
}

TEST(EnergyTable, AComponentOfWhichOnlyTheAreaIsKnownPricesNothing) {
  EnergyTable table = table_of({"mac", "chip.mac"});
  table.components[0].rows.clear();
  EXPECT_EQ(find_component(table, "mac"), &table.components[1]);
}

}  // namespace
}  // namespace rowan::energy
