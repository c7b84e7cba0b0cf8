// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/layer_clock.h"

#include "models/base/error.h"

namespace rowan::hardware {
namespace {
/// SystemC time is kept in units of the simulation's resolution, 1 ps unless a host changes it
/// before elaboration.
std::uint64_t units_per_ps() {
  static const std::uint64_t units = sc_core::sc_time(1, sc_core::SC_PS).value();
  if (units == 0) {
    throw HardwareError("the host's time resolution, " +
                        sc_core::sc_get_time_resolution().to_string() + ", is coarser than 1 ps");
  }
  return units;
}
}  // namespace

std::uint64_t to_ps(const sc_core::sc_time& time) { return time.value() / units_per_ps(); }

sc_core::sc_time from_ps(std::uint64_t ps) {
  return sc_core::sc_time::from_value(ps * units_per_ps());
}

Stamp LayerClock::cycle_at(const sc_core::sc_time& time) const {
  return core_.first_edge_at_or_after(to_ps(time) - epoch_ps_);
}

sc_core::sc_time LayerClock::until(Stamp cycle) const {
  const std::uint64_t edge = epoch_ps_ + core_.edge_ps(cycle);
  const std::uint64_t now = to_ps(sc_core::sc_time_stamp());
  return edge > now ? from_ps(edge - now) : sc_core::SC_ZERO_TIME;
}

}  // namespace rowan::hardware
