// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "models/energy/energy_table.h"

namespace rowan::energy {

/// The row that prices an action: that of its name, else of its last word, else of a name that
/// Accelergy has for it; docs/energy.md has the rules. Null when there is none.
[[nodiscard]] const ActionRow* find_row(const ComponentTable& component, const std::string& action);

/// The row with exactly this name; of its variants (rows that differ in arguments) the one of
/// random access: without arguments, else with every delta 1, else the dearest. Null when there is
/// none.
[[nodiscard]] const ActionRow* find_named_row(const ComponentTable& component,
                                              const std::string& action);

/// The component as a machine of this PE type has it: without the rows whose argument `pe_type`
/// names another type, and without those that name none where one of the action names this type.
[[nodiscard]] ComponentTable rows_for(const ComponentTable& component, const std::string& pe_type);

/// Whether a row names a PE type.
[[nodiscard]] bool is_typed(const ComponentTable& component);

/// Value of a row's argument `bits`: it prices an access so wide; 0 when it does not say.
[[nodiscard]] double bits_of(const ActionRow& row);

/// Value of its argument `global_cycle_seconds`: the cycle that it prices; 0 when it does not say.
[[nodiscard]] double cycle_seconds_of(const ActionRow& row);

}  // namespace rowan::energy
