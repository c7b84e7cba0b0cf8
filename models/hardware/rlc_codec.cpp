// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/rlc_codec.h"

#include <algorithm>

#include "models/arithmetic/run_length.h"
#include "models/base/units.h"
#include "models/dataflow/fmap_frames.h"

namespace rowan::hardware {
namespace {

dataflow::FrameCoding coding_of(bool coded) {
  return coded ? dataflow::FrameCoding::kRunLength : dataflow::FrameCoding::kPacked;
}

}  // namespace

RlcCodec::RlcCodec(const sc_core::sc_module_name& name, unsigned activation_bits,
                   GlobalBuffer& buffer, PostProcessingUnit& post_processing)
    : sc_module(name),
      activation_bits_(activation_bits),
      buffer_(buffer),
      post_processing_(post_processing) {}

void RlcCodec::decode(const dataflow::LoadTile& tile, const std::vector<std::uint8_t>& bytes) {
  const dataflow::PlaneWindow& window = tile.window;
  const std::uint32_t plane_words = window.plane_rows * window.plane_columns;
  const std::uint32_t base = buffer_.ifmap_base(tile.number);
  dataflow::FrameReader reader(bytes.data(), bytes.size(), activation_bits_, coding_of(tile.coded));
  std::vector<Word> frame(std::size_t{window.rows} * window.columns);
  for (std::uint32_t plane = 0; plane < tile.planes; ++plane) {
    const std::uint32_t first = base + plane * plane_words;
    reader.read(frame);
    dataflow::place_frame(window, frame, &buffer_.ifmap(first));
  }
  counts_.ifmap_words += std::uint64_t{tile.planes} * plane_words;
  if (tile.coded) counts_.decoded += bytes.size() / 8;
}

CodedTile RlcCodec::encode(const dataflow::StoreTile& tile) {
  const dataflow::PsumTileShape& shape = *tile.shape;
  const std::uint32_t base = buffer_.psum_base(tile.number);
  const std::uint64_t frame_words = std::uint64_t{shape.rows} * shape.columns;
  CodedTile coded;
  dataflow::FrameWriter writer(coded.bytes, activation_bits_, coding_of(tile.coded));
  std::vector<Word> frame;
  std::vector<std::uint64_t> code;
  std::uint64_t words = 0;
  for (std::size_t i = 0; i < shape.planes.size(); ++i) {
    const dataflow::PlaneLayout& plane = shape.planes[i];
    const std::uint32_t channel = tile.channels.of(i);
    frame.clear();
    for (std::uint32_t row = 0; row < shape.rows; ++row) {
      for (std::uint32_t column = 0; column < shape.columns; ++column) {
        const std::uint32_t psum_row = plane.first_row[row] + column * plane.column_stride;
        frame.push_back(
            post_processing_.process(buffer_.psum_row(base + psum_row)[plane.lane], channel));
      }
    }
    if (tile.coded) {
      code.clear();
      arithmetic::run_length::encode(frame.data(), frame.size(), activation_bits_, code);
      std::uint64_t words_of_frame = 0;
      for (const std::uint64_t code_word : code) {
        words_of_frame +=
            arithmetic::run_length::words_in_full_code_word(code_word, activation_bits_);
        coded.words.push_back(words + std::min(frame_words, words_of_frame));
      }
      counts_.encoded += code.size();
    }
    writer.add(frame);
    words += frame_words;
  }
  writer.finish();
  if (!tile.coded) {
    for (std::uint64_t end = 8; end <= coded.bytes.size(); end += 8) {
      coded.words.push_back(std::min(words, ceil_div(end * 8, activation_bits_)));
    }
  }
  counts_.ofmap_words += words;
  return coded;
}

}  // namespace rowan::hardware
