// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// Numbers and lines as people read them; the same in every locale.
namespace rowan::sim {

/// 2,332,704
[[nodiscard]] std::string grouped(std::uint64_t value);
/// With so many decimals, the last one rounded: 12.35
[[nodiscard]] std::string fixed(double value, int decimals);
/// Three or four digits and a suffix: 987, 12.3k, 665.8M, 1.2G
[[nodiscard]] std::string scaled(std::uint64_t value);
/// Share of `whole` in percent, with one decimal; "-" when the whole is nothing.
[[nodiscard]] std::string percent(std::uint64_t part, std::uint64_t whole);
/// A text cut to a width, its end marked by "~".
[[nodiscard]] std::string cut(const std::string& text, std::size_t width);
/// The words of a text in lines of at most `width` characters, but for words that are longer; at
/// least one line.
[[nodiscard]] std::vector<std::string> wrapped(const std::string& text, std::size_t width);

}  // namespace rowan::sim
