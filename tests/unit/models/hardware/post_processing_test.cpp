// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/post_processing.h"

#include <limits>

#include <gtest/gtest.h>

namespace rowan::hardware {
namespace {

struct Bench {
  explicit Bench(const PostProcessing& how, unsigned lanes = 4)
      : unit("post_processing", spec::PostProcessingSpec{lanes}) {
    unit.start_layer(how);
  }
  PostProcessingUnit unit;
};

TEST(PostProcessingUnit, PassesWordsThatFitAsTheyAre) {
  Bench b({false, 0, 16});
  EXPECT_EQ(b.unit.process(32767), 32767);
  EXPECT_EQ(b.unit.process(-32768), -32768);
}

TEST(PostProcessingUnit, ClampsToAnActivationWord) {
  Bench b({false, 0, 8});
  EXPECT_EQ(b.unit.process(127), 127);
  EXPECT_EQ(b.unit.process(128), 127);
  EXPECT_EQ(b.unit.process(-128), -128);
  EXPECT_EQ(b.unit.process(-129), -128);
}

TEST(PostProcessingUnit, DividesToNearestHalvesUp) {
  Bench b({false, 2, 16});
  EXPECT_EQ(b.unit.process(9), 2);     // 2.25
  EXPECT_EQ(b.unit.process(10), 3);    // 2.5
  EXPECT_EQ(b.unit.process(-10), -2);  // -2.5
  EXPECT_EQ(b.unit.process(-11), -3);  // -2.75
}

TEST(PostProcessingUnit, RoundsTheLargestPsumWithoutOverflow) {
  Bench b({false, 16, 32});
  EXPECT_EQ(b.unit.process(std::numeric_limits<Word>::max()), 32768);  // 32767.99
  EXPECT_EQ(b.unit.process(std::numeric_limits<Word>::min()), -32768);
}

TEST(PostProcessingUnit, MakesNegativePsumsZeroWhereTheLayerHasRelu) {
  Bench b({true, 1, 16});
  EXPECT_EQ(b.unit.process(-5), 0);
  EXPECT_EQ(b.unit.process(-1), 0);
  EXPECT_EQ(b.unit.process(5), 3);
}

TEST(PostProcessingUnit, TakesSoManyWordsACycle) {
  const Bench b({false, 0, 16}, 4);
  EXPECT_EQ(b.unit.done(100, 0), 100U);
  EXPECT_EQ(b.unit.done(100, 1), 101U);
  EXPECT_EQ(b.unit.done(100, 4), 101U);
  EXPECT_EQ(b.unit.done(100, 5), 102U);
}

TEST(PostProcessingUnit, CountsTheWordsOfALayer) {
  Bench b({false, 0, 16});
  (void)b.unit.process(1);
  (void)b.unit.process(2);
  EXPECT_EQ(b.unit.words(), 2U);
  b.unit.start_layer({});
  EXPECT_EQ(b.unit.words(), 0U);
}

}  // namespace
}  // namespace rowan::hardware
