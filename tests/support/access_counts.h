// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

#include "models/base/activity.h"

/// Comparisons of counts of accesses: all counters but those of time.
namespace rowan::support {

/// `blocked` and `bank_conflict` tell of waiting, not of accesses.
[[nodiscard]] bool is_time(const CounterInfo& info);

/// Counts as if no MAC were gated.
[[nodiscard]] ActivityCounts ungated(ActivityCounts counts);

/// The access counters that differ, a line each with both values; empty when none does. Those that
/// `left_out` names are not compared.
[[nodiscard]] std::string access_differences(
    const ActivityCounts& found, const ActivityCounts& expected,
    const std::function<bool(Counter)>& left_out = [](Counter) { return false; });

}  // namespace rowan::support
