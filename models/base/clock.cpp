// SPDX-License-Identifier: Apache-2.0
#include "models/base/clock.h"

#include <numeric>
#include <stdexcept>

namespace rowan {
namespace {
constexpr std::uint64_t kPsPerMillisecond = 1'000'000'000;
__extension__ using Wide = unsigned __int128;

/// a * b / c, rounded down.
std::uint64_t scaled(std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  std::uint64_t product = 0;
  if (!__builtin_mul_overflow(a, b, &product)) return product / c;  // much the cheaper division
  return static_cast<std::uint64_t>(Wide{a} * b / c);
}
}  // namespace

Clock::Clock(Kilohertz frequency) : frequency_(frequency) {
  if (frequency.value() == 0) throw std::invalid_argument("a clock needs a frequency above 0 kHz");
}

std::uint64_t Clock::edge_ps(std::uint64_t cycle) const {
  return scaled(cycle, kPsPerMillisecond, frequency_.value());
}

std::uint64_t Clock::first_edge_at_or_after(std::uint64_t ps) const {
  std::uint64_t cycle = scaled(ps, frequency_.value(), kPsPerMillisecond);
  while (edge_ps(cycle) < ps) ++cycle;
  while (cycle > 0 && edge_ps(cycle - 1) >= ps) --cycle;
  return cycle;
}

std::uint64_t common_edge_ps(const Clock& a, const Clock& b, std::uint64_t ps) {
  const std::uint64_t common_khz = std::gcd(a.frequency().value(), b.frequency().value());
  const std::uint64_t whole_ps_khz = std::gcd(common_khz, kPsPerMillisecond);
  const std::uint64_t period_ps = kPsPerMillisecond / whole_ps_khz;
  return ceil_div(ps, period_ps) * period_ps;
}

}  // namespace rowan
