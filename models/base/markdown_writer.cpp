// SPDX-License-Identifier: Apache-2.0
#include "models/base/markdown_writer.h"

#include "models/base/yaml_node.h"

namespace rowan {
namespace {

std::string between(const std::string& min, const std::string& max) { return min + " to " + max; }

/// Text as it can stand in a cell of a table.
std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string code(const std::string& text) { return text.empty() ? text : "`" + text + "`"; }

}  // namespace

std::string MarkdownWriter::header() {
  return "| key | default | range | meaning |\n|---|---|---|---|\n";
}

void MarkdownWriter::schema(const std::string& name) {
  required();
  row("schema", "", code(name), "format and version of the file");
}

void MarkdownWriter::whole(const std::string& key, std::uint64_t value, Range range,
                           const std::string& meaning) {
  row(key, std::to_string(value), between(std::to_string(range.min), std::to_string(range.max)),
      meaning);
}

void MarkdownWriter::decimal(const std::string& key, double field, DecimalRange range,
                             const std::string& meaning) {
  row(key, decimal_text(field), between(decimal_text(range.min), decimal_text(range.max)), meaning);
}

void MarkdownWriter::frequency_mhz(const std::string& key, Kilohertz field, Range range,
                                   const std::string& meaning) {
  row(key, mhz_text(field), between(std::to_string(range.min), std::to_string(range.max)), meaning);
}

void MarkdownWriter::flag(const std::string& key, bool field, const std::string& meaning) {
  row(key, field ? "true" : "false", "`true`, `false`", meaning);
}

void MarkdownWriter::text(const std::string& key, const std::string& field,
                          const std::string& meaning) {
  row(key, field, "text", meaning);
}

void MarkdownWriter::choice(const std::string& key, const std::string& field,
                            const std::vector<std::string>& names, const std::string& meaning) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + code(name);
  row(key, field, list, meaning);
}

void MarkdownWriter::texts(const std::string& key, const std::vector<std::string>& field,
                           const std::string& meaning) {
  std::string list;
  for (const std::string& text : field) list += (list.empty() ? "" : ", ") + text;
  row(key, field.empty() ? "" : "[" + list + "]", "list of texts", meaning);
}

void MarkdownWriter::row(const std::string& key, const std::string& default_value,
                         const std::string& range, const std::string& meaning) {
  const std::string shown = required_               ? "required"
                            : default_from_.empty() ? code(default_value)
                                                    : "by " + code(default_from_);
  required_ = false;
  default_from_.clear();
  out_ += "| `" + cell(prefix_ + key) + "` | " + cell(shown) + " | " + cell(range) + " | " +
          cell(meaning) + " |\n";
}

}  // namespace rowan
