// SPDX-License-Identifier: Apache-2.0
#include "tests/support/clocked_run_length.h"

#include "models/base/error.h"

namespace rowan::support {
namespace {

using arithmetic::Word;

constexpr unsigned kRunBits = 5;
constexpr unsigned kLongestRun = 31;
constexpr std::uint64_t kLastOfFrame = std::uint64_t{1} << 63;

struct Pair {
  std::uint64_t run = 0;
  Word level = 0;
};

std::vector<Pair> pairs_of(const std::vector<Word>& frame) {
  std::vector<Pair> pairs;
  std::uint64_t run = 0;
  for (const Word word : frame) {
    if (word == 0 && run < kLongestRun) {
      ++run;
      continue;
    }
    pairs.push_back({run, word});
    run = 0;
  }
  if (run > 0) pairs.push_back({run - 1, 0});
  return pairs;
}

}  // namespace

std::vector<CodeWord> encode_frame(const std::vector<Word>& frame, unsigned level_bits) {
  const unsigned pair_bits = kRunBits + level_bits;
  const unsigned pairs_per_word = 63 / pair_bits;
  const std::uint64_t level_mask = (std::uint64_t{1} << level_bits) - 1;
  const std::vector<Pair> pairs = pairs_of(frame);
  std::vector<CodeWord> code;
  std::uint64_t words = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const unsigned place = static_cast<unsigned>(i % pairs_per_word);
    if (place == 0) code.push_back({});
    const std::uint64_t level =
        static_cast<std::uint64_t>(std::int64_t{pairs[i].level}) & level_mask;
    code.back().bits |= (pairs[i].run | level << kRunBits) << (place * pair_bits);
    words += pairs[i].run + 1;
    code.back().words_so_far = words;
  }
  if (!code.empty()) code.back().bits |= kLastOfFrame;
  return code;
}

std::vector<Word> decode_frame(const std::vector<std::uint64_t>& code, std::size_t& position,
                               std::uint64_t words, unsigned level_bits) {
  const unsigned pair_bits = kRunBits + level_bits;
  const unsigned pairs_per_word = 63 / pair_bits;
  const std::uint64_t level_mask = (std::uint64_t{1} << level_bits) - 1;
  std::vector<Word> frame;
  for (bool last = words == 0; !last; ++position) {
    if (position >= code.size()) throw HardwareError("clocked model: a coded tile is too short");
    const std::uint64_t bits = code[position];
    last = (bits & kLastOfFrame) != 0;
    for (unsigned i = 0; i < pairs_per_word && frame.size() < words; ++i) {
      const std::uint64_t pair = bits >> (i * pair_bits);
      frame.insert(frame.end(), pair & kLongestRun, 0);
      frame.push_back(
          arithmetic::wrap(static_cast<std::int64_t>(pair >> kRunBits & level_mask), level_bits));
    }
  }
  if (frame.size() != words) throw HardwareError("clocked model: a coded frame has the wrong size");
  return frame;
}

}  // namespace rowan::support
