// SPDX-License-Identifier: Apache-2.0
#include "models/base/clock.h"

#include <numeric>
#include <stdexcept>

namespace rowan {
namespace {
constexpr std::uint64_t kPsPerMillisecond = 1'000'000'000;
__extension__ using Wide = unsigned __int128;

/// (a * b + c) / d, rounded down.
std::uint64_t scaled(std::uint64_t a, std::uint64_t b, std::uint64_t c, std::uint64_t d) {
  std::uint64_t sum = 0;
  if (!__builtin_mul_overflow(a, b, &sum) && !__builtin_add_overflow(sum, c, &sum)) {
    return sum / d;  // much the cheaper division
  }
  return static_cast<std::uint64_t>((Wide{a} * b + c) / d);
}

}  // namespace

Clock::Clock(Kilohertz frequency) : frequency_(frequency) {
  if (frequency.value() == 0) throw std::invalid_argument("a clock needs a frequency above 0 kHz");
}

std::uint64_t Clock::edge_ps(std::uint64_t cycle) const {
  return scaled(cycle, kPsPerMillisecond, 0, frequency_.value());
}

std::uint64_t Clock::first_edge_at_or_after(std::uint64_t ps) const {
  // An edge's time is rounded down, and `ps` is whole: rounding does not matter.
  return scaled(ps, frequency_.value(), kPsPerMillisecond - 1, kPsPerMillisecond);
}

std::uint64_t common_edge_ps(const Clock& a, const Clock& b, std::uint64_t ps) {
  const std::uint64_t common_khz = std::gcd(a.frequency().value(), b.frequency().value());
  const std::uint64_t whole_ps_khz = std::gcd(common_khz, kPsPerMillisecond);
  const std::uint64_t period_ps = kPsPerMillisecond / whole_ps_khz;
  return ceil_div(ps, period_ps) * period_ps;
}

}  // namespace rowan
