// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/base/error.h"
#include "models/base/real_units.h"

/// What actions of the hardware cost: tables in Accelergy's format, and what prices counts with
/// them. docs/energy.md has the format and the rules.
namespace rowan::energy {

/// An argument of a row, such as address_delta: 1.
struct Argument {
  std::string name;
  std::string text;
  std::optional<double> number;  ///< what `text` says, if it is a number

  friend bool operator==(const Argument& a, const Argument& b) {
    return a.name == b.name && (a.number && b.number ? *a.number == *b.number : a.text == b.text);
  }
};

/// Price of one action: a row of an energy reference table (ERT).
struct ActionRow {
  std::string action;
  std::vector<Argument> arguments;
  Picojoules energy;   ///< in the table's unit
  std::string source;  ///< where the figure comes from; empty when the file does not say
  std::string fitted;  ///< what the figure was fitted to; empty when it was not
  Location location;
};

/// Area of one instance: a row of an area reference table (ART).
struct AreaRow {
  SquareMicrometres area;
  std::string source;
  Location location;
};

/// All that the files say of one component.
struct ComponentTable {
  std::string name;             ///< as in the file, such as `system.PE[0..167].ifmap_spad`
  std::vector<ActionRow> rows;  ///< empty when only its area is known
  std::optional<AreaRow> area;
  Location location;
};

/// How a component class of Rowan is found in a table; a value of the key `classes`.
struct ClassBinding {
  std::string table;                   ///< name, or its end; empty: that of the class
  std::optional<unsigned> width_bits;  ///< bits of the access that a row prices; else one word
  /// Share of such an access that does not depend on how wide it is.
  double fixed_share = 0.0;
  std::optional<std::uint64_t> instances;  ///< that `leak` and `idle` are paid for
  std::string free;                        ///< why nothing of the class costs energy; else empty
  Location location;
};

/// Factor on all rows of the chip that are paid per action: not leak, idle, clock_network or dram.
struct Scale {
  double dynamic = 1.0;
  std::string fitted_on;  ///< what the factor was fitted to
};

/// Energies of actions, and areas.
struct EnergyTable {
  std::string name;
  std::string description;
  std::string unit = "pJ";         ///< of all energies; `mac` when they are relative to a MAC
  std::vector<std::string> files;  ///< that it was read from
  std::vector<ComponentTable> components;
  std::map<std::string, ClassBinding> classes;
  Scale scale;
};

/// A component's name as it is looked up: hyphens are underscores, ranges such as [0..167] gone.
[[nodiscard]] std::string plain_name(const std::string& name);

/// The component with rows whose plain name is `name`, else the one whose ends in a dot and `name`;
/// null when there is none. Throws InputError when several are meant.
[[nodiscard]] const ComponentTable* find_component(const EnergyTable& table,
                                                   const std::string& name);

/// Last parts of the names of all components.
[[nodiscard]] std::vector<std::string> short_names(const EnergyTable& table);

}  // namespace rowan::energy
