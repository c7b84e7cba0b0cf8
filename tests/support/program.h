// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>
#include <string>
#include <vector>

namespace rowan::support {

/// What a program left behind.
struct ProgramRun {
  int status = -1;  ///< exit status; -1 when a signal ended it
  std::string out;
  std::string err;
};

/// Runs a program, its input empty and its outputs no terminals. Throws std::runtime_error when it
/// cannot be started.
[[nodiscard]] ProgramRun run_program(const std::string& path,
                                     const std::vector<std::string>& arguments);

/// The same, sending it a signal after so many milliseconds.
[[nodiscard]] ProgramRun run_program_interrupted(const std::string& path,
                                                 const std::vector<std::string>& arguments,
                                                 int signal, unsigned milliseconds);

}  // namespace rowan::support
