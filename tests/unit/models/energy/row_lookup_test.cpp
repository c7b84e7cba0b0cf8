// SPDX-License-Identifier: Apache-2.0
#include "models/energy/row_lookup.h"

#include <string>

#include <gtest/gtest.h>

namespace rowan::energy {
namespace {

ActionRow row(const std::string& action, double energy, const std::vector<double>& deltas = {}) {
  ActionRow made;
  made.action = action;
  made.energy = Picojoules(energy);
  const char* const names[] = {"address_delta", "data_delta"};
  for (std::size_t i = 0; i < deltas.size(); ++i) {
    made.arguments.push_back({names[i], std::to_string(deltas[i]), deltas[i]});
  }
  return made;
}

/// Energy of the row that is found; -1 for none.
double found(const std::vector<ActionRow>& rows, const std::string& action) {
  ComponentTable component;
  component.rows = rows;
  const ActionRow* result = find_row(component, action);
  return result == nullptr ? -1.0 : result->energy.value();
}

TEST(RowLookup, TakesTheExactNameBeforeItsLastWord) {
  EXPECT_EQ(found({row("read", 1), row("ifmap_read", 2)}, "ifmap_read"), 2.0);
  EXPECT_EQ(found({row("read", 1), row("psum_read", 2)}, "ifmap_read"), 1.0);
  EXPECT_EQ(found({row("psum_read", 2)}, "ifmap_read"), -1.0);
}

TEST(RowLookup, KnowsTheNamesOfAccelergy) {
  EXPECT_EQ(found({row("mac", 1), row("mac_random", 2)}, "compute"), 2.0);
  EXPECT_EQ(found({row("mac", 1)}, "compute"), 1.0);
  EXPECT_EQ(found({row("mac_random", 1), row("mac_gated", 3)}, "gated"), 3.0);
  EXPECT_EQ(found({row("mac_random", 1)}, "gated"), -1.0);
  EXPECT_EQ(found({row("add", 4)}, "accumulate"), 4.0);
  EXPECT_EQ(found({row("fill", 5), row("update", 6)}, "filter_write"), 6.0);
  EXPECT_EQ(found({row("transfer", 7)}, "hop"), 7.0);
}

TEST(RowLookup, APlainAccessIsTheVariantOfRandomAccess) {
  const std::vector<ActionRow> rows{row("read", 1, {0, 0}), row("read", 9, {0, 1}),
                                    row("read", 3, {1, 1}), row("read", 12, {2, 1})};
  EXPECT_EQ(found(rows, "read"), 3.0);
  EXPECT_EQ(found({row("read", 1, {0, 0}), row("read", 9, {0, 1}), row("read", 5, {2, 1})}, "read"),
            9.0);
  EXPECT_EQ(found({row("read", 8, {1, 1}), row("read", 2)}, "read"), 2.0);
}

TEST(RowLookup, ARepeatedAccessChangesNothing) {
  const std::vector<ActionRow> rows{row("read", 3, {1, 1}), row("read", 1, {0, 0})};
  EXPECT_EQ(found(rows, "read_repeated"), 1.0);
  EXPECT_EQ(found({row("read", 3), row("read_repeated", 2)}, "read_repeated"), 2.0);
  EXPECT_EQ(found({row("read", 3)}, "read_repeated"), 3.0);
  EXPECT_EQ(found({row("write", 3)}, "read_repeated"), -1.0);
}

TEST(RowLookup, ARowMayPriceAnAccessOfSoManyBits) {
  ActionRow hop = row("hop", 1);
  EXPECT_EQ(bits_of(hop), 0.0);
  hop.arguments.push_back({"bits", "16", 16.0});
  EXPECT_EQ(bits_of(hop), 16.0);
}

TEST(RowLookup, ATypesRowsGoBeforeThoseOfAnyType) {
  ComponentTable component;
  component.rows = {row("compute", 1), row("compute", 2), row("gated", 3), row("leak", 4)};
  component.rows[1].arguments.push_back({"pe_type", "int8", {}});
  component.rows[3].arguments.push_back({"pe_type", "int8", {}});
  const auto kept = [&](const std::string& type) {
    std::vector<double> energies;
    for (const ActionRow& of_type : rows_for(component, type).rows) {
      energies.push_back(of_type.energy.value());
    }
    return energies;
  };
  EXPECT_EQ(kept("int8"), (std::vector<double>{2, 3, 4}));
  EXPECT_EQ(kept("fp32"), (std::vector<double>{1, 3}));
  EXPECT_TRUE(is_typed(component));
  component.rows = {row("compute", 1)};
  EXPECT_FALSE(is_typed(component));
}

}  // namespace
}  // namespace rowan::energy
