// SPDX-License-Identifier: Apache-2.0
#include "sim/report/plain_text.h"

#include <cstdio>
#include <sstream>

namespace rowan::sim {

std::string grouped(std::uint64_t value) {
  std::string text = std::to_string(value);
  for (std::size_t end = text.size(); end > 3; end -= 3) text.insert(end - 3, ",");
  return text;
}

std::string fixed(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string scaled(std::uint64_t value) {
  if (value < 1000) return std::to_string(value);
  double rest = static_cast<double>(value);
  const char* suffix = "";
  for (const char* next : {"k", "M", "G", "T", "P", "E"}) {
    if (rest < 999.95) break;
    rest /= 1000.0;
    suffix = next;
  }
  return fixed(rest, 1) + suffix;
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "-";
  return fixed(100.0 * static_cast<double>(part) / static_cast<double>(whole), 1);
}

std::string cut(const std::string& text, std::size_t width) {
  return text.size() <= width ? text : text.substr(0, width - 1) + "~";
}

std::vector<std::string> wrapped(const std::string& text, std::size_t width) {
  std::vector<std::string> lines(1);
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    if (!lines.back().empty() && lines.back().size() + 1 + word.size() > width) {
      lines.emplace_back();
    }
    lines.back() += (lines.back().empty() ? "" : " ") + word;
  }
  return lines;
}

}  // namespace rowan::sim
