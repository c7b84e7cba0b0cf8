// SPDX-License-Identifier: Apache-2.0
// The golden operations of the post-processing unit, against numbers worked out by hand from the
// table of docs/machine.md, section 10.
#include <cmath>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "workloads/golden.h"

namespace rowan::workloads {
namespace {

using arithmetic::Word;

Tensor tensor_of(const Extents& extents, const std::vector<Word>& words) {
  Tensor tensor(extents);
  EXPECT_EQ(tensor.size(), words.size());
  std::copy(words.begin(), words.end(), tensor.data());
  return tensor;
}

Tensor row_of(const std::vector<Word>& words) { return tensor_of({1, 1, 1, words.size()}, words); }

/// Channels at one position.
Tensor column_of(const std::vector<Word>& words) {
  return tensor_of({1, words.size(), 1, 1}, words);
}

std::vector<Word> words_of(const Tensor& tensor) {
  return {tensor.data(), tensor.data() + tensor.size()};
}

Word gelu_of(Word word, unsigned fraction_bits) {
  UnitAttributes attributes;
  attributes.fraction_bits = fraction_bits;
  return *golden::gelu(row_of({word}), attributes, 16).data();
}

std::vector<Word> softmax_of(const std::vector<Word>& words, unsigned fraction_bits,
                             unsigned ofmap_fraction_bits, unsigned groups = 1) {
  UnitAttributes attributes;
  attributes.fraction_bits = fraction_bits;
  attributes.ofmap_fraction_bits = ofmap_fraction_bits;
  attributes.groups = groups;
  return words_of(golden::softmax(column_of(words), attributes, 16));
}

/// With the same gain and offset for all channels.
std::vector<Word> layer_norm_of(const std::vector<Word>& words, unsigned ofmap_fraction_bits,
                                Word gain, unsigned gain_fraction_bits, Word offset) {
  UnitAttributes attributes;
  attributes.ofmap_fraction_bits = ofmap_fraction_bits;
  attributes.gain_fraction_bits = gain_fraction_bits;
  Tensor parameters({words.size(), 2, 1, 1});
  for (std::size_t c = 0; c < words.size(); ++c) {
    *parameters.plane(c, 0) = gain;
    *parameters.plane(c, 1) = offset;
  }
  return words_of(golden::layer_norm(column_of(words), parameters, attributes, 16));
}

Layer addition(bool relu, unsigned shift) {
  Layer layer;
  layer.kind = LayerKind::kAdd;
  layer.relu = relu;
  layer.ofmap_shift = shift;
  return layer;
}

TEST(GoldenPool, TakesTheLargestWordOfEachWindow) {
  const Tensor fmap = tensor_of({1, 1, 3, 6}, {1, 2, 3, 4, 5, 99,  //
                                               6, 7, 8, 9, 10, 99, 11, -12, -13, -14, -15, 99});
  EXPECT_EQ(golden::pool(fmap, {PoolingKind::kMax, 3, 2}), tensor_of({1, 1, 1, 2}, {11, 10}));
}

TEST(GoldenPool, MaximumOfNegativeWordsIsNegative) {
  const Tensor fmap = tensor_of({1, 2, 1, 1}, {-7, -8});
  EXPECT_EQ(golden::pool(fmap, {PoolingKind::kMax, 1, 1}), fmap);
}

TEST(GoldenPool, PaddingIsNoWordToAMaximum) {
  const Tensor fmap = tensor_of({1, 1, 2, 2}, {-4, -3, -2, -32768});
  EXPECT_EQ(golden::pool(fmap, {PoolingKind::kMax, 2, 2, 1}),
            tensor_of({1, 1, 2, 2}, {-4, -3, -2, -32768}))
      << "each window has one word, in a corner";
}

TEST(GoldenPool, PaddingCountsAsZerosToAnAverage) {
  const Tensor fmap = tensor_of({1, 1, 2, 2}, {4, 5, -6, -7});
  EXPECT_EQ(golden::pool(fmap, {PoolingKind::kAverage, 2, 2, 1}),
            tensor_of({1, 1, 2, 2}, {1, 1, -1, -2}))
      << "4/4, 5/4, -6/4 = -1.5, -7/4 = -1.75";
  EXPECT_EQ(golden::pool(fmap, {PoolingKind::kAverage, 3, 2, 1}), tensor_of({1, 1, 1, 1}, {0}))
      << "-4/9";
}

TEST(GoldenPool, AveragesRoundToNearestHalvesUp) {
  const Tensor fmap = tensor_of({2, 1, 2, 6}, {1,  0, 1,  1,  1,  0,   //
                                               1,  0, 1,  0,  0,  0,   //
                                               -1, 0, -1, -1, 0,  -1,  //
                                               -1, 0, -1, -3, -1, -1});
  EXPECT_EQ(golden::pool(fmap, {PoolingKind::kAverage, 2, 2}),
            tensor_of({2, 1, 1, 3}, {1, 1, 0, 0, -1, -1}));
}

TEST(GoldenPool, AGlobalWindowIsTheWholePlane) {
  const Tensor fmap = tensor_of({1, 2, 2, 3}, {1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -7});
  Pooling pooling{PoolingKind::kAverage, 2, 2, 0, true};
  EXPECT_EQ(words_of(golden::pool(fmap, pooling)), (std::vector<Word>{4, -4})) << "3.5 and -3.67";
  pooling.kind = PoolingKind::kMax;
  EXPECT_EQ(golden::pool(fmap, pooling), tensor_of({1, 2, 1, 1}, {6, -1}));
}

TEST(GoldenPool, AWindowOfOneTakesEveryOtherWord) {
  const Tensor fmap = tensor_of({1, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  EXPECT_EQ(golden::pool(fmap, {PoolingKind::kMax, 1, 2}), tensor_of({1, 1, 2, 2}, {1, 3, 7, 9}));
}

TEST(GoldenPool, RefusesAWindowThatDoesNotFit) {
  EXPECT_THROW((void)golden::pool(Tensor({1, 1, 2, 3}), {PoolingKind::kMax, 3, 1}),
               std::invalid_argument);
  EXPECT_THROW((void)golden::pool(Tensor({1, 1, 4, 4}), {PoolingKind::kMax, 2, 1, 2}),
               std::invalid_argument);
}

TEST(GoldenRelu, MakesNegativeWordsZero) {
  EXPECT_EQ(words_of(golden::relu(row_of({-32768, -1, 0, 1, 32767}))),
            (std::vector<Word>{0, 0, 0, 1, 32767}));
}

TEST(GoldenAdd, RoundsToNearestHalvesUp) {
  const Tensor a = row_of({1, 2, -1, -2, -3, 5});
  const Tensor b = row_of({0, 0, 0, 0, 0, 5});
  EXPECT_EQ(words_of(golden::add(a, b, addition(false, 1), 16)),
            (std::vector<Word>{1, 1, 0, -1, -1, 5}));
}

TEST(GoldenAdd, ClampsAndCounts) {
  golden::SumStatistics statistics;
  EXPECT_EQ(words_of(golden::add(row_of({32767, -32768, 3}), row_of({1, -1, 4}), addition(false, 0),
                                 16, &statistics)),
            (std::vector<Word>{32767, -32768, 7}));
  EXPECT_EQ(statistics.saturated, 2U);
  EXPECT_EQ(words_of(golden::add(row_of({32767, -32768}), row_of({32767, -32768}),
                                 addition(false, 1), 16)),
            (std::vector<Word>{32767, -32768}));
}

TEST(GoldenAdd, ReluComesAfterTheShift) {
  EXPECT_EQ(words_of(golden::add(row_of({-5, 5}), row_of({2, 2}), addition(true, 1), 16)),
            (std::vector<Word>{0, 4}));
}

TEST(GoldenAdd, ChannelsThatTheSecondLacksAreZeros) {
  const Tensor a = tensor_of({2, 2, 1, 1}, {1, 2, 3, 4});
  const Tensor b = tensor_of({2, 1, 1, 1}, {10, 20});
  EXPECT_EQ(words_of(golden::add(a, b, addition(false, 0), 16)), (std::vector<Word>{11, 2, 23, 4}));
  EXPECT_THROW((void)golden::add(b, a, addition(false, 0), 16), std::invalid_argument);
}

TEST(GoldenGelu, OfZeroIsZero) { EXPECT_EQ(gelu_of(0, 8), 0); }

TEST(GoldenGelu, InterpolatesTheDistribution) {
  // X = 1.0: U = 4096, i = 32, d = 0; Phi(1) = 0.841344746 is 27569 / 32768.
  EXPECT_EQ(gelu_of(4096, 12), 3446) << "(4096 * 27569 + 16384) >> 15, 3446.1";
  EXPECT_EQ(gelu_of(-4096, 12), -650) << "-4096 * 5199 / 32768, -649.9";
  EXPECT_EQ(gelu_of(1, 0), 1) << "0.84";
  EXPECT_EQ(gelu_of(-1, 0), 0) << "-0.16";
  // X = 1 + 1/64: d = 64, Phi halfway between T[32] = 27569 and T[33] = 27813: 27691.
  EXPECT_EQ(gelu_of(4160, 12), 3515) << "4160 * 27691 / 32768, 3515.5, rounded after the halving";
}

TEST(GoldenGelu, FarFromZeroIsReluExactly) {
  EXPECT_EQ(gelu_of(8 << 8, 8), 8 << 8);
  EXPECT_EQ(gelu_of(-(8 << 8), 8), 0);
  EXPECT_EQ(gelu_of(32767, 8), 32767);
  EXPECT_EQ(gelu_of(-32768, 8), 0);
  EXPECT_EQ(gelu_of(32767, 0), 32767);
}

TEST(GoldenGelu, TakesWordsThatAreAllFraction) {
  // U = 4095: d = 127 leaves Phi two short of T[32]. 32767 * 27567 / 32768 = 27566.2.
  EXPECT_EQ(gelu_of(32767, 15), 27566);
  EXPECT_EQ(gelu_of(-32768, 15), -5199);
}

TEST(GoldenSoftmax, OfEqualWordsIsUniform) {
  EXPECT_EQ(softmax_of({7, 7, 7, 7}, 8, 8), (std::vector<Word>{64, 64, 64, 64}));
  EXPECT_EQ(softmax_of({-32768, -32768, -32768}, 8, 8), (std::vector<Word>{85, 85, 85}));
}

TEST(GoldenSoftmax, OfOneChannelIsOneClamped) {
  EXPECT_EQ(softmax_of({-5}, 8, 8), (std::vector<Word>{256}));
  EXPECT_EQ(softmax_of({5}, 8, 15), (std::vector<Word>{32767}));
}

TEST(GoldenSoftmax, HalvesGoUp) {
  EXPECT_EQ(softmax_of({1, 1}, 0, 0), (std::vector<Word>{1, 1})) << "0.5 each";
  EXPECT_EQ(softmax_of({1, 1, 1}, 0, 0), (std::vector<Word>{0, 0, 0}));
}

TEST(GoldenSoftmax, FollowsTheTableOfPowers) {
  // A difference of 1.0: K = 94548, n = 1, r = 29012, i = 28, d = 340. P[28] = 12388505 and
  // P[29] = 12255053 to nearest: E = 12388505 - ((133452 * 340 + 512) >> 10) = 12344195, e =
  // 6172097. 2^15 e / (2^24 + e) = 8813.2, and the rest 23954.8.
  EXPECT_EQ(softmax_of({256, 0}, 8, 15), (std::vector<Word>{23955, 8813}));
}

TEST(GoldenSoftmax, PowersOfFarWordsAreZero) {
  // 24.9 / log2(e) = 17.26: a difference of 17.5 has n = 25.
  EXPECT_EQ(softmax_of({35, 0}, 1, 15), (std::vector<Word>{32767, 0}));
  EXPECT_EQ(softmax_of({32767, -32768}, 0, 15), (std::vector<Word>{32767, 0}));
  EXPECT_EQ(softmax_of({32767, -32768}, 15, 8), (std::vector<Word>{225, 31}))
      << "a difference of 2.0: 225.5 and 30.5";
}

TEST(GoldenSoftmax, GroupsAndPositionsAreApart) {
  UnitAttributes attributes;
  attributes.groups = 2;
  attributes.fraction_bits = 8;
  attributes.ofmap_fraction_bits = 8;
  const Tensor fmap = tensor_of({1, 4, 1, 2}, {0, 5, 0, 5, 0, 0, 32767, 0});
  EXPECT_EQ(words_of(golden::softmax(fmap, attributes, 16)),
            (std::vector<Word>{128, 128, 128, 128, 0, 128, 256, 128}));
  attributes.groups = 3;
  EXPECT_THROW((void)golden::softmax(fmap, attributes, 16), std::invalid_argument);
}

TEST(GoldenLayerNorm, WithoutVarianceIsTheOffset) {
  EXPECT_EQ(layer_norm_of({9, 9, 9}, 8, 256, 8, -4), (std::vector<Word>{-4, -4, -4}));
  EXPECT_EQ(layer_norm_of({32767}, 8, 256, 8, 11), (std::vector<Word>{11})) << "one channel";
}

TEST(GoldenLayerNorm, DividesByTheDeviation) {
  // S = 0, V = 2 * 2 * X^2, R = 2 X: Z = +-1.
  EXPECT_EQ(layer_norm_of({100, -100}, 8, 256, 8, 0), (std::vector<Word>{256, -256}));
  EXPECT_EQ(layer_norm_of({32767, -32768}, 8, 256, 8, 0), (std::vector<Word>{256, -256}));
  // N = 4, S = 12, V = 4 * 56 - 144 = 80, R = 8: 2 (4 X - 12) 2^4 + 8 over 16, by X.
  EXPECT_EQ(layer_norm_of({0, 2, 4, 6}, 4, 1, 0, 0), (std::vector<Word>{-24, -8, 8, 24}));
}

TEST(GoldenLayerNorm, RoundsTwice) {
  // N = 3, S = 3, V = 3 * 9 - 9 = 18, R = 4: (2 (3 X - 3) + 4) / 8 for X = 0, 0, 3: -1/4, 2.
  EXPECT_EQ(layer_norm_of({0, 0, 3}, 0, 1, 0, 0), (std::vector<Word>{-1, -1, 2}));
  EXPECT_EQ(layer_norm_of({0, 0, 3}, 0, 1, 1, 0), (std::vector<Word>{0, 0, 1})) << "-1/2, 1";
  EXPECT_EQ(layer_norm_of({0, 0, 3}, 0, 3, 1, 5), (std::vector<Word>{4, 4, 8})) << "-3/2, 3";
}

TEST(GoldenLayerNorm, ClampsAfterTheOffset) {
  EXPECT_EQ(layer_norm_of({1, -1}, 15, 32767, 14, 0), (std::vector<Word>{32767, -32768}));
  EXPECT_EQ(layer_norm_of({1, -1}, 15, 256, 8, -32768), (std::vector<Word>{0, -32768}));
}

TEST(GoldenLayerNorm, EachChannelHasItsGain) {
  UnitAttributes attributes;
  attributes.ofmap_fraction_bits = 4;
  attributes.gain_fraction_bits = 0;
  const Tensor fmap = tensor_of({1, 2, 1, 2}, {10, -10, -10, 10});
  const Tensor parameters = tensor_of({2, 2, 1, 1}, {2, 1, 3, -1});
  EXPECT_EQ(words_of(golden::layer_norm(fmap, parameters, attributes, 16)),
            (std::vector<Word>{33, -31, -49, 47}));
  EXPECT_THROW((void)golden::layer_norm(fmap, Tensor({1, 2, 1, 1}), attributes, 16),
               std::invalid_argument);
}

TEST(GoldenTokens, PutTheClassTokenFirstAndAddTheRest) {
  const Tensor fmap = tensor_of({2, 1, 2, 2}, {1, 2, 3, 4, 32767, 6, 7, -32768});
  const Tensor parameters = tensor_of({1, 1, 1, 5}, {9, 10, 20, 30, -40});
  EXPECT_EQ(golden::tokens(fmap, parameters, 16),
            tensor_of({2, 1, 1, 5}, {9, 11, 22, 33, -36, 9, 32767, 26, 37, -32768}));
  EXPECT_THROW((void)golden::tokens(fmap, Tensor({1, 1, 1, 4}), 16), std::invalid_argument);
}

TEST(GoldenSelect, TakesAColumnOfRowZero) {
  const Tensor fmap = tensor_of({1, 2, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  EXPECT_EQ(golden::select(fmap, 1), tensor_of({1, 2, 1, 1}, {2, 6}));
  EXPECT_THROW((void)golden::select(fmap, 2), std::invalid_argument);
}

}  // namespace
}  // namespace rowan::workloads
