// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/base/describe.h"

namespace rowan {

/// Writes a struct as YAML as its describe() says (see describe.h): every key, with its meaning and
/// range as a comment.
class YamlWriter {
 public:
  /// The YAML of a struct; read back, it is equal.
  template <class T>
  [[nodiscard]] static std::string write(T value) {
    YamlWriter writer(0);
    describe(writer, value);
    return writer.out_;
  }

  // The visitor's members; describe.h explains them.
  YamlWriter& required() { return *this; }
  YamlWriter& default_from(const char*) { return *this; }

  template <class F>
  void set_defaults(F) {}

  void schema(const std::string& name);

  template <class T>
  void number(const std::string& key, T& field, Range range, const std::string& meaning) {
    using Field = detail::WholeField<T>;
    whole(key, Field::get(field), Field::limit(range), meaning);
  }

  void decimal(const std::string& key, double field, DecimalRange range,
               const std::string& meaning);
  void frequency_mhz(const std::string& key, Kilohertz field, Range range,
                     const std::string& meaning);
  void flag(const std::string& key, bool field, const std::string& meaning);
  void text(const std::string& key, const std::string& field, const std::string& meaning);
  void choice(const std::string& key, const std::string& field,
              const std::vector<std::string>& names, const std::string& meaning);

  void texts(const std::string& key, const std::vector<std::string>& field,
             const std::string& meaning);

  template <class E, std::size_t N>
  void choice(const std::string& key, E& field, const Choice<E> (&table)[N],
              const std::string& meaning) {
    std::vector<std::string> names;
    for (const Choice<E>& row : table) names.emplace_back(row.name);
    choice(key, std::string(detail::name_in(table, field)), names, meaning);
  }

  template <class T>
  void section(const std::string& key, T& field, const std::string& meaning) {
    YamlWriter inner(indent_ + 2);
    describe(inner, field);
    block(key, inner.out_, meaning);
  }

  template <class T>
  void optional(const std::string& key, std::optional<T>& field, const std::string& meaning) {
    if (field) section(key, *field, meaning);
  }

  template <class T>
  void list(const std::string& key, std::vector<T>& field, const std::string& meaning) {
    std::string items;
    for (T& value : field) {
      YamlWriter inner(indent_ + 4);
      describe(inner, value);
      items += item(inner.out_);
    }
    block(key, items.empty() ? flow("[]") : items, meaning);
  }

  template <class T>
  void map(const std::string& key, std::map<std::string, T>& field, const std::string& meaning) {
    YamlWriter inner(indent_ + 2);
    for (auto& [name, value] : field) inner.section(name, value, "");
    block(key, inner.out_.empty() ? flow("{}") : inner.out_, meaning);
  }

 private:
  explicit YamlWriter(std::size_t indent) : indent_(indent) {}

  void whole(const std::string& key, std::uint64_t value, Range range, const std::string& meaning);
  void line(const std::string& key, const std::string& value, const std::string& remark);
  void block(const std::string& key, const std::string& lines, const std::string& meaning);
  /// An empty list or mapping as the only content of a block.
  [[nodiscard]] std::string flow(const std::string& text) const;
  /// A list item of lines that are indented by indent_ + 4.
  [[nodiscard]] std::string item(const std::string& lines) const;

  std::size_t indent_;
  std::string out_;
};

/// A scalar as YAML: plain when that reads back as the same text, else in double quotes.
[[nodiscard]] std::string yaml_text(const std::string& text);

}  // namespace rowan
