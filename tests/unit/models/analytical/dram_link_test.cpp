// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/dram_link.h"

#include <vector>

#include <gtest/gtest.h>

#include "models/arithmetic/run_length.h"
#include "models/base/random.h"
#include "tests/support/small_layer.h"

namespace rowan::analytical {
namespace {

TEST(DramLink, MovesEightBytesPerCycleOfItsClock) {
  const DramLink link(support::eyeriss());
  // 480 MB/s at 200 MHz.
  EXPECT_NEAR(link.occupied(48'000), 20'000, 1e-6);
  // 60 ns are 12 cycles; and up to a cycle of each clock to the next edge.
  EXPECT_NEAR(link.cycles(48'000), 20'000 + 12, 5);
  EXPECT_EQ(link.cycles(0), 0);
}

TEST(DramLink, WaitsForEachBurstWhenOnlyOneIsInFlight) {
  spec::AcceleratorSpec accelerator = support::eyeriss();
  accelerator.dram.outstanding_bursts = 1;
  // 10 bursts of 64 bytes: each takes 26.7 cycles on the link and about 14 to get there.
  EXPECT_NEAR(DramLink(accelerator).cycles(640), 10 * (26.7 + 14.2), 5);
}

TEST(TileBytes, OfPackedWordsArePaddedToEight) {
  EXPECT_EQ(packed_tile_bytes(4, 16), 8);
  EXPECT_EQ(packed_tile_bytes(5, 16), 16);
  EXPECT_EQ(packed_tile_bytes(9, 8), 16);
}

TEST(TileBytes, OfCodedFramesAreWhatTheCoderWritesOnAverage) {
  constexpr unsigned kFrames = 400;
  for (const unsigned zeros : {0U, 25U, 50U, 90U, 99U, 100U}) {
    for (const unsigned words : {1U, 13U, 169U, 729U}) {
      Random random(zeros + words);
      std::vector<std::uint64_t> code;
      for (unsigned frame = 0; frame < kFrames; ++frame) {
        std::vector<arithmetic::Word> levels(words);
        for (auto& level : levels) level = random.between(1, 100) <= zeros ? 0 : 1;
        arithmetic::run_length::encode(levels.data(), levels.size(), 16, code);
      }
      const auto written = static_cast<double>(code.size() * 8);
      EXPECT_NEAR(coded_tile_bytes(kFrames, words, 16, zeros / 100.0) / written, 1, 0.08)
          << zeros << " % of " << words;
    }
  }
}

}  // namespace
}  // namespace rowan::analytical
