// SPDX-License-Identifier: Apache-2.0
#include "models/arithmetic/float_functions.h"

#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "models/arithmetic/floating_point.h"
#include "models/base/random.h"

namespace rowan::arithmetic {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr Word kMinusZero = INT32_MIN;

std::vector<Word> words_of(const std::vector<float>& numbers) {
  std::vector<Word> words;
  for (const float number : numbers) words.push_back(bits_of(number));
  return words;
}

/// Whether a word is a number that long doubles make of the same operands, but for its last place.
testing::AssertionResult is_close(Word word, long double expected) {
  const auto near = static_cast<float>(expected);
  const float made = float_of(word);
  if (made == near || made == std::nextafter(near, kInfinity) ||
      made == std::nextafter(near, -kInfinity)) {
    return testing::AssertionSuccess();
  }
  return testing::AssertionFailure() << made << " is not " << near;
}

TEST(FloatExp, IsWithinAFewUnitsOfTheLastPlace) {
  Random random(1);
  for (unsigned trial = 0; trial < 100'000; ++trial) {
    const double x = static_cast<double>(random.between(-700'000'000, 700'000'000)) / 1e6;
    const long double expected = std::exp(static_cast<long double>(x));
    ASSERT_LT(std::abs((float_exp(x) - expected) / expected), 2 * 0x1p-52L) << x;
  }
}

TEST(FloatExp, HasExactEndsAndSpecials) {
  EXPECT_EQ(float_exp(0), 1);
  EXPECT_EQ(float_exp(-0.0), 1);
  EXPECT_EQ(float_exp(std::nextafter(-700.0, -701)), 0);
  EXPECT_GT(float_exp(-700), 0);
  EXPECT_TRUE(std::isfinite(float_exp(700)));
  EXPECT_TRUE(std::isinf(float_exp(std::nextafter(700.0, 701))));
  EXPECT_EQ(float_exp(-std::numeric_limits<double>::infinity()), 0);
  EXPECT_TRUE(std::isnan(float_exp(std::numeric_limits<double>::quiet_NaN())));
}

TEST(FloatLarger, KeepsTheFirstOfEqualsAndAnyNan) {
  EXPECT_EQ(float_larger(bits_of(1), bits_of(2)), bits_of(2));
  EXPECT_EQ(float_larger(bits_of(-1), bits_of(-2)), bits_of(-1));
  EXPECT_EQ(float_larger(0, kMinusZero), 0);
  EXPECT_EQ(float_larger(kMinusZero, 0), kMinusZero);
  EXPECT_EQ(float_larger(bits_of(1), kNan), kNan);
  EXPECT_EQ(float_larger(kNan, bits_of(kInfinity)), kNan);
}

TEST(FloatRelu, MakesWhatIsNotPositivePositiveZero) {
  EXPECT_EQ(float_relu(bits_of(1.5F)), bits_of(1.5F));
  EXPECT_EQ(float_relu(1), 1);
  EXPECT_EQ(float_relu(kMinusZero), 0);
  EXPECT_EQ(float_relu(bits_of(-kInfinity)), 0);
  EXPECT_EQ(float_relu(bits_of(kInfinity)), bits_of(kInfinity));
  EXPECT_EQ(float_relu(kNan), kNan);
}

TEST(FloatSum, IsRoundedInBinary32) {
  EXPECT_EQ(float_sum(bits_of(0x1p24F), bits_of(1)), bits_of(0x1p24F));
  EXPECT_EQ(float_sum(kMinusZero, 0), 0);
  EXPECT_EQ(float_sum(bits_of(kInfinity), bits_of(-kInfinity)), kNan);
}

TEST(FloatGelu, IsCloseToItsFormula) {
  for (int i = -2000; i <= 2000; ++i) {
    const float x = static_cast<float>(i) / 200;
    const long double exact = x;
    const long double pi = 3.14159265358979323846264338327950288L;
    const long double t = std::sqrt(2 / pi) * (exact + 0.044715L * exact * exact * exact);
    const long double h = std::tanh(t);
    const long double expected = exact / 2 * (1 + h);
    const Word made = float_gelu(bits_of(x));
    if (x > -4) {
      ASSERT_TRUE(is_close(made, expected)) << x;
    } else {
      // 1 + h has an absolute error of a few 2^-53, the result is rounded to 24 bits.
      const auto near = static_cast<double>(expected);
      ASSERT_NEAR(float_of(made), near, 16 * 0x1p-53 + std::abs(near) * 0x1p-24) << x;
    }
  }
}

TEST(FloatGelu, HasSpecials) {
  EXPECT_EQ(float_gelu(0), 0);
  EXPECT_EQ(float_gelu(kMinusZero), kMinusZero);  // -0 times 1
  EXPECT_EQ(float_gelu(bits_of(100)), bits_of(100));
  EXPECT_EQ(float_gelu(bits_of(-100)), kMinusZero);  // -50 times 0
  EXPECT_EQ(float_gelu(bits_of(kInfinity)), bits_of(kInfinity));
  EXPECT_EQ(float_gelu(bits_of(-kInfinity)), kNan);  // -infinity times 0
  EXPECT_EQ(float_gelu(kNan), kNan);
}

TEST(FloatSoftmax, IsCloseToItsFormula) {
  Random random(2);
  for (unsigned trial = 0; trial < 1000; ++trial) {
    std::vector<float> x(1 + random.below(40));
    for (float& number : x) number = static_cast<float>(random.between(-8000, 8000)) / 1000;
    long double sum = 0;
    for (const float number : x) sum += std::exp(static_cast<long double>(number));
    std::vector<Word> results(x.size());
    float_softmax(words_of(x).data(), x.size(), results.data());
    for (std::size_t i = 0; i < x.size(); ++i) {
      ASSERT_TRUE(is_close(results[i], std::exp(static_cast<long double>(x[i])) / sum));
    }
  }
}

TEST(FloatSoftmax, IsExactWhereItsPowersAre) {
  Word results[4];
  float_softmax(words_of({3, 3, -1000, 3}).data(), 4, results);
  EXPECT_EQ(results[0], bits_of(static_cast<float>(1.0 / 3)));
  EXPECT_EQ(results[2], 0);
  float_softmax(words_of({88, 88}).data(), 2, results);
  EXPECT_EQ(results[1], bits_of(0.5F));
  float_softmax(words_of({-kInfinity, 0}).data(), 2, results);
  EXPECT_EQ(results[0], 0);
  EXPECT_EQ(results[1], bits_of(1));
  float_softmax(words_of({kInfinity, 0}).data(), 2, results);  // infinity less infinity
  EXPECT_EQ(results[0], kNan);
  EXPECT_EQ(results[1], kNan);
}

TEST(FloatLayerNorm, HasHandComputedValues) {
  // Mean 3, deviation 2: Z = -1, 1.
  Word results[2];
  float_layer_norm(words_of({1, 5}).data(), 2, words_of({2, 0.5F, 4, -1}).data(), results);
  EXPECT_EQ(results[0], bits_of(-1.5F));
  EXPECT_EQ(results[1], bits_of(3));
}

TEST(FloatLayerNorm, OfEqualWordsIsTheOffset) {
  Word results[2];
  float_layer_norm(words_of({7, 7}).data(), 2, words_of({2, 0.5F, 4, -1}).data(), results);
  EXPECT_EQ(results[0], bits_of(0.5F));
  EXPECT_EQ(results[1], bits_of(-1));
}

TEST(FloatLayerNorm, IsCloseToItsFormula) {
  Random random(3);
  for (unsigned trial = 0; trial < 1000; ++trial) {
    std::vector<float> x(2 + random.below(40));
    for (float& number : x) number = static_cast<float>(random.between(-8000, 8000)) / 1000;
    std::vector<float> parameters(2 * x.size(), 0.0F);
    for (std::size_t i = 0; i < x.size(); ++i) {
      parameters[2 * i] = static_cast<float>(random.between(1, 99)) / 32;
    }
    const auto n = static_cast<long double>(x.size());
    long double sum = 0;
    for (const float number : x) sum += number;
    long double squares = 0;
    for (const float number : x) squares += (number - sum / n) * (number - sum / n);
    const long double deviation = std::sqrt(squares / n);
    std::vector<Word> results(x.size());
    float_layer_norm(words_of(x).data(), x.size(), words_of(parameters).data(), results.data());
    for (std::size_t i = 0; i < x.size(); ++i) {
      // Near the mean a difference has few digits left.
      const long double expected = (x[i] - sum / n) / deviation * parameters[2 * i];
      ASSERT_NEAR(float_of(results[i]), static_cast<double>(expected),
                  1e-12 + std::abs(static_cast<double>(expected)) * 0x1p-23);
    }
  }
}

TEST(FloatLayerNorm, ANanIsInAllResults) {
  Word results[2];
  float_layer_norm(words_of({7, kInfinity}).data(), 2, words_of({1, 0, 1, 0}).data(), results);
  EXPECT_EQ(results[0], kNan);
  EXPECT_EQ(results[1], kNan);
}

}  // namespace
}  // namespace rowan::arithmetic
