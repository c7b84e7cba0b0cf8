// SPDX-License-Identifier: Apache-2.0
#include "models/energy/action_counts.h"

#include <string>

#include <gtest/gtest.h>

#include "models/base/random.h"
#include "models/base/yaml_node.h"
#include "models/energy/table_file.h"

namespace rowan::energy {
namespace {

/// Everything free but what a test prices.
std::string table_text(const std::string& bindings, const std::string& tables) {
  std::string text = "classes:\n" + bindings;
  for (const ComponentClass& known : component_classes()) {
    const std::string key = std::string("  ") + known.name + ":";
    if (bindings.find(key) == std::string::npos) text += key + " {free: not part of the test}\n";
  }
  text += "  clock_network: {free: not part of the test}\n";
  return text + "ERT:\n  version: 0.4\n  tables:\n" + tables;
}

constexpr char kBindings[] =
    "  ifmap_spad: {table: spad}\n"
    "  filter_spad: {table: spad}\n"
    "  global_buffer: {width_bits: 64, instances: 1}\n";
constexpr char kTables[] =
    "  - name: chip.PE[0..167].spad\n"
    "    actions:\n"
    "    - {name: read, arguments: {address_delta: 0, data_delta: 0}, energy: 1}\n"
    "    - {name: read, arguments: {address_delta: 1, data_delta: 1}, energy: 2}\n"
    "    - {name: write, energy: 3}\n"
    "    - {name: leak, energy: 0.5}\n"
    "  - name: chip.global_buffer\n"
    "    actions:\n"
    "    - {name: read, energy: 4}\n"
    "    - {name: write, energy: 5}\n"
    "    - {name: leak, energy: 6}\n";

TEST(ActionCounts, AreThoseOfTheTablesRows) {
  spec::AcceleratorSpec spec;
  spec.array = {1, 2};
  const Pricer pricer(parse_table(table_text(kBindings, kTables), "x.yaml"), spec);
  ActivityCounts counts;
  counts.add(Counter::kIfmapSpadRead, 10);
  counts.add(Counter::kIfmapSpadReadRepeated, 3);
  counts.add(Counter::kFilterSpadRead, 7);
  counts.add(Counter::kFilterSpadWrite, 2);
  counts.add(Counter::kGlbIfmapRead, 5);
  const std::string text = action_counts_yaml(pricer, counts, Cycles(100));
  EXPECT_EQ(text.substr(0, text.find("- name: leak")),
            "action_counts:\n"
            "  version: 0.4\n"
            "  local:\n"
            "    - name: \"chip.PE[0].spad\"\n"
            "      action_counts:\n"
            "        - name: read\n"
            "          arguments:\n"
            "            address_delta: 1\n"
            "            data_delta: 1\n"
            "          counts: 17\n"
            "        - name: read\n"
            "          arguments:\n"
            "            address_delta: 0\n"
            "            data_delta: 0\n"
            "          counts: 3\n"
            "        - name: write\n"
            "          counts: 2\n"
            "        ");
  EXPECT_NE(text.find("        - name: leak\n          counts: 400\n"), std::string::npos);
  EXPECT_NE(text.find("    - name: chip.global_buffer\n"
                      "      action_counts:\n"
                      "        - name: read\n"
                      "          counts: 1.25\n"),
            std::string::npos)
      << text;
}

/// What Accelergy does: counts times the energy of the row.
double priced_elsewhere(const std::string& text, const EnergyTable& table) {
  double energy = 0.0;
  const YamlNode local = YamlNode::parse(text, "counts.yaml").nearest("action_counts.local");
  for (const YamlNode& component : local.items()) {
    const auto keys = component.entries();
    for (const ComponentTable& rows : table.components) {
      if (plain_name(rows.name) != plain_name(keys[0].second.text())) continue;
      for (const YamlNode& item : keys[1].second.items()) {
        const auto entry = item.entries();
        for (const ActionRow& row : rows.rows) {
          const bool variant = entry.size() == 3 && !row.arguments.empty();
          if (row.action != entry[0].second.text()) continue;
          if (variant && entry[1].second.entries()[0].second.text() != row.arguments[0].text)
            continue;
          energy += row.energy.value() * entry.back().second.decimal({0, 1e30});
        }
      }
    }
  }
  return energy;
}

TEST(ActionCounts, HaveTheEnergyOfTheCounts) {
  const spec::AcceleratorSpec spec;
  const EnergyTable table = parse_table(table_text(kBindings, kTables), "x.yaml");
  const Pricer pricer(table, spec);
  Random random(5);
  for (int run = 0; run < 20; ++run) {
    ActivityCounts counts;
    for (const CounterInfo& info : counter_table()) {
      counts.add(info.counter, static_cast<std::uint64_t>(random.between(0, 1'000'000'000'000)));
    }
    const Cycles total(static_cast<std::uint64_t>(random.between(1, 1'000'000)));
    const double expected = pricer.price(counts, total).total.value();
    EXPECT_NEAR(priced_elsewhere(action_counts_yaml(pricer, counts, total), table), expected,
                1e-9 * expected);
  }
}

}  // namespace
}  // namespace rowan::energy
