// SPDX-License-Identifier: Apache-2.0
#include "models/energy/energy_table.h"

#include <algorithm>

#include "models/base/text.h"

namespace rowan::energy {
namespace {

bool ends_with_part(const std::string& name, const std::string& end) {
  if (name.size() <= end.size()) return name == end;
  const std::size_t begin = name.size() - end.size();
  return name[begin - 1] == '.' && name.compare(begin, end.size(), end) == 0;
}

}  // namespace

std::string plain_name(const std::string& name) {
  std::string plain;
  bool in_range = false;
  for (const char c : name) {
    if (c == '[') in_range = true;
    if (!in_range) plain += c == '-' ? '_' : c;
    if (c == ']') in_range = false;
  }
  return plain;
}

const ComponentTable* find_component(const EnergyTable& table, const std::string& name) {
  const std::string wanted = plain_name(name);
  for (const ComponentTable& component : table.components) {
    if (!component.rows.empty() && plain_name(component.name) == wanted) return &component;
  }
  const ComponentTable* found = nullptr;
  for (const ComponentTable& component : table.components) {
    if (component.rows.empty() || !ends_with_part(plain_name(component.name), wanted)) continue;
    if (found != nullptr) {
      throw InputError(component.location, "",
                       "both '" + printable(found->name) + "' and '" + printable(component.name) +
                           "' are a '" + printable(name) + "'; say which in 'classes'");
    }
    found = &component;
  }
  return found;
}

std::vector<std::string> short_names(const EnergyTable& table) {
  std::vector<std::string> names;
  for (const ComponentTable& component : table.components) {
    const std::string plain = plain_name(component.name);
    const std::size_t dot = plain.rfind('.');
    names.push_back(dot == std::string::npos ? plain : plain.substr(dot + 1));
  }
  return names;
}

}  // namespace rowan::energy
