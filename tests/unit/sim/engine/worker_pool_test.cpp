// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/worker_pool.h"

#include <csignal>
#include <set>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "models/base/error.h"

namespace rowan::sim {
namespace {

WorkerTasks tasks_of(std::size_t count, std::function<std::string(std::size_t)> run) {
  WorkerTasks tasks;
  tasks.count = count;
  tasks.run = std::move(run);
  tasks.name = [](std::size_t task) { return "task " + std::to_string(task); };
  tasks.started = [](std::size_t) {};
  tasks.ended = [](std::size_t) {};
  return tasks;
}

std::string message_of(const WorkerTasks& tasks) {
  try {
    (void)run_in_workers(2, tasks);
  } catch (const std::exception& error) {
    return error.what();
  }
  return {};
}

bool has_children() { return ::waitpid(-1, nullptr, WNOHANG) != -1; }

TEST(WorkerPool, GivesTheResultsInTheOrderOfTheTasks) {
  for (const unsigned workers : {1U, 2U, 5U, 20U}) {
    const auto results =
        run_in_workers(workers, tasks_of(10, [](std::size_t task) {
                         ::usleep(1000 * static_cast<useconds_t>(10 - task));
                         return std::string(task * 100'000, 'x') + std::to_string(task);
                       }));
    ASSERT_EQ(results.size(), 10U);
    for (std::size_t i = 0; i < results.size(); ++i) {
      EXPECT_EQ(results[i], std::string(i * 100'000, 'x') + std::to_string(i));
    }
    EXPECT_FALSE(has_children());
  }
}

TEST(WorkerPool, RunsTasksInProcessesOfTheirOwn) {
  const auto results =
      run_in_workers(2, tasks_of(8, [](std::size_t) { return std::to_string(::getpid()); }));
  const std::set<std::string> processes(results.begin(), results.end());
  EXPECT_LE(processes.size(), 2U);
  EXPECT_EQ(processes.count(std::to_string(::getpid())), 0U);
}

TEST(WorkerPool, HasNothingToDoWithoutTasks) {
  EXPECT_TRUE(run_in_workers(3, tasks_of(0, [](std::size_t) { return std::string(); })).empty());
}

TEST(WorkerPool, TellsWhatStartsAndEnds) {
  WorkerTasks tasks = tasks_of(5, [](std::size_t) { return std::string(); });
  std::multiset<std::size_t> started;
  std::multiset<std::size_t> ended;
  tasks.started = [&](std::size_t task) { started.insert(task); };
  tasks.ended = [&](std::size_t task) { ended.insert(task); };
  (void)run_in_workers(2, tasks);
  EXPECT_EQ(started, (std::multiset<std::size_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(ended, started);
}

TEST(WorkerPool, PassesOnWhatATaskThrows) {
  EXPECT_THROW((void)run_in_workers(2, tasks_of(3,
                                                [](std::size_t task) -> std::string {
                                                  if (task == 1) throw InputError("no such file");
                                                  ::sleep(60);
                                                  return {};
                                                })),
               InputError);
  EXPECT_THROW(
      (void)run_in_workers(
          2, tasks_of(3, [](std::size_t) -> std::string { throw HardwareError("deadlock"); })),
      HardwareError);
  EXPECT_EQ(message_of(tasks_of(
                1, [](std::size_t) -> std::string { throw std::logic_error("impossible"); })),
            "impossible");
  EXPECT_EQ(message_of(tasks_of(1, [](std::size_t) -> std::string { throw std::bad_alloc(); })),
            "task 0: out of memory");
  EXPECT_FALSE(has_children());
}

TEST(WorkerPool, NamesTheTaskOfAWorkerThatWasKilled) {
  const auto tasks = tasks_of(4, [](std::size_t task) -> std::string {
    if (task == 2) ::kill(::getpid(), SIGKILL);
    ::usleep(20'000);
    return {};
  });
  EXPECT_EQ(message_of(tasks), "task 2: the worker process was killed by signal 9 (Killed)");
  EXPECT_FALSE(has_children());
}

TEST(WorkerPool, LeavesNoWorkerBehindWhenItsOwnProcessIsKilled) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  const pid_t parent = ::fork();
  if (parent == 0) {
    ::close(ends[0]);
    (void)run_in_workers(2, tasks_of(2, [&](std::size_t) {
                           const char ready = 'r';
                           (void)!::write(ends[1], &ready, 1);
                           ::sleep(600);
                           return std::string();
                         }));
    ::_exit(0);
  }
  ::close(ends[1]);
  char ready = 0;
  ASSERT_EQ(::read(ends[0], &ready, 1), 1);
  ASSERT_EQ(::read(ends[0], &ready, 1), 1);
  ::kill(parent, SIGKILL);
  ::waitpid(parent, nullptr, 0);
  // Every copy of the writing end is gone when the workers are.
  EXPECT_EQ(::read(ends[0], &ready, 1), 0);
}

}  // namespace
}  // namespace rowan::sim
