// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "models/analytical/estimate.h"

namespace rowan::mapper {

/// What a mapping costs: less is better, `second` decides between equals.
struct Cost {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  friend bool operator<(const Cost& a, const Cost& b) {
    return a.first != b.first ? a.first < b.first : a.second < b.second;
  }
  friend bool operator==(const Cost& a, const Cost& b) {
    return a.first == b.first && a.second == b.second;
  }
};

/// The cost of an estimate. It must not fall when a part of the estimate grows: the search takes
/// the cost of a lower bound for a lower bound of the cost.
using CostFunction = std::function<Cost(const analytical::Estimate& estimate)>;

/// A cost function with a name.
struct Objective {
  const char* name;
  Cost (*cost)(const analytical::Estimate& estimate);
  const char* meaning;
};

[[nodiscard]] Cost latency_cost(const analytical::Estimate& estimate);
[[nodiscard]] Cost dram_cost(const analytical::Estimate& estimate);

/// All of them; the first one is the default.
inline constexpr Objective kObjectives[] = {
    {"latency", latency_cost, "total cycles, then processing cycles"},
    {"dram", dram_cost, "bytes to and from DRAM, then total cycles"},
};

}  // namespace rowan::mapper
