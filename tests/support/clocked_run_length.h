// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/arithmetic/pe_type.h"

namespace rowan::support {

/// A 64-bit code word, and how many words of its frame stand in it and the code words before it.
struct CodeWord {
  std::uint64_t bits = 0;
  std::uint64_t words_so_far = 0;
};

/// Run-length codes one frame. A code word holds as many pairs (5-bit run of zeros in the lower
/// bits, level of `level_bits` bits) as fit into 63 bits, pair 0 lowest; bit 63 marks the frame's
/// last code word. A pair stands for its run and its level, which may be 0: (31, 0) is 32 zeros,
/// and trailing zeros end in a level of 0. Unused pairs are 0. A frame of no words has no code
/// words.
[[nodiscard]] std::vector<CodeWord> encode_frame(const std::vector<arithmetic::Word>& frame,
                                                 unsigned level_bits);

/// Reads a frame of `words` words from `code`, from code word `position` on, and moves `position`
/// behind it. Throws HardwareError when the frame's last code word and the number of words
/// disagree.
[[nodiscard]] std::vector<arithmetic::Word> decode_frame(const std::vector<std::uint64_t>& code,
                                                         std::size_t& position, std::uint64_t words,
                                                         unsigned level_bits);

}  // namespace rowan::support
