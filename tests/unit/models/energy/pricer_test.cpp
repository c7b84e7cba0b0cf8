// SPDX-License-Identifier: Apache-2.0
#include "models/energy/pricer.h"

#include <string>

#include <gtest/gtest.h>

#include "models/base/random.h"
#include "models/energy/table_file.h"
#include "tests/support/input_error.h"

namespace rowan::energy {
namespace {

/// A table in which every class has a row for each of its counters and for standby, all different.
EnergyTable complete_table(const std::string& standby = "leak") {
  EnergyTable table;
  table.files = {"x.yaml"};
  double energy = 0.5;
  const auto add_row = [&](ComponentTable& component, const std::string& action) {
    ActionRow& row = component.rows.emplace_back();
    row.action = action;
    row.energy = Picojoules(energy += 0.25);
  };
  for (const ComponentClass& known : component_classes()) {
    ComponentTable& component = table.components.emplace_back();
    component.name = std::string("chip.") + known.name;
    component.location = {"x.yaml", 7, 3};
    for (const CounterInfo& info : counter_table()) {
      if (info.component == std::string(known.name)) add_row(component, info.action);
    }
    add_row(component, standby);
  }
  table.components.emplace_back().name = kClockNetwork;
  add_row(table.components.back(), kCycle);
  return table;
}

ComponentTable& component_of(EnergyTable& table, const std::string& name) {
  for (ComponentTable& component : table.components) {
    if (component.name == "chip." + name || component.name == name) return component;
  }
  return table.components.front();
}

ActionRow& row_of(EnergyTable& table, const std::string& component, const std::string& action) {
  for (ActionRow& row : component_of(table, component).rows) {
    if (row.action == action) return row;
  }
  return table.components.front().rows.front();
}

const ComponentEnergy& component_of(const EnergyBreakdown& breakdown, const std::string& name) {
  for (const ComponentEnergy& component : breakdown.components) {
    if (component.component == name) return component;
  }
  return breakdown.components.front();
}

const ActionEnergy& action_of(const EnergyBreakdown& breakdown, const std::string& component,
                              const std::string& action) {
  for (const ActionEnergy& priced : component_of(breakdown, component).actions) {
    if (priced.action == action) return priced;
  }
  return breakdown.components.front().actions.front();
}

ActivityCounts random_counts(Random& random) {
  ActivityCounts counts;
  for (const CounterInfo& info : counter_table()) {
    counts.add(info.counter, static_cast<std::uint64_t>(random.between(0, 1'000'000'000)));
  }
  return counts;
}

TEST(Pricer, PricesEachActionAndStandby) {
  EnergyTable table = complete_table();
  const spec::AcceleratorSpec spec;
  ActivityCounts counts;
  counts.add(Counter::kMacCompute, 10);
  const EnergyBreakdown breakdown = Pricer(table, spec).price(counts, Cycles(100));
  const ActionEnergy& compute = action_of(breakdown, "mac", "compute");
  EXPECT_EQ(compute.count, 10U);
  EXPECT_EQ(compute.energy, row_of(table, "mac", "compute").energy * 10.0);
  const ActionEnergy& leak = action_of(breakdown, "mac", "leak");
  EXPECT_EQ(leak.count, 168U * 100U);
  EXPECT_EQ(leak.energy, row_of(table, "mac", "leak").energy * 16800.0);
  const ActionEnergy& clock = action_of(breakdown, kClockNetwork, kCycle);
  EXPECT_EQ(clock.count, 100U);
  EXPECT_EQ(clock.energy, row_of(table, kClockNetwork, kCycle).energy * 100.0);
}

TEST(Pricer, SumsAreThoseOfTheParts) {
  const EnergyTable table = complete_table();
  const spec::AcceleratorSpec spec;
  const Pricer pricer(table, spec);
  Random random(1);
  for (int run = 0; run < 100; ++run) {
    const ActivityCounts counts = random_counts(random);
    const Cycles total(static_cast<std::uint64_t>(random.between(1, 1'000'000)));
    const EnergyBreakdown breakdown = pricer.price(counts, total);
    Picojoules on_chip;
    Picojoules off_chip;
    for (const ComponentEnergy& component : breakdown.components) {
      Picojoules sum;
      for (const ActionEnergy& action : component.actions) {
        EXPECT_EQ(action.energy, action.each * static_cast<double>(action.count));
        sum += action.energy;
      }
      EXPECT_EQ(sum, component.energy) << component.component;
      (component.component == "dram" ? off_chip : on_chip) += component.energy;
    }
    EXPECT_EQ(breakdown.on_chip, on_chip);
    EXPECT_EQ(breakdown.off_chip, off_chip);
    EXPECT_EQ(breakdown.total, on_chip + off_chip);
    EXPECT_GT(off_chip.value(), 0.0);
  }
}

TEST(Pricer, TheFastSumIsTheTotal) {
  const spec::AcceleratorSpec spec;
  for (const char* standby : {"leak", "idle"}) {
    const Pricer pricer(complete_table(standby), spec);
    Random random(2);
    for (int run = 0; run < 100; ++run) {
      const ActivityCounts counts = random_counts(random);
      const Cycles total(static_cast<std::uint64_t>(random.between(1, 100'000'000)));
      const double expected = pricer.price(counts, total).total.value();
      EXPECT_NEAR(pricer.picojoules(counts, total).value(), expected, 1e-9 * expected);
    }
  }
}

TEST(Pricer, DoublingARowMovesItsActionAlone) {
  const spec::AcceleratorSpec spec;
  const EnergyTable table = complete_table();
  Random random(3);
  const ActivityCounts counts = random_counts(random);
  const Cycles total(12'345);
  const EnergyBreakdown before = Pricer(table, spec).price(counts, total);
  for (std::size_t c = 0; c < before.components.size(); ++c) {
    for (std::size_t a = 0; a < before.components[c].actions.size(); ++a) {
      EnergyTable changed = table;
      const std::string& component = before.components[c].component;
      ActionRow& row = row_of(changed, component, before.components[c].actions[a].action);
      row.energy += row.energy;
      const EnergyBreakdown after = Pricer(changed, spec).price(counts, total);
      const Picojoules moved = before.components[c].actions[a].energy;
      EXPECT_EQ(after.components[c].actions[a].energy, moved + moved);
      for (std::size_t other = 0; other < before.components.size(); ++other) {
        const Picojoules was = before.components[other].energy;
        const double expected = was.value() + (other == c ? moved.value() : 0.0);
        EXPECT_NEAR(after.components[other].energy.value(), expected, 1e-12 * expected);
        EXPECT_TRUE(other == c || after.components[other].energy == was);
      }
      EXPECT_NEAR(after.total.value(), before.total.value() + moved.value(),
                  1e-12 * after.total.value());
    }
  }
}

TEST(Pricer, IdleIsPaidForCyclesWithoutWork) {
  const EnergyTable table = complete_table("idle");
  spec::AcceleratorSpec spec;
  const Pricer pricer(table, spec);
  ActivityCounts counts;
  counts.add(Counter::kMacCompute, 500);
  counts.add(Counter::kMacGated, 300);
  counts.add(Counter::kLocalNetworkWord, 400);
  const EnergyBreakdown breakdown = pricer.price(counts, Cycles(100));
  EXPECT_EQ(action_of(breakdown, "mac", "idle").count, 16800U - 800U);
  EXPECT_EQ(action_of(breakdown, "local_network", "idle").count, 15400U - 100U);  // 4 a cycle
  EXPECT_EQ(action_of(breakdown, "dram", "idle").count, 100U);
  counts.add(Counter::kMacCompute, 1'000'000);
  EXPECT_EQ(action_of(pricer.price(counts, Cycles(100)), "mac", "idle").count, 0U);
}

TEST(Pricer, ScalesWhatTheChipPaysPerAction) {
  const spec::AcceleratorSpec spec;
  EnergyTable table = complete_table();
  Random random(4);
  const ActivityCounts counts = random_counts(random);
  const EnergyBreakdown before = Pricer(table, spec).price(counts, Cycles(1000));
  table.scale.dynamic = 2.0;
  const EnergyBreakdown after = Pricer(table, spec).price(counts, Cycles(1000));
  for (std::size_t c = 0; c < before.components.size(); ++c) {
    for (std::size_t a = 0; a < before.components[c].actions.size(); ++a) {
      const ActionEnergy& action = before.components[c].actions[a];
      const bool fixed = action.action == "leak" || action.action == "cycle" ||
                         before.components[c].component == "dram";
      EXPECT_EQ(after.components[c].actions[a].energy, action.energy * (fixed ? 1.0 : 2.0))
          << before.components[c].component << "." << action.action;
    }
  }
}

TEST(Pricer, AWordPaysForItsShareOfTheRowsWidth) {
  spec::AcceleratorSpec spec;
  spec.pe.psum_bits = 32;
  EnergyTable table = complete_table();
  table.classes["global_buffer"].width_bits = 64;
  table.classes["dram"].width_bits = 64;
  row_of(table, "local_network", "word").arguments.push_back({"bits", "16", 16.0});
  table.classes["local_network"].width_bits = 1;  // the row's own bits go first
  ActivityCounts counts;
  counts.add(Counter::kGlbIfmapRead, 40);
  counts.add(Counter::kGlbPsumRead, 40);
  counts.add(Counter::kDramIfmapRead, 40);
  counts.add(Counter::kLocalNetworkWord, 40);
  const EnergyBreakdown b = Pricer(table, spec).price(counts, Cycles(1));
  EXPECT_EQ(action_of(b, "global_buffer", "ifmap_read").energy,
            row_of(table, "global_buffer", "ifmap_read").energy * 10.0);
  EXPECT_EQ(action_of(b, "global_buffer", "psum_read").energy,
            row_of(table, "global_buffer", "psum_read").energy * 20.0);
  EXPECT_EQ(action_of(b, "dram", "ifmap_read").energy,
            row_of(table, "dram", "ifmap_read").energy * 5.0);
  EXPECT_EQ(action_of(b, "local_network", "word").energy,
            row_of(table, "local_network", "word").energy * 80.0);
}

TEST(Pricer, AShareOfAnAccessMayNotGoWithItsWidth) {
  spec::AcceleratorSpec spec;
  spec.pe.psum_bits = 32;
  EnergyTable table = complete_table();
  table.classes["psum_spad"].width_bits = 16;
  table.classes["psum_spad"].fixed_share = 0.25;
  ActivityCounts counts;
  counts.add(Counter::kPsumSpadRead, 40);
  const EnergyBreakdown b = Pricer(table, spec).price(counts, Cycles(1));
  EXPECT_EQ(action_of(b, "psum_spad", "read").energy,
            row_of(table, "psum_spad", "read").energy * (40 * (0.25 + 0.75 * 2)));
}

TEST(Pricer, PricesAMacByTheRowOfThePeType) {
  EnergyTable table = complete_table();
  ComponentTable& mac = component_of(table, "mac");
  const Picojoules any = row_of(table, "mac", "compute").energy;
  ActionRow typed = row_of(table, "mac", "compute");
  typed.energy = Picojoules(77);
  typed.arguments = {{"pe_type", "int8", {}}};
  mac.rows.push_back(typed);
  const auto price = [&](const std::string& type) {
    spec::AcceleratorSpec spec;
    spec.pe.type = type;
    ActivityCounts counts;
    counts.add(Counter::kMacCompute, 2);
    return action_of(Pricer(table, spec).price(counts, Cycles(1)), "mac", "compute").energy;
  };
  EXPECT_EQ(price("int8"), Picojoules(154));
  EXPECT_EQ(price("int16"), any * 2.0);
  row_of(table, "mac", "compute").arguments = {{"pe_type", "int16", {}}};
  EXPECT_EQ(price("int16"), any * 2.0);
  EXPECT_EQ(support::input_error([&] { return price("fp32"); }),
            "x.yaml:7:3: table 'chip.mac' has no row for 'compute' of class 'mac' for pe.type "
            "'fp32'");
}

TEST(Pricer, LeakIsPaidForTheLengthOfACycle) {
  spec::AcceleratorSpec spec;
  spec.clock = Kilohertz(200'000);
  EnergyTable table = complete_table();
  const Picojoules leak = row_of(table, "mac", "leak").energy;
  row_of(table, "mac", "leak").arguments.push_back({"global_cycle_seconds", "2.0e-8", 2.0e-8});
  const EnergyBreakdown breakdown = Pricer(table, spec).price({}, Cycles(8));
  EXPECT_NEAR(action_of(breakdown, "mac", "leak").energy.value(), leak.value() * 168 * 2, 1e-9);
  EXPECT_EQ(action_of(breakdown, "adder", "leak").energy,
            row_of(table, "adder", "leak").energy * (168.0 * 8.0));
}

TEST(Pricer, ClassesMayBeBoundToOtherTablesOrFree) {
  const spec::AcceleratorSpec spec;
  EnergyTable table = complete_table();
  component_of(table, "filter_spad").name = "chip.PE[0..167].weights_spad";
  table.classes["filter_spad"].table = "weights_spad";
  component_of(table, "rlc").name = "other";
  table.classes["rlc"].free = "not modelled";
  table.classes["global_buffer"].instances = 3;
  ActivityCounts counts;
  counts.add(Counter::kRlcDecode, 10);
  const EnergyBreakdown breakdown = Pricer(table, spec).price(counts, Cycles(10));
  EXPECT_EQ(action_of(breakdown, "global_buffer", "leak").count, 30U);
  EXPECT_EQ(component_of(breakdown, "filter_spad").component, "filter_spad");
  EXPECT_NE(component_of(breakdown, "rlc").component, "rlc");
}

TEST(Pricer, AMissingRowIsAnErrorThatNamesIt) {
  const spec::AcceleratorSpec spec;
  const auto error = [&](const EnergyTable& table) {
    return support::input_error([&] { return Pricer(table, spec); });
  };
  EnergyTable table = complete_table();
  row_of(table, "rlc", "decode").action = "decoded";
  EXPECT_EQ(error(table),
            "x.yaml:7:3: table 'chip.rlc' has no row for 'decode' of class 'rlc' (did you mean "
            "'decoded'?)");
  table = complete_table();
  row_of(table, "mac", "leak").action = "leaks";
  EXPECT_EQ(error(table),
            "x.yaml:7:3: table 'chip.mac' has no row for standby, 'leak' or 'idle' of class 'mac' "
            "(did you mean 'leaks'?)");
  table = complete_table();
  component_of(table, "adder").name = "chip.addr";
  EXPECT_EQ(error(table),
            "x.yaml: no table named 'adder' prices class 'adder' (actions such as 'accumulate') "
            "(did you mean 'addr'?); add one, or give 'classes: adder' a 'table', or a reason why "
            "it is 'free'");
  table = complete_table();
  table.classes["mac"].width_bits = 16;
  table.classes["mac"].location = {"x.yaml", 2, 1};
  EXPECT_EQ(error(table), "x.yaml:2:1: class 'mac' moves no words: no 'width_bits'");
}

/// The components of an Eyeriss-like design as Timeloop and Accelergy (0.4) name them, with figures
/// of this test; what the design lacks is free.
constexpr char kForeign[] = R"(
classes:
  filter_spad: {table: weights_spad, width_bits: 16}
  ifmap_spad: {width_bits: 16}
  psum_spad: {width_bits: 16}
  global_buffer: {table: shared_glb, width_bits: 64, instances: 1}
  dram: {table: DRAM, width_bits: 64}
  adder: {free: part of the mac}
  ifmap_fifo: {free: not in the design}
  filter_fifo: {free: not in the design}
  psum_in_fifo: {free: not in the design}
  psum_out_fifo: {free: not in the design}
  local_network: {free: not in the design}
  ifmap_gin: {free: not in the design}
  filter_gin: {free: not in the design}
  psum_gin: {free: not in the design}
  gon: {free: not in the design}
  rlc: {free: not in the design}
  post_processing: {free: not in the design}
  controller: {free: not in the design}
  clock_network: {free: not in the design}
ERT:
    version: '0.4'
    tables:
      - name: system_top_level.DRAM[1..1]
        actions:
          - {name: write, arguments: {global_cycle_seconds: 1e-09}, energy: 500.0}
          - {name: read, arguments: {global_cycle_seconds: 1e-09}, energy: 400.0}
          - {name: update, arguments: {global_cycle_seconds: 1e-09}, energy: 500.0}
          - {name: leak, arguments: {global_cycle_seconds: 1e-09}, energy: 0.0}
      - name: system_top_level.shared_glb[1..1]
        actions:
          - {name: write, arguments: {}, energy: 16.0}
          - {name: read, arguments: {}, energy: 20.0}
          - {name: leak, arguments: {}, energy: 0.25}
      - name: system_top_level.ifmap_spad[1..168]
        actions: [{name: write, energy: 0.2}, {name: read, energy: 0.1}, {name: leak, energy: 0.0}]
      - name: system_top_level.weights_spad[1..168]
        actions: [{name: write, energy: 2.0}, {name: read, energy: 1.0}, {name: leak, energy: 0.0}]
      - name: system_top_level.psum_spad[1..168]
        actions: [{name: write, energy: 0.4}, {name: read, energy: 0.3}, {name: leak, energy: 0.0}]
      - name: system_top_level.mac[1..168]
        actions: [{name: compute, energy: 0.5}, {name: gated, energy: 0.0}, {name: leak, energy: 0.0}]
)";

TEST(Pricer, PricesWithATableOfTimeloop) {
  const spec::AcceleratorSpec spec;
  const Pricer pricer(parse_table(kForeign, "x.yaml"), spec);
  ActivityCounts counts;
  counts.add(Counter::kMacCompute, 10);                               // 5
  counts.add(Counter::kIfmapSpadRead, 10);                            // 1
  counts.add(Counter::kFilterSpadWrite, 10);                          // 20
  counts.add(Counter::kGlbPsumRead, 8);                               // 2 accesses, 40
  counts.add(Counter::kDramOfmapWrite, 16);                           // 2 accesses, 1000
  counts.add(Counter::kIfmapFifoPush, 10'000);                        // free
  const EnergyBreakdown breakdown = pricer.price(counts, Cycles(4));  // leak of one buffer: 1
  EXPECT_NEAR(breakdown.on_chip.value(), 67.0, 1e-9);
  EXPECT_NEAR(breakdown.off_chip.value(), 1000.0, 1e-9);
  EXPECT_NEAR(pricer.picojoules(counts, Cycles(4)).value(), 1067.0, 1e-9);
}

TEST(Pricer, AClassWithoutInstancesNeedsNoStandby) {
  spec::AcceleratorSpec spec;
  EnergyTable table = complete_table();
  row_of(table, "rlc", "leak").action = "none";
  spec.dram.rlc = false;
  EXPECT_EQ(support::input_error([&] { return Pricer(table, spec); }), "no error");
}

}  // namespace
}  // namespace rowan::energy
