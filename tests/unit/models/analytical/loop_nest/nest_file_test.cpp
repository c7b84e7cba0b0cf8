// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/loop_nest/nest_file.h"

#include <gtest/gtest.h>

#include "tests/support/input_error.h"

namespace rowan::analytical::loop_nest {
namespace {

constexpr const char* kNest =
    "schema: rowan.loop_nest/1\n"
    "description: small\n"
    "source: by hand\n"
    "problem: {N: 1, G: 1, M: 8, C: 1, P: 3, Q: 1, R: 1, S: 1,\n"
    "          Wstride: 2, Hstride: 3, Wdilation: 4, Hdilation: 5}\n"
    "levels:\n"
    "  - {name: DRAM, keeps: [Weights, Inputs, Outputs], temporal: M2 P3}\n"
    "  - {name: spad, keeps: [Outputs], temporal: M2, spatial: M2 C1}\n";

std::string error_of(std::string text, const std::string& old, const std::string& with) {
  const std::size_t at = text.find(old);
  EXPECT_NE(at, std::string::npos) << old;
  text.replace(at, old.size(), with);
  return support::input_error([&] { return parse_loop_nest(text, "nest.yaml"); });
}

TEST(LoopNestFile, ReadsEveryKey) {
  const Nest nest = parse_loop_nest(kNest, "nest.yaml");
  EXPECT_EQ(nest.description, "small");
  EXPECT_EQ(nest.source, "by hand");
  EXPECT_EQ(nest.problem.size[Dim::kM], 8U);
  EXPECT_EQ(nest.problem.size[Dim::kP], 3U);
  EXPECT_EQ(nest.problem.width_stride, 2U);
  EXPECT_EQ(nest.problem.height_stride, 3U);
  EXPECT_EQ(nest.problem.width_dilation, 4U);
  EXPECT_EQ(nest.problem.height_dilation, 5U);
  ASSERT_EQ(nest.levels.size(), 2U);
  ASSERT_EQ(nest.levels[0].temporal.size(), 2U);
  EXPECT_EQ(nest.levels[0].temporal[0].dim, Dim::kM);
  EXPECT_EQ(nest.levels[0].temporal[0].bound, 2U);
  EXPECT_EQ(nest.levels[0].temporal[1].dim, Dim::kP);
  EXPECT_EQ(nest.levels[0].temporal[1].bound, 3U);
  EXPECT_TRUE(nest.levels[0].holds(Data::kWeights));
  EXPECT_EQ(nest.levels[1].name, "spad");
  EXPECT_FALSE(nest.levels[1].holds(Data::kWeights));
  EXPECT_FALSE(nest.levels[1].holds(Data::kInputs));
  EXPECT_TRUE(nest.levels[1].holds(Data::kOutputs));
  ASSERT_EQ(nest.levels[1].spatial.size(), 2U);
  EXPECT_EQ(nest.levels[1].spatial[1].dim, Dim::kC);
}

TEST(LoopNestFile, IsReadBackFromItsDump) {
  const std::string dumped = dump(parse_loop_nest(kNest, "nest.yaml"));
  EXPECT_EQ(dump(parse_loop_nest(dumped, "dump.yaml")), dumped);
  for (const char* part : {"small", "by hand", "M2 P3", "M2 C1", "Wdilation: 4", "Hdilation: 5"}) {
    EXPECT_NE(dumped.find(part), std::string::npos) << dumped;
  }
}

TEST(LoopNestFile, WhatTheProblemLeavesOutIsOne) {
  const Nest nest = parse_loop_nest(
      "schema: rowan.loop_nest/1\n"
      "problem: {}\n"
      "levels: [{name: DRAM, keeps: [Weights, Inputs, Outputs]}]\n",
      "nest.yaml");
  for (std::size_t i = 0; i < kDims; ++i) {
    EXPECT_EQ(nest.problem.size[static_cast<Dim>(i)], 1U);
  }
  EXPECT_EQ(nest.problem.width_stride, 1U);
}

TEST(LoopNestFile, LocatesErrors) {
  EXPECT_EQ(error_of(kNest, "M: 8", "M: 9"),
            "nest.yaml:4:23: problem.M: is 9, but the bounds of its loops must multiply to just "
            "that: DRAM 2 x spad 2 x spad 2");
  EXPECT_EQ(error_of(kNest, "M2 P3", "X2 P3"),
            "nest.yaml:7:53: levels[0].temporal: 'X2' is no loop: a dimension, one of N, G, M, C, "
            "P, Q, R, S, and a bound from 1 to 65536, such as M16");
  for (const char* loop : {"M", "M0", "M-1", "M2x", "M 2", "m2", "M65537", "M999999", "2M"}) {
    const std::string error = error_of(kNest, "M2 C1", loop);
    EXPECT_EQ(error.rfind("nest.yaml:8:", 0), 0U) << error;
    EXPECT_NE(error.find("levels[1].spatial: '"), std::string::npos) << error;
  }
  EXPECT_EQ(error_of(kNest, "[Outputs]", "[Output]"),
            "nest.yaml:8:26: levels[1].keeps[0]: 'Output' is not one of Weights, Inputs, Outputs "
            "(did you mean 'Outputs'?)");
  EXPECT_EQ(
      error_of(kNest, "Inputs, Outputs]", "Inputs]").rfind("nest.yaml:7:18: levels[0].keeps", 0),
      0U);
  const std::string unknown = error_of(kNest, "Wstride", "wstride");
  EXPECT_NE(unknown.find("nest.yaml:5:11: problem.wstride"), std::string::npos) << unknown;
  EXPECT_NE(error_of(kNest, "spad", "DRAM").find("levels[1].name"), std::string::npos);
  EXPECT_NE(error_of(kNest, "loop_nest/1", "mapping/1").find("nest.yaml:1:"), std::string::npos);
}

TEST(LoopNestFile, ThatCannotBeReadIsNamed) {
  const std::string error = support::input_error([] { return load_loop_nest("/no/such.yaml"); });
  EXPECT_NE(error.find("/no/such.yaml"), std::string::npos) << error;
}

}  // namespace
}  // namespace rowan::analytical::loop_nest
