// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <sstream>
#include <string>

#include "models/base/error.h"
#include "models/dataflow/row_stationary/layer_plan.h"
#include "models/energy/table_file.h"
#include "models/spec/platform_file.h"
#include "sim/commands/command.h"
#include "sim/commands/kinds.h"
#include "sim/commands/request_arguments.h"
#include "sim/engine/catalogue.h"
#include "sim/report/mapping_report.h"
#include "sim/report/output.h"
#include "sim/report/text_table.h"
#include "workloads/array_operands.h"
#include "workloads/network_file.h"

namespace rowan::sim {
namespace {

namespace rs = dataflow::row_stationary;

/// Six digits at most, and no zeros at the end.
std::string number_text(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

/// The word after `platform`, `workload` or `energy-table`, which take no options.
const std::string& named(const Arguments& arguments) {
  for (const Option& option : show_options()) {
    if (arguments.has(option.name)) {
      throw InputError("--" + option.name + ": is for rowan show mapping");
    }
  }
  if (arguments.words().size() < 2) {
    throw InputError("show " + arguments.words().front() + ": a name or a file is missing");
  }
  arguments.require_words(2);
  return arguments.words()[1];
}

void show_platform(const Arguments& arguments) {
  print(spec::dump(spec::load_platform(file_of(kPlatforms, named(arguments)))));
}

void show_workload(const Arguments& arguments) {
  print(workloads::dump_network(workloads::load_network(file_of(kWorkloads, named(arguments)))));
}

/// PEs of the first pass, in which no loop is at a remainder.
std::uint32_t active_pes(const rs::LayerPlan& plan) {
  const rs::PassBuilder builder(plan.mapping(), plan.shape(), plan.accelerator());
  return builder.build(plan.extents({}))->active_pes;
}

std::string mapping_table(const Request& request) {
  TextTable table;
  table.add_column({"layer"}, TextTable::Align::kLeft);
  add_letter_columns(table);
  table.add_column({"source"}, TextTable::Align::kLeft);
  table.add_column({"passes"});
  table.add_column({"active", "PEs"});
  table.add_column({"ifmap", "banks"});
  table.add_column({"psum", "banks"});
  for (const LayerRequest& layer : request.layers) {
    if (!layer.mapping) continue;
    const auto array = workloads::array_shape(request.layer(layer), request.batch);
    const rs::LayerPlan plan(array.shape, array.images, *layer.mapping, request.platform);
    std::vector<std::string> row{request.layer(layer).name};
    add_letters(row, *layer.mapping);
    row.emplace_back(name_of(layer.source));
    row.push_back(std::to_string(plan.pass_count()));
    row.push_back(std::to_string(active_pes(plan)));
    row.push_back(std::to_string(plan.buffers().ifmap_banks));
    row.push_back(std::to_string(plan.buffers().psum_banks));
    table.add_row(row);
  }
  return table.text();
}

void show_mapping(const Arguments& arguments) {
  arguments.require_words(1);
  const std::string format = arguments.choice("format", {"yaml", "table"});
  const Request request = resolve(request_names(arguments));
  const bool none =
      std::none_of(request.layers.begin(), request.layers.end(),
                   [](const LayerRequest& layer) { return layer.mapping.has_value(); });
  if (none) throw InputError("--layers: none of them runs on the array, so none has a mapping");
  print(format == "table" ? mapping_table(request) : mapping_yaml(request));
}

/// The action and, where the row is for one PE type, that type.
std::string action_text(const energy::ActionRow& row) {
  for (const energy::Argument& argument : row.arguments) {
    if (argument.name == "pe_type") return row.action + ", " + argument.text;
  }
  return row.action;
}

void show_energy_table(const Arguments& arguments) {
  const energy::EnergyTable table = energy::load_table(file_of(kEnergyTables, named(arguments)));
  TextTable rows;
  rows.add_column({"component"}, TextTable::Align::kLeft);
  rows.add_column({"action"}, TextTable::Align::kLeft);
  rows.add_column({table.unit});
  rows.add_column({"source"}, TextTable::Align::kLeft);
  for (const energy::ComponentTable& component : table.components) {
    for (const energy::ActionRow& row : component.rows) {
      const std::string fitted = row.fitted.empty() ? "" : "; fitted: " + row.fitted;
      rows.add_row(
          {component.name, action_text(row), number_text(row.energy.value()), row.source + fitted});
    }
  }
  std::string scale;
  if (table.scale.dynamic != 1) {
    scale = "Actions on the chip cost " + number_text(table.scale.dynamic) +
            " times their rows; fitted: " + table.scale.fitted_on + "\n";
  }
  print(table.description + "\n" + scale + "\n" + rows.text());
}

constexpr KindOf<void (*)(const Arguments&)> kKinds[] = {{"platform", show_platform},
                                                         {"workload", show_workload},
                                                         {"energy-table", show_energy_table},
                                                         {"mapping", show_mapping}};

}  // namespace

std::vector<Option> show_options() {
  std::vector<Option> options = request_options();
  options.push_back({"format", "yaml|table",
                     "mapping: a file that reads back (the default), or a table with passes, PEs "
                     "and banks"});
  return options;
}

int show_command(const Arguments& arguments) {
  kind_of(kKinds, arguments).run(arguments);
  return kSuccess;
}

}  // namespace rowan::sim
