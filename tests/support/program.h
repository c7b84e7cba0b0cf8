// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

namespace rowan::support {

/// What a program left behind.
struct ProgramRun {
  int status = -1;  ///< exit status; -1 when a signal ended it
  std::string out;
  std::string err;
};

/// A program that is running, in a process group of its own; killed in the end.
class RunningProgram {
 public:
  /// Its input is empty, and its outputs are no terminals. Throws std::runtime_error when it cannot
  /// be started.
  RunningProgram(const std::string& path, const std::vector<std::string>& arguments);
  ~RunningProgram();
  RunningProgram(const RunningProgram&) = delete;
  RunningProgram& operator=(const RunningProgram&) = delete;

  /// Its child processes once there are so many of them; fewer when it ends before, or there are
  /// not after half a minute.
  [[nodiscard]] std::vector<pid_t> wait_for_children(std::size_t count) const;
  void send(int signal) const;
  /// As a terminal does it: to its children, too.
  void send_to_group(int signal) const;
  /// What it left behind, waiting for its end.
  [[nodiscard]] ProgramRun wait();

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  using File = std::unique_ptr<std::FILE, Close>;
  [[nodiscard]] static File temporary();

  std::string path_;
  File out_;
  File err_;
  pid_t process_ = -1;
};

/// Whether all of these processes have ended, waiting ten seconds for it.
[[nodiscard]] bool all_end(const std::vector<pid_t>& processes);

/// Runs a program, its input empty and its outputs no terminals. Throws std::runtime_error when it
/// cannot be started.
[[nodiscard]] ProgramRun run_program(const std::string& path,
                                     const std::vector<std::string>& arguments);

/// The same, sending it a signal after so many milliseconds.
[[nodiscard]] ProgramRun run_program_interrupted(const std::string& path,
                                                 const std::vector<std::string>& arguments,
                                                 int signal, unsigned milliseconds);

}  // namespace rowan::support
