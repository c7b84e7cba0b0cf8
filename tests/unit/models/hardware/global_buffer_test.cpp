// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/global_buffer.h"

#include <vector>

#include <gtest/gtest.h>

#include "models/base/error.h"

namespace rowan::hardware {
namespace {

void write(FilterRing& ring, Word first, unsigned count) {
  for (unsigned i = 0; i < count; ++i) ring.write(first + static_cast<Word>(i));
}

std::vector<Word> read(FilterRing& ring, unsigned count, Stamp now) {
  std::vector<Word> words(count);
  ring.read(words.data(), count, now);
  return words;
}

TEST(FilterRing, GivesWordsInOrderAroundItsEnd) {
  FilterRing ring(5);
  write(ring, 1, 4);
  EXPECT_EQ(read(ring, 3, 1), (std::vector<Word>{1, 2, 3}));
  write(ring, 5, 4);
  EXPECT_EQ(read(ring, 5, 2), (std::vector<Word>{4, 5, 6, 7, 8}));
  EXPECT_EQ(ring.words_read(), 8U);
  EXPECT_EQ(ring.words_written(), 8U);
}

TEST(FilterRing, SlotCanBeFilledFromTheCycleAfterItsWordWasRead) {
  FilterRing ring(8);
  EXPECT_EQ(ring.room_from(8), 0U);
  write(ring, 0, 6);
  EXPECT_EQ(ring.room_from(2), 0U);
  EXPECT_FALSE(ring.room_from(3).has_value());  // while no read is known
  (void)read(ring, 2, 20);
  EXPECT_EQ(ring.room_from(3), 21U);
  EXPECT_EQ(ring.room_from(4), 21U);
  EXPECT_FALSE(ring.room_from(5).has_value());
  (void)read(ring, 1, 30);
  EXPECT_EQ(ring.room_from(5), 31U);
}

TEST(FilterRing, RoomCountsReadsThatLieAhead) {
  FilterRing ring(4);
  write(ring, 0, 4);
  (void)read(ring, 1, 10);
  (void)read(ring, 1, 1000);
  EXPECT_EQ(ring.room_from(1), 11U);
  write(ring, 4, 1);
  EXPECT_EQ(ring.room_from(1), 1001U);
}

TEST(FilterRing, ReadOfAWordThatWasNotSentIsAnError) {
  FilterRing ring(8);
  write(ring, 0, 3);
  try {
    (void)read(ring, 4, 77);
    FAIL() << "no error";
  } catch (const HardwareError& error) {
    EXPECT_STREQ(error.what(),
                 "global_buffer: cycle 77: the filter GIN reads a word that DRAM has not sent");
  }
  EXPECT_NO_THROW((void)read(ring, 3, 78));
}

TEST(FilterRing, IsEmptyAtALayersStart) {
  FilterRing ring(4);
  write(ring, 0, 4);
  (void)read(ring, 2, 9);
  ring.start_layer();
  EXPECT_EQ(ring.room_from(4), 0U);
  EXPECT_EQ(ring.words_read(), 0U);
  EXPECT_THROW((void)read(ring, 1, 1), HardwareError);
}

TEST(GlobalBuffer, HasOneOrTwoBuffersPerTile) {
  spec::AcceleratorSpec spec;
  GlobalBuffer single("single", spec);
  single.start_layer({100, 40, 1, 1});
  EXPECT_EQ(single.tiles(), 1U);
  EXPECT_EQ(single.ifmap_base(0), 0U);
  EXPECT_EQ(single.ifmap_base(7), 0U);
  EXPECT_EQ(single.psum_base(1), 0U);
  spec.dram.overlap = spec::DramOverlap::kDoubleBuffer;
  GlobalBuffer twofold("twofold", spec);
  twofold.start_layer({100, 40, 1, 1});
  EXPECT_EQ(twofold.tiles(), 2U);
  EXPECT_EQ(twofold.ifmap_base(4), 0U);
  EXPECT_EQ(twofold.ifmap_base(7), 100U);
  EXPECT_EQ(twofold.psum_base(1), 40U);
  EXPECT_EQ(twofold.psum_base(2), 0U);
}

TEST(GlobalBuffer, HoldsWordsAndRows) {
  spec::AcceleratorSpec spec;
  spec.pe.psum_bits = 16;
  GlobalBuffer buffer("buffer", spec);
  buffer.start_layer({100, 40, 1, 1});
  buffer.ifmap(99) = 5;
  EXPECT_EQ(buffer.ifmap(99), 5);
  Word* row = buffer.psum_row(39);
  row[3] = 8;
  EXPECT_EQ(buffer.psum_row(38) + 4, row);  // four words of 16 bits
  buffer.start_layer({100, 40, 1, 1});
  EXPECT_EQ(buffer.ifmap(99), 0);
  EXPECT_EQ(buffer.psum_row(39)[3], 0);
}

TEST(GlobalBuffer, AccessOutsideTheLayersBanksIsAnError) {
  const spec::AcceleratorSpec spec;
  GlobalBuffer buffer("buffer", spec);
  buffer.start_layer({100, 40, 1, 1});
  EXPECT_THROW((void)buffer.ifmap(100), HardwareError);
  EXPECT_THROW((void)buffer.psum_row(40), HardwareError);
}

TEST(GlobalBuffer, RingHasTheWordsOfTheFilterBanks) {
  const spec::AcceleratorSpec spec;
  GlobalBuffer buffer("buffer", spec);
  EXPECT_EQ(buffer.filters().capacity(), 2 * 512 * 4U);
}

}  // namespace
}  // namespace rowan::hardware
