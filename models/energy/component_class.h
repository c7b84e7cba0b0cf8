// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/spec/accelerator_spec.h"

namespace rowan::energy {

/// Whether the energy is the chip's.
enum class Place { kOnChip, kOffChip };

/// What pricing has to know of a component class beyond its counters.
struct ComponentClass {
  const char* name;  ///< that of its counters (models/base/activity.h)
  Place place;
  /// How many of them the accelerator has; each pays `leak` or `idle`.
  std::uint64_t (*instances)(const spec::AcceleratorSpec& spec);
  /// Bits of what one count of an action moves; 0 when it moves no word.
  unsigned (*bits)(const spec::AcceleratorSpec& spec, const std::string& action);
  /// The actions in whose cycles an instance does not idle, and their counts in such a cycle.
  std::vector<const char*> busy_actions;
  double (*counts_per_busy_cycle)(const spec::AcceleratorSpec& spec);
  const char* meaning;
};

/// All classes, in the order of reports.
[[nodiscard]] const std::vector<ComponentClass>& component_classes();

/// A counter that costs nothing by itself.
struct UnpricedCounter {
  const char* component;
  const char* action;
  const char* reason;
};

[[nodiscard]] const std::vector<UnpricedCounter>& unpriced_counters();
[[nodiscard]] bool is_priced(const std::string& component, const std::string& action);

/// The clock tree, which has no counter: its one action, paid in each cycle of the core clock.
inline constexpr char kClockNetwork[] = "clock_network";
inline constexpr char kCycle[] = "cycle";

}  // namespace rowan::energy
