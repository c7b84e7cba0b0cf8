// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <sstream>
#include <string>

#include "models/hardware/layer_job.h"
#include "tests/support/clocked_machine.h"

namespace rowan::support {

/// What the engine and the clocked model say differently about a layer, a line each.
class Differences {
 public:
  /// Cycles, every counter, and every PE's cycles.
  void compare(const hardware::LayerActivity& engine, const ClockedResult& clocked);
  void compare(const std::string& what, std::uint64_t engine, std::uint64_t clocked);
  void note(const std::string& what) { text_ << "  " << what << "\n"; }
  [[nodiscard]] std::string text() const { return text_.str(); }

 private:
  std::ostringstream text_;
};

}  // namespace rowan::support
