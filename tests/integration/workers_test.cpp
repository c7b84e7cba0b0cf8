// SPDX-License-Identifier: Apache-2.0
//
// Runs whose layers are simulated side by side, when something ends one of their processes.

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/program.h"

namespace rowan {
namespace {

namespace fs = std::filesystem;
using support::ProgramRun;
using support::RunningProgram;
using Words = std::vector<std::string>;

/// A folder that goes with the test, and a run of minutes that is to write to it.
class Workers : public testing::Test {
 protected:
  Workers()
      : folder_(fs::temp_directory_path() / ("rowan_workers_test_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
  }
  ~Workers() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder_ / name).string();
  }
  [[nodiscard]] Words words() const {
    return {"run",      "--platform", "eyeriss", "--workload", "alexnet",
            "--layers", "CONV*",      "--batch", "64",         "--fast-forward",
            "off",      "--jobs",     "2",       "--out",      path("out")};
  }
  void expect_nothing_left(const std::vector<pid_t>& children) const {
    EXPECT_TRUE(support::all_end(children));
    EXPECT_TRUE(fs::is_empty(folder_));
  }

  fs::path folder_;
};

TEST_F(Workers, EndWithARunThatIsInterrupted) {
  for (const int signal : {SIGINT, SIGTERM}) {
    for (const bool all : {false, true}) {
      RunningProgram program(ROWAN_EXECUTABLE, words());
      const auto children = program.wait_for_children(2);
      ASSERT_EQ(children.size(), 2U);
      usleep(200'000);
      if (all) {
        program.send_to_group(signal);
      } else {
        program.send(signal);
      }
      const ProgramRun run = program.wait();
      EXPECT_EQ(run.status, 130);
      EXPECT_EQ(run.out, "");
      EXPECT_EQ(run.err, "rowan: interrupted\n");
      expect_nothing_left(children);
    }
  }
}

TEST_F(Workers, LeaveSignalsToTheRunFromTheirFirstMoment) {
  for (unsigned i = 0; i < 20; ++i) {
    RunningProgram program(ROWAN_EXECUTABLE, words());
    const auto children = program.wait_for_children(1);
    program.send_to_group(SIGINT);
    const ProgramRun run = program.wait();
    EXPECT_EQ(run.status, 130);
    EXPECT_EQ(run.err, "rowan: interrupted\n");
    expect_nothing_left(children);
  }
}

TEST_F(Workers, EndWithARunThatIsKilled) {
  RunningProgram program(ROWAN_EXECUTABLE, words());
  const auto children = program.wait_for_children(2);
  ASSERT_EQ(children.size(), 2U);
  program.send(SIGKILL);
  EXPECT_EQ(program.wait().status, -1);
  expect_nothing_left(children);
}

TEST_F(Workers, ThatAreKilledEndTheRunWithTheNameOfTheirLayer) {
  for (const std::size_t victim : {0, 1}) {
    RunningProgram program(ROWAN_EXECUTABLE, words());
    const auto children = program.wait_for_children(2);
    ASSERT_EQ(children.size(), 2U);
    usleep(200'000);
    kill(children[victim], SIGKILL);
    const ProgramRun run = program.wait();
    EXPECT_EQ(run.status, 70);
    EXPECT_EQ(run.out, "");
    const std::string end = ": the worker process was killed by signal 9 (Killed)\n";
    EXPECT_TRUE(run.err == "rowan: layer CONV1" + end || run.err == "rowan: layer CONV2" + end)
        << run.err;
    expect_nothing_left(children);
  }
}

TEST_F(Workers, ThatRunOutOfMemoryEndTheRunWithTheNameOfTheirLayer) {
  const fs::path network = fs::temp_directory_path() / (folder_.filename().string() + ".yaml");
  std::ofstream(network) << R"(schema: rowan.workload/2
name: large
input: {channels: 64, height: 64, width: 64}
layers:
  - {name: SMALL, kind: pooling, size: 64, stride: 64, pooling: max}
  - {name: LARGE, kind: fully_connected, filters: 1000, inputs: [input]}
)";
  // LARGE has 262 million weights, of more than a GB.
  const auto run = [&](const std::string& jobs) {
    const Words limited{"-c",
                        "ulimit -v 500000; exec \"$0\" \"$@\"",
                        ROWAN_EXECUTABLE,
                        "run",
                        "--platform",
                        "eyeriss",
                        "--workload",
                        network.string(),
                        "--jobs",
                        jobs,
                        "--out",
                        path("out")};
    return support::run_program("/bin/sh", limited);
  };
  const ProgramRun two = run("2");
  EXPECT_EQ(two.status, 70);
  EXPECT_EQ(two.err, "rowan: layer LARGE: out of memory\n");
  const ProgramRun one = run("1");
  EXPECT_EQ(one.status, 70);
  EXPECT_EQ(one.err, "rowan: out of memory\n");
  EXPECT_TRUE(fs::is_empty(folder_));
  fs::remove(network);
}

}  // namespace
}  // namespace rowan
