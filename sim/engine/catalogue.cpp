// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/catalogue.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "models/base/error.h"
#include "models/base/suggest.h"
#include "models/base/yaml_node.h"

namespace rowan::sim {
namespace {

namespace fs = std::filesystem;

constexpr char kSuffix[] = ".yaml";

fs::path data_folder() { return ROWAN_DATA_DIR; }

}  // namespace

std::vector<std::string> names_in(const Catalogue& catalogue) {
  const fs::path folder = data_folder() / catalogue.folder;
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const fs::path& path = entry->path();
    if (path.extension() == kSuffix) names.push_back(path.stem().string());
  }
  if (error) throw InputError(Location{folder.string()}, "", error.message());
  std::sort(names.begin(), names.end());
  return names;
}

bool is_name(const std::string& name_or_path) {
  return name_or_path.find('/') == std::string::npos &&
         fs::path(name_or_path).extension() != kSuffix;
}

std::string file_of(const Catalogue& catalogue, const std::string& name_or_path) {
  if (!is_name(name_or_path)) return name_or_path;
  const std::vector<std::string> names = names_in(catalogue);
  if (std::find(names.begin(), names.end(), name_or_path) != names.end()) {
    return (data_folder() / catalogue.folder / (name_or_path + kSuffix)).string();
  }
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  throw InputError("unknown " + std::string(catalogue.kind) + " '" + printable(name_or_path) + "'" +
                   did_you_mean(name_or_path, names) + "; there are: " + list +
                   "; a file is named with a '/' or by its .yaml");
}

std::string published_mapping_file(const std::string& platform, const std::string& workload) {
  if (!is_name(platform) || !is_name(workload)) return {};
  const fs::path file =
      data_folder() / "workloads/mappings" / (workload + "_" + platform + kSuffix);
  return fs::exists(file) ? file.string() : std::string();
}

}  // namespace rowan::sim
