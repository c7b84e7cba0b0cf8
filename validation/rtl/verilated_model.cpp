// SPDX-License-Identifier: Apache-2.0
#include "validation/rtl/verilated_model.h"

#include <filesystem>
#include <stdexcept>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "models/base/error.h"
#include "validation/rtl/tools.h"

namespace rowan::validation {
namespace {

namespace fs = std::filesystem;

/// One process at a time is in a folder.
class FolderLock {
 public:
  explicit FolderLock(const std::string& folder)
      : file_(open((folder + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
    if (file_ < 0 || flock(file_, LOCK_EX) != 0) throw std::runtime_error("cannot lock " + folder);
  }
  ~FolderLock() { close(file_); }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int file_;
};

/// No warnings about what only checks.
constexpr char kWaiverName[] = "waiver.vlt";
constexpr char kWaiver[] = "`verilator_config\nlint_off -file \"*/pass_check.v\"\n";

bool is_source(const std::string& name) {
  const std::string suffix = fs::path(name).extension();
  return (suffix == ".v" && name != "testbench.v") || suffix == ".cpp";
}

}  // namespace

VerilatedModel::VerilatedModel(const std::string& name, const std::vector<rtl::SourceFile>& sources)
    : program_(std::string(ROWAN_RTL_BUILD) + "/" + name + "/obj_dir/Vpass_check") {
  const std::string verilator = find_tool("verilator");
  if (verilator.empty()) throw InputError("verilator is not installed (it is not on PATH)");
  const std::string folder = std::string(ROWAN_RTL_BUILD) + "/" + name;
  fs::create_directories(folder);
  const FolderLock lock(folder);
  write_files(folder, sources);
  write_files(folder, {{kWaiverName, kWaiver}});
  // A warning is an error (-Wall). Words that nobody has written are drawn (unique). One source is
  // compiled in half the time of many, for its headers (--output-split), and -O1 compiles faster
  // than it runs slower.
  std::vector<std::string> arguments{"OBJCACHE=" + find_tool("ccache"),
                                     verilator,
                                     "--cc",
                                     "--exe",
                                     "--build",
                                     "-Wall",
                                     "-O3",
                                     "--output-split",
                                     "0",
                                     "--x-assign",
                                     "fast",
                                     "--x-initial",
                                     "unique",
                                     "-MAKEFLAGS",
                                     "OPT_FAST=-O1 OPT_SLOW=-O0 OPT_GLOBAL=-O1",
                                     "--top-module",
                                     "pass_check",
                                     "-Mdir",
                                     folder + "/obj_dir",
                                     folder + "/" + kWaiverName};
  for (const rtl::SourceFile& file : sources) {
    if (is_source(file.name)) arguments.push_back(folder + "/" + file.name);
  }
  static_cast<void>(run_tool("/usr/bin/env", arguments));
}

std::string VerilatedModel::check(const std::string& images, std::uint64_t seed) const {
  return run_tool(program_, {"+images=" + images, "+verilator+rand+reset+2",
                             "+verilator+seed+" + std::to_string(seed % 1'000'000 + 1)});
}

bool passed(const std::string& report) {
  return report.find("PASS:") != std::string::npos && report.find("FAIL:") == std::string::npos;
}

}  // namespace rowan::validation
