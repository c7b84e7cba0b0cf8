// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace rowan::sim {

/// A table of plain text: columns as wide as they need, a head of one or more lines, a rule under
/// it and above the sums.
class TextTable {
 public:
  enum class Align { kLeft, kRight };

  /// `head`: lines of the head, bottom line last; shorter heads are filled up at the top.
  void add_column(const std::vector<std::string>& head, Align align = Align::kRight);
  /// One cell per column.
  void add_row(const std::vector<std::string>& cells);
  /// Draws a rule before the next row.
  void add_rule();

  /// The lines, each indented by two blanks and without blanks at its end.
  [[nodiscard]] std::string text() const;

 private:
  struct Column {
    std::vector<std::string> head;
    Align align;
  };

  [[nodiscard]] std::vector<std::size_t> widths() const;

  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::size_t> rules_;  ///< row numbers before which a rule stands
};

/// A name such as `pass_transition` as the lines of a head.
[[nodiscard]] std::vector<std::string> head_of(const std::string& name);

}  // namespace rowan::sim
