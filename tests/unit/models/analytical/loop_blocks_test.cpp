// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/loop_blocks.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <gtest/gtest.h>

#include "models/base/random.h"

namespace rowan::analytical {
namespace {

unsigned between(Random& random, unsigned lo, unsigned hi) {
  return static_cast<unsigned>(random.between(lo, hi));
}

TEST(LoopBlocks, AreWholeOnesAndARest) {
  const auto seven_by_three = cut(7, 3);
  ASSERT_EQ(seven_by_three.size(), 2U);
  EXPECT_EQ(seven_by_three[0].size, 3U);
  EXPECT_EQ(seven_by_three[0].count, 2U);
  EXPECT_EQ(seven_by_three[1].size, 1U);
  EXPECT_EQ(seven_by_three[1].count, 1U);
  ASSERT_EQ(cut(6, 3).size(), 1U);
  ASSERT_EQ(cut(2, 3).size(), 1U);
  EXPECT_EQ(cut(2, 3)[0].size, 2U);
}

TEST(LoopBlocks, OfASumTheFirstStandsApart) {
  const auto blocks = cut_sum(11, 4);
  ASSERT_EQ(blocks.size(), 3U);
  EXPECT_TRUE(blocks[0].first);
  EXPECT_EQ(blocks[0].size, 4U);
  EXPECT_FALSE(blocks[1].first);
  EXPECT_EQ(blocks[1].count, 1U);
  EXPECT_EQ(blocks[2].size, 3U);
  ASSERT_EQ(cut_sum(3, 4).size(), 1U);
  EXPECT_EQ(cut_sum(3, 4)[0].size, 3U);
}

TEST(LoopBlocks, OfFiltersAreGroupsAndTheirSubgroups) {
  // 10 filters in groups of 6, those in subgroups of 4: 4 + 2, and 4.
  const auto groups = cut_filters(10, 6, 4);
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0].subgroups.size(), 2U);
  EXPECT_EQ(groups[1].filters, 4U);
  EXPECT_EQ(groups[1].subgroups.size(), 1U);
}

TEST(LoopBlocks, OfAnAxisAreThoseOfAnEnumeration) {
  using Key = std::tuple<unsigned, unsigned, bool, std::uint64_t, std::uint64_t>;
  Random random(3);
  for (unsigned trial = 0; trial < 2'000; ++trial) {
    Axis axis;
    axis.taps = between(random, 1, 6);
    axis.dilation = between(random, 1, 3);
    axis.stride = between(random, 1, 4);
    axis.padding = between(random, 0, 7);
    const unsigned kernel = (axis.taps - 1) * axis.dilation + 1;
    axis.inputs = between(random, kernel, 30);
    if (trial % 2 == 1) axis.input_dilation = between(random, 1, 5);
    const unsigned inserted = (axis.inputs - 1) * axis.input_dilation + 1;
    const unsigned padding_end = between(random, 0, 7);
    axis.outputs = (inserted + axis.padding + padding_end - kernel) / axis.stride + 1;
    const unsigned outputs = between(random, 1, axis.outputs);
    const unsigned taps = between(random, 1, axis.taps);

    std::map<Key, std::uint64_t> expected;
    for (unsigned tap = 0; tap < axis.taps; tap += taps) {
      for (unsigned output = 0; output < axis.outputs; output += outputs) {
        const unsigned rows = std::min(outputs, axis.outputs - output);
        const unsigned fold = std::min(taps, axis.taps - tap);
        const unsigned begin = output * axis.stride + tap * axis.dilation;
        const unsigned extent = (rows - 1) * axis.stride + (fold - 1) * axis.dilation + 1;
        std::uint64_t loaded = 0;
        for (unsigned at = begin; at < begin + extent; ++at) {
          if (at < axis.padding || at >= axis.padding + inserted) continue;
          if ((at - axis.padding) % axis.input_dilation == 0) ++loaded;
        }
        ++expected[{rows, fold, tap == 0, extent, loaded}];
      }
    }
    std::map<Key, std::uint64_t> found;
    for (const AxisBlocks& block : cut_axis(axis, outputs, taps)) {
      found[{block.outputs, block.taps, block.first, block.extent, block.loaded}] += block.count;
    }
    ASSERT_EQ(found, expected) << "trial " << trial;
  }
}

TEST(PositionsUsed, AreThoseOfAnEnumeration) {
  for (unsigned outputs = 1; outputs <= 6; ++outputs) {
    for (unsigned taps = 1; taps <= 6; ++taps) {
      for (unsigned stride = 1; stride <= 6; ++stride) {
        for (unsigned dilation = 1; dilation <= 6; ++dilation) {
          std::set<unsigned> positions;
          for (unsigned a = 0; a < outputs; ++a) {
            for (unsigned b = 0; b < taps; ++b) positions.insert(a * stride + b * dilation);
          }
          ASSERT_EQ(positions_used(outputs, taps, stride, dilation), positions.size())
              << outputs << " " << taps << " " << stride << " " << dilation;
        }
      }
    }
  }
}

}  // namespace
}  // namespace rowan::analytical
