// SPDX-License-Identifier: Apache-2.0
#include "models/arithmetic/special_functions.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "models/arithmetic/fixed_point.h"

namespace rowan::arithmetic {
namespace {

constexpr std::int64_t kOne = 1 << 15;  ///< of Phi
/// Values of the tables that are not integers lie far enough from a half for any libm.
using PhiTable = std::array<std::int32_t, 257>;
using PowerTable = std::array<std::int32_t, 65>;

/// 2^15 Phi(i / 32)
const PhiTable& phi_table() {
  static const PhiTable kTable = [] {
    PhiTable table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
      const double phi = 0.5 * std::erfc(-static_cast<double>(i) / 32 / std::sqrt(2.0));
      table[i] = static_cast<std::int32_t>(std::lround(32768 * phi));
    }
    return table;
  }();
  return kTable;
}

/// 2^24 2^(-i / 64)
const PowerTable& power_table() {
  static const PowerTable kTable = [] {
    PowerTable table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
      table[i] = static_cast<std::int32_t>(
          std::lround(16777216 * std::exp2(-static_cast<double>(i) / 64)));
    }
    return table;
  }();
  return kTable;
}

/// 2^15 Phi of an argument >= 0 with 12 fraction bits.
std::int64_t phi(std::int64_t u) {
  if (u >= kOne) return kOne;
  const auto i = static_cast<std::size_t>(u >> 7);
  const PhiTable& table = phi_table();
  const std::int64_t rise = table[i + 1] - table[i];
  return table[i] + ((rise * (u % 128) + 64) >> 7);
}

/// 2^24 e^-d of a distance d >= 0 with `fraction_bits`.
std::int64_t falling_power(std::int64_t d, unsigned fraction_bits) {
  constexpr std::int64_t kLog2E = 94548;  // log2(e) 2^16
  const std::int64_t k = kLog2E * d;
  const std::int64_t n = k >> (fraction_bits + 16);
  if (n > 24) return 0;
  const std::int64_t r = (k >> fraction_bits) % 65536;
  const auto i = static_cast<std::size_t>(r >> 10);
  const PowerTable& table = power_table();
  const std::int64_t fall = table[i] - table[i + 1];
  return (table[i] - ((fall * (r % 1024) + 512) >> 10)) >> n;
}

}  // namespace

std::uint64_t floor_sqrt(std::uint64_t value) {
  // A double's root is off by one at most.
  auto root = static_cast<std::uint64_t>(std::sqrt(static_cast<double>(value)));
  while (root > 0xffffffff || root * root > value) --root;
  while (root < 0xffffffff && (root + 1) * (root + 1) <= value) ++root;
  return root;
}

Word gelu(Word x, unsigned fraction_bits, unsigned bits) {
  const std::int64_t magnitude = std::abs(std::int64_t{x});
  const std::int64_t of_magnitude = phi((magnitude << 12) >> fraction_bits);
  const std::int64_t of_x = x < 0 ? kOne - of_magnitude : of_magnitude;
  return clamp((x * of_x + (1 << 14)) >> 15, bits);
}

void softmax(const Word* x, std::size_t count, unsigned fraction_bits, unsigned ofmap_fraction_bits,
             unsigned bits, Word* results) {
  const std::int64_t largest = *std::max_element(x, x + count);
  std::vector<std::int64_t> powers(count);
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    powers[i] = falling_power(largest - x[i], fraction_bits);
    sum += powers[i];
  }
  for (std::size_t i = 0; i < count; ++i) {
    results[i] = clamp(divide_to_nearest(powers[i] << ofmap_fraction_bits, sum), bits);
  }
}

void layer_norm(const Word* x, std::size_t count, const Word* parameters,
                const LayerNormFormat& format, Word* results) {
  const auto n = static_cast<std::int64_t>(count);
  std::int64_t sum = 0;
  std::int64_t squares = 0;
  for (std::size_t i = 0; i < count; ++i) {
    sum += x[i];
    squares += std::int64_t{x[i]} * x[i];
  }
  const auto root =
      static_cast<std::int64_t>(floor_sqrt(static_cast<std::uint64_t>(n * squares - sum * sum)));
  const std::int64_t one = std::int64_t{1} << format.ofmap_fraction_bits;
  for (std::size_t i = 0; i < count; ++i) {
    const std::int64_t z = root == 0 ? 0 : divide_to_nearest((n * x[i] - sum) * one, root);
    const std::int64_t gain = parameters[2 * i];
    const std::int64_t offset = parameters[2 * i + 1];
    results[i] = clamp(shift_to_nearest(z * gain, format.gain_fraction_bits) + offset, format.bits);
  }
}

}  // namespace rowan::arithmetic
