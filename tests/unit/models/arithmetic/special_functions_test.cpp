// SPDX-License-Identifier: Apache-2.0
#include "models/arithmetic/special_functions.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "models/base/random.h"
#include "tests/support/unit_functions.h"

namespace rowan::arithmetic {
namespace {

std::vector<Word> softmax_of(const std::vector<Word>& x, unsigned fraction_bits,
                             unsigned ofmap_fraction_bits) {
  std::vector<Word> results(x.size());
  softmax(x.data(), x.size(), fraction_bits, ofmap_fraction_bits, 16, results.data());
  return results;
}

std::vector<Word> layer_norm_of(const std::vector<Word>& x, const std::vector<Word>& parameters,
                                unsigned ofmap_fraction_bits, unsigned gain_fraction_bits) {
  std::vector<Word> results(x.size());
  layer_norm(x.data(), x.size(), parameters.data(), {ofmap_fraction_bits, gain_fraction_bits, 16},
             results.data());
  return results;
}

std::vector<Word> random_words(Random& random, std::size_t count, std::int64_t most) {
  std::vector<Word> words(count);
  for (Word& word : words) word = static_cast<Word>(random.between(-most - 1, most));
  return words;
}

TEST(FloorSqrt, IsExactAroundEverySquare) {
  for (const std::uint64_t root :
       {1ULL, 2ULL, 181ULL, 65535ULL, 94906267ULL, 3037000499ULL, 4294967294ULL, 4294967295ULL}) {
    EXPECT_EQ(floor_sqrt(root * root), root);
    EXPECT_EQ(floor_sqrt(root * root - 1), root - 1);
    EXPECT_EQ(floor_sqrt(root * root + 1), root);
  }
  EXPECT_EQ(floor_sqrt(0), 0U);
  EXPECT_EQ(floor_sqrt(3), 1U);
  EXPECT_EQ(floor_sqrt(~std::uint64_t{0}), 4294967295U);
}

// Whatever rounds the tables, their entries stay the same.
TEST(SpecialFunctions, NoTableEntryLiesNearAHalf) {
  const auto from_half = [](long double x) { return std::abs(x - std::floor(x) - 0.5L); };
  for (int i = 1; i <= 256; ++i) {
    const long double phi = 16384 * (1 + std::erf(i / 32.0L / std::sqrt(2.0L)));
    EXPECT_GT(from_half(phi), 1e-6L) << i;
  }
  for (int i = 0; i <= 64; ++i) {
    EXPECT_GT(from_half(std::pow(2.0L, 24 - i / 64.0L)), 1e-6L) << i;
  }
}

TEST(Gelu, IsWhatTheTableSaysAtItsPoints) {
  EXPECT_EQ(gelu(0, 8, 16), 0);
  EXPECT_EQ(gelu(256, 8, 16), 215);   // Phi(1) = 27569 / 32768: 215.4
  EXPECT_EQ(gelu(-256, 8, 16), -41);  // 5199 / 32768: -40.6
  EXPECT_EQ(gelu(384, 8, 16), 358);   // Phi(1.5) = 30579 / 32768: 358.3
}

TEST(Gelu, PassesOnLargeWordsAndDropsLargeNegativeOnes) {
  EXPECT_EQ(gelu(2048, 8, 16), 2048);  // from 8 on
  EXPECT_EQ(gelu(-2048, 8, 16), 0);
  EXPECT_EQ(gelu(32767, 0, 16), 32767);
  EXPECT_EQ(gelu(-32768, 0, 16), 0);
  EXPECT_EQ(gelu(300, 0, 8), 127);  // clamped
}

TEST(Gelu, IsTheReferenceForEveryWord) {
  for (const unsigned fraction_bits : {0U, 5U, 8U, 12U, 13U, 15U}) {
    for (Word x = -32768; x <= 32767; ++x) {
      ASSERT_EQ(gelu(x, fraction_bits, 16), support::reference_gelu(x, fraction_bits))
          << x << " " << fraction_bits;
    }
  }
}

TEST(Gelu, IsWithinALeastBitOfTheFunction) {
  for (Word x = -32768; x <= 32767; ++x) {
    const double exact = x * 0.5 * (1 + std::erf(x / 4096.0 / std::sqrt(2.0)));
    ASSERT_NEAR(gelu(x, 12, 16), exact, 1.0) << x;
  }
}

TEST(Softmax, SharesEquallyAmongEqualWords) {
  EXPECT_EQ(softmax_of({7, 7}, 8, 15), (std::vector<Word>{16384, 16384}));
  EXPECT_EQ(softmax_of({-5, -5, -5}, 8, 8), (std::vector<Word>{85, 85, 85}));  // 85.3
  EXPECT_EQ(softmax_of({-9}, 3, 8), (std::vector<Word>{256}));
}

TEST(Softmax, ClampsOneWhenItDoesNotFit) {
  EXPECT_EQ(softmax_of({3}, 8, 15), (std::vector<Word>{32767}));
}

TEST(Softmax, DropsWhatIsFarBelowTheLargest) {
  // 20 below: e^-20 is less than 2^-24; 16 below: 2^24 e^-16 = 1.9, nothing of 256.
  EXPECT_EQ(softmax_of({0, 20 << 8, 4 << 8}, 8, 8), (std::vector<Word>{0, 256, 0}));
  EXPECT_EQ(softmax_of({-32768, 32767}, 0, 8), (std::vector<Word>{0, 256}));
}

TEST(Softmax, IsTheReferenceForManyWords) {
  Random random(3);
  for (unsigned i = 0; i < 2'000; ++i) {
    const auto count = static_cast<std::size_t>(random.between(1, 40));
    const std::int64_t most = random.between(0, 1) == 0 ? 32767 : random.between(1, 2'000);
    const std::vector<Word> x = random_words(random, count, most);
    const auto fx = static_cast<unsigned>(random.between(0, 15));
    const auto fy = static_cast<unsigned>(random.between(0, 15));
    ASSERT_EQ(softmax_of(x, fx, fy), support::reference_softmax(x, fx, fy)) << i;
  }
}

// Every distance that two words can have, at every fraction the unit is likely to see.
TEST(Softmax, IsTheReferenceForEveryDistance) {
  for (const unsigned fraction_bits : {4U, 8U, 12U, 15U}) {
    for (Word x = -32768; x <= 32767; x += 3) {
      const std::vector<Word> words{32767, x};
      ASSERT_EQ(softmax_of(words, fraction_bits, 15),
                support::reference_softmax(words, fraction_bits, 15));
    }
  }
}

TEST(Softmax, IsWithinTwoLeastBitsOfTheFunction) {
  Random random(4);
  for (unsigned i = 0; i < 200; ++i) {
    const std::vector<Word> x = random_words(random, 50, 1'000);
    const std::vector<Word> results = softmax_of(x, 8, 14);
    double sum = 0;
    for (const Word word : x) sum += std::exp(word / 256.0);
    for (std::size_t k = 0; k < x.size(); ++k) {
      ASSERT_NEAR(results[k], 16384 * std::exp(x[k] / 256.0) / sum, 2.0);
    }
  }
}

TEST(LayerNorm, OfTwoWordsIsMinusOneAndOne) {
  // S = 4, V = 2 * 10 - 16 = 4, R = 2; -1 is (-1022 / 4) = -255.5, rounded down
  EXPECT_EQ(layer_norm_of({1, 3}, {256, 0, 256, 0}, 8, 8), (std::vector<Word>{-256, 256}));
  EXPECT_EQ(layer_norm_of({1, 3}, {512, 5, 128, -7}, 8, 8), (std::vector<Word>{-507, 121}));
}

TEST(LayerNorm, RoundsRootDownAndQuotientToNearest) {
  // S = 2, V = 6 - 4 = 2, R = 1; -2 and 1
  EXPECT_EQ(layer_norm_of({0, 1, 1}, {1, 0, 1, 0, 1, 0}, 0, 0), (std::vector<Word>{-2, 1, 1}));
}

TEST(LayerNorm, OfEqualWordsIsTheOffset) {
  EXPECT_EQ(layer_norm_of({9, 9}, {256, 4, 256, -4}, 8, 8), (std::vector<Word>{4, -4}));
}

TEST(LayerNorm, ClampsAfterTheOffset) {
  EXPECT_EQ(layer_norm_of({1, 3}, {32767, 0, 32767, -100}, 8, 0),
            (std::vector<Word>{-32768, 32767}));
  EXPECT_EQ(layer_norm_of({1, 3}, {-128, -1, 127, 1}, 8, 0), (std::vector<Word>{32767, 32513}));
}

TEST(LayerNorm, IsTheReferenceForManyWords) {
  Random random(5);
  for (unsigned i = 0; i < 2'000; ++i) {
    const auto count = static_cast<std::size_t>(random.between(1, 60));
    const std::int64_t most = random.between(0, 1) == 0 ? 32767 : random.between(1, 300);
    const std::vector<Word> x = random_words(random, count, most);
    const std::vector<Word> parameters = random_words(random, 2 * count, most);
    const auto fy = static_cast<unsigned>(random.between(0, 15));
    const auto g = static_cast<unsigned>(random.between(0, 15));
    ASSERT_EQ(layer_norm_of(x, parameters, fy, g),
              support::reference_layer_norm(x, parameters, fy, g))
        << i;
  }
}

TEST(LayerNorm, OfTheMostAndLargestWordsDoesNotOverflow) {
  std::vector<Word> x(65'536, -32768);
  std::fill(x.begin(), x.begin() + 32'768, 32767);
  std::vector<Word> parameters;
  for (std::size_t i = 0; i < x.size(); ++i) parameters.insert(parameters.end(), {256, 1});
  const std::vector<Word> results = layer_norm_of(x, parameters, 8, 8);
  EXPECT_EQ(results.front(), 257);
  EXPECT_EQ(results.back(), -255);
}

TEST(LayerNorm, IsWithinTwoLeastBitsOfTheFunction) {
  Random random(6);
  const std::vector<Word> x = random_words(random, 500, 5'000);
  std::vector<Word> parameters;
  for (std::size_t i = 0; i < x.size(); ++i) parameters.insert(parameters.end(), {1 << 8, 0});
  double mean = 0;
  double squares = 0;
  for (const Word word : x) mean += word / 500.0;
  for (const Word word : x) squares += (word - mean) * (word - mean) / 500.0;
  const std::vector<Word> results = layer_norm_of(x, parameters, 10, 8);
  for (std::size_t k = 0; k < x.size(); ++k) {
    ASSERT_NEAR(results[k], 1024 * (x[k] - mean) / std::sqrt(squares), 2.0);
  }
}

}  // namespace
}  // namespace rowan::arithmetic
