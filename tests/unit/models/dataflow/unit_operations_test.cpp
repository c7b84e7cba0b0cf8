// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/unit_operations.h"

#include <vector>

#include <gtest/gtest.h>

#include "models/arithmetic/floating_point.h"

namespace rowan::dataflow {
namespace {

using Words = std::vector<arithmetic::Word>;

UnitPass unit_pass(UnitOperation operation, std::uint32_t planes, std::uint32_t rows,
                   std::uint32_t columns, std::uint32_t result_rows, std::uint32_t result_columns) {
  UnitPass pass;
  pass.operation = operation;
  pass.planes = planes;
  pass.rows = rows;
  pass.columns = columns;
  auto results = std::make_shared<PsumTileShape>();
  results->rows = result_rows;
  results->columns = result_columns;
  pass.results = results;
  return pass;
}

Words results(const UnitPass& pass, const Words& ifmap, const Words& parameters = {}) {
  return unit_results(pass, ifmap.data(), parameters.data());
}

TEST(UnitOperations, MaxPoolingLeavesThePaddingOut) {
  // Windows of 2 x 2, stride 2, padding 1, on 3 x 3: 1, 2, 2 and 4 words.
  UnitPass pass = unit_pass(UnitOperation::kMaxPooling, 1, 3, 3, 2, 2);
  pass.window = {2, 2, 2, -1, -1};
  EXPECT_EQ(results(pass, {-9, -8, -7, -6, -5, -4, -3, -2, -1}), (Words{-9, -7, -3, -1}));
  EXPECT_EQ(ifmap_words_taken(pass), 9U);
}

TEST(UnitOperations, WindowsThatOverlapTakeAWordAgain) {
  // Windows of 3, stride 1, on a row of 5: 3 * 3 words; with padding 1, 2 + 3 * 3 + 2.
  UnitPass pass = unit_pass(UnitOperation::kMaxPooling, 2, 1, 5, 1, 3);
  pass.window = {1, 3, 1, 0, 0};
  EXPECT_EQ(results(pass, {1, 5, 2, 3, 4, -1, -2, -3, -4, -5}), (Words{5, 5, 4, -1, -2, -3}));
  EXPECT_EQ(ifmap_words_taken(pass), 18U);
  pass = unit_pass(UnitOperation::kMaxPooling, 1, 1, 5, 1, 5);
  pass.window = {1, 3, 1, 0, -1};
  EXPECT_EQ(results(pass, {1, 5, 2, 3, 4}), (Words{5, 5, 5, 4, 4}));
  EXPECT_EQ(ifmap_words_taken(pass), 13U);
}

TEST(UnitOperations, WindowsApartSkipTheWordsBetween) {
  UnitPass pass = unit_pass(UnitOperation::kMaxPooling, 1, 1, 5, 1, 2);
  pass.window = {1, 1, 4, 0, 0};
  EXPECT_EQ(results(pass, {1, 9, 9, 9, 2}), (Words{1, 2}));
  EXPECT_EQ(ifmap_words_taken(pass), 2U);
}

TEST(UnitOperations, AveragePoolingCountsPaddingAndRoundsHalvesUp) {
  UnitPass pass = unit_pass(UnitOperation::kAveragePooling, 1, 2, 2, 1, 1);
  pass.window = {2, 2, 1, 0, 0};
  EXPECT_EQ(results(pass, {1, 2, 3, 4}), Words{3});       // 2.5
  EXPECT_EQ(results(pass, {-1, -2, -3, -4}), Words{-2});  // -2.5
  EXPECT_EQ(results(pass, {-1, -2, -3, -5}), Words{-3});  // -2.75
  pass.window = {2, 2, 1, -1, -1};
  EXPECT_EQ(results(pass, {7, 100, 100, 100}), Words{2});  // 7 of 4 positions
  EXPECT_EQ(ifmap_words_taken(pass), 1U);
}

TEST(UnitOperations, ReluPassesOnWhatIsPositive) {
  const UnitPass pass = unit_pass(UnitOperation::kRelu, 2, 1, 2, 1, 2);
  EXPECT_EQ(results(pass, {-5, 6, 0, -32768}), (Words{0, 6, 0, 0}));
  EXPECT_EQ(ifmap_words_taken(pass), 4U);
}

TEST(UnitOperations, AdditionScalesRoundsAndClamps) {
  UnitPass pass = unit_pass(UnitOperation::kAddition, 1, 1, 4, 1, 4);
  pass.second_planes = 1;
  EXPECT_EQ(results(pass, {30'000, -30'000, 1, -1, 10'000, -10'000, 2, -4}),
            (Words{32767, -32768, 3, -5}));
  EXPECT_EQ(ifmap_words_taken(pass), 8U);
  pass.arithmetic.shift = 1;
  EXPECT_EQ(results(pass, {30'000, -30'000, 1, -1, 10'000, -10'000, 2, -4}),
            (Words{20'000, -20'000, 2, -2}));  // 1.5 and -2.5
  pass.arithmetic.relu = true;
  EXPECT_EQ(results(pass, {30'000, -30'000, 1, -1, 10'000, -10'000, 2, -4}),
            (Words{20'000, 0, 2, 0}));
}

TEST(UnitOperations, AdditionCountsMissingChannelsAsZero) {
  UnitPass pass = unit_pass(UnitOperation::kAddition, 2, 1, 2, 1, 2);
  pass.second_planes = 1;
  EXPECT_EQ(results(pass, {1, 2, 3, 4, 10, 20}), (Words{11, 22, 3, 4}));
  EXPECT_EQ(ifmap_words_taken(pass), 6U);
}

TEST(UnitOperations, GeluKnowsItsFractionBits) {
  UnitPass pass = unit_pass(UnitOperation::kGelu, 1, 1, 3, 1, 3);
  pass.arithmetic.fraction_bits = 8;
  EXPECT_EQ(results(pass, {256, -256, 2048}), (Words{215, -41, 2048}));
  EXPECT_EQ(ifmap_words_taken(pass), 3U);
}

TEST(UnitOperations, SoftmaxStaysWithinAGroupAndAPosition) {
  // Two groups of two planes of two positions; e^-ln 2 is a half.
  UnitPass pass = unit_pass(UnitOperation::kSoftmax, 4, 1, 2, 1, 2);
  pass.groups = 2;
  pass.arithmetic.fraction_bits = 12;
  pass.arithmetic.ofmap_fraction_bits = 8;
  EXPECT_EQ(results(pass, {0, 20'000, 0, 20'000 - 2839, 5, -32768, 5, 32767}),
            (Words{128, 171, 128, 85, 128, 0, 128, 256}));
  EXPECT_EQ(ifmap_words_taken(pass), 24U);
}

TEST(UnitOperations, LayerNormGoesAcrossAllPlanes) {
  UnitPass pass = unit_pass(UnitOperation::kLayerNorm, 2, 1, 2, 1, 2);
  pass.arithmetic.ofmap_fraction_bits = 8;
  pass.arithmetic.gain_fraction_bits = 8;
  // 1 and 3 are -1 and 1, 7 and 7 are 0; gains 1 and 2, offsets 10 and 20.
  EXPECT_EQ(results(pass, {1, 7, 3, 7}, {256, 10, 512, 20}), (Words{-246, 10, 532, 20}));
  EXPECT_EQ(ifmap_words_taken(pass), 8U);
}

TEST(UnitOperations, TokensAddEmbeddingsBehindTheClassToken) {
  UnitPass pass = unit_pass(UnitOperation::kTokens, 2, 1, 2, 1, 3);
  pass.class_token = true;
  EXPECT_EQ(results(pass, {1, 2, 3, 32767}, {50, 10, 20, 60, 30, 40}),
            (Words{50, 11, 22, 60, 33, 32767}));
  EXPECT_EQ(ifmap_words_taken(pass), 4U);
  pass = unit_pass(UnitOperation::kTokens, 2, 1, 2, 1, 2);
  EXPECT_EQ(results(pass, {1, 2, 3, 4}, {10, 20, 30, 40}), (Words{11, 22, 33, 44}));
}

TEST(UnitOperations, SelectPassesOnWhatWasLoaded) {
  const UnitPass pass = unit_pass(UnitOperation::kSelect, 3, 1, 1, 1, 1);
  EXPECT_EQ(results(pass, {5, -6, 7}), (Words{5, -6, 7}));
  EXPECT_EQ(ifmap_words_taken(pass), 3U);
}

Words words_of(const std::vector<float>& numbers) {
  Words words;
  for (const float number : numbers) words.push_back(arithmetic::bits_of(number));
  return words;
}

UnitPass floating(UnitPass pass) {
  pass.arithmetic.numbers = arithmetic::Numbers::kFloat;
  // What floating point has no use for.
  pass.arithmetic.shift = 3;
  pass.arithmetic.fraction_bits = 5;
  pass.arithmetic.activation_bits = 4;
  return pass;
}

TEST(UnitOperationsOfFloats, PoolingGoesByNumbersNotBits) {
  UnitPass pass = floating(unit_pass(UnitOperation::kMaxPooling, 1, 1, 4, 1, 2));
  pass.window = {1, 2, 2, 0, 0};
  EXPECT_EQ(results(pass, words_of({-2, -1, 0.5F, 0.25F})), words_of({-1, 0.5F}));
  pass.operation = UnitOperation::kAveragePooling;
  EXPECT_EQ(results(pass, words_of({-2, -1, 0.5F, 0.25F})), words_of({-1.5F, 0.375F}));
  pass.window = {1, 2, 3, 0, -1};  // padding, then one word; the others
  EXPECT_EQ(results(pass, words_of({-3, 1, 2, 4})), words_of({-1.5F, 3}));
}

TEST(UnitOperationsOfFloats, AveragesAreSummedInDoubles) {
  UnitPass pass = floating(unit_pass(UnitOperation::kAveragePooling, 1, 2, 2, 1, 1));
  pass.window = {2, 2, 1, 0, 0};
  EXPECT_EQ(results(pass, words_of({0x1p24F, 1, 1, -0x1p24F})), words_of({0.5F}));
}

TEST(UnitOperationsOfFloats, ReluAndAdditionNeitherShiftNorClamp) {
  const UnitPass relu = floating(unit_pass(UnitOperation::kRelu, 1, 1, 3, 1, 3));
  EXPECT_EQ(results(relu, words_of({-5, 600, -0.0F})), words_of({0, 600, 0}));
  UnitPass add = floating(unit_pass(UnitOperation::kAddition, 2, 1, 2, 1, 2));
  add.second_planes = 1;
  EXPECT_EQ(results(add, words_of({100, -3, -0.0F, 4, 50, 1})), words_of({150, -2, 0, 4}));
  add.arithmetic.relu = true;
  EXPECT_EQ(results(add, words_of({100, -3, -0.0F, -4, 50, 1})), words_of({150, 0, 0, 0}));
}

TEST(UnitOperationsOfFloats, GeluIsOfEachWord) {
  const UnitPass pass = floating(unit_pass(UnitOperation::kGelu, 1, 1, 2, 1, 2));
  EXPECT_EQ(results(pass, words_of({0, 100})), words_of({0, 100}));
}

TEST(UnitOperationsOfFloats, SoftmaxAndLayerNormGoAcrossPlanes) {
  UnitPass softmax = floating(unit_pass(UnitOperation::kSoftmax, 4, 1, 2, 1, 2));
  softmax.groups = 2;
  // Planes 0 and 1 are a group, 2 and 3 are; two positions.
  EXPECT_EQ(results(softmax, words_of({1, 0, 1, -999, 5, 5, 5, 5})),
            words_of({0.5F, 1, 0.5F, 0, 0.5F, 0.5F, 0.5F, 0.5F}));
  const UnitPass norm = floating(unit_pass(UnitOperation::kLayerNorm, 2, 1, 2, 1, 2));
  EXPECT_EQ(results(norm, words_of({1, 2, 5, 2}), words_of({2, 0.5F, 4, -1})),
            words_of({-1.5F, 0.5F, 3, -1}));
}

TEST(UnitOperationsOfFloats, TokensAreAddedAndSelectionsPassed) {
  UnitPass tokens = floating(unit_pass(UnitOperation::kTokens, 1, 1, 2, 1, 3));
  tokens.class_token = true;
  tokens.arithmetic.relu = true;  // an addition's
  EXPECT_EQ(results(tokens, words_of({1, -2}), words_of({-7, 0.5F, 0.25F})),
            words_of({-7, 1.5F, -1.75F}));
  const UnitPass select = floating(unit_pass(UnitOperation::kSelect, 2, 1, 1, 1, 1));
  EXPECT_EQ(results(select, words_of({-0.0F, 3e9F})), words_of({-0.0F, 3e9F}));
}

}  // namespace
}  // namespace rowan::dataflow
