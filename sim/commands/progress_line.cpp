// SPDX-License-Identifier: Apache-2.0
#include "sim/commands/progress_line.h"

#include <cstdio>

#include <unistd.h>

namespace rowan::sim {
namespace {

/// Back to the start of the line, and erases it.
constexpr char kWipe[] = "\r\033[K";

}  // namespace

ProgressLine::ProgressLine() : terminal_(isatty(STDERR_FILENO) != 0) {}

ProgressLine::~ProgressLine() {
  if (terminal_) std::fputs(kWipe, stderr);
}

void ProgressLine::show(const Progress& progress) const {
  if (!terminal_) return;
  std::fprintf(stderr, "%slayer %zu of %zu, %s: %s", kWipe, progress.number, progress.count,
               progress.layer.c_str(), progress.step);
  std::fflush(stderr);
}

Result run_with_progress(const Request& request) {
  const ProgressLine line;
  return run(request, [&line](const Progress& progress) { line.show(progress); });
}

}  // namespace rowan::sim
