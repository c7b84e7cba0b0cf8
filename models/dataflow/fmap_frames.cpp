// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/fmap_frames.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "models/arithmetic/run_length.h"
#include "models/base/error.h"
#include "models/base/units.h"

namespace rowan::dataflow {
namespace {

/// Words of `kBytes` bytes, lowest first. A constant width lets the compiler take many at a time.
template <unsigned kBytes>
void pack(const std::vector<arithmetic::Word>& words, std::uint8_t* to) {
  for (const arithmetic::Word word : words) {
    for (unsigned byte = 0; byte < kBytes; ++byte) {
      *to++ = static_cast<std::uint8_t>(static_cast<std::uint32_t>(word) >> (8 * byte));
    }
  }
}

template <unsigned kBytes>
void unpack(const std::uint8_t* from, std::vector<arithmetic::Word>& words) {
  for (arithmetic::Word& word : words) {
    std::uint32_t raw = 0;
    for (unsigned byte = 0; byte < kBytes; ++byte) raw |= std::uint32_t{*from++} << (8 * byte);
    word = arithmetic::wrap(raw, 8 * kBytes);
  }
}

}  // namespace

std::uint64_t packed_bytes(std::uint64_t words, unsigned word_bits) {
  return ceil_div(words * word_bits, 64) * 8;
}

FrameWriter::FrameWriter(std::vector<std::uint8_t>& memory, unsigned word_bits, FrameCoding coding)
    : memory_(memory), word_bits_(word_bits), coding_(coding), address_(memory.size()) {}

void FrameWriter::add(const std::vector<arithmetic::Word>& frame) {
  if (coding_ == FrameCoding::kPacked) {
    const std::size_t end = memory_.size();
    memory_.resize(end + frame.size() * (word_bits_ / 8));
    switch (word_bits_) {
      case 8:
        return pack<1>(frame, memory_.data() + end);
      case 16:
        return pack<2>(frame, memory_.data() + end);
      case 32:
        return pack<4>(frame, memory_.data() + end);
    }
    throw std::logic_error("packed words are of 8, 16 or 32 bits");
  }
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

void FrameReader::read(std::vector<arithmetic::Word>& frame) {
  if (coding_ == FrameCoding::kPacked) {
    const std::uint64_t word_bytes = word_bits_ / 8;
    if (position_ + frame.size() * word_bytes > bytes_) {
      throw HardwareError("a packed tile ends before its last frame");
    }
    const std::uint8_t* from = tile_ + position_;
    position_ += frame.size() * word_bytes;
    switch (word_bits_) {
      case 8:
        return unpack<1>(from, frame);
      case 16:
        return unpack<2>(from, frame);
      case 32:
        return unpack<4>(from, frame);
    }
    throw std::logic_error("packed words are of 8, 16 or 32 bits");
  }
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
