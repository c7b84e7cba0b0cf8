// SPDX-License-Identifier: Apache-2.0
// The golden operations on binary32 words. Words in hexadecimal were computed by a program of its
// own from the tables of docs/machine.md, sections 5 and 10.
#include "workloads/golden_fp32.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <stdexcept>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "workloads/golden.h"
#include "workloads/network.h"

namespace rowan::workloads {
namespace {

using arithmetic::Word;

namespace fp32 = golden::fp32;

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr Word kNaNWord = 0x7fc00000;

Word word_of(float number) {
  Word word;
  std::memcpy(&word, &number, sizeof word);
  return word;
}

float number_of(Word word) {
  float number;
  std::memcpy(&number, &word, sizeof number);
  return number;
}

/// Other NaNs than the one that results are.
const std::vector<float> kOddNaNs{number_of(0x7fc12345), number_of(0x7fa00000),
                                  number_of(static_cast<Word>(0xffc00000))};

Tensor tensor_of(const Extents& extents, const std::vector<float>& numbers) {
  Tensor tensor(extents);
  EXPECT_EQ(tensor.size(), numbers.size());
  std::transform(numbers.begin(), numbers.end(), tensor.data(), word_of);
  return tensor;
}

Tensor row_of(const std::vector<float>& numbers) {
  return tensor_of({1, 1, 1, numbers.size()}, numbers);
}

Tensor column_of(const std::vector<float>& numbers) {
  return tensor_of({1, numbers.size(), 1, 1}, numbers);
}

std::vector<Word> words_of(const Tensor& tensor) {
  return {tensor.data(), tensor.data() + tensor.size()};
}

std::vector<Word> words_of(const std::vector<float>& numbers) { return words_of(row_of(numbers)); }

golden::Arithmetic arithmetic_of_fp32() { return {&arithmetic::pe_type("fp32"), 32, 32}; }

/// A word from 32 bits.
Word bits(std::uint32_t word) { return static_cast<Word>(word); }

/// Numbers next to each other are 1 apart.
std::int64_t place_of(float number) {
  const Word word = word_of(number);
  return word >= 0 ? word : std::int64_t{std::numeric_limits<Word>::min()} - word;
}

std::int64_t units_apart(Word a, double b) {
  return std::abs(place_of(number_of(a)) - place_of(static_cast<float>(b)));
}

// Sums.

/// The psum of a 1 x 1 convolution; `chunks` are numbers of products.
Word sum_of(const std::vector<float>& words, const std::vector<float>& weights,
            const std::vector<std::vector<unsigned>>& chunks,
            golden::SumStatistics* statistics = nullptr) {
  ConvolutionShape shape;
  shape.channels = static_cast<unsigned>(words.size());
  AccumulationOrder order;
  for (const auto& chunk : chunks) {
    order.emplace_back();
    for (const unsigned product : chunk) order.back().push_back({product, 0, 0});
  }
  // Without meaning: shifts and widths.
  golden::Arithmetic arithmetic = arithmetic_of_fp32();
  arithmetic.product_bits = 1;
  return *golden::convolution(shape, column_of(words), column_of(weights), 5, arithmetic, order,
                              statistics)
              .data();
}

TEST(GoldenFp32Sums, TheOrderOfAdditionsMatters) {
  const std::vector<float> words{1e8F, 1, -1e8F};
  EXPECT_EQ(sum_of(words, {1, 1, 1}, {{0, 1, 2}}), word_of(0));
  EXPECT_EQ(sum_of(words, {1, 1, 1}, {{0, 2, 1}}), word_of(1));
  EXPECT_EQ(sum_of(words, {1, 1, 1}, {{0, 2}, {1}}), word_of(1));
}

TEST(GoldenFp32Sums, AChunkIsSummedByItself) {
  const std::vector<float> words{16777216, 1, 1};  // 2^24, from where on odd numbers are missing
  EXPECT_EQ(sum_of(words, {1, 1, 1}, {{0, 1, 2}}), word_of(16777216));
  EXPECT_EQ(sum_of(words, {1, 1, 1}, {{0}, {1}, {2}}), word_of(16777216));
  EXPECT_EQ(sum_of(words, {1, 1, 1}, {{0}, {1, 2}}), word_of(16777218));
}

TEST(GoldenFp32Sums, AProductIsRoundedBeforeItIsAdded) {
  const float x = 1 + 0x1p-12F;  // its square is 1 + 2^-11 + 2^-24, a tie
  EXPECT_EQ(sum_of({-1 - 0x1p-11F, x}, {1, x}, {{0, 1}}), word_of(0));
  EXPECT_EQ(sum_of({x}, {x}, {{0}}), word_of(1 + 0x1p-11F));
}

TEST(GoldenFp32Sums, TiesGoToTheEvenNumber) {
  EXPECT_EQ(sum_of({1, 0x1p-24F}, {1, 1}, {{0, 1}}), word_of(1));
  EXPECT_EQ(sum_of({1 + 0x1p-23F, 0x1p-24F}, {1, 1}, {{0, 1}}), word_of(1 + 0x1p-22F));
}

TEST(GoldenFp32Sums, SubnormalNumbersAreKept) {
  EXPECT_EQ(sum_of({0x1p-126F}, {0.5F}, {{0}}), bits(0x00400000));
  EXPECT_EQ(sum_of({0x1p-149F, 0x1p-149F}, {1, 1}, {{0, 1}}), bits(2));
  EXPECT_EQ(sum_of({0x1p-126F, 0x1p-149F}, {-1, 1}, {{0}, {1}}), bits(0x807fffff));
  EXPECT_EQ(sum_of({0x1p-149F}, {0.5F}, {{0}}), bits(0)) << "a tie with 0";
}

TEST(GoldenFp32Sums, ASumFromZeroIsNeverMinusZero) {
  EXPECT_EQ(sum_of({-0.0F}, {1}, {{0}}), bits(0));
  EXPECT_EQ(sum_of({0, 0}, {-1, -1}, {{0}, {1}}), bits(0));
  EXPECT_EQ(sum_of({-0x1p-149F}, {0.5F}, {{0}}), bits(0));
}

TEST(GoldenFp32Sums, NumbersOverflowToInfinity) {
  const float most = std::numeric_limits<float>::max();
  EXPECT_EQ(sum_of({most}, {2}, {{0}}), word_of(kInfinity));
  EXPECT_EQ(sum_of({most, most, -most}, {1, 1, 1}, {{0, 1, 2}}), word_of(kInfinity));
  EXPECT_EQ(sum_of({most, most, -most}, {1, 1, 1}, {{0, 2, 1}}), word_of(most));
  EXPECT_EQ(sum_of({-most, -most}, {1, 1}, {{0}, {1}}), word_of(-kInfinity));
}

TEST(GoldenFp32Sums, EveryNaNIsTheSameWord) {
  for (const float odd : kOddNaNs) {
    EXPECT_EQ(sum_of({1, odd, 1}, {1, 1, 1}, {{0, 1}, {2}}), kNaNWord);
    EXPECT_EQ(sum_of({1}, {odd}, {{0}}), kNaNWord);
  }
  EXPECT_EQ(sum_of({kInfinity}, {0}, {{0}}), kNaNWord);
  EXPECT_EQ(sum_of({kInfinity, -kInfinity}, {1, 1}, {{0}, {1}}), kNaNWord);
}

TEST(GoldenFp32Sums, PaddingIsMultiplied) {
  ConvolutionShape shape;
  shape.padding = 1;
  const Tensor psums = golden::convolution(shape, row_of({2}), row_of({kInfinity}), 0,
                                           arithmetic_of_fp32(), {{{0, 0, 0}}});
  EXPECT_EQ(words_of(psums),
            (std::vector<Word>{kNaNWord, kNaNWord, kNaNWord, kNaNWord, word_of(kInfinity), kNaNWord,
                               kNaNWord, kNaNWord, kNaNWord}));
}

TEST(GoldenFp32Sums, AreCounted) {
  golden::SumStatistics statistics;
  (void)sum_of({-0.0F}, {1}, {{0}}, &statistics);
  (void)sum_of({1e30F}, {1e30F}, {{0}}, &statistics);
  (void)sum_of({kNaN}, {1}, {{0}}, &statistics);
  EXPECT_EQ(statistics.psums, 3U);
  EXPECT_EQ(statistics.nonzero, 2U);
  EXPECT_EQ(statistics.wrapped, 0U);
  EXPECT_EQ(statistics.saturated_sums, 0U);
}

TEST(GoldenFp32Ofmap, IsReluAlone) {
  Layer layer;
  layer.ofmap_shift = 3;
  const Tensor psums = row_of({-1.5F, -0.0F, 0.25F, kInfinity, -kInfinity, 0x1p-149F, kNaN});
  EXPECT_EQ(words_of(fp32::ofmap(psums, layer)),
            words_of({0, 0, 0.25F, kInfinity, 0, 0x1p-149F, kNaN}));
  layer.relu = false;
  EXPECT_EQ(fp32::ofmap(psums, layer), psums);
}

// The post-processing unit.

TEST(GoldenFp32Exponential, HasTheWordsOfTheTable) {
  EXPECT_EQ(fp32::exponential(0), 1);
  EXPECT_EQ(fp32::exponential(1), 0x1.5bf0a8b14576ap+1);
  EXPECT_EQ(fp32::exponential(-1), 0x1.78b56362cef38p-2);
  EXPECT_EQ(fp32::exponential(0.5), 0x1.a61298e1e069cp+0);
  EXPECT_EQ(fp32::exponential(-20.25), 0x1.b93de1e27ca3bp-30);
  EXPECT_EQ(fp32::exponential(-700), 0x1.14f2b0fb9307fp-1010);
  EXPECT_EQ(fp32::exponential(700), 0x1.d945df4f8ec8ep+1009);
}

TEST(GoldenFp32Exponential, EndsAt700) {
  EXPECT_EQ(fp32::exponential(std::nextafter(-700, -701)), 0);
  EXPECT_EQ(fp32::exponential(-std::numeric_limits<double>::infinity()), 0);
  EXPECT_EQ(fp32::exponential(std::nextafter(700, 701)), std::numeric_limits<double>::infinity());
  EXPECT_TRUE(std::isnan(fp32::exponential(kNaN)));
}

TEST(GoldenFp32Exponential, IsWithinTwoUnitsOfTheLibrarys) {
  for (int i = -700'000; i <= 700'000; i += 37) {
    const double x = i / 1000.0;
    const double exact = std::exp(x);
    const double unit = std::nextafter(exact, 2 * exact) - exact;
    ASSERT_LE(std::abs(fp32::exponential(x) - exact), 2 * unit) << x;
  }
}

TEST(GoldenFp32Gelu, HasTheWordsOfTheTable) {
  EXPECT_EQ(
      words_of(fp32::gelu(row_of({0, 1, -1, 0.5F, -0.5F, 3, -3, 6, -6, -12, 1e-30F}))),
      (std::vector<Word>{bits(0), bits(0x3f57585c), bits(0xbe229e91), bits(0x3eb1016d),
                         bits(0xbe1dfd26), bits(0x403fc468), bits(0xbb6e6150), bits(0x40c00000),
                         bits(0xaeb99700), bits(0x80000000), bits(0x0d224260)}));
  EXPECT_EQ(words_of(fp32::gelu(row_of({kInfinity, -kInfinity, kOddNaNs[0]}))),
            (std::vector<Word>{word_of(kInfinity), kNaNWord, kNaNWord}));
}

TEST(GoldenFp32Gelu, IsWithinAUnitOfTheLibrarysTanh) {
  for (int i = -3000; i <= 10'000; ++i) {  // further down its difference from -1 loses places
    const float x = static_cast<float>(i) / 1000;
    const double t = std::sqrt(2 / std::acos(-1.0)) * (x + 0.044715 * std::pow(double{x}, 3));
    const Word found = *fp32::gelu(row_of({x})).data();
    ASSERT_LE(units_apart(found, 0.5 * x * (1 + std::tanh(t))), 1) << x;
  }
}

TEST(GoldenFp32Softmax, HasTheWordsOfTheTable) {
  EXPECT_EQ(words_of(fp32::softmax(column_of({1, 2, 3}), 1)),
            (std::vector<Word>{bits(0x3db861f3), bits(0x3e7a9a1a), bits(0x3f2a4d3b)}));
  EXPECT_EQ(
      words_of(fp32::softmax(column_of({0.1F, -0.2F, 0.3F, 5.5F}), 1)),
      (std::vector<Word>{bits(0x3b920b9d), bits(0x3b5862da), bits(0x3bb26156), bits(0x3f7c9ec3)}));
  EXPECT_EQ(words_of(fp32::softmax(column_of({-1000, 0, 0}), 1)), words_of({0, 0.5F, 0.5F}));
}

TEST(GoldenFp32Softmax, IsWithinAUnitOfTheLibrarys) {
  std::mt19937 random(11);
  for (int trial = 0; trial < 300; ++trial) {
    std::vector<float> numbers(1 + random() % 40);
    for (float& x : numbers) x = static_cast<float>(random() % 40'000) / 1000 - 20;
    double sum = 0;
    for (const float x : numbers) sum += std::exp(double{x});
    const Tensor found = fp32::softmax(column_of(numbers), 1);
    for (std::size_t c = 0; c < numbers.size(); ++c) {
      ASSERT_LE(units_apart(found.data()[c], std::exp(double{numbers[c]}) / sum), 1);
    }
  }
}

TEST(GoldenFp32Softmax, GroupsAndPositionsAreOfThemselves) {
  // Groups of two channels, two positions; a NaN, or two infinities, spoil what is theirs alone.
  const Tensor fmap =
      tensor_of({1, 4, 1, 2}, {1, kOddNaNs[1], 1, 0, kInfinity, 3, kInfinity, -kInfinity});
  EXPECT_EQ(words_of(fp32::softmax(fmap, 2)), words_of({0.5F, kNaN, 0.5F, kNaN, kNaN, 1, kNaN, 0}));
  EXPECT_THROW((void)fp32::softmax(fmap, 3), std::invalid_argument);
}

/// `parameters` are gains and offsets in turn.
std::vector<Word> layer_norm_of(const std::vector<float>& numbers,
                                const std::vector<float>& parameters) {
  return words_of(
      fp32::layer_norm(column_of(numbers), tensor_of({numbers.size(), 2, 1, 1}, parameters)));
}

TEST(GoldenFp32LayerNorm, HasTheWordsOfTheTable) {
  EXPECT_EQ(layer_norm_of({1, 2, 4}, {1, 0, 0.5F, 1, -2, 0.25F}),
            (std::vector<Word>{bits(0xbf88d677), bits(0x3f5dca62), bits(0xc01b0c15)}));
  EXPECT_EQ(
      layer_norm_of({0.1F, 0.2F, 0.3F, -7.7F},
                    {1.1F, 0.01F, 1.1F, 0.01F, 1.1F, 0.01F, 1.1F, 0.01F}),
      (std::vector<Word>{bits(0x3f1ce07b), bits(0x3f251b6c), bits(0x3f2d565d), bits(0xbff28a6a)}));
}

TEST(GoldenFp32LayerNorm, OfEqualNumbersIsTheOffset) {
  EXPECT_EQ(layer_norm_of({7, 7}, {3, 0.5F, -1, -2}), words_of({0.5F, -2}));
  EXPECT_EQ(layer_norm_of({7}, {kInfinity, 1}), words_of({kNaN})) << "0 x infinity";
}

TEST(GoldenFp32LayerNorm, IsInBinary64) {
  // Squares and sums that binary32 has not.
  EXPECT_EQ(layer_norm_of({-3e38F, 3e38F}, {1, 0, 1, 0}), words_of({-1, 1}));
  EXPECT_EQ(layer_norm_of({1e8F, 1e8F + 8}, {1, 0, 1, 0}), words_of({-1, 1}));
  EXPECT_EQ(layer_norm_of({1, kInfinity}, {1, 0, 1, 0}), words_of({kNaN, kNaN}));
  EXPECT_THROW((void)fp32::layer_norm(column_of({1, 2}), Tensor({1, 2, 1, 1})),
               std::invalid_argument);
}

TEST(GoldenFp32Pool, TheLargestIsTheFirstOfEqualOnesAndANaNWins) {
  Pooling pooling;
  pooling.global = true;
  const auto largest = [&](const std::vector<float>& numbers) {
    return *fp32::pool(row_of(numbers), pooling).data();
  };
  EXPECT_EQ(largest({-3, -1, -2}), word_of(-1));
  EXPECT_EQ(largest({-0.0F, 0}), word_of(-0.0F));
  EXPECT_EQ(largest({0, -0.0F}), word_of(0));
  EXPECT_EQ(largest({-kInfinity, -1e38F}), word_of(-1e38F));
  for (const float odd : kOddNaNs) {
    EXPECT_EQ(largest({odd, 1}), kNaNWord);
    EXPECT_EQ(largest({kInfinity, odd, 3}), kNaNWord);
  }
}

TEST(GoldenFp32Pool, AverageIsOverPaddingTooAndRoundedOnce) {
  const Tensor fmap = tensor_of({1, 1, 2, 2}, {1, 2, 3, 4.5F});
  EXPECT_EQ(words_of(fp32::pool(fmap, {PoolingKind::kAverage, 2, 2, 1})),
            words_of({0.25F, 0.5F, 0.75F, 1.125F}));
  EXPECT_EQ(words_of(fp32::pool(fmap, {PoolingKind::kMax, 2, 2, 1})), words_of({1, 2, 3, 4.5F}));
  Pooling pooling;
  pooling.kind = PoolingKind::kAverage;
  pooling.global = true;
  EXPECT_EQ(words_of(fp32::pool(row_of({3e38F, 3e38F}), pooling)), words_of({3e38F}));
  EXPECT_EQ(words_of(fp32::pool(row_of({16777216, 1, 1}), pooling)), words_of({16777218.0F / 3}));
  EXPECT_EQ(words_of(fp32::pool(row_of({-0.0F, -0.0F}), pooling)), words_of({0}));
  EXPECT_EQ(words_of(fp32::pool(row_of({1, kOddNaNs[2]}), pooling)), words_of({kNaN}));
}

TEST(GoldenFp32Add, IsInBinary32ThenRelu) {
  Layer layer;
  layer.relu = false;
  layer.ofmap_shift = 4;
  const Tensor a = row_of({1e8F, -0.0F, -2, kInfinity, 3e38F, 1});
  const Tensor b = row_of({1, -0.0F, 1, -kInfinity, 3e38F, kOddNaNs[0]});
  EXPECT_EQ(words_of(fp32::add(a, b, layer)), words_of({1e8F, -0.0F, -1, kNaN, kInfinity, kNaN}));
  layer.relu = true;
  EXPECT_EQ(words_of(fp32::add(a, b, layer)), words_of({1e8F, 0, 0, kNaN, kInfinity, kNaN}));
}

TEST(GoldenFp32Add, ChannelsThatTheSecondLacksArePlusZero) {
  Layer layer;
  layer.relu = false;
  EXPECT_EQ(words_of(fp32::add(column_of({-0.0F, -0.0F, 5}), column_of({-0.0F}), layer)),
            words_of({-0.0F, 0, 5}));
  EXPECT_THROW((void)fp32::add(column_of({1}), column_of({1, 2}), layer), std::invalid_argument);
}

TEST(GoldenFp32Relu, KeepsANaN) {
  EXPECT_EQ(words_of(fp32::relu(row_of({-1, -0.0F, 0x1p-149F, kOddNaNs[2]}))),
            words_of({0, 0, 0x1p-149F, kNaN}));
}

TEST(GoldenFp32Tokens, StandInFrontAndAreAdded) {
  const Tensor fmap = tensor_of({1, 1, 2, 2}, {1e8F, 2, 3, kOddNaNs[1]});
  const Tensor parameters = tensor_of({1, 1, 1, 5}, {9, 1, 0.5F, -3, 0});
  EXPECT_EQ(words_of(fp32::tokens(fmap, parameters)), words_of({9, 1e8F, 2.5F, 0, kNaN}));
  EXPECT_THROW((void)fp32::tokens(fmap, Tensor({1, 1, 1, 4})), std::invalid_argument);
}

TEST(GoldenFp32Select, TakesAColumn) {
  const Tensor fmap = tensor_of({1, 2, 2, 2}, {1, 2, 3, 4, 5, -0.0F, 7, 8});
  EXPECT_EQ(fp32::select(fmap, 1), tensor_of({1, 2, 1, 1}, {2, -0.0F}));
  EXPECT_THROW((void)fp32::select(fmap, 2), std::invalid_argument);
}

TEST(GoldenFp32Layer, IsTheOperationOfItsKind) {
  const Tensor fmap = tensor_of({1, 2, 1, 2}, {1.5F, -2, 0.25F, 3});
  const Tensor gains = tensor_of({2, 2, 1, 1}, {1, 0, 2, 0.5F});
  const Tensor embedding = tensor_of({2, 1, 1, 3}, {1, 2, 3, 4, 5, 6});
  const auto of = [&](LayerKind kind, const Tensor& parameters) {
    Layer layer;
    layer.kind = kind;
    layer.relu = false;
    layer.pooling.global = true;
    layer.unit.column = 1;
    LayerTensors operands;
    operands.inputs.assign(operand_count(kind), fmap);
    operands.parameters = parameters;
    return golden::layer(layer, operands, arithmetic_of_fp32());
  };
  Pooling pooling;
  pooling.global = true;
  Layer plain;
  plain.relu = false;
  EXPECT_EQ(of(LayerKind::kPooling, {}), fp32::pool(fmap, pooling));
  EXPECT_EQ(of(LayerKind::kRelu, {}), fp32::relu(fmap));
  EXPECT_EQ(of(LayerKind::kAdd, {}), fp32::add(fmap, fmap, plain));
  EXPECT_EQ(of(LayerKind::kSoftmax, {}), fp32::softmax(fmap, 1));
  EXPECT_EQ(of(LayerKind::kLayerNorm, gains), fp32::layer_norm(fmap, gains));
  EXPECT_EQ(of(LayerKind::kGelu, {}), fp32::gelu(fmap));
  EXPECT_EQ(of(LayerKind::kTokens, embedding), fp32::tokens(fmap, embedding));
  EXPECT_EQ(of(LayerKind::kSelect, {}), fp32::select(fmap, 1));
}

TEST(GoldenFp32Layer, OfTheArrayIsSumsThenRelu) {
  Layer layer;
  layer.shape.channels = 2;
  layer.shape.filters = 2;
  LayerTensors operands;
  operands.inputs = {column_of({1.5F, -2})};
  operands.parameters = tensor_of({2, 2, 1, 1}, {1, 0.25F, 1, 1});
  EXPECT_EQ(
      words_of(golden::layer(layer, operands, arithmetic_of_fp32(), {{{0, 0, 0}, {1, 0, 0}}})),
      words_of({1, 0}));
}

}  // namespace
}  // namespace rowan::workloads
