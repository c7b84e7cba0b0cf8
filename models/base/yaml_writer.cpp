// SPDX-License-Identifier: Apache-2.0
#include "models/base/yaml_writer.h"

#include <algorithm>
#include <array>

#include "models/base/yaml_node.h"

namespace rowan {
namespace {

/// A comment: what a value means, and which values it may have.
std::string comment(const std::string& meaning, const std::string& values) {
  return meaning + " [" + values + "]";
}

std::string comment(const std::string& meaning, const std::string& min, const std::string& max) {
  return comment(meaning, min + " to " + max);
}

std::string join(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

/// Whether the text, unquoted, is nothing but itself in every version of YAML.
bool is_plain(const std::string& text) {
  static constexpr std::array<const char*, 9> kWords{"true", "false", "null", "yes", "no",
                                                     "on",   "off",   "y",    "n"};
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto inner = [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.' || c == '/' ||
           c == ' ';
  };
  if (text.empty() || !letter(text.front()) || text.back() == ' ') return false;
  std::string lower = text;
  std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return std::all_of(text.begin(), text.end(), inner) &&
         std::find(kWords.begin(), kWords.end(), lower) == kWords.end();
}

}  // namespace

std::string yaml_text(const std::string& text) {
  if (is_plain(text)) return text;
  constexpr const char* kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (byte < 0x20 || byte == 0x7f) {
      out += {'\\', 'x', kHex[byte >> 4U], kHex[byte & 0xfU]};
    } else {
      out += c;
    }
  }
  return out + "\"";
}

void YamlWriter::schema(const std::string& name) { line("schema", name, ""); }

void YamlWriter::whole(const std::string& key, std::uint64_t value, Range range,
                       const std::string& meaning) {
  line(key, std::to_string(value),
       comment(meaning, std::to_string(range.min), std::to_string(range.max)));
}

void YamlWriter::decimal(const std::string& key, double field, DecimalRange range,
                         const std::string& meaning) {
  line(key, decimal_text(field),
       comment(meaning, decimal_text(range.min), decimal_text(range.max)));
}

void YamlWriter::frequency_mhz(const std::string& key, Kilohertz field, Range range,
                               const std::string& meaning) {
  line(key, mhz_text(field),
       comment(meaning, std::to_string(range.min), std::to_string(range.max)));
}

void YamlWriter::flag(const std::string& key, bool field, const std::string& meaning) {
  line(key, field ? "true" : "false", comment(meaning, "true, false"));
}

void YamlWriter::text(const std::string& key, const std::string& field,
                      const std::string& meaning) {
  line(key, yaml_text(field), meaning);
}

void YamlWriter::choice(const std::string& key, const std::string& field,
                        const std::vector<std::string>& names, const std::string& meaning) {
  line(key, yaml_text(field), comment(meaning, join(names)));
}

void YamlWriter::texts(const std::string& key, const std::vector<std::string>& field,
                       const std::string& meaning) {
  std::string list;
  for (const std::string& text : field) list += (list.empty() ? "" : ", ") + yaml_text(text);
  line(key, "[" + list + "]", meaning);
}

void YamlWriter::line(const std::string& key, const std::string& value, const std::string& remark) {
  out_ += std::string(indent_, ' ') + yaml_text(key) + ": " + value;
  if (!remark.empty()) out_ += "  # " + remark;
  out_ += "\n";
}

void YamlWriter::block(const std::string& key, const std::string& lines,
                       const std::string& meaning) {
  out_ += std::string(indent_, ' ') + yaml_text(key) + ":";
  if (!meaning.empty()) out_ += "  # " + meaning;
  out_ += "\n" + lines;
}

std::string YamlWriter::flow(const std::string& text) const {
  return std::string(indent_ + 2, ' ') + text + "\n";
}

std::string YamlWriter::item(const std::string& lines) const {
  return std::string(indent_ + 2, ' ') + "- " + lines.substr(indent_ + 4);
}

}  // namespace rowan
