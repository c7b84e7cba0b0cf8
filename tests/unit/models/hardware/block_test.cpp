// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/block.h"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace rowan::hardware {
namespace {

/// Writes down when it runs and queues others.
class Recorder final : public Block {
 public:
  Recorder(const std::string& name, Worklist& worklist, std::vector<std::string>& log)
      : Block(name.c_str(), worklist), log_(log) {}
  void activate() override {
    log_.emplace_back(name());
    for (Recorder* other : then) worklist().add(*other);
    then.clear();
  }
  [[nodiscard]] std::string waiting_for() const override { return {}; }
  std::vector<Recorder*> then;

 private:
  std::vector<std::string>& log_;
};

class EveryOrder : public testing::TestWithParam<SimulationOrder> {
 protected:
  EveryOrder() {
    for (const char* name : {"a", "b", "c", "d", "e", "f"}) {
      blocks.push_back(std::make_unique<Recorder>(name, worklist, log));
    }
  }
  Worklist worklist{GetParam()};
  std::vector<std::string> log;
  std::vector<std::unique_ptr<Recorder>> blocks;
};

TEST_P(EveryOrder, RunsEverythingThatIsQueuedOnce) {
  for (auto& block : blocks) worklist.add(*block);
  for (auto& block : blocks) worklist.add(*block);
  worklist.drain();
  EXPECT_EQ(log.size(), 6U);
  EXPECT_EQ(std::set<std::string>(log.begin(), log.end()).size(), 6U);
  worklist.drain();
  EXPECT_EQ(log.size(), 6U);
}

TEST_P(EveryOrder, RunsAgainWhatIsQueuedWhileItRuns) {
  blocks[0]->then = {blocks[0].get(), blocks[1].get()};
  blocks[1]->then = {blocks[0].get(), blocks[2].get()};
  worklist.add(*blocks[0]);
  worklist.drain();
  EXPECT_GE(std::count(log.begin(), log.end(), "a"), 2);
  EXPECT_LE(std::count(log.begin(), log.end(), "a"), 3);
  EXPECT_EQ(std::count(log.begin(), log.end(), "b"), 1);
  EXPECT_EQ(std::count(log.begin(), log.end(), "c"), 1);
}

TEST_P(EveryOrder, ForgetsWhatIsQueuedWhenCleared) {
  for (auto& block : blocks) worklist.add(*block);
  worklist.clear();
  worklist.drain();
  EXPECT_TRUE(log.empty());
  worklist.add(*blocks[3]);  // can be queued again
  worklist.drain();
  EXPECT_EQ(log, std::vector<std::string>{"d"});
}

INSTANTIATE_TEST_SUITE_P(All, EveryOrder,
                         testing::Values(SimulationOrder::kForward, SimulationOrder::kReverse,
                                         SimulationOrder::kShuffled));

TEST(Worklist, OrdersDiffer) {
  std::set<std::vector<std::string>> orders;
  unsigned number = 0;
  for (const SimulationOrder order :
       {SimulationOrder::kForward, SimulationOrder::kReverse, SimulationOrder::kShuffled}) {
    Worklist worklist(order);
    std::vector<std::string> log;
    std::vector<std::unique_ptr<Recorder>> blocks;
    for (unsigned i = 0; i < 12; ++i) {
      blocks.push_back(
          std::make_unique<Recorder>("block_" + std::to_string(number++), worklist, log));
      worklist.add(*blocks.back());
    }
    worklist.drain();
    std::vector<std::string> relative;
    for (const std::string& name : log) {
      const unsigned index = static_cast<unsigned>(std::stoul(name.substr(6))) % 12;
      relative.push_back(std::to_string(index));
    }
    orders.insert(relative);
  }
  EXPECT_EQ(orders.size(), 3U);
}

}  // namespace
}  // namespace rowan::hardware
