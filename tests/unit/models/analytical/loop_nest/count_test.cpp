// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/loop_nest/count.h"

#include <gtest/gtest.h>

#include "models/analytical/loop_nest/nest_file.h"
#include "tests/support/input_error.h"

namespace rowan::analytical::loop_nest {
namespace {

/// Counts of a nest: a DRAM that keeps everything, then `levels`.
NestCounts counts_of(const std::string& problem, const std::string& dram,
                     const std::string& levels = "") {
  return count(
      parse_loop_nest("schema: rowan.loop_nest/1\n"
                      "problem: {" +
                          problem +
                          "}\n"
                          "levels:\n"
                          "  - {name: DRAM, keeps: [Weights, Inputs, Outputs], " +
                          dram + "}\n" + levels,
                      "nest.yaml"));
}

DataCounts of(const NestCounts& counts, const std::string& level, Data data) {
  for (const LevelCounts& some : counts.levels) {
    for (const DataCounts& each : some.data) {
      if (some.name == level && each.data == data) return each;
    }
  }
  ADD_FAILURE() << level << " does not keep " << name_of(data);
  return {};
}

TEST(LoopNestCount, OfOneLevelIsAWordAMac) {
  const NestCounts counts = counts_of("M: 4, C: 3, P: 5", "temporal: M4 C3 P5");
  EXPECT_EQ(counts.macs, 60U);
  EXPECT_EQ(counts.cycles, Cycles(60));
  EXPECT_EQ(counts.units, 1U);
  EXPECT_EQ(of(counts, "DRAM", Data::kWeights).reads, 60U);
  EXPECT_EQ(of(counts, "DRAM", Data::kWeights).tile, 12U);
  EXPECT_EQ(of(counts, "DRAM", Data::kInputs).reads, 60U);
  EXPECT_EQ(of(counts, "DRAM", Data::kOutputs).updates, 60U);
  // Each of the 20 outputs begins as nothing.
  EXPECT_EQ(of(counts, "DRAM", Data::kOutputs).reads, 40U);
  EXPECT_EQ(of(counts, "DRAM", Data::kOutputs).temporal_reductions, 40U);
}

TEST(LoopNestCount, OrderDecidesWhatATileIsKeptFor) {
  // The innermost loop of DRAM is irrelevant to weights here, the outermost there.
  const std::string spad = "  - {name: spad, keeps: [Weights], temporal: C3}\n";
  EXPECT_EQ(
      of(counts_of("M: 4, C: 3, P: 5", "temporal: M4 P5", spad), "spad", Data::kWeights).fills,
      12U);
  EXPECT_EQ(
      of(counts_of("M: 4, C: 3, P: 5", "temporal: P5 M4", spad), "spad", Data::kWeights).fills,
      60U);
}

TEST(LoopNestCount, ATileOnlySlides) {
  // 5 outputs of 3 taps: 3 words at first, then the stride's; a gap is not filled.
  const std::string spad = "  - {name: spad, keeps: [Inputs], temporal: R3}\n";
  const auto fills = [&](const std::string& spacing) {
    return of(counts_of("P: 5, R: 3" + spacing, "temporal: P5", spad), "spad", Data::kInputs).fills;
  };
  EXPECT_EQ(fills(""), 3U + 4U);
  EXPECT_EQ(fills(", Wstride: 2"), 3U + 4U * 2U);
  EXPECT_EQ(fills(", Wstride: 5"), 3U + 4U * 3U);
  EXPECT_EQ(fills(", Wdilation: 2"), 15U);  // 0 2 4, 1 3 5, 2 4 6, ...
  EXPECT_EQ(fills(", Wstride: 2, Wdilation: 2"), 3U + 4U);
}

TEST(LoopNestCount, WhatRemainsWhenALoopStartsAgainIsNotFilledAgain) {
  // Words 0 1 2, then 1 2 3; of these, 1 and 2 are there when the next filter starts again at 0.
  const NestCounts counts = counts_of("M: 4, P: 2, R: 3", "temporal: M4 P2",
                                      "  - {name: spad, keeps: [Inputs], temporal: R3}\n");
  EXPECT_EQ(of(counts, "spad", Data::kInputs).fills, 4U + 3U * 2U);
  EXPECT_EQ(of(counts, "DRAM", Data::kInputs).reads, 4U + 3U * 2U);
}

TEST(LoopNestCount, ChildrenOnADiagonalShareAWord) {
  // 3 x 4 children hold 6 different rows.
  const NestCounts counts =
      counts_of("Q: 4, S: 3, M: 2", "spatial: Q4 S3",
                "  - {name: spad, keeps: [Inputs, Weights, Outputs], temporal: M2}\n");
  EXPECT_EQ(of(counts, "DRAM", Data::kInputs).reads, 6U);
  EXPECT_EQ(of(counts, "spad", Data::kInputs).fills, 1U);
  EXPECT_EQ(of(counts, "DRAM", Data::kWeights).reads, 6U);  // not one for each row of the ofmap
  EXPECT_EQ(of(counts, "spad", Data::kWeights).fills, 2U);
  EXPECT_EQ(of(counts, "DRAM", Data::kOutputs).updates, 8U);  // added up over S on the way
  EXPECT_EQ(counts.levels[1].instances, 12U);
  EXPECT_EQ(counts.units, 12U);
}

TEST(LoopNestCount, AWordThatOneOfTheChildrenLacksIsRead) {
  // Two children, 3 taps each, two apart: 0 1 2 and 2 3 4, then 1 2 3 and 3 4 5. The first lacks 3,
  // the second 5; that the second had 3 does not help.
  const NestCounts counts = counts_of("P: 4, R: 3", "spatial: P2, temporal: P1",
                                      "  - {name: glb, keeps: [], temporal: P2}\n"
                                      "  - {name: spad, keeps: [Inputs], temporal: R3}\n");
  EXPECT_EQ(of(counts, "DRAM", Data::kInputs).reads, 5U + 2U);
  EXPECT_EQ(of(counts, "spad", Data::kInputs).fills, 3U + 1U);
}

TEST(LoopNestCount, PartialSumsComeBackButForTheFirstTime) {
  const std::string spad = "  - {name: spad, keeps: [Outputs], temporal: M2}\n";
  const NestCounts back = counts_of("M: 2, C: 3, P: 5", "temporal: C3 P5", spad);
  EXPECT_EQ(of(back, "DRAM", Data::kOutputs).updates, 30U);
  EXPECT_EQ(of(back, "DRAM", Data::kOutputs).reads, 20U);
  EXPECT_EQ(of(back, "spad", Data::kOutputs).fills, 20U);
  EXPECT_EQ(of(back, "spad", Data::kOutputs).updates, 30U);
  EXPECT_EQ(of(back, "spad", Data::kOutputs).reads, 20U);
  const NestCounts stay = counts_of("M: 2, C: 3, P: 5", "temporal: P5 C3", spad);
  EXPECT_EQ(of(stay, "DRAM", Data::kOutputs).updates, 10U);
  EXPECT_EQ(of(stay, "DRAM", Data::kOutputs).reads, 0U);
  EXPECT_EQ(of(stay, "spad", Data::kOutputs).fills, 0U);
}

TEST(LoopNestCount, DataGoesPastALevelThatDoesNotKeepIt) {
  const NestCounts counts =
      counts_of("M: 2, P: 3, Q: 4", "temporal: M2",
                "  - {name: glb, keeps: [Inputs], temporal: P3, spatial: Q4}\n"
                "  - {name: spad, keeps: [Weights]}\n");
  ASSERT_EQ(counts.levels[1].data.size(), 1U);
  EXPECT_EQ(of(counts, "DRAM", Data::kWeights).reads, 2U);
  EXPECT_EQ(of(counts, "spad", Data::kWeights).fills, 2U);
  EXPECT_EQ(of(counts, "glb", Data::kInputs).tile, 12U);
  EXPECT_EQ(of(counts, "glb", Data::kInputs).fills, 12U);
  EXPECT_EQ(of(counts, "glb", Data::kInputs).reads, 24U);
}

TEST(LoopNestCount, ANestWithAFaultIsRefused) {
  Nest nest;
  nest.levels = {{"DRAM", {true, true, true}, {{Dim::kM, 2}}, {}}};
  const std::string error = support::input_error([&] { return count(nest); });
  EXPECT_EQ(error.rfind("loop nest: problem.M: is 1", 0), 0U) << error;
}

TEST(LoopNestCount, RowsAreOutermostFirst) {
  const auto table = rows(
      counts_of("M: 2, C: 3", "spatial: C3", "  - {name: spad, keeps: [Outputs], temporal: M2}\n"));
  ASSERT_EQ(table.size(), 4U);
  const std::array<std::string, 8> weights{"DRAM", "Weights", "6", "6", "0", "0", "0", "1"};
  const std::array<std::string, 8> outputs{"spad", "Outputs", "2", "0", "0", "2", "0", "3"};
  EXPECT_EQ(table[0], weights);
  EXPECT_EQ(table[3], outputs);
  EXPECT_STREQ(kCountsHead[7], "instances");
}

}  // namespace
}  // namespace rowan::analytical::loop_nest
