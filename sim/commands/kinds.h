// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "models/base/error.h"
#include "models/base/suggest.h"
#include "models/base/text.h"
#include "sim/commands/arguments.h"

namespace rowan::sim {

/// What a command can be asked for: a word and the function behind it.
template <class Function>
struct KindOf {
  const char* name;
  Function run;
};
using Kind = KindOf<void (*)()>;

/// The row that the first word of the arguments names. Throws InputError, listing all, when it is
/// missing or unknown.
template <class Row, std::size_t N>
[[nodiscard]] const Row& kind_of(const Row (&rows)[N], const Arguments& arguments) {
  std::vector<std::string> names;
  std::string list;
  for (const Row& row : rows) {
    names.emplace_back(row.name);
    list += (list.empty() ? "" : ", ") + std::string(row.name);
  }
  if (arguments.words().empty()) throw InputError("one of these is missing: " + list);
  const std::string& word = arguments.words().front();
  for (const Row& row : rows) {
    if (word == row.name) return row;
  }
  throw InputError("'" + printable(word) + "' is not one of " + list + did_you_mean(word, names));
}

/// The row that an option's value names; the first one by default. Throws InputError, listing all,
/// when it is unknown.
template <class Row, std::size_t N>
[[nodiscard]] const Row& choice_of(const Row (&rows)[N], const Arguments& arguments,
                                   const std::string& option) {
  std::vector<std::string> names;
  for (const Row& row : rows) names.emplace_back(row.name);
  const std::string name = arguments.choice(option, names);
  for (const Row& row : rows) {
    if (name == row.name) return row;
  }
  return rows[0];
}

}  // namespace rowan::sim
