// SPDX-License-Identifier: Apache-2.0
#include "models/energy/row_lookup.h"

#include <algorithm>
#include <vector>

namespace rowan::energy {
namespace {

/// Names that Accelergy's component libraries have for an action, best first.
struct OtherNames {
  const char* action;
  std::vector<const char*> names;
};

const std::vector<OtherNames>& other_names() {
  static const std::vector<OtherNames> kNames{
      {"compute", {"mac_random", "mac"}},
      {"gated", {"mac_gated"}},
      {"accumulate", {"add"}},
      {"write", {"update", "fill"}},
      {"hop", {"transfer_random", "transfer"}},
      {"word", {"transfer_random", "transfer"}},
  };
  return kNames;
}

bool is_delta(const Argument& argument) {
  static const std::string kEnd = "_delta";
  const std::string& name = argument.name;
  return argument.number && name.size() > kEnd.size() &&
         name.compare(name.size() - kEnd.size(), kEnd.size(), kEnd) == 0;
}

/// Whether the row has deltas, all of this value.
bool has_deltas(const ActionRow& row, double value) {
  const auto& arguments = row.arguments;
  return std::any_of(arguments.begin(), arguments.end(), is_delta) &&
         std::all_of(arguments.begin(), arguments.end(),
                     [&](const Argument& a) { return !is_delta(a) || *a.number == value; });
}

std::string last_word(const std::string& action) {
  const std::size_t end = action.rfind('_');
  return end == std::string::npos ? std::string() : action.substr(end + 1);
}

const ActionRow* find_other_row(const ComponentTable& component, const std::string& action) {
  for (const OtherNames& others : other_names()) {
    if (others.action != action) continue;
    for (const char* name : others.names) {
      if (const ActionRow* row = find_named_row(component, name)) return row;
    }
  }
  return nullptr;
}

/// The variant in which neither address nor data change; a table that has no variants prices all
/// accesses alike.
const ActionRow* find_repeated_row(const ComponentTable& component, const std::string& action) {
  for (const ActionRow& row : component.rows) {
    if (row.action == action && has_deltas(row, 0.0)) return &row;
  }
  return find_row(component, action);
}

/// The PE type that a row is for; empty: any.
std::string type_of(const ActionRow& row) {
  for (const Argument& argument : row.arguments) {
    if (argument.name == "pe_type") return argument.text;
  }
  return {};
}

double argument_of(const ActionRow& row, const char* name) {
  for (const Argument& argument : row.arguments) {
    if (argument.name == name && argument.number) return *argument.number;
  }
  return 0.0;
}

}  // namespace

const ActionRow* find_named_row(const ComponentTable& component, const std::string& action) {
  const ActionRow* best = nullptr;
  for (const ActionRow& row : component.rows) {
    if (row.action != action) continue;
    if (row.arguments.empty()) return &row;
    if (best == nullptr || (has_deltas(row, 1.0) && !has_deltas(*best, 1.0)) ||
        (has_deltas(row, 1.0) == has_deltas(*best, 1.0) && row.energy > best->energy)) {
      best = &row;
    }
  }
  return best;
}

const ActionRow* find_row(const ComponentTable& component, const std::string& action) {
  static const std::string kRepeated = "_repeated";
  if (const ActionRow* row = find_named_row(component, action)) return row;
  if (action.size() > kRepeated.size() &&
      action.compare(action.size() - kRepeated.size(), kRepeated.size(), kRepeated) == 0) {
    return find_repeated_row(component, action.substr(0, action.size() - kRepeated.size()));
  }
  if (const ActionRow* row = find_other_row(component, action)) return row;
  const std::string word = last_word(action);
  return word.empty() ? nullptr : find_row(component, word);
}

ComponentTable rows_for(const ComponentTable& component, const std::string& pe_type) {
  ComponentTable kept = component;
  kept.rows.clear();
  for (const ActionRow& row : component.rows) {
    const std::string type = type_of(row);
    const auto names_this = [&](const ActionRow& other) {
      return other.action == row.action && type_of(other) == pe_type;
    };
    const bool general =
        type.empty() && std::none_of(component.rows.begin(), component.rows.end(), names_this);
    if (type == pe_type || general) kept.rows.push_back(row);
  }
  return kept;
}

bool is_typed(const ComponentTable& component) {
  return std::any_of(component.rows.begin(), component.rows.end(),
                     [](const ActionRow& row) { return !type_of(row).empty(); });
}

double bits_of(const ActionRow& row) { return argument_of(row, "bits"); }

double cycle_seconds_of(const ActionRow& row) { return argument_of(row, "global_cycle_seconds"); }

}  // namespace rowan::energy
