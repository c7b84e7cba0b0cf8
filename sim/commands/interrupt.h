// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>

namespace rowan::sim {

/// From now on SIGINT and SIGTERM end the process with a message and exit status 130.
void exit_on_interrupt();

/// Holds SIGINT and SIGTERM back while it lives: files are being written.
class InterruptsHeld {
 public:
  InterruptsHeld();
  ~InterruptsHeld();
  InterruptsHeld(const InterruptsHeld&) = delete;
  InterruptsHeld& operator=(const InterruptsHeld&) = delete;

 private:
  sigset_t before_{};
};

}  // namespace rowan::sim
