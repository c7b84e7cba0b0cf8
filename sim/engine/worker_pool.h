// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace rowan::sim {

/// A worker ended before its task did, such as by a signal, or ran out of memory.
class WorkerError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Tasks that do not depend on each other, carried out by child processes.
struct WorkerTasks {
  std::size_t count = 0;
  /// Carries out a task in a child that has everything as it was when run_in_workers() was called;
  /// returns the result as bytes.
  std::function<std::string(std::size_t task)> run;
  /// What messages call a task, such as "layer CONV1".
  std::function<std::string(std::size_t task)> name;
  /// Told in the calling process, in no order.
  std::function<void(std::size_t task)> started;
  std::function<void(std::size_t task)> ended;
};

/// The results of all tasks, from at most `workers` processes at a time.
///
/// A task that throws InputError or HardwareError makes this throw the same, once all workers have
/// been ended; a task that runs out of memory, and any other end of a worker, makes it throw
/// WorkerError. Workers do not outlive the
/// calling process, whatever ends it, and leave SIGINT and SIGTERM to it.
[[nodiscard]] std::vector<std::string> run_in_workers(unsigned workers, const WorkerTasks& tasks);

}  // namespace rowan::sim
