// SPDX-License-Identifier: Apache-2.0
#include "tests/support/verilated_model.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "tests/support/program.h"

namespace rowan::support {
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

std::string content_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool is_source(const std::string& name) {
  const std::string suffix = fs::path(name).extension();
  return (suffix == ".v" && name != "testbench.v") || suffix == ".cpp";
}

}  // namespace

std::string run_tool(const std::string& path, const std::vector<std::string>& arguments) {
  const ProgramRun run = run_program(path, arguments);
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

VerilatedModel::VerilatedModel(const std::string& verilator, const std::string& object_cache,
                               const std::string& folder,
                               const std::vector<rtl::SourceFile>& sources)
    : program_(folder + "/obj_dir/Vpass_check") {
  fs::create_directories(folder);
  const FolderLock lock(folder);
  write_files(folder, sources);
  // Words that nobody has written are drawn (unique). -O1 compiles faster than it runs
  // slower.
  std::vector<std::string> arguments{"OBJCACHE=" + object_cache,
                                     verilator,
                                     "--cc",
                                     "--exe",
                                     "--build",
                                     "-O3",
                                     "--x-assign",
                                     "fast",
                                     "--x-initial",
                                     "unique",
                                     "-MAKEFLAGS",
                                     "OPT_FAST=-O1 OPT_SLOW=-O0 OPT_GLOBAL=-O1",
                                     "--top-module",
                                     "pass_check",
                                     "-Mdir",
                                     folder + "/obj_dir"};
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

}  // namespace rowan::support
