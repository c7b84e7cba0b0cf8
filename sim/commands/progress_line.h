// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/engine/engine.h"

namespace rowan::sim {

/// A line on standard error that says what a run is doing; nothing unless that is a terminal.
class ProgressLine {
 public:
  ProgressLine();
  /// Wipes the line.
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void show(const Progress& progress) const;

 private:
  bool terminal_;
};

/// run(), showing its progress.
[[nodiscard]] Result run_with_progress(const Request& request);

}  // namespace rowan::sim
