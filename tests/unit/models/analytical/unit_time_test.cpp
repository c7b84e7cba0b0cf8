// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/unit_time.h"

#include <gtest/gtest.h>

#include "tests/support/small_unit_layer.h"

namespace rowan::analytical {
namespace {

using dataflow::FmapPlace;

/// The link carries a word of 64 bits in every core cycle, at once; nothing to configure.
spec::AcceleratorSpec quick_link() {
  spec::AcceleratorSpec accelerator = support::unit_accelerator(8, 8);
  accelerator.post_processing.lanes = 4;
  accelerator.dram.link_clock = accelerator.clock;
  accelerator.dram.latency = Nanoseconds(0);
  return accelerator;
}

TimedTile tile_of(std::uint64_t cycles, std::uint64_t words) {
  TimedTile tile;
  tile.cycles = cycles;
  tile.load_bytes = tile.store_bytes = ceil_div(words, 4) * 8;
  tile.results = words;
  return tile;
}

// 7 words, 16 bytes: issued in 0, arrived in 2, ready in 3; drained in 3 + 5; queued in 9, passed
// in 11, stored in 13.
TEST(UnitTimer, LoadsDoesAndStoresATile) {
  const spec::AcceleratorSpec accelerator = quick_link();
  EXPECT_EQ(UnitTimer(accelerator, {}).total({tile_of(5, 7)}, 1), 13U);
}

TEST(UnitTimer, StartsAfterTheConfiguration) {
  spec::AcceleratorSpec accelerator = quick_link();
  accelerator.controller.scan_chain = Bits(100);
  accelerator.controller.scan_bits_per_cycle = 3;
  EXPECT_EQ(UnitTimer(accelerator, {}).total({tile_of(5, 7)}, 1), 34 + 13U);
}

// The second load is issued in 9, the cycle after the drain, arrives in 11, before the store does
// in 13; the second pass is released when the psum tile is free: 14, drained in 19, stored in 24.
TEST(UnitTimer, LoadsTheNextTileBeforeItStores) {
  const spec::AcceleratorSpec accelerator = quick_link();
  EXPECT_EQ(UnitTimer(accelerator, {}).total({tile_of(5, 7)}, 2), 24U);
}

// With two buffers the second load follows the first: ready in 4 or 5, released 2 cycles after the
// drain of the first, in 10, drained in 15, queued in 16, passed in 18, stored in 20.
TEST(UnitTimer, LoadsAheadIntoTheSecondBuffer) {
  spec::AcceleratorSpec accelerator = quick_link();
  accelerator.dram.overlap = spec::DramOverlap::kDoubleBuffer;
  EXPECT_EQ(UnitTimer(accelerator, {}).total({tile_of(5, 7)}, 2), 20U);
}

// 4000 words are 125 bursts of 8 cycles: arrived in 1000, ready in 1001, drained in 1101, queued in
// 1102. A burst's words pass in 8 cycles: the last one is issued in 2102.
TEST(UnitTimer, FollowsManyBursts) {
  const spec::AcceleratorSpec accelerator = quick_link();
  EXPECT_EQ(UnitTimer(accelerator, {}).total({tile_of(100, 4000)}, 1), 2110U);
}

// One lane takes 32 cycles for the words of a burst: the last one is issued in 1102 + 4000.
TEST(UnitTimer, StoresAtThePaceOfTheLanes) {
  spec::AcceleratorSpec accelerator = quick_link();
  accelerator.post_processing.lanes = 1;
  EXPECT_EQ(UnitTimer(accelerator, {}).total({tile_of(100, 4000)}, 1), 1102U + 4000 + 8);
}

// 16000 bytes are ready in 2001, drained in 2101. The second load, from 2102 on, goes first: the
// store finds the link free in 4102, when all its words have passed, and ends in 5102. The second
// pass is released in 5103, drained in 5203; its last burst waits for the lanes until 5204 + 2000.
TEST(UnitTimer, StoresAtThePaceOfTheLinkWhatHasPassedLongAgo) {
  spec::AcceleratorSpec accelerator = quick_link();
  accelerator.post_processing.lanes = 2;
  TimedTile tile = tile_of(100, 4000);
  tile.load_bytes = 16'000;
  EXPECT_EQ(UnitTimer(accelerator, {}).total({tile}, 2), 5204U + 2000 + 8);
}

// 100 ns are 20 cycles. With one burst in flight each takes 28.
TEST(UnitTimer, WaitsForTheLatencyOfEachBurst) {
  spec::AcceleratorSpec accelerator = quick_link();
  accelerator.dram.latency = Nanoseconds(100);
  accelerator.dram.outstanding_bursts = 1;
  const std::uint64_t drained = 125 * 28 + 1 + 100;
  EXPECT_EQ(UnitTimer(accelerator, {}).total({tile_of(100, 4000)}, 1), drained + 1 + 8 + 125 * 28);
}

// A row of 64 bits a cycle, as the link; a burst is ready when the last row is there.
TEST(UnitTimer, MovesResidentTilesInsideTheBuffer) {
  spec::AcceleratorSpec accelerator = quick_link();
  accelerator.dram.latency = Nanoseconds(10'000);
  accelerator.global_buffer.row_width = Bits(128);
  const dataflow::FmapPlaces places{FmapPlace::kResident, FmapPlace::kResident};
  // Loaded in 500; the lanes pass a burst in 8 cycles.
  EXPECT_EQ(UnitTimer(accelerator, places).total({tile_of(100, 4000)}, 1),
            501U + 100 + 1 + 1000 + 4);
}

// A block of 8 words, 16 bytes, arrives in 2, before the ifmap's, in 4. The ring holds one block:
// the next one goes in 6, when the first was read, and does not hold anything up.
TEST(UnitTimer, FetchesParametersFirst) {
  spec::AcceleratorSpec accelerator = quick_link();
  accelerator.global_buffer.filter_banks = 1;
  accelerator.global_buffer.bank_rows = 2;
  TimedTile tile = tile_of(5, 7);
  tile.parameters = 8;
  tile.parameter_bytes = 16;
  // Released in 5, drained in 10, stored in 15 (queued 11, passed 13).
  EXPECT_EQ(UnitTimer(accelerator, {}).total({tile}, 1), 15U);
  EXPECT_EQ(UnitTimer(accelerator, {}).total({tile}, 2), 15U + 11);
}

TEST(UnitTimer, RepetitionsTakeWhatTheirTilesTakeOneByOne) {
  for (const auto overlap : {spec::DramOverlap::kNone, spec::DramOverlap::kDoubleBuffer}) {
    spec::AcceleratorSpec accelerator = quick_link();
    accelerator.dram.overlap = overlap;
    const std::vector<TimedTile> two{tile_of(30, 70), tile_of(90, 20)};
    std::vector<TimedTile> all;
    for (unsigned i = 0; i < 500; ++i) all.insert(all.end(), two.begin(), two.end());
    UnitTimer timer(accelerator, {});
    EXPECT_EQ(timer.total(two, 500), timer.total(all, 1));
  }
}

// Load and store of 4 cycles: 5 to the release, 30 to the drain, 1 to the queue, 4 + 2 to the end.
TEST(UnitTimer, PaceIsThatOfManyTiles) {
  const spec::AcceleratorSpec accelerator = quick_link();
  UnitTimer timer(accelerator, {});
  const TimedTile tile = tile_of(30, 16);
  const auto many = timer.total({tile}, 1'000);
  const auto few = timer.total({tile}, 900);
  EXPECT_DOUBLE_EQ(timer.pace(tile), static_cast<double>(many - few) / 100);
}

}  // namespace
}  // namespace rowan::analytical
