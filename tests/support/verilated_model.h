// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "models/rtl/sources.h"

namespace rowan::support {

/// pass_check of a machine, built with Verilator.
class VerilatedModel {
 public:
  /// Builds the sources in `folder`, which is made; what is there and up to date is used. Objects
  /// are cached by `object_cache`, if it is not empty. Throws std::runtime_error with the tool's
  /// words when that fails.
  VerilatedModel(const std::string& verilator, const std::string& object_cache,
                 const std::string& folder, const std::vector<rtl::SourceFile>& sources);

  /// What it prints about the images in a folder. `seed` is of what registers and memories hold at
  /// first.
  [[nodiscard]] std::string check(const std::string& images, std::uint64_t seed) const;

 private:
  std::string program_;
};

/// Whether pass_check found no difference.
[[nodiscard]] bool passed(const std::string& report);

/// Runs a tool; its outputs, both. Throws std::runtime_error when it fails.
std::string run_tool(const std::string& path, const std::vector<std::string>& arguments);

/// Writes the files, those that differ from what is there, in a folder that is made.
void write_files(const std::string& folder, const std::vector<rtl::SourceFile>& files);

}  // namespace rowan::support
