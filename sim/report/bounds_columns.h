// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "models/analytical/estimate.h"

namespace rowan::sim {

/// A part of an estimate's total, as reports show it.
struct BoundColumn {
  bool of_array;  ///< of a layer of the array
  const char* name;
  const char* head[2];  ///< of a column of percents
  Cycles analytical::Bounds::*cycles;
};

inline constexpr BoundColumn kBoundColumns[] = {
    {true, "mac", {"mac", "%"}, &analytical::Bounds::mac},
    {true, "accumulation", {"accumu-", "lation %"}, &analytical::Bounds::accumulation},
    {true, "psum_bus", {"psum", "bus %"}, &analytical::Bounds::psum_bus},
    {true, "ifmap_bus", {"ifmap", "bus %"}, &analytical::Bounds::ifmap_bus},
    {true, "filter_load", {"filter", "load %"}, &analytical::Bounds::filter_load},
    {true, "ramp", {"ramp", "%"}, &analytical::Bounds::ramp},
    {false, "post_processing", {"unit", "%"}, &analytical::Bounds::post_processing},
    {true, "dram", {"dram", "%"}, &analytical::Bounds::dram},
};

[[nodiscard]] inline std::vector<std::string> percent_head(const BoundColumn& column) {
  return {column.head[0], column.head[1]};
}

}  // namespace rowan::sim
