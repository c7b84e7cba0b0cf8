// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/fmap_frames.h"

#include <algorithm>
#include <cstring>

#include "models/arithmetic/run_length.h"
#include "models/base/error.h"
#include "models/base/units.h"

namespace rowan::dataflow {
namespace {

/// Words of whole bytes, lowest first. A constant width lets the compiler take many at a time.
template <unsigned kBytes>
void pack_bytes(const std::vector<arithmetic::Word>& words, std::uint8_t* to) {
  for (const arithmetic::Word word : words) {
    for (unsigned byte = 0; byte < kBytes; ++byte) {
      *to++ = static_cast<std::uint8_t>(static_cast<std::uint32_t>(word) >> (8 * byte));
    }
  }
}

template <unsigned kBytes>
void unpack_bytes(const std::uint8_t* from, std::vector<arithmetic::Word>& words) {
  for (arithmetic::Word& word : words) {
    std::uint32_t raw = 0;
    for (unsigned byte = 0; byte < kBytes; ++byte) raw |= std::uint32_t{*from++} << (8 * byte);
    word = arithmetic::wrap(raw, 8 * kBytes);
  }
}

/// Sets word `index` of bytes that are 0 there.
void set_packed_word(std::uint8_t* bytes, std::uint64_t index, unsigned bits,
                     arithmetic::Word word) {
  const std::uint64_t first = index * bits;
  const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  std::uint64_t rest = (static_cast<std::uint64_t>(word) & mask) << (first % 8);
  for (std::uint8_t* byte = bytes + first / 8; rest != 0; rest >>= 8U) {
    *byte++ |= static_cast<std::uint8_t>(rest);
  }
}

}  // namespace

std::uint64_t packed_bytes(std::uint64_t words, unsigned word_bits) {
  return ceil_div(words * word_bits, 64) * 8;
}

arithmetic::Word packed_word(const std::uint8_t* bytes, std::uint64_t index, unsigned word_bits) {
  const std::uint64_t first = index * word_bits;
  const std::uint64_t end = ceil_div(first + word_bits, 8);
  std::uint64_t raw = 0;
  for (std::uint64_t byte = end; byte-- > first / 8;) raw = raw << 8U | bytes[byte];
  return arithmetic::wrap(static_cast<std::int64_t>(raw >> (first % 8)), word_bits);
}

FrameWriter::FrameWriter(std::vector<std::uint8_t>& memory, unsigned word_bits, FrameCoding coding)
    : memory_(memory), word_bits_(word_bits), coding_(coding), address_(memory.size()) {}

void FrameWriter::pack(const std::vector<arithmetic::Word>& frame) {
  const std::uint64_t first = packed_;
  packed_ += frame.size();
  memory_.resize(address_ + ceil_div(packed_ * word_bits_, 8));
  std::uint8_t* tile = memory_.data() + address_;
  switch (word_bits_) {
    case 8:
      return pack_bytes<1>(frame, tile + first);
    case 16:
      return pack_bytes<2>(frame, tile + first * 2);
    case 32:
      return pack_bytes<4>(frame, tile + first * 4);
    default:
      for (std::size_t i = 0; i < frame.size(); ++i) {
        set_packed_word(tile, first + i, word_bits_, frame[i]);
      }
  }
}

void FrameWriter::add(const std::vector<arithmetic::Word>& frame) {
  if (coding_ == FrameCoding::kPacked) return pack(frame);
  std::vector<std::uint64_t> code;
  arithmetic::run_length::encode(frame.data(), frame.size(), word_bits_, code);
  const std::size_t end = memory_.size();
  memory_.resize(end + code.size() * 8);
  if (!code.empty()) std::memcpy(memory_.data() + end, code.data(), code.size() * 8);
}

std::uint64_t FrameWriter::finish() {
  while (memory_.size() % 8 != 0) memory_.push_back(0);
  return memory_.size() - address_;
}

FrameReader::FrameReader(const std::uint8_t* tile, std::uint64_t bytes, unsigned word_bits,
                         FrameCoding coding)
    : tile_(tile), bytes_(bytes), word_bits_(word_bits), coding_(coding) {}

void FrameReader::unpack(std::vector<arithmetic::Word>& frame) {
  const std::uint64_t first = position_;
  position_ += frame.size();
  if (ceil_div(position_ * word_bits_, 8) > bytes_) {
    throw HardwareError("a packed tile ends before its last frame");
  }
  switch (word_bits_) {
    case 8:
      return unpack_bytes<1>(tile_ + first, frame);
    case 16:
      return unpack_bytes<2>(tile_ + first * 2, frame);
    case 32:
      return unpack_bytes<4>(tile_ + first * 4, frame);
    default:
      for (std::size_t i = 0; i < frame.size(); ++i) {
        frame[i] = packed_word(tile_, first + i, word_bits_);
      }
  }
}

void FrameReader::read(std::vector<arithmetic::Word>& frame) {
  if (coding_ == FrameCoding::kPacked) return unpack(frame);
  const std::size_t most = arithmetic::run_length::worst_case_code_words(frame.size(), word_bits_);
  std::vector<std::uint64_t> code(std::min<std::uint64_t>(most, (bytes_ - position_) / 8));
  if (!code.empty()) std::memcpy(code.data(), tile_ + position_, code.size() * 8);
  try {
    const std::size_t used = arithmetic::run_length::decode(code.data(), code.size(), frame.size(),
                                                            word_bits_, frame.data());
    position_ += used * 8;
  } catch (const arithmetic::run_length::FrameError& error) {
    throw HardwareError(error.what());
  }
}

void place_frame(const PlaneWindow& window, const std::vector<arithmetic::Word>& frame,
                 arithmetic::Word* plane) {
  std::fill_n(plane, std::size_t{window.plane_rows} * window.plane_columns, 0);
  const arithmetic::Word* from = frame.data();
  for (std::size_t row = 0; row < window.rows; ++row) {
    const std::size_t to = (window.first_row + row * window.row_step) * window.plane_columns;
    for (std::size_t column = 0; column < window.columns; ++column) {
      plane[to + window.first_column + column * window.column_step] = *from++;
    }
  }
}

}  // namespace rowan::dataflow
