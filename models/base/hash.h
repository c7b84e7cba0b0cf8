// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace rowan {

/// FNV-1a, 64 bits: a short name for content, equal on every machine. Not for cryptography.
class Hash {
 public:
  Hash& add_byte(std::uint8_t byte) {
    value_ = (value_ ^ byte) * 0x100000001b3;
    return *this;
  }

  /// The bytes of a text, without its length.
  Hash& add_text(std::string_view text) {
    for (const char c : text) add_byte(static_cast<std::uint8_t>(c));
    return *this;
  }

  /// A number as its eight bytes, lowest first, whatever the machine's order.
  Hash& add_word(std::uint64_t word) {
    for (unsigned shift = 0; shift < 64; shift += 8) {
      add_byte(static_cast<std::uint8_t>(word >> shift));
    }
    return *this;
  }

  [[nodiscard]] std::uint64_t value() const { return value_; }

  /// 16 lower-case hexadecimal digits.
  [[nodiscard]] std::string hex() const {
    std::string text;
    for (unsigned shift = 64; shift > 0; shift -= 4) {
      text += "0123456789abcdef"[value_ >> (shift - 4) & 0xfU];
    }
    return text;
  }

 private:
  std::uint64_t value_ = 0xcbf29ce484222325;
};

}  // namespace rowan
