// SPDX-License-Identifier: Apache-2.0
#include "models/base/text.h"

#include <array>
#include <charconv>
#include <cstdint>

namespace rowan {
namespace {

/// Of the valid UTF-8 sequence that starts at `begin`.
std::uint32_t code_point(const std::string& text, std::size_t begin) {
  const std::size_t length = utf8_length(text, begin);
  const auto first = static_cast<unsigned char>(text[begin]);
  if (length <= 1) return first;
  std::uint32_t value = first & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    value = value << 6U | (static_cast<unsigned char>(text[begin + i]) & 0x3fU);
  }
  return value;
}

std::string hex(std::uint32_t value, unsigned digits) {
  std::string text;
  while (digits-- > 0) text += "0123456789abcdef"[value >> (4 * digits) & 0xfU];
  return text;
}

}  // namespace

std::size_t utf8_length(const std::string& text, std::size_t begin) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[begin + i]); };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || begin + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0U) != 0x80U) return 0;
  }
  const bool overlong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
  const bool surrogate = first == 0xed && byte(1) >= 0xa0;
  const bool beyond = first == 0xf4 && byte(1) >= 0x90;
  return overlong || surrogate || beyond ? 0 : length;
}

bool is_control(const std::string& text, std::size_t begin) {
  const std::uint32_t c = code_point(text, begin);
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || (c >= 0x2028 && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069);
}

std::string printable(const std::string& text, std::size_t most) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (out.size() >= most) return out + "...";
    const std::size_t length = utf8_length(text, i);
    if (length == 0) {
      out += "\\x" + hex(static_cast<unsigned char>(text[i]), 2);
    } else if (is_control(text, i)) {
      const std::uint32_t c = code_point(text, i);
      out += c < 0x80 ? "\\x" + hex(c, 2) : "\\u" + hex(c, 4);
    } else {
      out += text.substr(i, length);
    }
    i += length == 0 ? 1 : length;
  }
  return out;
}

std::string decimal_text(double value) {
  std::array<char, 32> buffer{};
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  return std::string(buffer.data(), result.ptr);
}

std::string mhz_text(Kilohertz frequency) {
  std::string text = std::to_string(frequency.value() / 1000);
  std::string decimals = std::to_string(frequency.value() % 1000 + 1000).substr(1);
  decimals.erase(decimals.find_last_not_of('0') + 1);
  return decimals.empty() ? text : text + "." + decimals;
}

}  // namespace rowan
