// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>

#include "models/arithmetic/pe_type.h"
#include "workloads/golden.h"

/// What the golden operations share.
namespace rowan::workloads::golden {

inline void require(bool holds, const char* what) {
  if (!holds) throw std::invalid_argument(std::string("golden operation: ") + what);
}

/// The number of a binary32 word.
[[nodiscard]] inline float fp32_value(arithmetic::Word word) {
  float value;
  std::memcpy(&value, &word, sizeof value);
  return value;
}

/// The word of a number; every NaN is one.
[[nodiscard]] inline arithmetic::Word fp32_word(float value) {
  if (value != value) return 0x7fc00000;
  arithmetic::Word word;
  std::memcpy(&word, &value, sizeof word);
  return word;
}

/// value / 2^shift to nearest, halves up.
[[nodiscard]] inline std::int64_t round_half_up(std::int64_t value, unsigned shift) {
  if (shift == 0) return value;
  return (value + (std::int64_t{1} << (shift - 1))) >> shift;
}

/// The quotient towards minus infinity; `divisor` is positive.
[[nodiscard]] inline std::int64_t floor_divided(std::int64_t value, std::int64_t divisor) {
  const std::int64_t quotient = value / divisor;
  return value % divisor < 0 ? quotient - 1 : quotient;
}

/// Clamps to words of so many bits, and counts those that it changes.
class Clamp {
 public:
  Clamp(unsigned bits, SumStatistics* statistics) : statistics_(statistics) {
    require(bits >= 1 && bits <= 32, "activation_bits is not 1 to 32");
    most_ = (std::int64_t{1} << (bits - 1)) - 1;
  }

  arithmetic::Word operator()(std::int64_t value) {
    if (value >= -most_ - 1 && value <= most_) return static_cast<arithmetic::Word>(value);
    if (statistics_ != nullptr) ++statistics_->saturated;
    return static_cast<arithmetic::Word>(value < 0 ? -most_ - 1 : most_);
  }

 private:
  SumStatistics* statistics_;
  std::int64_t most_ = 0;
};

}  // namespace rowan::workloads::golden
