// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/base/describe.h"

namespace rowan {

/// Writes the reference of a file format as a Markdown table, as the describe() of its struct says
/// (see describe.h): one row per key with its default, range and meaning.
class MarkdownWriter {
 public:
  /// The table; the defaults are those of `value`.
  template <class T>
  [[nodiscard]] static std::string write(T value = {}) {
    MarkdownWriter writer("");
    describe(writer, value);
    return header() + writer.out_;
  }

  // The visitor's members; describe.h explains them.
  MarkdownWriter& required() {
    required_ = true;
    return *this;
  }

  MarkdownWriter& default_from(const char* key) {
    default_from_ = key;
    return *this;
  }

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
    nested(key, "section", meaning, key + ".", field);
  }

  template <class T>
  void optional(const std::string& key, std::optional<T>& field, const std::string& meaning) {
    T value = field.value_or(T{});
    nested(key, "section, optional", meaning, key + ".", value);
  }

  template <class T>
  void list(const std::string& key, std::vector<T>&, const std::string& meaning) {
    T value{};
    nested(key, "list of sections", meaning, key + "[].", value);
  }

  template <class T>
  void map(const std::string& key, std::map<std::string, T>&, const std::string& meaning) {
    T value{};
    nested(key, "sections by name", meaning, key + ".NAME.", value);
  }

 private:
  explicit MarkdownWriter(std::string prefix) : prefix_(std::move(prefix)) {}

  template <class T>
  void nested(const std::string& key, const std::string& range, const std::string& meaning,
              const std::string& inner_prefix, T& value) {
    row(key, "", range, meaning);
    MarkdownWriter inner(prefix_ + inner_prefix);
    describe(inner, value);
    out_ += inner.out_;
  }

  static std::string header();
  void whole(const std::string& key, std::uint64_t value, Range range, const std::string& meaning);
  void row(const std::string& key, const std::string& default_value, const std::string& range,
           const std::string& meaning);

  std::string prefix_;
  std::string out_;
  bool required_ = false;
  std::string default_from_;
};

}  // namespace rowan
