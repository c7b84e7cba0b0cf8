// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "models/arithmetic/pe_type.h"

/// The run-length code (RLC) of fmaps in DRAM (Chen et al., JSSC 2017: three pairs of a 5-bit run
/// and a 16-bit level in 64 bits).
///
/// A frame is a sequence of 64-bit code words. A code word holds as many (run, level) pairs as fit
/// 63 bits, pair 0 in the lowest bits (three pairs at 16 bits): within a pair the run in the lower
/// 5 bits, the level of `level_bits` bits above it. A pair stands for `run` zeros and then the
/// level, so for run + 1 words. Longer runs go on after a pair (31, 0), 32 zeros; zeros at the end
/// of a frame end in a level of 0. Pairs that the last code word does not need are 0, and so are
/// bits that no pair uses. Bit 63 is set in the last code word of the frame, and in no other.
///
/// A frame of no words has no code words. Levels have 1 to 32 bits, two's complement.
namespace rowan::arithmetic::run_length {

/// A frame that is not what encode() writes for its number of words.
class FrameError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Pairs of a code word.
[[nodiscard]] constexpr unsigned pairs_per_code_word(unsigned level_bits) {
  return 63 / (5 + level_bits);
}

/// Most code words that a frame of `word_count` words can take: none of the words is zero.
[[nodiscard]] constexpr std::size_t worst_case_code_words(std::size_t word_count,
                                                          unsigned level_bits) {
  const unsigned pairs = pairs_per_code_word(level_bits);
  return word_count / pairs + (word_count % pairs == 0 ? 0 : 1);
}

/// Appends the frame of `words` [word_count] to `code`; returns its number of code words.
/// Throws FrameError when a word does not fit the level.
std::size_t encode(const Word* words, std::size_t word_count, unsigned level_bits,
                   std::vector<std::uint64_t>& code);

/// Writes the `word_count` words of a frame to `words`; returns the number of its code words, at
/// most `code_count`. Throws FrameError when the code ends too early, bit 63 is missing or early, a
/// run goes beyond the frame, or spare bits are set.
std::size_t decode(const std::uint64_t* code, std::size_t code_count, std::size_t word_count,
                   unsigned level_bits, Word* words);

/// Words that a code word holds if all its pairs are used; the last code word of a frame may hold
/// fewer.
[[nodiscard]] std::size_t words_in_full_code_word(std::uint64_t code_word, unsigned level_bits);

/// Words that the first `code_words` code words of a frame of `word_count` words hold.
[[nodiscard]] std::size_t words_in_code_words(const std::uint64_t* code, std::size_t code_words,
                                              std::size_t word_count, unsigned level_bits);

}  // namespace rowan::arithmetic::run_length
