// SPDX-License-Identifier: Apache-2.0
#include "models/energy/table_file.h"

#include <cstdio>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/input_error.h"

namespace rowan::energy {
namespace {

using support::input_error;

std::string parse_error(const std::string& text) {
  return input_error([&] { return parse_table(text, "x.yaml"); });
}

/// As Timeloop writes it.
constexpr char kVersion04[] = R"(ERT:
    version: '0.4'
    tables:
      - name: system_top_level.DRAM[1..1]
        actions:
          - name: read
            arguments:
                global_cycle_seconds: 1e-09
                action_latency_cycles: 1
            energy: 512.0
          - name: leak
            arguments: {}
            energy: 0.0
ART:
  version: '0.4'
  tables:
  - name: system_top_level.DRAM
    area: 12.5
)";

TEST(TableFile, ReadsVersion04) {
  const EnergyTable table = parse_table(kVersion04, "folder/x.yaml");
  EXPECT_EQ(table.name, "x");
  EXPECT_EQ(table.unit, "pJ");
  ASSERT_EQ(table.components.size(), 1U);
  const ComponentTable& dram = table.components[0];
  EXPECT_EQ(dram.name, "system_top_level.DRAM[1..1]");
  ASSERT_EQ(dram.rows.size(), 2U);
  EXPECT_EQ(dram.rows[0].action, "read");
  EXPECT_EQ(dram.rows[0].energy, Picojoules(512.0));
  ASSERT_EQ(dram.rows[0].arguments.size(), 2U);
  EXPECT_EQ(dram.rows[0].arguments[0].name, "global_cycle_seconds");
  EXPECT_EQ(dram.rows[0].arguments[0].text, "1e-09");
  EXPECT_EQ(dram.rows[0].arguments[0].number, 1e-9);
  EXPECT_EQ(dram.rows[0].location.line, 6);
  EXPECT_TRUE(dram.rows[1].arguments.empty());
  ASSERT_TRUE(dram.area.has_value());
  EXPECT_EQ(dram.area->area, SquareMicrometres(12.5));
}

TEST(TableFile, ReadsVersion03) {
  const EnergyTable table = parse_table(
      "ERT:\n"
      "  version: 0.3\n"
      "  tables:\n"
      "  - name: eyeriss_like.PE[0..167].mac\n"
      "    actions:\n"
      "    - name: mac_random\n"
      "      arguments: null\n"
      "      energy: 1\n",
      "x.yaml");
  ASSERT_EQ(table.components.size(), 1U);
  EXPECT_TRUE(table.components[0].rows[0].arguments.empty());
  EXPECT_EQ(table.components[0].rows[0].energy, Picojoules(1.0));
}

TEST(TableFile, ReadsTheDictionariesOfVersion02) {
  const EnergyTable table = parse_table(
      "ERT:\n"
      "  tables:\n"
      "    hierarchy.GLB:\n"
      "      idle:\n"
      "        arguments: null\n"
      "        energy: 0.5\n"
      "      read:\n"
      "      - arguments:\n"
      "          address_delta: 0\n"
      "        energy: 4\n"
      "      - arguments:\n"
      "          address_delta: 1\n"
      "        energy: 6\n"
      "  version: 0.2\n"
      "ART:\n"
      "  tables:\n"
      "    hierarchy.GLB: 7\n"
      "  version: 0.2\n",
      "x.yaml");
  ASSERT_EQ(table.components.size(), 1U);
  ASSERT_EQ(table.components[0].rows.size(), 3U);
  EXPECT_EQ(table.components[0].rows[0].action, "idle");
  EXPECT_EQ(table.components[0].rows[2].energy, Picojoules(6.0));
  EXPECT_EQ(table.components[0].area->area, SquareMicrometres(7.0));
}

TEST(TableFile, TakesHyphensForUnderscores) {
  const EnergyTable table = parse_table(
      "energy-reference-table:\n"
      "  tables:\n"
      "  - name: system.ifmap-spad\n"
      "    actions:\n"
      "    - {name: ifmap-read, arguments: {address-delta: 1}, energy: 2}\n",
      "x.yaml");
  EXPECT_EQ(table.components[0].rows[0].action, "ifmap_read");
  EXPECT_EQ(table.components[0].rows[0].arguments[0].name, "address_delta");
  EXPECT_NE(find_component(table, "ifmap_spad"), nullptr);
}

TEST(TableFile, ReadsOwnKeys) {
  const EnergyTable table = parse_table(
      "name: mine\n"
      "description: text\n"
      "unit: mac\n"
      "scale: {dynamic: 1.5, fitted_on: AlexNet}\n"
      "classes:\n"
      "  filter_spad: {table: weights_spad, width_bits: 16, fixed_share: 0.25}\n"
      "  global_buffer: {instances: 1}\n"
      "  rlc: {free: not modelled}\n"
      "ERT:\n"
      "  version: 0.4\n"
      "  tables:\n"
      "  - name: mac\n"
      "    source: a paper\n"
      "    actions:\n"
      "    - {name: compute, energy: 1}\n"
      "    - {name: leak, energy: 2, source: another, fitted: to this}\n",
      "x.yaml");
  EXPECT_EQ(table.name, "mine");
  EXPECT_EQ(table.description, "text");
  EXPECT_EQ(table.unit, "mac");
  EXPECT_EQ(table.scale.dynamic, 1.5);
  EXPECT_EQ(table.scale.fitted_on, "AlexNet");
  EXPECT_EQ(table.classes.at("filter_spad").table, "weights_spad");
  EXPECT_EQ(table.classes.at("filter_spad").width_bits, 16U);
  EXPECT_EQ(table.classes.at("filter_spad").fixed_share, 0.25);
  EXPECT_EQ(table.classes.at("global_buffer").instances, 1U);
  EXPECT_EQ(table.classes.at("rlc").free, "not modelled");
  EXPECT_EQ(table.components[0].rows[0].source, "a paper");
  EXPECT_EQ(table.components[0].rows[1].source, "another");
  EXPECT_EQ(table.components[0].rows[1].fitted, "to this");
}

TEST(TableFile, ReadsATableFromSeveralFiles) {
  const std::string folder = testing::TempDir();
  const std::string ert = folder + "/energy_ert.yaml";
  const std::string art = folder + "/energy_art.yaml";
  std::ofstream(ert) << "ERT: {version: 0.4, tables: [{name: \"s.PE[0..3].mac\", actions: [{name: "
                        "compute, energy: 1}]}]}\n";
  std::ofstream(art) << "name: both\nART: {version: 0.4, tables: [{name: s.PE.mac, area: 3}]}\n";
  const EnergyTable table = load_tables({ert, art});
  EXPECT_EQ(table.name, "both");
  EXPECT_EQ(table.files, (std::vector<std::string>{ert, art}));
  ASSERT_EQ(table.components.size(), 1U);
  EXPECT_EQ(table.components[0].area->area, SquareMicrometres(3.0));
  EXPECT_NE(input_error([&] {
              return load_tables({ert, ert});
            }).find("same arguments already"),
            std::string::npos);
  EXPECT_NE(input_error([&] {
              return load_tables({ert, art, art});
            }).find("already"),
            std::string::npos);
  EXPECT_EQ(input_error([&] { return load_table(art); }), art + ": has no ERT with tables");
  std::remove(ert.c_str());
  std::remove(art.c_str());
}

TEST(TableFile, ErrorsNameThePlace) {
  const std::string head = "ERT:\n  version: 0.4\n  tables:\n  - name: mac\n    actions:\n";
  EXPECT_EQ(parse_error("Ert: 1\n"), "x.yaml:1:1: Ert: unknown key (did you mean 'ERT'?)");
  EXPECT_EQ(parse_error("ERT: {version: 0.5, tables: []}\n"),
            "x.yaml:1:7: ERT.version: '0.5' is not one of 0.2, 0.3, 0.4");
  EXPECT_EQ(parse_error("ERT: {version: 0.4}\n"), "x.yaml:1:1: ERT: key 'tables' is missing");
  EXPECT_EQ(parse_error(head + "    - {name: compute, energi: 1}\n"),
            "x.yaml:6:7: ERT.tables[0].actions[0]: key 'energy' is missing");
  EXPECT_EQ(parse_error(head + "    - {name: compute, energy: 1, sorce: a}\n"),
            "x.yaml:6:34: ERT.tables[0].actions[0].sorce: unknown key (did you mean 'source'?)");
  EXPECT_EQ(parse_error(head + "    - {name: compute, energy: -1}\n"),
            "x.yaml:6:23: ERT.tables[0].actions[0].energy: -1 is not in 0 to 1e+12");
  EXPECT_EQ(
      parse_error(head + "    - {name: compute, energy: 1}\n    - {name: compute, energy: 2}\n"),
      "x.yaml:7:7: ERT.tables[0].actions[1]: 'compute' of 'mac' has a row with the same "
      "arguments already");
  EXPECT_EQ(parse_error("classes: {macs: {table: mac}}\n"),
            "x.yaml:1:11: classes.macs: is no component class (did you mean 'mac'?)");
  EXPECT_EQ(parse_error("scale: {dynamic: 1.1}\n"),
            "x.yaml:1:1: scale: a factor other than 1 must say what it was fitted to: key "
            "'fitted_on'");
  EXPECT_EQ(parse_error("name: a\n"), "x.yaml: has no ERT with tables");
}

TEST(TableFile, WhatPricesDependOnIsANumberInReason) {
  const auto error_of = [](const std::string& arguments) {
    return support::input_error([&] {
      return parse_table(
          "ERT: {version: 0.4, tables: [{name: mac, actions: [{name: compute, "
          "arguments: {" +
              arguments + "}, energy: 1}]}]}",
          "t.yaml");
    });
  };
  EXPECT_EQ(error_of("bits: 16"), "no error");
  EXPECT_NE(error_of("bits: inf"), "no error");
  EXPECT_NE(error_of("bits: -16"), "no error");
  EXPECT_NE(error_of("global_cycle_seconds: 5 ns"), "no error");
}

TEST(TableFile, ARowIsTheSameWhateverTheOrderOfItsArguments) {
  EXPECT_NE(support::input_error([] {
              return parse_table(
                  "ERT: {version: 0.4, tables: [{name: mac, actions: ["
                  "{name: compute, arguments: {a: 1, b: 2}, energy: 1}, "
                  "{name: compute, arguments: {b: 2.0, a: 1}, energy: 2}]}]}",
                  "t.yaml");
            }),
            "no error");
}

}  // namespace
}  // namespace rowan::energy
