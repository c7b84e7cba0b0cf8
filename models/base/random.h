// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

namespace rowan {

/// Seeded pseudo-random numbers, the same with every compiler and library.
///
/// xoshiro256** 1.0 by D. Blackman and S. Vigna, its state filled by splitmix64 from the seed. Not
/// for cryptography.
class Random {
 public:
  explicit Random(std::uint64_t seed) {
    for (std::uint64_t& word : state_) word = split_mix(seed);
  }

  /// 64 random bits.
  std::uint64_t bits() {
    const std::uint64_t result = rotate(state_[1] * 5, 7) * 9;
    const std::uint64_t shifted = state_[1] << 17U;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotate(state_[3], 45);
    return result;
  }

  /// Uniform in lo to hi, both included; lo <= hi. Draws again what would favour some values.
  std::int64_t between(std::int64_t lo, std::int64_t hi) {
    const std::uint64_t span = static_cast<std::uint64_t>(hi) - static_cast<std::uint64_t>(lo) + 1;
    if (span == 0) return static_cast<std::int64_t>(bits());        // all 2^64 values
    const std::uint64_t uneven = (std::uint64_t{0} - span) % span;  // 2^64 mod span
    std::uint64_t drawn = bits();
    while (drawn < uneven) drawn = bits();
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(lo) + drawn % span);
  }

  /// Uniform in 0 to count - 1; count >= 1.
  std::uint64_t below(std::uint64_t count) {
    return static_cast<std::uint64_t>(between(0, static_cast<std::int64_t>(count - 1)));
  }

 private:
  static std::uint64_t rotate(std::uint64_t value, unsigned by) {
    return value << by | value >> (64U - by);
  }
  static std::uint64_t split_mix(std::uint64_t& state) {
    state += 0x9e3779b97f4a7c15;
    std::uint64_t z = state;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111eb;
    return z ^ (z >> 31U);
  }

  std::array<std::uint64_t, 4> state_{};
};

}  // namespace rowan
