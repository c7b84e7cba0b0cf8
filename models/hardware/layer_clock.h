// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <systemc>

#include "models/base/clock.h"
#include "models/hardware/block.h"

namespace rowan::hardware {

[[nodiscard]] std::uint64_t to_ps(const sc_core::sc_time& time);
[[nodiscard]] sc_core::sc_time from_ps(std::uint64_t ps);

/// The border between SystemC time and the cycles of the running layer.
class LayerClock {
 public:
  explicit LayerClock(Clock core) : core_(core) {}

  /// Cycle 0 stands at this time, an edge of the core clock.
  void start(std::uint64_t epoch_ps) { epoch_ps_ = epoch_ps; }

  [[nodiscard]] const Clock& core() const { return core_; }
  /// First cycle whose edge is at or after a time.
  [[nodiscard]] Stamp cycle_at(const sc_core::sc_time& time) const;
  [[nodiscard]] Stamp now() const { return cycle_at(sc_core::sc_time_stamp()); }
  /// Time from now to a cycle's edge; zero when it is past.
  [[nodiscard]] sc_core::sc_time until(Stamp cycle) const;

 private:
  Clock core_;
  std::uint64_t epoch_ps_ = 0;
};

}  // namespace rowan::hardware
