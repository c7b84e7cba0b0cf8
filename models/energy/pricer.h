// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/base/activity.h"
#include "models/base/real_units.h"
#include "models/base/units.h"
#include "models/energy/component_class.h"
#include "models/energy/energy_table.h"
#include "models/spec/accelerator_spec.h"

namespace rowan::energy {

/// Energy of one action of one component class.
struct ActionEnergy {
  std::string action;       ///< of a counter; `leak`, `idle`, or `cycle` of the clock network
  std::uint64_t count = 0;  ///< of `leak`: cycles of all instances
  Picojoules each;          ///< energy of one count, scale included
  Picojoules energy;
};

/// Energy of a component class, the sum of its actions.
struct ComponentEnergy {
  std::string component;
  Place place = Place::kOnChip;
  std::vector<ActionEnergy> actions;
  Picojoules energy;
};

/// Where energy went. Sums are those of the doubles that are shown, in their order.
struct EnergyBreakdown {
  std::string unit;  ///< of all energies: that of the table
  std::vector<ComponentEnergy> components;
  Picojoules on_chip;
  Picojoules off_chip;
  Picojoules total;  ///< on_chip + off_chip
};

/// An action with the row that prices it.
struct PricedAction {
  std::string action;
  std::optional<Counter> counter;  ///< none for leak, idle and cycle
  ActionRow row;
  double rows_per_count = 1.0;  ///< how many of what the row prices one count is
  double scale = 1.0;           ///< Scale::dynamic, where it holds

  [[nodiscard]] Picojoules each() const { return row.energy * (rows_per_count * scale); }
};

/// A component class with the part of the table that prices it.
struct PricedComponent {
  const ComponentClass* component_class = nullptr;
  std::string table;  ///< name of the component in the table
  std::uint64_t instances = 0;
  std::vector<PricedAction> actions;
  /// In the order of the counters: how many cycles one count keeps an instance from idling.
  std::vector<std::pair<Counter, double>> busy_cycles;
};

/// Prices activity with a table: every class and action is looked up once, at construction.
class Pricer {
 public:
  /// Throws InputError, naming class, action and table, when a row is missing.
  Pricer(const EnergyTable& table, const spec::AcceleratorSpec& spec);

  /// `total` is the time that the counts took, in cycles of the core clock.
  [[nodiscard]] EnergyBreakdown price(const ActivityCounts& counts, Cycles total) const;

  /// price(counts, total).total but for rounding, in nanoseconds of the host's time.
  [[nodiscard]] Picojoules picojoules(const ActivityCounts& counts, Cycles total) const;

  /// How often an action happened.
  [[nodiscard]] static std::uint64_t count_of(const PricedComponent& component,
                                              const PricedAction& action,
                                              const ActivityCounts& counts, Cycles total);

  /// What the lookups found, in the order of reports.
  [[nodiscard]] const std::vector<PricedComponent>& components() const { return components_; }
  /// Of all energies.
  [[nodiscard]] const std::string& unit() const { return unit_; }

 private:
  void compile();

  std::string unit_;
  std::vector<PricedComponent> components_;
  std::array<double, kCounterCount> per_count_{};  ///< energy by counter
  double per_cycle_ = 0.0;                         ///< leak and clock
  std::vector<std::size_t> idling_;                ///< components with an idle row
};

}  // namespace rowan::energy
