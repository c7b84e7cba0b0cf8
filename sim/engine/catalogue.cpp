// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/catalogue.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "models/base/error.h"
#include "models/base/suggest.h"
#include "models/base/text.h"

namespace rowan::sim {
namespace {

namespace fs = std::filesystem;

constexpr char kSuffix[] = ".yaml";

bool holds_catalogues(const fs::path& folder) {
  std::error_code error;
  return fs::is_directory(folder / kPlatforms.folder, error) &&
         fs::is_directory(folder / kWorkloads.folder, error);
}

}  // namespace

std::string data_folder() {
  std::error_code error;
  const fs::path executable = fs::read_symlink("/proc/self/exe", error);
  return find_data_folder(ROWAN_DATA_DIR, executable.string());
}

std::string find_data_folder(const std::string& built_in, const std::string& executable) {
  if (holds_catalogues(built_in)) return built_in;
  const fs::path start = fs::path(executable).parent_path();
  for (fs::path folder = start; !folder.empty(); folder = folder.parent_path()) {
    if (holds_catalogues(folder)) return folder.string();
    if (holds_catalogues(folder / "share/rowan")) return (folder / "share/rowan").string();
    if (folder == folder.root_path()) break;
  }
  throw InputError(Location{built_in}, "",
                   std::string("holds no ") + kPlatforms.folder + " and " + kWorkloads.folder +
                       ", nor does a folder above the program in '" + printable(start.string()) +
                       "'");
}

std::vector<std::string> names_in(const Catalogue& catalogue) {
  const fs::path folder = fs::path(data_folder()) / catalogue.folder;
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
    return (fs::path(data_folder()) / catalogue.folder / (name_or_path + kSuffix)).string();
  }
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + printable(name);
  throw InputError("unknown " + std::string(catalogue.kind) + " '" + printable(name_or_path) + "'" +
                   did_you_mean(name_or_path, names) + "; there are: " + list +
                   "; a file is named with a '/' or by its .yaml");
}

std::string published_mapping_file(const std::string& platform, const std::string& workload) {
  if (!is_name(platform) || !is_name(workload)) return {};
  const fs::path file =
      fs::path(data_folder()) / "workloads/mappings" / (workload + "_" + platform + kSuffix);
  std::error_code error;
  return fs::exists(file, error) ? file.string() : std::string();
}

}  // namespace rowan::sim
