// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/rlc_codec.h"

#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "models/base/error.h"
#include "models/dataflow/fmap_frames.h"
#include "tests/unit/models/hardware/small_system.h"

namespace rowan::hardware {
namespace {

using dataflow::FrameCoding;
using dataflow::FrameWriter;

struct Bench {
  Bench() {
    buffer.start_layer({40, 10, 1, 1});
    post_processing.start_layer({true, 0, 16});
    codec.start_layer();
  }
  spec::AcceleratorSpec spec = testbench::one_pe_accelerator();
  GlobalBuffer buffer{"buffer", spec};
  PostProcessingUnit post_processing{"post_processing", spec.post_processing};
  RlcCodec codec{"rlc", 16, buffer, post_processing};
};

/// Two planes of 3 x 4 words, of which rows 1, 2 and columns 1, 2 are there.
dataflow::LoadTile tile_with_padding(bool coded) {
  dataflow::LoadTile tile;
  tile.coded = coded;
  tile.planes = 2;
  tile.window = {3, 4, 1, 2, 1, 2};
  return tile;
}

TEST(RlcCodec, PlacesFramesInTheirPlanesWithZerosAround) {
  for (const bool coded : {false, true}) {
    Bench b;
    for (std::uint32_t i = 0; i < 40; ++i) b.buffer.ifmap(i) = 99;  // of the tile before
    std::vector<std::uint8_t> bytes;
    FrameWriter writer(bytes, 16, coded ? FrameCoding::kRunLength : FrameCoding::kPacked);
    writer.add({1, 0, 0, 4});
    writer.add({5, 6, 7, -8});
    (void)writer.finish();
    b.codec.decode(tile_with_padding(coded), bytes);
    const std::vector<Word> expected{0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 4,  0,
                                     0, 0, 0, 0, 0, 5, 6, 0, 0, 7, -8, 0};
    for (std::uint32_t i = 0; i < 24; ++i) EXPECT_EQ(b.buffer.ifmap(i), expected[i]) << i;
    EXPECT_EQ(b.buffer.ifmap(24), 99);
    EXPECT_EQ(b.codec.counts().ifmap_words, 24U);
    // Frame 1: (0, 1) (2, 4), one code word. Frame 2: four pairs, two.
    EXPECT_EQ(b.codec.counts().decoded, coded ? 3U : 0U);
  }
}

TEST(RlcCodec, PlacesFramesWithZerosBetweenTheirWords) {
  Bench b;
  std::vector<std::uint8_t> bytes;
  FrameWriter writer(bytes, 16, FrameCoding::kPacked);
  writer.add({1, 2, 3, 4});
  writer.add({5, 6, 7, 8});
  (void)writer.finish();
  dataflow::LoadTile tile;
  tile.planes = 2;
  tile.window = {3, 4, 0, 2, 1, 2, 2, 2};
  b.codec.decode(tile, bytes);
  const std::vector<Word> expected{0, 1, 0, 2, 0, 0, 0, 0, 0, 3, 0, 4,
                                   0, 5, 0, 6, 0, 0, 0, 0, 0, 7, 0, 8};
  for (std::uint32_t i = 0; i < 24; ++i) EXPECT_EQ(b.buffer.ifmap(i), expected[i]) << i;
  EXPECT_EQ(b.codec.counts().ifmap_words, 24U);
}

TEST(RlcCodec, PlacesATileInItsBuffer) {
  Bench b;
  b.spec.dram.overlap = spec::DramOverlap::kDoubleBuffer;
  GlobalBuffer twofold("twofold", b.spec);
  twofold.start_layer({40, 10, 1, 1});
  RlcCodec codec("codec", 16, twofold, b.post_processing);
  std::vector<std::uint8_t> bytes;
  FrameWriter writer(bytes, 16, FrameCoding::kPacked);
  writer.add({5});
  (void)writer.finish();
  dataflow::LoadTile tile;
  tile.number = 3;
  tile.planes = 1;
  tile.window = {1, 1, 0, 1, 0, 1};
  codec.decode(tile, bytes);
  EXPECT_EQ(twofold.ifmap(40), 5);
  EXPECT_EQ(twofold.ifmap(0), 0);
}

TEST(RlcCodec, MalformedFrameIsAnError) {
  Bench b;
  EXPECT_THROW(b.codec.decode(tile_with_padding(true), std::vector<std::uint8_t>(24)),
               HardwareError);
  EXPECT_THROW(b.codec.decode(tile_with_padding(false), std::vector<std::uint8_t>(8)),
               HardwareError);
}

/// Planes of 1 x 5 words in lanes 0 and 1 of psum rows 2 to 6.
dataflow::StoreTile two_planes(bool coded) {
  auto shape = std::make_shared<dataflow::PsumTileShape>();
  shape->rows = 1;
  shape->columns = 5;
  shape->planes = {{0, 1, {2}}, {1, 1, {2}}};
  dataflow::StoreTile tile;
  tile.coded = coded;
  tile.shape = shape;
  return tile;
}

void fill_psums(GlobalBuffer& buffer) {
  const Word first[] = {1, 2, 3, 4, -5};  // the last is 0 after ReLU
  const Word second[] = {0, 0, 6, 0, 0};
  for (std::uint32_t i = 0; i < 5; ++i) {
    buffer.psum_row(2 + i)[0] = first[i];
    buffer.psum_row(2 + i)[1] = second[i];
  }
}

TEST(RlcCodec, ShiftsEachPlaneAsItsChannelSays) {
  Bench b;
  arithmetic::OfmapRule rule;
  rule.channel_shifts = {9, 1, 9, 0};
  b.post_processing.start_layer(rule);
  fill_psums(b.buffer);
  dataflow::StoreTile tile = two_planes(false);
  tile.channels = {1, 1, 2, 2};  // channels 1 and 3
  std::vector<std::uint8_t> expected;
  FrameWriter writer(expected, 16, FrameCoding::kPacked);
  writer.add({1, 1, 2, 2, -2});  // halves, up
  writer.add({0, 0, 6, 0, 0});
  (void)writer.finish();
  EXPECT_EQ(b.codec.encode(tile).bytes, expected);
}

TEST(RlcCodec, CodesFinishedPlanesAndKnowsTheWordsOfEachCodeWord) {
  Bench b;
  fill_psums(b.buffer);
  const CodedTile tile = b.codec.encode(two_planes(true));
  std::vector<std::uint8_t> expected;
  FrameWriter writer(expected, 16, FrameCoding::kRunLength);
  writer.add({1, 2, 3, 4, 0});
  writer.add({0, 0, 6, 0, 0});
  (void)writer.finish();
  EXPECT_EQ(tile.bytes, expected);
  // Three words, then (0, 4) (0, 0); the other frame is (2, 6) (1, 0).
  EXPECT_EQ(tile.words, (std::vector<std::uint64_t>{3, 5, 10}));
  EXPECT_EQ(b.codec.counts().encoded, 3U);
  EXPECT_EQ(b.codec.counts().ofmap_words, 10U);
  EXPECT_EQ(b.post_processing.words(), 10U);
}

TEST(RlcCodec, PacksPlanesThatAreNotCoded) {
  Bench b;
  fill_psums(b.buffer);
  const CodedTile tile = b.codec.encode(two_planes(false));
  std::vector<std::uint8_t> expected;
  FrameWriter writer(expected, 16, FrameCoding::kPacked);
  writer.add({1, 2, 3, 4, 0, 0, 0, 6, 0, 0});
  (void)writer.finish();
  EXPECT_EQ(tile.bytes, expected);
  EXPECT_EQ(tile.words, (std::vector<std::uint64_t>{4, 8, 10}));  // two words of padding
  EXPECT_EQ(b.codec.counts().encoded, 0U);
}

// Sixteen words of 4 bits fill 8 bytes.
TEST(RlcCodec, PacksWordsOf4Bits) {
  Bench b;
  RlcCodec codec("codec_4", 4, b.buffer, b.post_processing);
  auto shape = std::make_shared<dataflow::PsumTileShape>();
  shape->rows = 1;
  shape->columns = 5;
  shape->planes.assign(4, {0, 1, {2}});
  dataflow::StoreTile store;
  store.shape = shape;
  for (std::uint32_t i = 0; i < 5; ++i) b.buffer.psum_row(2 + i)[0] = static_cast<Word>(i);
  const CodedTile tile = codec.encode(store);
  EXPECT_EQ(tile.bytes, (std::vector<std::uint8_t>{0x10, 0x32, 0x04, 0x21, 0x43, 0x10, 0x32, 0x04,
                                                   0x21, 0x43, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(tile.words, (std::vector<std::uint64_t>{16, 20}));
}

}  // namespace
}  // namespace rowan::hardware
