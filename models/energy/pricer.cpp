// SPDX-License-Identifier: Apache-2.0
#include "models/energy/pricer.h"

#include <algorithm>
#include <utility>

#include "models/base/suggest.h"
#include "models/base/text.h"
#include "models/energy/row_lookup.h"

namespace rowan::energy {
namespace {

constexpr char kLeak[] = "leak";
constexpr char kIdle[] = "idle";

double as_double(std::uint64_t count) {
  return static_cast<double>(static_cast<std::int64_t>(count));
}

std::vector<const CounterInfo*> priced_counters(const std::string& component) {
  std::vector<const CounterInfo*> counters;
  for (const CounterInfo& info : counter_table()) {
    if (info.component == component && is_priced(component, info.action)) counters.push_back(&info);
  }
  return counters;
}

/// Looks up what a table says of the component classes of an accelerator.
class Lookup {
 public:
  Lookup(const EnergyTable& table, const spec::AcceleratorSpec& spec)
      : table_(table), spec_(spec) {}

  [[nodiscard]] std::vector<PricedComponent> components() const {
    std::vector<PricedComponent> components;
    for (const ComponentClass& known : component_classes()) {
      if (binding_of(known.name).free.empty()) components.push_back(component(known));
    }
    if (binding_of(kClockNetwork).free.empty()) components.push_back(clock_network());
    return components;
  }

 private:
  [[nodiscard]] ClassBinding binding_of(const std::string& name) const {
    const auto found = table_.classes.find(name);
    return found == table_.classes.end() ? ClassBinding{} : found->second;
  }

  [[nodiscard]] PricedComponent component(const ComponentClass& known) const {
    const std::vector<const CounterInfo*> counters = priced_counters(known.name);
    const ComponentTable rows =
        table_of(known.name, counters.empty() ? kLeak : counters.front()->action);
    const ClassBinding binding = binding_of(known.name);
    PricedComponent priced;
    priced.component_class = &known;
    priced.table = rows.name;
    priced.instances = binding.instances.value_or(known.instances(spec_));
    for (const CounterInfo* info : counters) {
      PricedAction action = priced_action(known.name, rows, info->action);
      action.counter = info->counter;
      action.rows_per_count = rows_per_count(known, binding, action);
      action.scale = known.place == Place::kOnChip ? table_.scale.dynamic : 1.0;
      priced.actions.push_back(std::move(action));
    }
    if (priced.instances > 0) priced.actions.push_back(standby(known.name, rows));
    add_busy_cycles(known, priced);
    return priced;
  }

  [[nodiscard]] PricedComponent clock_network() const {
    static const ComponentClass kClass{kClockNetwork, Place::kOnChip, nullptr, nullptr, {},
                                       nullptr,       "clock tree"};
    const ComponentTable rows = table_of(kClockNetwork, kCycle);
    PricedComponent priced;
    priced.component_class = &kClass;
    priced.table = rows.name;
    priced.instances = binding_of(kClockNetwork).instances.value_or(1);
    priced.actions.push_back(priced_action(kClockNetwork, rows, kCycle));
    return priced;
  }

  /// Without its rows for other PE types.
  [[nodiscard]] ComponentTable table_of(const std::string& name, const std::string& action) const {
    const ClassBinding binding = binding_of(name);
    const std::string& wanted = binding.table.empty() ? name : binding.table;
    const ComponentTable* found = find_component(table_, wanted);
    if (found != nullptr) return rows_for(*found, spec_.pe.type);
    const bool bound = !binding.table.empty();
    throw InputError(
        bound ? binding.location : Location{table_.files.front(), 0, 0}, "",
        "no table named '" + printable(wanted) + "' prices class '" + name +
            "' (actions such as '" + action + "')" + did_you_mean(wanted, short_names(table_)) +
            "; add one, or give 'classes: " + name + "' a 'table', or a reason why it is 'free'");
  }

  [[nodiscard]] PricedAction priced_action(const std::string& name, const ComponentTable& component,
                                           const std::string& action) const {
    const ActionRow* row = find_row(component, action);
    if (row == nullptr) fail_row(name, component, "'" + action + "'", action);
    PricedAction priced;
    priced.action = action;
    priced.row = *row;
    return priced;
  }

  /// A row may say for a cycle of which length it holds.
  [[nodiscard]] PricedAction standby(const std::string& name,
                                     const ComponentTable& component) const {
    for (const char* action : {kLeak, kIdle}) {
      if (find_named_row(component, action) == nullptr) continue;
      PricedAction priced = priced_action(name, component, action);
      const double row_seconds = cycle_seconds_of(priced.row);
      const double seconds = 1e-3 / as_double(spec_.clock.value());
      if (row_seconds > 0.0) priced.rows_per_count = seconds / row_seconds;
      return priced;
    }
    fail_row(name, component, "standby, 'leak' or 'idle'", kLeak);
  }

  [[noreturn]] void fail_row(const std::string& name, const ComponentTable& component,
                             const std::string& what, const std::string& action) const {
    std::vector<std::string> names;
    for (const ActionRow& row : component.rows) names.push_back(row.action);
    const bool has_types = is_typed(*find_component(table_, component.name));
    const std::string of_type = has_types ? " for pe.type '" + spec_.pe.type + "'" : "";
    throw InputError(component.location, "",
                     "table '" + printable(component.name) + "' has no row for " + what +
                         " of class '" + name + "'" + of_type + did_you_mean(action, names));
  }

  [[nodiscard]] double rows_per_count(const ComponentClass& known, const ClassBinding& binding,
                                      const PricedAction& action) const {
    const double bits = known.bits(spec_, action.action);
    if (bits == 0.0) {
      if (!binding.width_bits) return 1.0;
      throw InputError(binding.location, "",
                       std::string("class '") + known.name + "' moves no words: no 'width_bits'");
    }
    const double row_bits = bits_of(action.row);
    if (row_bits == 0.0 && !binding.width_bits) return 1.0;
    const double share = bits / (row_bits > 0.0 ? row_bits : *binding.width_bits);
    return binding.fixed_share + (1.0 - binding.fixed_share) * share;
  }

  void add_busy_cycles(const ComponentClass& known, PricedComponent& priced) const {
    for (const CounterInfo& info : counter_table()) {
      const auto& busy = known.busy_actions;
      const bool is_busy = std::any_of(busy.begin(), busy.end(), [&](const std::string& action) {
        return action == info.action;
      });
      if (info.component != std::string(known.name) || !is_busy) continue;
      priced.busy_cycles.emplace_back(info.counter, 1.0 / known.counts_per_busy_cycle(spec_));
    }
  }

  const EnergyTable& table_;
  const spec::AcceleratorSpec& spec_;
};

/// Cycles, summed over the instances, in which one does nothing.
double idle_cycles(const PricedComponent& component, const ActivityCounts& counts, Cycles total) {
  double idle = as_double(component.instances) * as_double(total.value());
  for (const auto& [counter, cycles] : component.busy_cycles) {
    idle -= as_double(counts[counter]) * cycles;
  }
  return std::max(idle, 0.0);
}

}  // namespace

Pricer::Pricer(const EnergyTable& table, const spec::AcceleratorSpec& spec)
    : unit_(table.unit), components_(Lookup(table, spec).components()) {
  compile();
}

void Pricer::compile() {
  for (std::size_t i = 0; i < components_.size(); ++i) {
    const PricedComponent& component = components_[i];
    for (const PricedAction& action : component.actions) {
      const double each = action.each().value();
      if (action.counter) {
        per_count_[static_cast<std::size_t>(*action.counter)] = each;
      } else if (action.action == kIdle) {
        idling_.push_back(i);
      } else {
        per_cycle_ += each * as_double(component.instances);
      }
    }
  }
}

std::uint64_t Pricer::count_of(const PricedComponent& component, const PricedAction& action,
                               const ActivityCounts& counts, Cycles total) {
  if (action.counter) return counts[*action.counter];
  if (action.action != kIdle) return component.instances * total.value();
  return static_cast<std::uint64_t>(idle_cycles(component, counts, total));
}

EnergyBreakdown Pricer::price(const ActivityCounts& counts, Cycles total) const {
  EnergyBreakdown breakdown;
  breakdown.unit = unit_;
  for (const PricedComponent& component : components_) {
    ComponentEnergy& priced = breakdown.components.emplace_back();
    priced.component = component.component_class->name;
    priced.place = component.component_class->place;
    for (const PricedAction& action : component.actions) {
      const std::uint64_t count = count_of(component, action, counts, total);
      const Picojoules energy = action.each() * as_double(count);
      priced.actions.push_back({action.action, count, action.each(), energy});
      priced.energy += energy;
    }
    (priced.place == Place::kOnChip ? breakdown.on_chip : breakdown.off_chip) += priced.energy;
  }
  breakdown.total = breakdown.on_chip + breakdown.off_chip;
  return breakdown;
}

Picojoules Pricer::picojoules(const ActivityCounts& counts, Cycles total) const {
  constexpr std::size_t kSums = 4;  // additions that wait for no other
  std::array<double, kSums> sums{};
  std::size_t i = 0;
  for (; i + kSums <= kCounterCount; i += kSums) {
    for (std::size_t k = 0; k < kSums; ++k) {
      sums[k] += per_count_[i + k] * as_double(counts[static_cast<Counter>(i + k)]);
    }
  }
  for (; i < kCounterCount; ++i) {
    sums[0] += per_count_[i] * as_double(counts[static_cast<Counter>(i)]);
  }
  double energy = (sums[0] + sums[1]) + (sums[2] + sums[3]) + per_cycle_ * as_double(total.value());
  for (const std::size_t index : idling_) {
    const PricedComponent& component = components_[index];
    energy += component.actions.back().each().value() * idle_cycles(component, counts, total);
  }
  return Picojoules(energy);
}

}  // namespace rowan::energy
