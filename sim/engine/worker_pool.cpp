// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/worker_pool.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <system_error>
#include <utility>

#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "models/base/error.h"

namespace rowan::sim {
namespace {

/// First byte of a worker's answer.
constexpr char kDone = 'd';
constexpr char kInputFailure = 'i';
constexpr char kHardwareFailure = 'h';
constexpr char kOutOfMemory = 'm';
constexpr char kOtherFailure = 'o';

/// A file descriptor that is closed in the end.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  void close() {
    if (number_ >= 0) ::close(number_);
    number_ = -1;
  }
  [[nodiscard]] int number() const { return number_; }

 private:
  int number_;
};

struct Pipe {
  Pipe() {
    int ends[2];
    if (::pipe(ends) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    read = Descriptor(ends[0]);
    write = Descriptor(ends[1]);
  }
  Descriptor read;
  Descriptor write;
};

bool read_all(int from, void* to, std::size_t bytes) {
  auto* at = static_cast<char*>(to);
  while (bytes > 0) {
    const ssize_t count = ::read(from, at, bytes);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    at += count;
    bytes -= static_cast<std::size_t>(count);
  }
  return true;
}

bool write_all(int to, const void* from, std::size_t bytes) {
  const auto* at = static_cast<const char*>(from);
  while (bytes > 0) {
    const ssize_t count = ::write(to, at, bytes);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    at += count;
    bytes -= static_cast<std::size_t>(count);
  }
  return true;
}

std::string answer(const WorkerTasks& tasks, std::size_t task) {
  try {
    return kDone + tasks.run(task);
  } catch (const InputError& error) {
    return kInputFailure + std::string(error.what());
  } catch (const HardwareError& error) {
    return kHardwareFailure + std::string(error.what());
  } catch (const std::bad_alloc&) {
    return std::string(1, kOutOfMemory);
  } catch (const std::exception& error) {
    return kOtherFailure + std::string(error.what());
  }
}

/// A child's life: tasks from one pipe, answers to the other.
[[noreturn]] void work(const WorkerTasks& tasks, int orders, int answers) {
  std::uint64_t task = 0;
  while (read_all(orders, &task, sizeof task)) {
    const std::string text = answer(tasks, task);
    const std::uint64_t size = text.size();
    if (!write_all(answers, &size, sizeof size) || !write_all(answers, text.data(), size)) break;
  }
  ::_exit(0);
}

/// Holds back what would end the calling process while it lives.
class SignalsHeld {
 public:
  SignalsHeld() {
    sigset_t held;
    sigemptyset(&held);
    sigaddset(&held, SIGINT);
    sigaddset(&held, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &held, &before_);
  }
  ~SignalsHeld() { release(); }
  SignalsHeld(const SignalsHeld&) = delete;
  SignalsHeld& operator=(const SignalsHeld&) = delete;
  void release() const { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }

 private:
  sigset_t before_{};
};

/// Makes writing to a worker that is gone an error of write() instead of the end of the process.
class BrokenPipesIgnored {
 public:
  BrokenPipesIgnored() : before_(std::signal(SIGPIPE, SIG_IGN)) {}
  ~BrokenPipesIgnored() { std::signal(SIGPIPE, before_); }
  BrokenPipesIgnored(const BrokenPipesIgnored&) = delete;
  BrokenPipesIgnored& operator=(const BrokenPipesIgnored&) = delete;

 private:
  void (*before_)(int);
};

/// A child process; killed in the end.
class Worker {
 public:
  Worker(const WorkerTasks& tasks, std::vector<std::unique_ptr<Worker>>& others) {
    Pipe orders;
    Pipe answers;
    const pid_t parent = ::getpid();
    const SignalsHeld held;  // until the child leaves them to its parent
    process_ = ::fork();
    if (process_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
    if (process_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (::getppid() != parent) ::_exit(0);
      std::signal(SIGINT, SIG_IGN);
      std::signal(SIGTERM, SIG_IGN);
      held.release();
      orders.write.close();
      answers.read.close();
      for (auto& other : others) other->abandon();
      work(tasks, orders.read.number(), answers.write.number());
    }
    orders_ = std::move(orders.write);
    answers_ = std::move(answers.read);
  }
  ~Worker() {
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void give(std::size_t task) {
    task_ = task;
    const std::uint64_t number = task;
    // A worker that is gone is found by its answer.
    (void)write_all(orders_.number(), &number, sizeof number);
  }
  [[nodiscard]] const std::optional<std::size_t>& task() const { return task_; }
  [[nodiscard]] int answers() const { return answers_.number(); }
  /// Its answer, waiting for it; nothing when the worker is gone.
  [[nodiscard]] std::optional<std::string> take() {
    std::uint64_t size = 0;
    if (!read_all(answers_.number(), &size, sizeof size)) return std::nullopt;
    std::string text(size, '\0');
    if (!read_all(answers_.number(), text.data(), size)) return std::nullopt;
    task_.reset();
    return text;
  }
  /// How it ended.
  [[nodiscard]] std::string end() {
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
    if (WIFSIGNALED(status)) {
      return "was killed by signal " + std::to_string(WTERMSIG(status)) + " (" +
             ::strsignal(WTERMSIG(status)) + ")";
    }
    return "ended with status " + std::to_string(WEXITSTATUS(status));
  }

 private:
  /// In another child: leaves the process alone.
  void abandon() {
    process_ = -1;
    orders_.close();
    answers_.close();
  }

  pid_t process_ = -1;
  Descriptor orders_;
  Descriptor answers_;
  std::optional<std::size_t> task_;
};

using Workers = std::vector<std::unique_ptr<Worker>>;

/// A worker that has something to say.
Workers::iterator wait_for_answer(Workers& workers) {
  std::vector<pollfd> waiting;
  for (const auto& worker : workers) {
    waiting.push_back({worker->task() ? worker->answers() : -1, POLLIN, 0});
  }
  while (::poll(waiting.data(), waiting.size(), -1) < 0) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "poll");
  }
  const auto ready = std::find_if(waiting.begin(), waiting.end(),
                                  [](const pollfd& entry) { return entry.revents != 0; });
  return workers.begin() + (ready - waiting.begin());
}

/// What a task called `name` gave; throws what it threw.
std::string result_of(const std::string& text, const std::string& name) {
  switch (text.empty() ? kOtherFailure : text.front()) {
    case kDone:
      return text.substr(1);
    case kInputFailure:
      throw InputError(text.substr(1));
    case kHardwareFailure:
      throw HardwareError(text.substr(1));
    case kOutOfMemory:
      throw WorkerError(name + ": out of memory");
    default:
      throw std::runtime_error(text.empty() ? "a worker gave no answer" : text.substr(1));
  }
}

}  // namespace

std::vector<std::string> run_in_workers(unsigned workers, const WorkerTasks& tasks) {
  std::vector<std::string> results(tasks.count);
  std::size_t next = 0;
  std::size_t open = 0;
  const auto give_next = [&](Worker& worker) {
    if (next == tasks.count) return;
    tasks.started(next);
    worker.give(next++);
    ++open;
  };
  const BrokenPipesIgnored ignored;
  Workers pool;
  for (std::size_t i = 0; i < std::min<std::size_t>(workers, tasks.count); ++i) {
    pool.push_back(std::make_unique<Worker>(tasks, pool));
  }
  for (auto& worker : pool) give_next(*worker);
  while (open > 0) {
    Worker& worker = **wait_for_answer(pool);
    const std::size_t task = *worker.task();
    const std::optional<std::string> text = worker.take();
    if (!text) {
      throw WorkerError(tasks.name(task) + ": the worker process " + worker.end());
    }
    results[task] = result_of(*text, tasks.name(task));
    --open;
    tasks.ended(task);
    give_next(worker);
  }
  return results;
}

}  // namespace rowan::sim
