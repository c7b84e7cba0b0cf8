// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/fmap_frames.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include <gtest/gtest.h>

#include "models/base/error.h"

namespace rowan::dataflow {
namespace {

using arithmetic::Word;
using Bytes = std::vector<std::uint8_t>;

TEST(PackedBytes, ArePaddedTo8) {
  EXPECT_EQ(packed_bytes(0, 16), 0U);
  EXPECT_EQ(packed_bytes(1, 16), 8U);
  EXPECT_EQ(packed_bytes(4, 16), 8U);
  EXPECT_EQ(packed_bytes(5, 16), 16U);
  EXPECT_EQ(packed_bytes(8, 8), 8U);
  EXPECT_EQ(packed_bytes(3, 32), 16U);
  EXPECT_EQ(packed_bytes(16, 4), 8U);
  EXPECT_EQ(packed_bytes(17, 4), 16U);
}

TEST(FrameWriter, PacksWordsLittleEndianAndPadsTheTile) {
  Bytes memory;
  FrameWriter writer(memory, 16, FrameCoding::kPacked);
  writer.add({0x1234, -2});  // -2 is fffe
  writer.add({7});
  EXPECT_EQ(writer.finish(), 8U);
  EXPECT_EQ(memory, (Bytes{0x34, 0x12, 0xfe, 0xff, 7, 0, 0, 0}));
}

TEST(FrameWriter, PacksBytesAndWordsOf32Bits) {
  Bytes memory;
  FrameWriter bytes(memory, 8, FrameCoding::kPacked);
  bytes.add({-1, 2});
  EXPECT_EQ(bytes.finish(), 8U);
  FrameWriter words(memory, 32, FrameCoding::kPacked);
  EXPECT_EQ(words.address(), 8U);
  words.add({-2, 0x01020304});
  EXPECT_EQ(words.finish(), 8U);
  EXPECT_EQ(memory, (Bytes{0xff, 2, 0, 0, 0, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 4, 3, 2, 1}));
}

TEST(FrameWriter, PacksWordsBitByBitWithoutGapsBetweenFrames) {
  Bytes memory(8);
  FrameWriter nibbles(memory, 4, FrameCoding::kPacked);
  nibbles.add({1, -2, 7});
  nibbles.add({-8});
  EXPECT_EQ(nibbles.finish(), 8U);
  EXPECT_EQ(Bytes(memory.begin() + 8, memory.end()), (Bytes{0xe1, 0x87, 0, 0, 0, 0, 0, 0}));
  // 20 bits: 12345, fffff, 00001, lowest bit first.
  Bytes wide;
  FrameWriter words(wide, 20, FrameCoding::kPacked);
  words.add({0x12345, -1, 1});
  EXPECT_EQ(words.finish(), 8U);
  EXPECT_EQ(wide, (Bytes{0x45, 0x23, 0xf1, 0xff, 0xff, 0x01, 0, 0}));
}

TEST(PackedWord, IsTakenWhereverItStands) {
  const Bytes bytes{0xe1, 0x87, 0, 0, 0, 0, 0, 0x40};
  EXPECT_EQ(packed_word(bytes.data(), 0, 4), 1);
  EXPECT_EQ(packed_word(bytes.data(), 1, 4), -2);
  EXPECT_EQ(packed_word(bytes.data(), 3, 4), -8);
  EXPECT_EQ(packed_word(bytes.data(), 2, 6), 8);  // 0x87e1 >> 12
  EXPECT_EQ(packed_word(bytes.data(), 62, 1), -1);
  EXPECT_EQ(packed_word(bytes.data(), 1, 32), 0x40000000);
}

TEST(FrameWriter, StartsWhereTheMemoryEnds) {
  Bytes memory(24);
  FrameWriter writer(memory, 16, FrameCoding::kPacked);
  EXPECT_EQ(writer.address(), 24U);
  EXPECT_EQ(writer.finish(), 0U);
  EXPECT_EQ(memory.size(), 24U);
}

TEST(FrameWriter, CodesEachFrameByItself) {
  // Pairs (run, level): frame {0, 5} is (1, 5), frame {6} is (0, 6); bit 63 ends each frame.
  Bytes memory;
  FrameWriter writer(memory, 16, FrameCoding::kRunLength);
  writer.add({0, 5});
  writer.add({6});
  EXPECT_EQ(writer.finish(), 16U);
  std::uint64_t code[2];
  std::memcpy(code, memory.data(), sizeof code);
  EXPECT_EQ(code[0], (std::uint64_t{1} << 63U) | (5U << 5U) | 1U);
  EXPECT_EQ(code[1], (std::uint64_t{1} << 63U) | (6U << 5U));
}

class BothCodings : public testing::TestWithParam<FrameCoding> {};

TEST_P(BothCodings, ReadBackWhatWasWritten) {
  for (unsigned bits = 1; bits <= 32; ++bits) {
    SCOPED_TRACE(bits);
    const auto fitting = [&](std::vector<Word> words) {
      for (Word& word : words) word = arithmetic::wrap(word, bits);
      return words;
    };
    Bytes memory(3 * 8);
    FrameWriter writer(memory, bits, GetParam());
    const std::vector<Word> first = fitting({1, 0, 0, -100, 0});
    const std::vector<Word> second(70, 0);
    const std::vector<Word> third = fitting({0x7eadbeef, INT32_MIN, 3});
    writer.add(first);
    writer.add(second);
    writer.add({});
    writer.add(third);
    const std::uint64_t bytes = writer.finish();
    FrameReader reader(memory.data() + writer.address(), bytes, bits, GetParam());
    std::vector<Word> frame(5);
    reader.read(frame);
    EXPECT_EQ(frame, first);
    frame.assign(70, 9);
    reader.read(frame);
    EXPECT_EQ(frame, second);
    frame.clear();
    reader.read(frame);
    frame.assign(3, 9);
    reader.read(frame);
    EXPECT_EQ(frame, third);
    if (GetParam() == FrameCoding::kRunLength) {
      EXPECT_EQ(reader.code_words() * 8, bytes);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, BothCodings,
                         testing::Values(FrameCoding::kPacked, FrameCoding::kRunLength));

TEST(PlaceFrame, PutsZerosAroundAndBetweenTheWords) {
  // 2 x 3 words in 5 x 7, from row 1 and column 2 on, every third row and every second column.
  PlaneWindow window{5, 7, 1, 2, 2, 3, 3, 2};
  std::vector<Word> plane(5 * 7 + 1, 99);
  place_frame(window, {1, 2, 3, 4, 5, 6}, plane.data());
  EXPECT_EQ(plane, (std::vector<Word>{0, 0, 0, 0, 0, 0, 0,  //
                                      0, 0, 1, 0, 2, 0, 3,  //
                                      0, 0, 0, 0, 0, 0, 0,  //
                                      0, 0, 0, 0, 0, 0, 0,  //
                                      0, 0, 4, 0, 5, 0, 6, 99}));
  window.rows = window.columns = 0;
  place_frame(window, {}, plane.data());
  EXPECT_EQ(std::count(plane.begin(), plane.end(), 0), 35);
}

TEST(FrameReader, TileThatEndsInAFrameIsAnError) {
  Bytes memory;
  FrameWriter writer(memory, 16, FrameCoding::kPacked);
  writer.add({1, 2, 3, 4});
  const std::uint64_t bytes = writer.finish();
  FrameReader fits(memory.data(), bytes, 16, FrameCoding::kPacked);
  std::vector<Word> frame(4);
  EXPECT_NO_THROW(fits.read(frame));
  frame.resize(1);
  EXPECT_THROW(fits.read(frame), HardwareError);
  FrameReader too_short(memory.data(), bytes, 16, FrameCoding::kPacked);
  frame.resize(5);
  EXPECT_THROW(too_short.read(frame), HardwareError);
}

TEST(FrameReader, MalformedCodeIsAHardwareError) {
  Bytes memory;
  FrameWriter writer(memory, 16, FrameCoding::kRunLength);
  writer.add({1, 2, 3, 4});
  const std::uint64_t bytes = writer.finish();
  ASSERT_EQ(bytes, 16U);  // three pairs a code word
  std::vector<Word> frame(4);
  FrameReader cut(memory.data(), 8, 16, FrameCoding::kRunLength);
  EXPECT_THROW(cut.read(frame), HardwareError);
  frame.resize(7);  // one more than two code words hold
  FrameReader longer(memory.data(), bytes, 16, FrameCoding::kRunLength);
  EXPECT_THROW(longer.read(frame), HardwareError);
}

}  // namespace
}  // namespace rowan::dataflow
