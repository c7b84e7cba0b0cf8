// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "models/arithmetic/pe_type.h"
#include "models/energy/table_file.h"
#include "models/spec/platform_file.h"
#include "sim/commands/command.h"
#include "sim/commands/kinds.h"
#include "sim/engine/catalogue.h"
#include "sim/report/output.h"
#include "sim/report/plain_text.h"
#include "sim/report/text_table.h"
#include "workloads/network_file.h"

namespace rowan::sim {
namespace {

constexpr std::size_t kDescriptionWidth = 90;

TextTable named_table() {
  TextTable table;
  table.add_column({"name"}, TextTable::Align::kLeft);
  table.add_column({"description"}, TextTable::Align::kLeft);
  return table;
}

void add(TextTable& table, const std::string& name, const std::string& description) {
  std::string left = name;
  for (const std::string& line : wrapped(description, kDescriptionWidth)) {
    table.add_row({left, line});
    left.clear();
  }
}

void list_platforms() {
  TextTable table = named_table();
  for (const std::string& name : names_in(kPlatforms)) {
    add(table, name, spec::load_platform(file_of(kPlatforms, name)).description);
  }
  print(table.text());
}

void list_energy_tables() {
  TextTable table = named_table();
  for (const std::string& name : names_in(kEnergyTables)) {
    add(table, name, energy::load_table(file_of(kEnergyTables, name)).description);
  }
  print(table.text());
}

void list_workloads() {
  TextTable table = named_table();
  for (const std::string& name : names_in(kWorkloads)) {
    add(table, name, workloads::load_network(file_of(kWorkloads, name)).description);
  }
  print(table.text());
}

/// The columns of docs/machine.md, section 5.
void list_pe_types() {
  TextTable table;
  table.add_column({"name"}, TextTable::Align::kLeft);
  table.add_column({"activation", "bits"}, TextTable::Align::kRight);
  table.add_column({"weight", "bits"}, TextTable::Align::kRight);
  table.add_column({"product", "bits"}, TextTable::Align::kRight);
  table.add_column({"psum", "bits"}, TextTable::Align::kRight);
  table.add_column({"Lm, La", "cycles"}, TextTable::Align::kLeft);
  table.add_column({"description"}, TextTable::Align::kLeft);
  for (const arithmetic::PeType& type : arithmetic::pe_types()) {
    table.add_row(
        {type.name, std::to_string(type.activation_bits), std::to_string(type.weight_bits),
         std::to_string(type.product_bits), std::to_string(type.psum_bits),
         std::to_string(type.multiply_latency) + ", " + std::to_string(type.accumulate_latency),
         type.description});
  }
  print(table.text());
}

constexpr Kind kKinds[] = {{"platforms", list_platforms},
                           {"workloads", list_workloads},
                           {"energy-tables", list_energy_tables},
                           {"pe-types", list_pe_types}};

}  // namespace

int list_command(const Arguments& arguments) {
  arguments.require_words(1);
  kind_of(kKinds, arguments).run();
  return kSuccess;
}

}  // namespace rowan::sim
