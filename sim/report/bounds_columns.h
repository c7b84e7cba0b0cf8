// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "models/analytical/estimate.h"

namespace rowan::sim {

/// A part of an estimate's total, as reports show it.
struct BoundColumn {
  const char* name;
  const char* head[2];  ///< of a column of percents
  Cycles analytical::Bounds::*cycles;
};

inline constexpr BoundColumn kBoundColumns[] = {
    {"mac", {"mac", "%"}, &analytical::Bounds::mac},
    {"psum_bus", {"psum", "bus %"}, &analytical::Bounds::psum_bus},
    {"ifmap_bus", {"ifmap", "bus %"}, &analytical::Bounds::ifmap_bus},
    {"filter_load", {"filter", "load %"}, &analytical::Bounds::filter_load},
    {"ramp", {"ramp", "%"}, &analytical::Bounds::ramp},
    {"post_processing", {"unit", "%"}, &analytical::Bounds::post_processing},
    {"dram", {"dram", "%"}, &analytical::Bounds::dram},
};

[[nodiscard]] inline std::vector<std::string> percent_head(const BoundColumn& column) {
  return {column.head[0], column.head[1]};
}

}  // namespace rowan::sim
