// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "models/base/units.h"

/// How a struct becomes a part of a YAML file.
///
/// A struct that is read from YAML has one free function template in its namespace:
///
///     template <class V>
///     void describe(V& v, FifoSpec& s) {
///       v.number("depth_words", s.depth, Range{1, 65536}, "capacity");
///     }
///
/// It is the only place that names the key, the range and the meaning of a field; the default is
/// the one of the struct. Three visitors are handed to it: YamlReader makes the struct from a file,
/// or an InputError; YamlWriter makes a file with every key, which reads back equal; MarkdownWriter
/// makes the reference table of a file format. Every visitor has these members:
///
/// - `schema("rowan.platform/1")`: first key of a file, `schema: rowan.platform/1`, always required
/// - `number(key, field, Range{min, max}, meaning)`: Quantity<>, unsigned or std::uint64_t
/// - `decimal(key, field, DecimalRange{min, max}, meaning)`: double
/// - `frequency_mhz(key, field, Range{min, max}, meaning)`: Kilohertz; MHz in file and range
/// - `flag(key, field, meaning)`: bool, true or false
/// - `text(key, field, meaning)`: std::string
/// - `choice(key, field, table, meaning)`: enum, with `constexpr Choice<E> table[]`
/// - `choice(key, field, names, meaning)`: std::string, with `std::vector<std::string> names`
/// - `section(key, field, meaning)`: a struct with a describe() of its own
/// - `optional(key, field, meaning)`: std::optional of such a struct, set when the key is there
/// - `list(key, field, meaning)`: std::vector of such structs
/// - `texts(key, field, meaning)`: std::vector<std::string>
/// - `map(key, field, meaning)`: std::map from any name to such a struct
/// - `required()`: returns the visitor; the next field has no default, its key must be there
/// - `default_from(key)`: returns the visitor; the default of the next field follows from this key
/// - `set_defaults(set)`: a reader calls `set()` here, to set such defaults by what it has read
///
/// A key that describe() does not name is an error, with the nearest key as a suggestion.
namespace rowan {

/// Bounds of a whole number; both are allowed values.
struct Range {
  std::uint64_t min = 0;
  std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
};

/// Bounds of a decimal number; both are allowed values.
struct DecimalRange {
  double min = 0.0;
  double max = 1.0;
};

/// A row of the table that gives the values of an enumeration their names in YAML.
template <class E>
struct Choice {
  const char* name;
  E value;
};

namespace detail {

/// Access to a whole-number field: unsigned, std::uint64_t, or a Quantity.
template <class T>
struct WholeField {
  static_assert(std::is_unsigned_v<T>, "a number field is unsigned or a Quantity");
  static std::uint64_t get(T field) { return field; }
  static T make(std::uint64_t value) { return static_cast<T>(value); }
  static Range limit(Range range) {
    return {range.min, std::min<std::uint64_t>(range.max, std::numeric_limits<T>::max())};
  }
};

template <class Tag>
struct WholeField<Quantity<Tag>> {
  static std::uint64_t get(Quantity<Tag> field) { return field.value(); }
  static Quantity<Tag> make(std::uint64_t value) { return Quantity<Tag>(value); }
  static Range limit(Range range) { return range; }
};

/// Name of an enumeration's value in its table; empty when the table lacks it.
template <class E, std::size_t N>
[[nodiscard]] const char* name_in(const Choice<E> (&table)[N], E value) {
  for (const Choice<E>& row : table) {
    if (row.value == value) return row.name;
  }
  return "";
}

}  // namespace detail
}  // namespace rowan
