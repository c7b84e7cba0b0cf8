// SPDX-License-Identifier: Apache-2.0
#include "models/energy/action_counts.h"

#include <cctype>
#include <vector>

#include "models/base/text.h"
#include "models/base/yaml_writer.h"

namespace rowan::energy {
namespace {

/// Counts of one row.
struct RowCount {
  const ActionRow* row;
  double count;
};

struct ComponentCount {
  std::string name;
  std::vector<RowCount> rows;
};

/// `PE[0].mac` for `PE[0..167].mac`: Accelergy counts instances.
std::string first_instance(const std::string& name) {
  std::string first;
  bool skipping = false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    skipping = name[i] != ']' && (skipping || name.compare(i, 2, "..") == 0);
    if (!skipping) first += name[i];
  }
  return first;
}

bool is_same_row(const ActionRow& a, const ActionRow& b) {
  return a.action == b.action && a.arguments == b.arguments;
}

void add(ComponentCount& component, const ActionRow& row, double count) {
  for (RowCount& other : component.rows) {
    if (!is_same_row(*other.row, row)) continue;
    other.count += count;
    return;
  }
  component.rows.push_back({&row, count});
}

/// By component and row of the table: several classes and actions may share one.
std::vector<ComponentCount> row_counts(const Pricer& pricer, const ActivityCounts& counts,
                                       Cycles total) {
  std::vector<ComponentCount> components;
  for (const PricedComponent& priced : pricer.components()) {
    const std::string name = first_instance(priced.table);
    ComponentCount* component = nullptr;
    for (ComponentCount& other : components) {
      if (other.name == name) component = &other;
    }
    if (component == nullptr) component = &components.emplace_back(ComponentCount{name, {}});
    for (const PricedAction& action : priced.actions) {
      const std::uint64_t count = Pricer::count_of(priced, action, counts, total);
      add(*component, action.row, static_cast<double>(count) * action.rows_per_count);
    }
  }
  return components;
}

/// A number as YAML's number, not as text.
std::string argument_text(const Argument& argument) {
  return argument.number ? argument.text : yaml_text(argument.text);
}

/// Without an exponent as long as it is whole.
std::string count_text(double count) {
  constexpr double kExact = 9'007'199'254'740'992.0;  // 2^53
  const bool whole =
      count < kExact && count == static_cast<double>(static_cast<std::uint64_t>(count));
  return whole ? std::to_string(static_cast<std::uint64_t>(count)) : decimal_text(count);
}

}  // namespace

std::string action_counts_yaml(const Pricer& pricer, const ActivityCounts& counts, Cycles total) {
  std::string out = "action_counts:\n  version: 0.4\n  local:\n";
  for (const ComponentCount& component : row_counts(pricer, counts, total)) {
    out += "    - name: " + yaml_text(component.name) + "\n      action_counts:\n";
    for (const RowCount& row : component.rows) {
      out += "        - name: " + yaml_text(row.row->action) + "\n";
      if (!row.row->arguments.empty()) out += "          arguments:\n";
      for (const Argument& argument : row.row->arguments) {
        out += "            " + yaml_text(argument.name) + ": " + argument_text(argument) + "\n";
      }
      out += "          counts: " + count_text(row.count) + "\n";
    }
  }
  return out;
}

}  // namespace rowan::energy
