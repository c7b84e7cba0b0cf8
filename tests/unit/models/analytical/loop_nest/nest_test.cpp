// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/loop_nest/nest.h"

#include <gtest/gtest.h>

namespace rowan::analytical::loop_nest {
namespace {

/// DRAM with M2 P3, a scratchpad with M4.
Nest sample() {
  Nest nest;
  nest.problem.size[Dim::kM] = 8;
  nest.problem.size[Dim::kP] = 3;
  nest.levels = {{"DRAM", {true, true, true}, {{Dim::kM, 2}, {Dim::kP, 3}}, {}},
                 {"spad", {false, false, true}, {{Dim::kM, 4}}, {}}};
  return nest;
}

std::string key_of_fault(const Nest& nest) {
  const auto fault = find_fault(nest);
  return fault ? fault->key : "no fault";
}

TEST(LoopNestFault, IsNotInASoundNest) { EXPECT_EQ(key_of_fault(sample()), "no fault"); }

TEST(LoopNestFault, IsAProductOfBoundsThatIsNotTheSize) {
  Nest nest = sample();
  nest.problem.size[Dim::kM] = 9;
  const auto fault = find_fault(nest);
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->key, "problem.M");
  EXPECT_EQ(fault->message,
            "is 9, but the bounds of its loops must multiply to just that: DRAM 2 x spad 4");
  nest = sample();
  nest.problem.size[Dim::kS] = 3;
  ASSERT_TRUE(find_fault(nest));
  EXPECT_EQ(find_fault(nest)->message,
            "is 3, but the bounds of its loops must multiply to just that: no loop");
  nest = sample();
  nest.levels[1].spatial.push_back({Dim::kP, 2});
  EXPECT_EQ(key_of_fault(nest), "problem.P");
}

TEST(LoopNestFault, IsAnOutermostLevelThatLacksData) {
  Nest nest = sample();
  nest.levels[0].keeps[1] = false;
  const auto fault = find_fault(nest);
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->key, "levels[0].keeps");
  EXPECT_NE(fault->message.find("Inputs"), std::string::npos) << fault->message;
}

TEST(LoopNestFault, IsALevelWithoutANameOfItsOwn) {
  Nest nest = sample();
  nest.levels[1].name = "DRAM";
  EXPECT_EQ(key_of_fault(nest), "levels[1].name");
  nest.levels[1].name.clear();
  EXPECT_EQ(key_of_fault(nest), "levels[1].name");
  nest.levels.clear();
  EXPECT_EQ(key_of_fault(nest), "levels");
}

TEST(LoopNestFault, IsASizeOrBoundOfNothing) {
  Nest nest = sample();
  nest.problem.size[Dim::kC] = 0;
  EXPECT_EQ(key_of_fault(nest), "problem.C");
  nest = sample();
  nest.problem.width_stride = 0;
  EXPECT_EQ(key_of_fault(nest), "problem");
  nest = sample();
  nest.levels[1].spatial.push_back({Dim::kC, 0});
  EXPECT_EQ(key_of_fault(nest), "levels[1]");
}

TEST(LoopNestFault, IsAProblemBeyondWhatCountsHold) {
  Nest nest = sample();
  for (const Dim dim : {Dim::kM, Dim::kC, Dim::kN, Dim::kG}) nest.problem.size[dim] = 65536;
  EXPECT_EQ(key_of_fault(nest), "problem");
  nest = sample();
  nest.problem.size[Dim::kQ] = 65536;
  nest.problem.size[Dim::kS] = 17;
  EXPECT_EQ(key_of_fault(nest), "problem");
  // A product of bounds that wraps around to the size is none.
  nest = sample();
  for (int i = 0; i < 4; ++i) nest.levels[0].temporal.push_back({Dim::kM, 65536});
  nest.levels[0].temporal.push_back({Dim::kC, 2});
  EXPECT_EQ(key_of_fault(nest), "problem.M");
}

}  // namespace
}  // namespace rowan::analytical::loop_nest
