// SPDX-License-Identifier: Apache-2.0
#include "sim/commands/interrupt.h"

#include <unistd.h>

#include "sim/commands/command.h"

namespace rowan::sim {
namespace {

constexpr int kSignals[] = {SIGINT, SIGTERM};

// Only what a signal handler may call; nothing that has to be undone is under way.
template <std::size_t N>
[[noreturn]] void leave(const char (&message)[N]) {
  const ssize_t ignored = write(STDERR_FILENO, message, N - 1);
  static_cast<void>(ignored);
  _exit(kInterrupted);
}

extern "C" void leave_pipe(int /*signal*/) { leave("rowan: interrupted\n"); }
/// Below the line of progress.
extern "C" void leave_terminal(int /*signal*/) { leave("\nrowan: interrupted\n"); }

}  // namespace

void exit_on_interrupt() {
  struct sigaction action {};
  action.sa_handler = isatty(STDERR_FILENO) != 0 ? leave_terminal : leave_pipe;
  sigemptyset(&action.sa_mask);
  for (const int signal : kSignals) sigaction(signal, &action, nullptr);
}

InterruptsHeld::InterruptsHeld() {
  sigset_t held;
  sigemptyset(&held);
  for (const int signal : kSignals) sigaddset(&held, signal);
  sigprocmask(SIG_BLOCK, &held, &before_);
}

InterruptsHeld::~InterruptsHeld() { sigprocmask(SIG_SETMASK, &before_, nullptr); }

}  // namespace rowan::sim
