// SPDX-License-Identifier: Apache-2.0
#include "validation/rtl/tools.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include <unistd.h>

#include "tests/support/program.h"

namespace rowan::validation {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

std::string find_tool(const std::string& name) {
  const char* const path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    const fs::path file = fs::path(folder) / name;
    std::error_code unreadable;
    if (fs::is_regular_file(file, unreadable) && access(file.c_str(), X_OK) == 0)
      return file.string();
  }
  return "";
}

std::string run_tool(const std::string& path, const std::vector<std::string>& arguments) {
  const support::ProgramRun run = support::run_program(path, arguments);
  if (run.status != 0) {
    throw std::runtime_error(path + ": exit status " + std::to_string(run.status) + "\n" + run.out +
                             run.err);
  }
  return run.out + run.err;
}

void write_files(const std::string& folder, const std::vector<rtl::SourceFile>& files) {
  for (const rtl::SourceFile& file : files) {
    const fs::path path = fs::path(folder) / file.name;
    fs::create_directories(path.parent_path());
    if (fs::exists(path) && content_of(path) == file.content) continue;
    std::ofstream out(path, std::ios::binary);
    out << file.content;
    if (!out) throw std::runtime_error("cannot write " + path.string());
  }
}

TemporaryFolder::TemporaryFolder()
    : path_((fs::temp_directory_path() / "rowan_rtl_XXXXXX").string()) {
  if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("cannot make " + path_);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace rowan::validation
