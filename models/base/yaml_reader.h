// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "models/base/describe.h"
#include "models/base/yaml_node.h"

namespace rowan {

/// Reads a struct from a YAML mapping as its describe() says (see describe.h). Every error is an
/// InputError with file, line, column and key path.
///
///     PlatformSpec spec;
///     YamlReader reader(YamlNode::load(path));
///     reader.read(spec);
///     if (spec.a < spec.b) reader.fail("a", "must be at least b");
class YamlReader {
 public:
  explicit YamlReader(YamlNode node) : node_(std::move(node)) {}

  /// Sets the fields whose keys are there; the others keep their values.
  /// Throws for unknown and missing keys, wrong types and values out of range.
  template <class T>
  void read(T& value) {
    begin();
    describe(*this, value);
    end();
  }

  /// What is read.
  [[nodiscard]] const YamlNode& node() const { return node_; }

  /// Throws an InputError about the value at a path (relative to this mapping), located there, or
  /// at the nearest section that encloses it when the file leaves it at its default, which the
  /// message then says.
  [[noreturn]] void fail(const std::string& path, const std::string& message) const;

  // The visitor's members; describe.h explains them.
  YamlReader& required() {
    required_ = true;
    return *this;
  }

  YamlReader& default_from(const char*) { return *this; }

  template <class F>
  void set_defaults(F set) {
    set();
  }

  void schema(const std::string& name);

  template <class T>
  void number(const std::string& key, T& field, Range range, const std::string&) {
    using Field = detail::WholeField<T>;
    if (const auto node = take(key)) field = Field::make(node->number(Field::limit(range)));
  }

  void decimal(const std::string& key, double& field, DecimalRange range, const std::string&) {
    if (const auto node = take(key)) field = node->decimal(range);
  }

  void frequency_mhz(const std::string& key, Kilohertz& field, Range range, const std::string&) {
    if (const auto node = take(key)) field = node->frequency_mhz(range);
  }

  void flag(const std::string& key, bool& field, const std::string&) {
    if (const auto node = take(key)) field = node->flag();
  }

  void text(const std::string& key, std::string& field, const std::string&) {
    if (const auto node = take(key)) field = node->text();
  }

  template <class E, std::size_t N>
  void choice(const std::string& key, E& field, const Choice<E> (&table)[N], const std::string&) {
    const auto node = take(key);
    if (!node) return;
    std::vector<std::string> names;
    for (const Choice<E>& row : table) names.emplace_back(row.name);
    field = table[node->choice(names)].value;
  }

  void choice(const std::string& key, std::string& field, const std::vector<std::string>& names,
              const std::string&) {
    if (const auto node = take(key)) field = names[node->choice(names)];
  }

  template <class T>
  void section(const std::string& key, T& field, const std::string&) {
    if (const auto node = take(key)) YamlReader(*node).read(field);
  }

  template <class T>
  void optional(const std::string& key, std::optional<T>& field, const std::string&) {
    if (const auto node = take(key)) YamlReader(*node).read(field.emplace());
  }

  template <class T>
  void list(const std::string& key, std::vector<T>& field, const std::string&) {
    const auto node = take(key);
    if (!node) return;
    field.clear();
    for (const YamlNode& item : node->items()) YamlReader(item).read(field.emplace_back());
  }

  void texts(const std::string& key, std::vector<std::string>& field, const std::string&) {
    const auto node = take(key);
    if (!node) return;
    field.clear();
    for (const YamlNode& item : node->items()) field.push_back(item.text());
  }

  template <class T>
  void map(const std::string& key, std::map<std::string, T>& field, const std::string&) {
    const auto node = take(key);
    if (!node) return;
    field.clear();
    for (const auto& [name, item] : node->entries()) YamlReader(item).read(field[name]);
  }

 private:
  void begin();
  void end() const;
  /// The value of a key, if the file has it; notes the key as known, and as missing if it was
  /// required.
  [[nodiscard]] std::optional<YamlNode> take(const std::string& key);

  YamlNode node_;
  std::vector<std::pair<std::string, YamlNode>> entries_;
  std::vector<std::string> known_;
  std::vector<std::string> missing_;
  bool required_ = false;
};

}  // namespace rowan
