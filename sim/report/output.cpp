// SPDX-License-Identifier: Apache-2.0
#include "sim/report/output.h"

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "models/base/error.h"
#include "models/base/yaml_node.h"

namespace rowan::sim {

void print(const std::string& text) {
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) {
    return;
  }
  throw InputError("cannot write to standard output: " + std::generic_category().message(errno));
}

void write_file(const std::string& path, const std::string& text) {
  namespace fs = std::filesystem;
  const auto fail = [&](const std::string& message) {
    throw InputError(Location{printable(path)}, "", message);
  };
  std::error_code error;
  if (fs::exists(path, error) && !fs::is_regular_file(path, error)) {
    fail("is there already, and is no file");
  }
  const std::string draft = path + ".new";
  errno = 0;
  std::ofstream out(draft, std::ios::binary | std::ios::trunc);
  if (!out) fail("cannot write it: " + std::generic_category().message(errno));
  out << text;
  out.close();
  if (out) fs::rename(draft, path, error);
  if (out && !error) return;
  const std::string reason = error ? error.message() : std::generic_category().message(errno);
  fs::remove(draft, error);
  fail("cannot write it: " + reason);
}

}  // namespace rowan::sim
