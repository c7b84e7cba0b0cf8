// SPDX-License-Identifier: Apache-2.0
#include "sim/report/text_table.h"

#include <algorithm>
#include <stdexcept>

namespace rowan::sim {
namespace {

constexpr char kIndent[] = "  ";
constexpr char kGap[] = "  ";

std::string padded(const std::string& text, std::size_t width, TextTable::Align align) {
  const std::string blanks(width - text.size(), ' ');
  return align == TextTable::Align::kLeft ? text + blanks : blanks + text;
}

void add_line(std::string& out, std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  out += line + "\n";
}

}  // namespace

void TextTable::add_column(const std::vector<std::string>& head, Align align) {
  columns_.push_back({head, align});
}

void TextTable::add_row(const std::vector<std::string>& cells) {
  if (cells.size() != columns_.size()) throw std::logic_error("a row has a cell per column");
  rows_.push_back(cells);
}

void TextTable::add_rule() { rules_.push_back(rows_.size()); }

std::vector<std::size_t> TextTable::widths() const {
  std::vector<std::size_t> widths(columns_.size());
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    for (const std::string& line : columns_[i].head) widths[i] = std::max(widths[i], line.size());
    for (const auto& row : rows_) widths[i] = std::max(widths[i], row[i].size());
  }
  return widths;
}

std::string TextTable::text() const {
  const std::vector<std::size_t> width = widths();
  const auto line_of = [&](const auto& cell_of) {
    std::string line;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      line += (i == 0 ? kIndent : kGap) + padded(cell_of(i), width[i], columns_[i].align);
    }
    return line;
  };
  const std::string rule = line_of([&](std::size_t i) { return std::string(width[i], '-'); });

  std::size_t head_lines = 0;
  for (const Column& column : columns_) head_lines = std::max(head_lines, column.head.size());
  std::string out;
  for (std::size_t line = 0; line < head_lines; ++line) {
    add_line(out, line_of([&](std::size_t i) {
               const auto& head = columns_[i].head;
               const std::size_t missing = head_lines - head.size();
               return line < missing ? std::string() : head[line - missing];
             }));
  }
  add_line(out, rule);
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    if (std::find(rules_.begin(), rules_.end(), row) != rules_.end()) add_line(out, rule);
    add_line(out, line_of([&](std::size_t i) { return rows_[row][i]; }));
  }
  return out;
}

std::vector<std::string> head_of(const std::string& name) {
  const std::size_t split = name.find('_');
  if (split == std::string::npos) return {name};
  return {name.substr(0, split), name.substr(split + 1)};
}

}  // namespace rowan::sim
