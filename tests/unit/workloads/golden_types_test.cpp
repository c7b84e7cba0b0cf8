// SPDX-License-Identifier: Apache-2.0
// The golden convolution of the integer types: their weights, sums that saturate, and the order of
// additions.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "workloads/golden.h"

namespace rowan::workloads {
namespace {

using arithmetic::Overflow;
using arithmetic::Word;

/// The format's own widths.
golden::Arithmetic arithmetic_of(const std::string& name, Overflow overflow = Overflow::kWrap) {
  const arithmetic::PeType& type = arithmetic::pe_type(name);
  return {&type, type.product_bits, type.psum_bits, overflow};
}

/// Words of a psum of a 1 x 1 convolution, one a channel.
Tensor column_of(const std::vector<Word>& words) {
  Tensor tensor({1, words.size(), 1, 1});
  std::copy(words.begin(), words.end(), tensor.data());
  return tensor;
}

/// One psum; `chunks` are numbers of products.
Word sum_of(const std::vector<Word>& activations, const std::vector<Word>& weights,
            const golden::Arithmetic& arithmetic,
            const std::vector<std::vector<unsigned>>& chunks = {}, unsigned product_shift = 0,
            golden::SumStatistics* statistics = nullptr) {
  ConvolutionShape shape;
  shape.channels = static_cast<unsigned>(activations.size());
  AccumulationOrder order;
  for (const auto& chunk : chunks) {
    order.emplace_back();
    for (const unsigned product : chunk) order.back().push_back({product, 0, 0});
  }
  return *golden::convolution(shape, column_of(activations), column_of(weights), product_shift,
                              arithmetic, order, statistics)
              .data();
}

/// A code of so many bits as the word that carries it.
Word sign_extended(unsigned code, unsigned bits) {
  const Word word = static_cast<Word>(code);
  return code < (1U << (bits - 1)) ? word : word - (Word{1} << bits);
}

TEST(GoldenTypes, EveryLightPe1WeightIsItsPowerOfTwo) {
  // In units of 2^-7, codes 0 to 15.
  const std::vector<Word> units{128, 64, 32, 16, 8, 4, 2, 1, -128, -64, -32, -16, -8, -4, -2, -1};
  for (unsigned code = 0; code < 16; ++code) {
    for (const Word x : {-128, -77, -1, 0, 1, 100, 127}) {
      EXPECT_EQ(sum_of({x}, {sign_extended(code, 4)}, arithmetic_of("lightpe1")), x * units[code])
          << "code " << code << " activation " << x;
    }
  }
}

TEST(GoldenTypes, EveryLightPe2WeightIsASumOfTwoPowers) {
  const std::vector<Word> powers{128, 64, 32, 16, 8, 4, 2, 1};
  for (unsigned code = 0; code < 256; ++code) {
    const Word magnitude = powers[code / 8 % 8] + powers[code % 8];
    const Word units = code / 64 % 2 == 1 ? -magnitude : magnitude;  // bit 7 is unused
    for (const Word x : {-128, -77, -1, 0, 1, 100, 127}) {
      EXPECT_EQ(sum_of({x}, {sign_extended(code, 8)}, arithmetic_of("lightpe2")), x * units)
          << "code " << code << " activation " << x;
    }
  }
}

TEST(GoldenTypes, LightPeProductsAreShiftedFromUnitsOfTheirLastPlace) {
  EXPECT_EQ(sum_of({5}, {0}, arithmetic_of("lightpe1"), {}, 7), 5) << "5 x 1";
  EXPECT_EQ(sum_of({5}, {1}, arithmetic_of("lightpe1"), {}, 7), 2) << "5 / 2";
  EXPECT_EQ(sum_of({5}, {-7}, arithmetic_of("lightpe1"), {}, 7), -3) << "5 x -1/2";
  EXPECT_EQ(sum_of({5}, {1}, arithmetic_of("lightpe2"), {}, 7), 7) << "5 x 3/2";
}

TEST(GoldenTypes, TheLargestProductsFit) {
  EXPECT_EQ(sum_of({-32768}, {-32768}, arithmetic_of("int16")), 1 << 30);
  EXPECT_EQ(sum_of({-128}, {-128}, arithmetic_of("int8")), 1 << 14);
  EXPECT_EQ(sum_of({-8}, {-8}, arithmetic_of("int4")), 64);
  EXPECT_EQ(sum_of({-128}, {-8}, arithmetic_of("lightpe1")), 1 << 14);
  EXPECT_EQ(sum_of({-128}, {-64}, arithmetic_of("lightpe2")), 1 << 15);
}

TEST(GoldenTypes, AWordThatIsNoWeightIsRefused) {
  EXPECT_THROW((void)sum_of({1}, {8}, arithmetic_of("lightpe1")), std::invalid_argument);
  EXPECT_THROW((void)sum_of({1}, {-9}, arithmetic_of("lightpe1")), std::invalid_argument);
  EXPECT_THROW((void)sum_of({1}, {128}, arithmetic_of("lightpe2")), std::invalid_argument);
}

/// int8 with psums of 8 bits that saturate.
golden::Arithmetic narrow() {
  golden::Arithmetic arithmetic = arithmetic_of("int8", Overflow::kSaturate);
  arithmetic.psum_bits = 8;
  return arithmetic;
}

TEST(GoldenSaturation, TheOrderOfProductsMatters) {
  golden::SumStatistics statistics;
  EXPECT_EQ(sum_of({100, 100, -100}, {1, 1, 1}, narrow(), {{0, 1, 2}}, 0, &statistics), 27);
  EXPECT_EQ(sum_of({100, 100, -100}, {1, 1, 1}, narrow(), {{0, 2, 1}}, 0, &statistics), 100);
  EXPECT_EQ(statistics.saturated_sums, 1U);
  EXPECT_EQ(statistics.wrapped, 0U);
  EXPECT_EQ(statistics.psums, 2U);
}

TEST(GoldenSaturation, AChunkIsSummedByItself) {
  golden::SumStatistics statistics;
  const std::vector<Word> words{100, 100, -100, -100};
  EXPECT_EQ(sum_of(words, {1, 1, 1, 1}, narrow(), {{0, 1}, {2, 3}}, 0, &statistics), -1)
      << "127 - 128";
  EXPECT_EQ(statistics.saturated_sums, 2U);
  EXPECT_EQ(sum_of(words, {1, 1, 1, 1}, narrow(), {{0, 1, 2, 3}}), -73) << "127 - 200";
  EXPECT_EQ(sum_of(words, {1, 1, 1, 1}, narrow(), {{0, 2}, {1, 3}}), 0);
  EXPECT_EQ(sum_of(words, {1, 1, 1, 1}, narrow(), {{0}, {1}, {2}, {3}}), -73);
  EXPECT_EQ(sum_of(words, {1, 1, 1, 1}, narrow(), {{3}, {2}, {1}, {0}}), 72) << "-128 + 200";
}

TEST(GoldenSaturation, AProductBeyondThePsumSaturatesAlone) {
  EXPECT_EQ(sum_of({100}, {100}, narrow(), {{0}}), 127);
  EXPECT_EQ(sum_of({100}, {-100}, narrow(), {{0}}), -128);
}

TEST(GoldenSaturation, PsumsOf32BitsDoNotOverflow) {
  golden::Arithmetic arithmetic = arithmetic_of("int16", Overflow::kSaturate);
  ASSERT_EQ(arithmetic.psum_bits, 32U);
  const std::vector<Word> least(4, -32768);
  const std::vector<Word> most(4, 32767);
  constexpr Word kMost = std::numeric_limits<Word>::max();
  constexpr Word kLeast = std::numeric_limits<Word>::min();
  EXPECT_EQ(sum_of(least, least, arithmetic, {{0, 1, 2, 3}}), kMost);
  EXPECT_EQ(sum_of(least, least, arithmetic, {{0, 1}, {2, 3}}), kMost);
  EXPECT_EQ(sum_of(least, most, arithmetic, {{0, 1, 2}, {3}}), kLeast);
}

TEST(GoldenSaturation, OnlySumsThatSaturateOrFloatsHaveAnOrder) {
  for (const char* name : {"int16", "int8", "int4", "lightpe1", "lightpe2"}) {
    EXPECT_FALSE(golden::is_ordered(arithmetic_of(name))) << name;
    EXPECT_TRUE(golden::is_ordered(arithmetic_of(name, Overflow::kSaturate))) << name;
  }
  EXPECT_TRUE(golden::is_ordered(arithmetic_of("fp32")));
}

TEST(GoldenSaturation, AnOrderHasEveryTapOnce) {
  const auto refused = [](const std::vector<std::vector<unsigned>>& chunks) {
    EXPECT_THROW((void)sum_of({1, 2}, {1, 1}, narrow(), chunks), std::invalid_argument);
  };
  refused({});
  refused({{0}});
  refused({{0, 1}, {1}});
  refused({{0, 0}});
  refused({{0, 2}});
  EXPECT_EQ(sum_of({1, 2}, {1, 1}, narrow(), {{1}, {0}}), 3);
  EXPECT_EQ(sum_of({1, 2}, {1, 1}, arithmetic_of("int8"), {{0}}), 3) << "no use for an order";
}

}  // namespace
}  // namespace rowan::workloads
