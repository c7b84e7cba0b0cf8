// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "models/base/activity.h"
#include "models/base/units.h"
#include "models/energy/pricer.h"

namespace rowan::energy {

/// Activity as Accelergy's `action_counts` (version 0.4, a flat list under `local`), in the names
/// and arguments of the table that the pricer was made of: Accelergy with that table finds the same
/// energy, but for Scale. Counts are those of the rows: accesses of a row's width, with fractions.
/// Of a component with instances ([0..167]) the first stands for all.
[[nodiscard]] std::string action_counts_yaml(const Pricer& pricer, const ActivityCounts& counts,
                                             Cycles total);

}  // namespace rowan::energy
