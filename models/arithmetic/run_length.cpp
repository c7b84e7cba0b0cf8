// SPDX-License-Identifier: Apache-2.0
#include "models/arithmetic/run_length.h"

#include <algorithm>
#include <string>

namespace rowan::arithmetic::run_length {
namespace {

constexpr unsigned kRunBits = 5;
constexpr std::uint64_t kMaxRun = 31;
constexpr std::uint64_t kLastBit = std::uint64_t{1} << 63U;

/// Gathers pairs into code words.
class Packer {
 public:
  Packer(unsigned level_bits, std::vector<std::uint64_t>& code)
      : pair_bits_(kRunBits + level_bits),
        code_bits_(pair_bits_ * pairs_per_code_word(level_bits)),
        level_mask_((std::uint64_t{1} << level_bits) - 1),
        code_(code) {}

  void add(std::uint64_t run, Word level) {
    if (used_bits_ == code_bits_) {
      code_.push_back(code_word_);
      code_word_ = 0;
      used_bits_ = 0;
    }
    const std::uint64_t pair = run | (static_cast<std::uint64_t>(level) & level_mask_) << kRunBits;
    code_word_ |= pair << used_bits_;
    used_bits_ += pair_bits_;
  }

  void finish() { code_.push_back(code_word_ | kLastBit); }

 private:
  unsigned pair_bits_;
  unsigned code_bits_;
  std::uint64_t level_mask_;
  std::vector<std::uint64_t>& code_;
  std::uint64_t code_word_ = 0;
  unsigned used_bits_ = 0;
};

[[noreturn]] void fail(std::size_t code_word, const std::string& message) {
  throw FrameError("run-length code word " + std::to_string(code_word) + ": " + message);
}

}  // namespace

std::size_t encode(const Word* words, std::size_t word_count, unsigned level_bits,
                   std::vector<std::uint64_t>& code) {
  if (word_count == 0) return 0;
  const std::size_t first = code.size();
  Packer packer(level_bits, code);
  std::uint64_t run = 0;
  for (std::size_t i = 0; i < word_count; ++i) {
    const Word word = words[i];
    if (wrap(word, level_bits) != word) {
      throw FrameError("word " + std::to_string(word) + " does not fit a level of " +
                       std::to_string(level_bits) + " bits");
    }
    if (word == 0 && run < kMaxRun && i + 1 < word_count) {
      ++run;
    } else {
      packer.add(run, word);
      run = 0;
    }
  }
  packer.finish();
  return code.size() - first;
}

std::size_t decode(const std::uint64_t* code, std::size_t code_count, std::size_t word_count,
                   unsigned level_bits, Word* words) {
  const unsigned pair_bits = kRunBits + level_bits;
  const unsigned pairs = pairs_per_code_word(level_bits);
  std::size_t done = 0;
  std::size_t position = 0;
  for (; done < word_count; ++position) {
    if (position == code_count) {
      fail(position, "missing, with " + std::to_string(word_count - done) + " words to come");
    }
    std::uint64_t rest = code[position] & ~kLastBit;
    for (unsigned pair = 0; pair < pairs && done < word_count; ++pair, rest >>= pair_bits) {
      const std::size_t run = rest & kMaxRun;
      if (run >= word_count - done) {
        fail(position, "a run of " + std::to_string(run) + " zeros and a level, but only " +
                           std::to_string(word_count - done) + " words to come");
      }
      std::fill_n(words + done, run, 0);
      done += run;
      words[done++] = wrap(static_cast<std::int64_t>(rest >> kRunBits), level_bits);
    }
    if (rest != 0) fail(position, "spare bits are set");
    const bool last = (code[position] & kLastBit) != 0;
    if (last && done < word_count) {
      fail(position,
           "marked as the last, with " + std::to_string(word_count - done) + " words to come");
    }
    if (!last && done == word_count)
      fail(position, "not marked as the last, but all words are there");
  }
  return position;
}

std::size_t words_in_full_code_word(std::uint64_t code_word, unsigned level_bits) {
  const unsigned pairs = pairs_per_code_word(level_bits);
  std::size_t words = pairs;
  for (unsigned pair = 0; pair < pairs; ++pair) {
    words += code_word >> (pair * (kRunBits + level_bits)) & kMaxRun;
  }
  return words;
}

std::size_t words_in_code_words(const std::uint64_t* code, std::size_t code_words,
                                std::size_t word_count, unsigned level_bits) {
  std::size_t words = 0;
  for (std::size_t i = 0; i < code_words; ++i)
    words += words_in_full_code_word(code[i], level_bits);
  return std::min(words, word_count);
}

}  // namespace rowan::arithmetic::run_length
