// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/analytical/estimate.h"
#include "models/base/activity.h"
#include "sim/engine/result.h"

/// The cycle model and the analytical model side by side. Neither knows of the other.
namespace rowan::sim {

/// What a layer's cycles are spent on.
enum class Cause : std::uint8_t {
  kCompute,        ///< MACs, accumulations, and what the accumulator's latency costs
  kFilterLoad,     ///< filters are not in the scratchpads yet
  kBusContention,  ///< ifmap words and psums that come, or leave, too late
  kBankConflicts,  ///< the part of it in which psum GIN or GON lost a bank
  kRampUp,         ///< psums leave, and the next pass is set up; PEs without a part in a pass
  kDram,
  kConfiguration,
  kCount
};
inline constexpr std::size_t kCauseCount = static_cast<std::size_t>(Cause::kCount);
/// Such as "filter_load".
[[nodiscard]] const char* name_of(Cause cause);

/// Cycles by cause; they add up to the layer's total.
struct CauseCycles {
  std::array<std::int64_t, kCauseCount> values{};
  [[nodiscard]] std::int64_t operator[](Cause cause) const {
    return values[static_cast<std::size_t>(cause)];
  }
  std::int64_t& operator[](Cause cause) { return values[static_cast<std::size_t>(cause)]; }
};

/// Of the cycle model: what the PE that issues most did in each cycle. A layer of the
/// post-processing unit computes in all cycles but those of `dram` and the `configuration`, which
/// takes so many.
[[nodiscard]] CauseCycles causes_of(const LayerResult& simulated, Cycles configuration);
/// Of the analytical model: its bounds. What goes beyond the MACs of the fullest PE is contention.
[[nodiscard]] CauseCycles causes_of(const analytical::Estimate& estimated);

/// An access that the two count differently.
struct CountDifference {
  Counter counter;
  std::uint64_t simulated = 0;
  std::uint64_t estimated = 0;
};
/// Every access counter whose counts differ; cycles of `blocked` and `bank_conflict` are no
/// accesses.
[[nodiscard]] std::vector<CountDifference> differing_counts(const ActivityCounts& simulated,
                                                            const ActivityCounts& estimated);

/// estimated / simulated - 1, in percent; 0 for equal ones.
[[nodiscard]] double error_percent(Cycles simulated, Cycles estimated);

}  // namespace rowan::sim
