// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

/// The platforms, networks and mappings that come with the program.
namespace rowan::sim {

/// A kind of YAML file that has a name: where such files are, and what messages call them.
struct Catalogue {
  const char* kind;    ///< such as "platform"
  const char* folder;  ///< below the data folder
};

inline constexpr Catalogue kPlatforms{"platform", "platforms"};
inline constexpr Catalogue kEnergyTables{"energy table", "platforms/energy"};
inline constexpr Catalogue kWorkloads{"workload", "workloads/zoo"};

/// The folder with the catalogues: the one that the program was built with, else one above the
/// executable, or its share/rowan, so that a tree can be moved. Throws InputError when there is
/// none.
[[nodiscard]] std::string find_data_folder(const std::string& built_in,
                                           const std::string& executable);

/// The folder with the catalogues. Throws InputError when there is none.
[[nodiscard]] std::string data_folder();

/// Names in a catalogue, sorted.
[[nodiscard]] std::vector<std::string> names_in(const Catalogue& catalogue);

/// True for `eyeriss`, false for a path: what has a '/' or ends in .yaml.
[[nodiscard]] bool is_name(const std::string& name_or_path);

/// The file that a name or a path stands for. Throws InputError for an unknown name, with the
/// nearest one and the list.
[[nodiscard]] std::string file_of(const Catalogue& catalogue, const std::string& name_or_path);

/// The file with the published mapping of a network on a platform, both by name; empty when there
/// is none.
[[nodiscard]] std::string published_mapping_file(const std::string& platform,
                                                 const std::string& workload);

}  // namespace rowan::sim
