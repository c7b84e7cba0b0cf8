// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "models/energy/energy_table.h"

/// Energy and area reference tables as YAML files, as Accelergy and Timeloop write them (versions
/// 0.2, 0.3 and 0.4) with some keys of Rowan's own; docs/energy.md.
namespace rowan::energy {

/// Reads a table. Throws InputError with file, line, column and key path when the file cannot be
/// read, a key is unknown, or a value is wrong or given twice.
[[nodiscard]] EnergyTable load_table(const std::string& path);

/// Reads one table that is spread over files, such as an ERT, an ART and a file with `classes`; a
/// row, a class or another key may stand in one of them only. Throws as load_table() does.
[[nodiscard]] EnergyTable load_tables(const std::vector<std::string>& paths);

/// Reads a text; `file` is the name in messages. Throws as load_table() does.
[[nodiscard]] EnergyTable parse_table(const std::string& text, const std::string& file);

}  // namespace rowan::energy
