// SPDX-License-Identifier: Apache-2.0
#include "models/energy/table_file.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <set>

#include "models/base/suggest.h"
#include "models/base/text.h"
#include "models/base/yaml_node.h"
#include "models/energy/component_class.h"

namespace rowan::energy {
namespace {

/// A joule; nothing on a chip takes as much.
constexpr DecimalRange kEnergyRange{0.0, 1e12};
/// A square metre.
constexpr DecimalRange kAreaRange{0.0, 1e12};

/// A key as it is compared: `energy-reference-table` is `energy_reference_table`.
std::string key_of(const std::string& text) {
  std::string key = text;
  for (char& c : key) c = c == '-' ? '_' : c;
  return key;
}

/// Keys of one mapping; each can be taken once, and none may be left.
class Keys {
 public:
  explicit Keys(const YamlNode& node) : node_(node), entries_(node.entries()) {}

  [[nodiscard]] std::optional<YamlNode> take(const std::string& key) {
    known_.push_back(key);
    for (auto entry = entries_.begin(); entry != entries_.end(); ++entry) {
      if (key_of(entry->first) != key) continue;
      const YamlNode value = entry->second;
      entries_.erase(entry);
      return value;
    }
    return std::nullopt;
  }

  [[nodiscard]] YamlNode require(const std::string& key) {
    auto value = take(key);
    if (!value) node_.fail("key '" + key + "' is missing");
    return *value;
  }

  [[nodiscard]] std::string text(const std::string& key) {
    const auto value = take(key);
    return value ? value->text() : std::string();
  }

  void refuse_others() const {
    if (entries_.empty()) return;
    const auto& [key, value] = entries_.front();
    value.fail("unknown key" + did_you_mean(key_of(key), known_));
  }

 private:
  YamlNode node_;
  std::vector<std::pair<std::string, YamlNode>> entries_;
  std::vector<std::string> known_;
};

std::optional<double> number_in(const std::string& text) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && std::isfinite(value) ? std::optional<double>(value) : std::nullopt;
}

std::vector<Argument> read_arguments(const std::optional<YamlNode>& node) {
  std::vector<Argument> arguments;
  if (!node || node->kind() == YamlNode::Kind::kNothing) return arguments;
  for (const auto& [name, value] : node->entries()) {
    if (value.kind() == YamlNode::Kind::kNothing) continue;
    // The two that prices depend on.
    if (key_of(name) == "bits") (void)value.decimal(DecimalRange{1, 1e6});
    if (key_of(name) == "global_cycle_seconds") (void)value.decimal(DecimalRange{1e-15, 1});
    arguments.push_back({key_of(name), value.text(), number_in(value.text())});
  }
  return arguments;
}

/// Reads files into one table.
class TableReader {
 public:
  void read(const YamlNode& root) {
    table_.files.push_back(root.location().file);
    Keys keys(root);
    once(keys, "name", [&](const YamlNode& node) { table_.name = node.text(); });
    once(keys, "description", [&](const YamlNode& node) { table_.description = node.text(); });
    once(keys, "unit", [&](const YamlNode& node) { table_.unit = node.text(); });
    once(keys, "scale", [&](const YamlNode& node) { read_scale(node); });
    if (const auto node = keys.take("classes")) read_classes(*node);
    for (const char* key : {"ERT", "energy_reference_table"}) {
      if (const auto node = keys.take(key)) read_tables(*node, &TableReader::read_component);
    }
    for (const char* key : {"ART", "area_reference_table"}) {
      if (const auto node = keys.take(key)) read_tables(*node, &TableReader::read_area);
    }
    keys.refuse_others();
  }

  [[nodiscard]] EnergyTable table() const { return table_; }

 private:
  using ReadTable = void (TableReader::*)(const std::string& name, const YamlNode& node);

  template <class Read>
  void once(Keys& keys, const std::string& key, const Read& read) {
    const auto node = keys.take(key);
    if (!node) return;
    if (!seen_.insert(key).second) node->fail("another file has '" + key + "' already");
    read(*node);
  }

  void read_scale(const YamlNode& node) {
    Keys keys(node);
    if (const auto value = keys.take("dynamic")) table_.scale.dynamic = value->decimal({0, 1e6});
    table_.scale.fitted_on = keys.text("fitted_on");
    keys.refuse_others();
    if (table_.scale.dynamic != 1.0 && table_.scale.fitted_on.empty()) {
      node.fail("a factor other than 1 must say what it was fitted to: key 'fitted_on'");
    }
  }

  void read_classes(const YamlNode& node) {
    std::vector<std::string> names{kClockNetwork};
    for (const ComponentClass& known : component_classes()) names.emplace_back(known.name);
    for (const auto& [name, value] : node.entries()) {
      if (std::find(names.begin(), names.end(), name) == names.end()) {
        value.fail("is no component class" + did_you_mean(name, names));
      }
      if (table_.classes.count(name) != 0) value.fail("another file has this class already");
      table_.classes[name] = read_binding(value);
    }
  }

  static ClassBinding read_binding(const YamlNode& node) {
    ClassBinding binding;
    binding.location = node.location();
    Keys keys(node);
    binding.table = keys.text("table");
    if (const auto value = keys.take("width_bits")) {
      binding.width_bits = static_cast<unsigned>(value->number({1, 1U << 20U}));
    }
    if (const auto value = keys.take("fixed_share")) {
      binding.fixed_share = value->decimal({0.0, 1.0});
    }
    if (const auto value = keys.take("instances")) {
      binding.instances = value->number({0, 1U << 20U});
    }
    binding.free = keys.text("free");
    keys.refuse_others();
    return binding;
  }

  void read_tables(const YamlNode& node, ReadTable read_table) {
    Keys keys(node);
    if (const auto version = keys.take("version")) {
      static_cast<void>(version->choice({"0.2", "0.3", "0.4"}));
    }
    const YamlNode tables = keys.require("tables");
    keys.refuse_others();
    if (tables.kind() == YamlNode::Kind::kMapping) {  // version 0.2
      for (const auto& [name, value] : tables.entries()) (this->*read_table)(name, value);
    } else {
      for (const YamlNode& item : tables.items()) {
        const std::string name = Keys(item).require("name").text();
        if (plain_name(name).empty()) item.fail("a component must have a name");
        (this->*read_table)(name, item);
      }
    }
  }

  ComponentTable& component_named(const std::string& name, const YamlNode& node) {
    for (ComponentTable& component : table_.components) {
      if (plain_name(component.name) == plain_name(name)) return component;
    }
    ComponentTable& component = table_.components.emplace_back();
    component.name = name;
    component.location = node.location();
    return component;
  }

  void read_component(const std::string& name, const YamlNode& node) {
    ComponentTable& component = component_named(name, node);
    Keys keys(node);
    const bool old_style = !keys.take("name");
    if (old_style) {
      for (const auto& [action, value] : node.entries()) read_old_rows(component, action, value);
      return;
    }
    const std::string source = keys.text("source");
    for (const YamlNode& item : keys.require("actions").items()) {
      read_row(component, key_of(Keys(item).require("name").text()), source, item);
    }
    keys.refuse_others();
  }

  /// Version 0.2: an action is a row, or a list of rows that differ in their arguments.
  void read_old_rows(ComponentTable& component, const std::string& action, const YamlNode& node) {
    if (node.kind() != YamlNode::Kind::kList) return read_row(component, key_of(action), "", node);
    for (const YamlNode& item : node.items()) read_row(component, key_of(action), "", item);
  }

  static void read_row(ComponentTable& component, const std::string& action,
                       const std::string& component_source, const YamlNode& node) {
    ActionRow row;
    row.location = node.location();
    row.action = action;
    Keys keys(node);
    static_cast<void>(keys.take("name"));
    row.arguments = read_arguments(keys.take("arguments"));
    row.energy = Picojoules(keys.require("energy").decimal(kEnergyRange));
    row.source = keys.text("source");
    if (row.source.empty()) row.source = component_source;
    row.fitted = keys.text("fitted");
    keys.refuse_others();
    for (const ActionRow& other : component.rows) {
      if (other.action == row.action &&
          std::is_permutation(other.arguments.begin(), other.arguments.end(), row.arguments.begin(),
                              row.arguments.end())) {
        node.fail("'" + printable(action) + "' of '" + printable(component.name) +
                  "' has a row with the same arguments already");
      }
    }
    component.rows.push_back(row);
  }

  void read_area(const std::string& name, const YamlNode& node) {
    ComponentTable& component = component_named(name, node);
    if (component.area) node.fail("'" + printable(name) + "' has an area already");
    AreaRow row;
    row.location = node.location();
    if (node.kind() == YamlNode::Kind::kScalar) {  // version 0.2
      row.area = SquareMicrometres(node.decimal(kAreaRange));
    } else {
      Keys keys(node);
      static_cast<void>(keys.take("name"));
      row.area = SquareMicrometres(keys.require("area").decimal(kAreaRange));
      row.source = keys.text("source");
      keys.refuse_others();
    }
    component.area = row;
  }

  EnergyTable table_;
  std::set<std::string> seen_;
};

/// `eyeriss` of a path that ends in `/eyeriss.yaml`.
std::string stem(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string file = path.substr(slash == std::string::npos ? 0 : slash + 1);
  return file.substr(0, file.rfind('.'));
}

EnergyTable checked(const TableReader& reader) {
  EnergyTable table = reader.table();
  const bool priced = std::any_of(table.components.begin(), table.components.end(),
                                  [](const ComponentTable& c) { return !c.rows.empty(); });
  if (!priced) throw InputError({table.files.front(), 0, 0}, "", "has no ERT with tables");
  if (table.name.empty()) table.name = stem(table.files.front());
  return table;
}

}  // namespace

EnergyTable load_table(const std::string& path) { return load_tables({path}); }

EnergyTable load_tables(const std::vector<std::string>& paths) {
  TableReader reader;
  for (const std::string& path : paths) reader.read(YamlNode::load(path));
  return checked(reader);
}

EnergyTable parse_table(const std::string& text, const std::string& file) {
  TableReader reader;
  reader.read(YamlNode::parse(text, file));
  return checked(reader);
}

}  // namespace rowan::energy
