// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/rtl/sources.h"

namespace rowan::validation {

/// pass_check of a machine, built with Verilator.
class VerilatedModel {
 public:
  /// Builds the sources in the build folder's rtl/`name`, which is made; what is there and up to
  /// date is used. Throws InputError when Verilator is not installed, std::runtime_error with its
  /// words when it fails or warns (-Wall) of the machine.
  VerilatedModel(const std::string& name, const std::vector<rtl::SourceFile>& sources);

  /// What it prints about the images in a folder. `seed` is of what registers and memories hold at
  /// first.
  [[nodiscard]] std::string check(const std::string& images, std::uint64_t seed) const;

 private:
  std::string program_;
};

/// Whether pass_check found no difference.
[[nodiscard]] bool passed(const std::string& report);

}  // namespace rowan::validation
