// SPDX-License-Identifier: Apache-2.0
#include "models/arithmetic/run_length.h"

#include <gtest/gtest.h>

#include "models/base/random.h"

namespace rowan::arithmetic::run_length {
namespace {

constexpr std::uint64_t kLast = std::uint64_t{1} << 63U;

std::vector<std::uint64_t> encoded(const std::vector<Word>& words, unsigned level_bits = 16) {
  std::vector<std::uint64_t> code;
  const std::size_t appended = encode(words.data(), words.size(), level_bits, code);
  EXPECT_EQ(appended, code.size());
  return code;
}

std::vector<Word> decoded(const std::vector<std::uint64_t>& code, std::size_t word_count,
                          unsigned level_bits = 16) {
  std::vector<Word> words(word_count, 12345);
  EXPECT_EQ(decode(code.data(), code.size(), word_count, level_bits, words.data()), code.size());
  return words;
}

std::string decode_error(const std::vector<std::uint64_t>& code, std::size_t word_count) {
  std::vector<Word> words(word_count);
  try {
    decode(code.data(), code.size(), word_count, 16, words.data());
  } catch (const FrameError& error) {
    return error.what();
  }
  return "no error";
}

/// A pair of a 16-bit level at its place in a code word.
constexpr std::uint64_t pair(unsigned place, std::uint64_t run, std::uint64_t level) {
  return (run | level << 5U) << 21U * place;
}

std::vector<Word> zeros_then(std::size_t zeros, std::vector<Word> words) {
  words.insert(words.begin(), zeros, 0);
  return words;
}

TEST(RunLength, AnExampleOfThePaper) {
  // JSSC 2017, run-length compression: 0, 0, 12, 0, 0, 0, 0, 53, 0, 0, 22 becomes (2, 12) (4, 53)
  // (2, 22).
  const std::vector<Word> words{0, 0, 12, 0, 0, 0, 0, 53, 0, 0, 22};
  const std::vector<std::uint64_t> code{pair(0, 2, 12) | pair(1, 4, 53) | pair(2, 2, 22) | kLast};
  EXPECT_EQ(encoded(words), code);
  EXPECT_EQ(decoded(code, words.size()), words);
}

TEST(RunLength, PairZeroIsInTheLowestBitsAndTheRunBelowTheLevel) {
  EXPECT_EQ(encoded({0, 1}), (std::vector<std::uint64_t>{0x8000000000000021}));
  EXPECT_EQ(encoded({-1}), (std::vector<std::uint64_t>{0x80000000001fffe0}));
}

TEST(RunLength, OnlyTheLastCodeWordIsMarked) {
  const auto code = encoded({1, 2, 3, 4, 5, 6, 7});
  ASSERT_EQ(code.size(), 3U);
  EXPECT_EQ(code[0], pair(0, 0, 1) | pair(1, 0, 2) | pair(2, 0, 3));
  EXPECT_EQ(code[1], pair(0, 0, 4) | pair(1, 0, 5) | pair(2, 0, 6));
  EXPECT_EQ(code[2], pair(0, 0, 7) | kLast);
}

TEST(RunLength, AFullLastCodeWordIsNotFollowedByAnEmptyOne) {
  EXPECT_EQ(encoded({1, 2, 3}).size(), 1U);
  EXPECT_EQ(encoded({1, 2, 3, 4}).size(), 2U);
}

TEST(RunLength, RunsOfMoreThan31ZerosGoOnAfterA32ndZeroAsLevel) {
  EXPECT_EQ(encoded(zeros_then(31, {9})), (std::vector<std::uint64_t>{pair(0, 31, 9) | kLast}));
  EXPECT_EQ(encoded(zeros_then(32, {9})),
            (std::vector<std::uint64_t>{pair(0, 31, 0) | pair(1, 0, 9) | kLast}));
  EXPECT_EQ(encoded(zeros_then(70, {9})),
            (std::vector<std::uint64_t>{pair(0, 31, 0) | pair(1, 31, 0) | pair(2, 6, 9) | kLast}));
}

TEST(RunLength, ZerosAtTheEndEndInALevelOfZero) {
  EXPECT_EQ(encoded({0}), (std::vector<std::uint64_t>{kLast}));
  EXPECT_EQ(encoded({5, 0, 0}),
            (std::vector<std::uint64_t>{pair(0, 0, 5) | pair(1, 1, 0) | kLast}));
  EXPECT_EQ(encoded(zeros_then(32, {})), (std::vector<std::uint64_t>{pair(0, 31, 0) | kLast}));
  EXPECT_EQ(encoded(zeros_then(33, {})), (std::vector<std::uint64_t>{pair(0, 31, 0) | kLast}));
  EXPECT_EQ(encoded(zeros_then(34, {})),
            (std::vector<std::uint64_t>{pair(0, 31, 0) | pair(1, 1, 0) | kLast}));
}

TEST(RunLength, AFrameOfNoWordsHasNoCode) {
  EXPECT_TRUE(encoded({}).empty());
  EXPECT_EQ(decode(nullptr, 0, 0, 16, nullptr), 0U);
}

TEST(RunLength, EncodeAppendsAndDecodeStopsAtTheEndOfItsFrame) {
  std::vector<std::uint64_t> code = encoded({1, 2, 3, 4});
  const std::vector<Word> second{0, 7};
  EXPECT_EQ(encode(second.data(), 2, 16, code), 1U);
  ASSERT_EQ(code.size(), 3U);
  std::vector<Word> words(4);
  EXPECT_EQ(decode(code.data(), code.size(), 4, 16, words.data()), 2U);
  EXPECT_EQ(words, (std::vector<Word>{1, 2, 3, 4}));
}

TEST(RunLength, PairsPerCodeWordAreThoseThatFit63Bits) {
  EXPECT_EQ(pairs_per_code_word(16), 3U);
  EXPECT_EQ(pairs_per_code_word(8), 4U);
  EXPECT_EQ(pairs_per_code_word(4), 7U);
  EXPECT_EQ(pairs_per_code_word(1), 10U);
  EXPECT_EQ(pairs_per_code_word(32), 1U);
}

TEST(RunLength, TheWorstCaseIsAFrameWithoutZeros) {
  EXPECT_EQ(worst_case_code_words(0, 16), 0U);
  EXPECT_EQ(worst_case_code_words(1, 16), 1U);
  EXPECT_EQ(worst_case_code_words(3, 16), 1U);
  EXPECT_EQ(worst_case_code_words(4, 16), 2U);
  EXPECT_EQ(encoded(std::vector<Word>(100, 1)).size(), worst_case_code_words(100, 16));
}

TEST(RunLength, RefusesWordsThatDoNotFitTheLevel) {
  std::vector<std::uint64_t> code;
  const Word word = 8;
  EXPECT_THROW(encode(&word, 1, 4, code), FrameError);
  EXPECT_EQ(encode(&word, 1, 5, code), 1U);
}

TEST(RunLength, RefusesMalformedFrames) {
  EXPECT_EQ(decode_error({}, 1), "run-length code word 0: missing, with 1 words to come");
  EXPECT_EQ(decode_error({pair(0, 0, 1) | pair(1, 0, 2) | pair(2, 0, 3)}, 4),
            "run-length code word 1: missing, with 1 words to come");
  EXPECT_EQ(decode_error({pair(0, 0, 1)}, 1),
            "run-length code word 0: not marked as the last, but all words are there");
  EXPECT_EQ(decode_error({pair(0, 0, 1) | kLast, pair(0, 0, 2) | kLast}, 4),
            "run-length code word 0: marked as the last, with 1 words to come");
  EXPECT_EQ(decode_error({pair(0, 4, 1) | kLast}, 4),
            "run-length code word 0: a run of 4 zeros and a level, but only 4 words to come");
  EXPECT_EQ(decode_error({pair(0, 0, 1) | pair(1, 0, 2) | kLast}, 1),
            "run-length code word 0: spare bits are set");
}

TEST(RunLength, RefusesBitsThatNoPairUses) {
  // Four pairs of 13 bits at 8-bit levels leave bits 52 to 62.
  const std::uint64_t code = kLast | std::uint64_t{1} << 52U;
  std::vector<Word> words(4);
  EXPECT_THROW(decode(&code, 1, 4, 8, words.data()), FrameError);
}

TEST(RunLength, CountsTheWordsOfTheFirstCodeWords) {
  const std::vector<Word> words = zeros_then(40, {1, 2, 3, 0});
  // (31, 0) (8, 1) (0, 2) | (0, 3) (0, 0)
  const auto code = encoded(words);
  ASSERT_EQ(code.size(), 2U);
  EXPECT_EQ(words_in_full_code_word(code[0], 16), 42U);
  EXPECT_EQ(words_in_code_words(code.data(), 0, words.size(), 16), 0U);
  EXPECT_EQ(words_in_code_words(code.data(), 1, words.size(), 16), 42U);
  EXPECT_EQ(words_in_code_words(code.data(), 2, words.size(), 16), 44U);
}

TEST(RunLength, DecodesWhatItEncodes) {
  Random random(1);
  for (unsigned level_bits = 1; level_bits <= 32; ++level_bits) {
    for (int repeat = 0; repeat < 60; ++repeat) {
      std::vector<Word> words(random.below(300) + 1);
      const std::uint64_t zero_percent = random.below(101);
      for (Word& word : words) {
        const Word drawn = wrap(static_cast<std::int64_t>(random.bits()), level_bits);
        word = random.below(100) < zero_percent ? 0 : drawn;
      }
      const auto code = encoded(words, level_bits);
      ASSERT_EQ(decoded(code, words.size(), level_bits), words);
      ASSERT_LE(code.size(), worst_case_code_words(words.size(), level_bits));
      // Cut anywhere, the code words hold what decoding the whole frame put up to there.
      const std::size_t cut = random.below(code.size() + 1);
      const std::size_t held = words_in_code_words(code.data(), cut, words.size(), level_bits);
      ASSERT_EQ(held == words.size(), cut == code.size());
      std::vector<std::uint64_t> rest(code.begin() + static_cast<std::ptrdiff_t>(cut), code.end());
      ASSERT_EQ(decoded(rest, words.size() - held, level_bits),
                std::vector<Word>(words.begin() + static_cast<std::ptrdiff_t>(held), words.end()));
    }
  }
}

}  // namespace
}  // namespace rowan::arithmetic::run_length
