// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "models/rtl/sources.h"

/// Programs that others wrote, and files for them.
namespace rowan::validation {

/// The path of a program, looked for on PATH at every call; empty when it is not installed.
[[nodiscard]] std::string find_tool(const std::string& name);

/// Runs a program; its outputs, both. Throws std::runtime_error with them when it fails.
std::string run_tool(const std::string& path, const std::vector<std::string>& arguments);

/// Writes the files, those that differ from what is there, in a folder that is made.
void write_files(const std::string& folder, const std::vector<rtl::SourceFile>& files);

/// A folder that lives as long as this.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace rowan::validation
