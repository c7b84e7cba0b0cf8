// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/base/units.h"

namespace rowan {

/// A clock domain: converts between its cycle numbers and picoseconds with integers only.
///
/// Edge k stands at floor(k * 10^9 / kHz) ps, so edges of two clocks that coincide exactly are
/// equal in ps too.
class Clock {
 public:
  /// Throws std::invalid_argument when the frequency is zero.
  explicit Clock(Kilohertz frequency);

  [[nodiscard]] Kilohertz frequency() const { return frequency_; }
  /// Time of an edge in ps.
  [[nodiscard]] std::uint64_t edge_ps(std::uint64_t cycle) const;
  /// First edge at or after a time in ps.
  [[nodiscard]] std::uint64_t first_edge_at_or_after(std::uint64_t ps) const;

 private:
  Kilohertz frequency_;
};

/// First time in ps, at or after `ps`, at which both clocks have an edge that is a whole
/// picosecond: whatever starts there is timed alike, however late it is.
[[nodiscard]] std::uint64_t common_edge_ps(const Clock& a, const Clock& b, std::uint64_t ps);

}  // namespace rowan
