// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/post_processing.h"

#include <limits>

#include <gtest/gtest.h>

namespace rowan::hardware {
namespace {

struct Bench {
  explicit Bench(const arithmetic::OfmapRule& rule, unsigned lanes = 4)
      : unit("post_processing", spec::PostProcessingSpec{lanes}) {
    unit.start_layer(rule);
  }
  PostProcessingUnit unit;
};

TEST(PostProcessingUnit, PassesWordsThatFitAsTheyAre) {
  Bench b({false, 0, 16});
  EXPECT_EQ(b.unit.process(32767, 0), 32767);
  EXPECT_EQ(b.unit.process(-32768, 0), -32768);
}

TEST(PostProcessingUnit, ClampsToAnActivationWord) {
  Bench b({false, 0, 8});
  EXPECT_EQ(b.unit.process(127, 0), 127);
  EXPECT_EQ(b.unit.process(128, 0), 127);
  EXPECT_EQ(b.unit.process(-128, 0), -128);
  EXPECT_EQ(b.unit.process(-129, 0), -128);
}

TEST(PostProcessingUnit, DividesToNearestHalvesUp) {
  Bench b({false, 2, 16});
  EXPECT_EQ(b.unit.process(9, 0), 2);     // 2.25
  EXPECT_EQ(b.unit.process(10, 0), 3);    // 2.5
  EXPECT_EQ(b.unit.process(-10, 0), -2);  // -2.5
  EXPECT_EQ(b.unit.process(-11, 0), -3);  // -2.75
}

TEST(PostProcessingUnit, RoundsTheLargestPsumWithoutOverflow) {
  Bench b({false, 16, 32});
  EXPECT_EQ(b.unit.process(std::numeric_limits<Word>::max(), 0), 32768);  // 32767.99
  EXPECT_EQ(b.unit.process(std::numeric_limits<Word>::min(), 0), -32768);
}

TEST(PostProcessingUnit, MakesNegativePsumsZeroWhereTheLayerHasRelu) {
  Bench b({true, 1, 16});
  EXPECT_EQ(b.unit.process(-5, 0), 0);
  EXPECT_EQ(b.unit.process(-1, 0), 0);
  EXPECT_EQ(b.unit.process(5, 0), 3);
}

TEST(PostProcessingUnit, ShiftsEachChannelByItsOwn) {
  arithmetic::OfmapRule rule{true, 5, 8};
  rule.channel_shifts = {2, 0};
  Bench b(rule);
  EXPECT_EQ(b.unit.process(10, 0), 3);
  EXPECT_EQ(b.unit.process(10, 1), 10);
  EXPECT_EQ(b.unit.process(1000, 1), 127);
}

TEST(PostProcessingUnit, MakesOfFloatingPointNothingButRelu) {
  constexpr Word kOne = 0x3f800000;
  constexpr Word kMinusOne = static_cast<Word>(0xbf800000U);
  constexpr Word kMinusZero = INT32_MIN;
  constexpr Word kNan = 0x7fc00000;
  Bench plain({false, 3, 32, arithmetic::Numbers::kFloat});
  for (const Word word : {kOne, kMinusOne, kMinusZero, kNan, 1}) {
    EXPECT_EQ(plain.unit.process(word, 0), word);
  }
  Bench relu({true, 3, 32, arithmetic::Numbers::kFloat});
  EXPECT_EQ(relu.unit.process(kOne, 0), kOne);
  EXPECT_EQ(relu.unit.process(1, 0), 1);
  EXPECT_EQ(relu.unit.process(kMinusOne, 0), 0);
  EXPECT_EQ(relu.unit.process(kMinusZero, 0), 0);
  EXPECT_EQ(relu.unit.process(kNan, 0), kNan);
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
  (void)b.unit.process(1, 0);
  (void)b.unit.process(2, 0);
  EXPECT_EQ(b.unit.words(), 2U);
  b.unit.start_layer({});
  EXPECT_EQ(b.unit.words(), 0U);
}

}  // namespace
}  // namespace rowan::hardware
