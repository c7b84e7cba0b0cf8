// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/arithmetic/pe_type.h"
#include "models/dataflow/schedule.h"

namespace rowan::dataflow {

/// How words stand in DRAM: packed bit by bit, the first word lowest, without gaps between frames;
/// or run-length coded frame by frame (models/arithmetic/run_length.h).
enum class FrameCoding { kPacked, kRunLength };

/// Bytes of `words` packed words, padded to 8.
[[nodiscard]] std::uint64_t packed_bytes(std::uint64_t words, unsigned word_bits);

/// Word `index` of packed words of `word_bits` (1 to 32) bits that begin at `bytes`.
[[nodiscard]] arithmetic::Word packed_word(const std::uint8_t* bytes, std::uint64_t index,
                                           unsigned word_bits);

/// Appends one tile of frames to a memory image.
class FrameWriter {
 public:
  /// `word_bits`: 1 to 32.
  FrameWriter(std::vector<std::uint8_t>& memory, unsigned word_bits, FrameCoding coding);
  [[nodiscard]] std::uint64_t address() const { return address_; }
  void add(const std::vector<arithmetic::Word>& frame);
  /// Pads the tile to 8 bytes and returns its size.
  std::uint64_t finish();

 private:
  void pack(const std::vector<arithmetic::Word>& frame);

  std::vector<std::uint8_t>& memory_;
  unsigned word_bits_;
  FrameCoding coding_;
  std::uint64_t address_;
  std::uint64_t packed_ = 0;  ///< words
};

/// Reads the frames of a tile one after the other.
class FrameReader {
 public:
  FrameReader(const std::uint8_t* tile, std::uint64_t bytes, unsigned word_bits,
              FrameCoding coding);
  /// Fills `frame`. Throws HardwareError when the frame is malformed or the tile too short.
  void read(std::vector<arithmetic::Word>& frame);
  /// 8-byte code words read so far.
  [[nodiscard]] std::uint64_t code_words() const { return position_ / 8; }

 private:
  void unpack(std::vector<arithmetic::Word>& frame);

  const std::uint8_t* tile_;
  std::uint64_t bytes_;
  unsigned word_bits_;
  FrameCoding coding_;
  std::uint64_t position_ = 0;  ///< next byte, or packed word
};

/// Fills a plane of a tile: the words of `frame` where `window` has them, zeros elsewhere.
void place_frame(const PlaneWindow& window, const std::vector<arithmetic::Word>& frame,
                 arithmetic::Word* plane);

}  // namespace rowan::dataflow
