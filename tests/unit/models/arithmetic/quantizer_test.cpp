// SPDX-License-Identifier: Apache-2.0
#include "models/arithmetic/quantizer.h"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/base/random.h"

namespace rowan::arithmetic {
namespace {

/// A whole multiple of 2^-16 in -span to span.
double drawn(Random& random, int span) {
  return std::ldexp(static_cast<double>(random.between(-span * 65536, span * 65536)), -16);
}

std::vector<double> drawn_numbers(std::uint64_t seed, std::size_t count) {
  Random random(seed);
  std::vector<double> numbers;
  // The sum of four is dense in the middle and thin at the ends, as weights are.
  for (std::size_t i = 0; i < count; ++i) {
    numbers.push_back(drawn(random, 1) + drawn(random, 1) + drawn(random, 1) + drawn(random, 1));
  }
  return numbers;
}

/// All words that a weight of the type may be.
std::vector<Word> words_of(const PeType& type) {
  std::vector<Word> words;
  for (std::int64_t word = 0; word < std::int64_t{1} << type.weight_bits; ++word) {
    words.push_back(wrap(word, type.weight_bits));
  }
  return words;
}

/// The least squared error that any words give at a scale.
double exhaustive_error(const PeType& type, const std::vector<double>& numbers, double scale) {
  double sum = 0;
  for (const double number : numbers) {
    double least = std::numeric_limits<double>::infinity();
    for (const Word word : words_of(type)) {
      least = std::min(least, std::abs(number - scale * type.weight_value(word)));
    }
    sum += least * least;
  }
  return sum;
}

class WeightQuantizer : public testing::TestWithParam<std::string> {
 protected:
  const PeType& type_ = pe_type(GetParam());
  Quantizer quantizer_ = Quantizer::weights(type_);
};

/// Of types with so few words that all can be tried.
class SmallWeightQuantizer : public WeightQuantizer {};

TEST_P(WeightQuantizer, GivesTheWordOfTheCatalogue) {
  Random random(3);
  for (int i = 0; i < 20'000; ++i) {
    const double number = drawn(random, 1 + i % 9);
    ASSERT_EQ(quantizer_.nearest(number), type_.nearest_weight(number)) << number;
    ASSERT_EQ(quantizer_.value(quantizer_.nearest(number)),
              type_.weight_value(type_.nearest_weight(number)));
  }
  for (const double border : {0.0, -0.0, 0.5, -0.5, 0.75, -0.75, 1.5, 2.0, -2.0, 1e30, -1e30}) {
    EXPECT_EQ(quantizer_.nearest(border), type_.nearest_weight(border)) << border;
  }
}

TEST_P(SmallWeightQuantizer, SquaredErrorIsTheLeastThatWordsGive) {
  const std::vector<double> numbers = drawn_numbers(5, 45);
  for (const double scale : {0.01, 0.125, 0.3, 1.0, 4.0}) {
    EXPECT_NEAR(quantizer_.squared_error(numbers.data(), numbers.size(), scale),
                exhaustive_error(type_, numbers, scale), 1e-9)
        << scale;
  }
}

TEST_P(WeightQuantizer, WordsOfATensorHaveTheErrorThatIsTold) {
  const std::vector<double> numbers = drawn_numbers(7, 100);
  const double scale = quantizer_.exact() ? 1 : 0.17;
  std::vector<Word> words(numbers.size());
  quantizer_.quantize(numbers.data(), numbers.size(), scale, words.data());
  double error = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    error += std::pow(numbers[i] - scale * type_.weight_value(words[i]), 2);
  }
  EXPECT_NEAR(quantizer_.squared_error(numbers.data(), numbers.size(), scale), error, 1e-9);
}

std::vector<std::string> names_of_types(unsigned most_bits) {
  std::vector<std::string> names;
  for (const PeType& type : pe_types()) {
    if (type.weight_bits <= most_bits) names.emplace_back(type.name);
  }
  return names;
}

INSTANTIATE_TEST_SUITE_P(AllTypes, WeightQuantizer, testing::ValuesIn(names_of_types(32)));
INSTANTIATE_TEST_SUITE_P(SmallTypes, SmallWeightQuantizer, testing::ValuesIn(names_of_types(8)));

TEST(Quantizer, TheUnclippedExponentIsTheLeastThatReachesTheLargestNumber) {
  const Quantizer quantizer = Quantizer::integers(4);
  EXPECT_EQ(unclipped_exponent(quantizer, 100.0, 1.0), 4);
  EXPECT_EQ(unclipped_exponent(quantizer, 7.0, 1.0), 0);
  EXPECT_EQ(unclipped_exponent(quantizer, 7.1, 1.0), 1);
  EXPECT_EQ(unclipped_exponent(quantizer, 7.0, 1.5), 0);
  EXPECT_EQ(unclipped_exponent(quantizer, 7.0, 2.0), -1);
}

TEST(Quantizer, ZeroBecomesThePositiveSmallestCode) {
  const Quantizer one = Quantizer::weights(pe_type("lightpe1"));
  const Quantizer two = Quantizer::weights(pe_type("lightpe2"));
  for (const double zero : {0.0, -0.0}) {
    EXPECT_EQ(one.value(one.nearest(zero)), 1.0 / 128);
    EXPECT_EQ(two.value(two.nearest(zero)), 1.0 / 64);
  }
}

TEST(Quantizer, Fp32RoundsToBinary32AndHasNoScale) {
  const Quantizer quantizer = Quantizer::activations(pe_type("fp32"));
  const std::vector<double> numbers{0.1, 3.0};
  EXPECT_TRUE(quantizer.exact());
  EXPECT_EQ(quantizer.value(quantizer.nearest(0.1)), static_cast<double>(0.1F));
  EXPECT_EQ(quantizer.squared_error(numbers.data(), 2, 1.0),
            std::pow(0.1 - static_cast<double>(0.1F), 2));
}

TEST(SignalNoise, IsTenTimesTheLogarithmOfTheRatio) {
  SignalNoise sum;
  sum.add(3.0, 2.0);
  sum.add(-4.0, -4.0);
  EXPECT_DOUBLE_EQ(sum.db(), 10 * std::log10(25.0));
}

TEST(SignalNoise, IsInfiniteWithoutNoiseAndMinusInfiniteWithoutSignal) {
  SignalNoise sum;
  EXPECT_EQ(sum.db(), std::numeric_limits<double>::infinity());
  sum.add(2.0, 2.0);
  EXPECT_EQ(sum.db(), std::numeric_limits<double>::infinity());
  SignalNoise noise;
  noise.add(0.0, 1.0);
  EXPECT_EQ(noise.db(), -std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace rowan::arithmetic
