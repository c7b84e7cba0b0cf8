// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/layer_time.h"

#include <gtest/gtest.h>

#include "tests/support/small_layer.h"

namespace rowan::analytical {
namespace {

/// Two passes of 100 cycles, each with 8 bytes of filters, of ifmap and of ofmap.
LayerSteps two_passes() {
  LayerSteps steps;
  LayerSteps::Shape shape;
  shape.time.windows = 100;
  shape.filter_words = 4;
  shape.filter_bytes = 8;
  steps.shapes = {shape};
  steps.passes = {{0, 0, 0}, {0, 1, 1}};
  steps.loads = {{1, 4, 8}, {1, 4, 8}};
  steps.stores = {{1, 4, 8}, {1, 4, 8}};
  return steps;
}

/// A link of a burst a cycle, ten cycles of latency; no configuration, a setup of 2 cycles.
spec::AcceleratorSpec accelerator() {
  spec::AcceleratorSpec accelerator = support::small_accelerator(1, 1);
  accelerator.dram.link_clock = accelerator.clock = Kilohertz(100'000);
  accelerator.dram.link_width = Bits(64);
  accelerator.dram.latency = Nanoseconds(100);
  accelerator.controller.scan_chain = Bits(0);
  accelerator.post_processing.lanes = 4;
  return accelerator;
}

TEST(LayerTime, OfTwoPassesIsTheOneCountedByHand) {
  const spec::AcceleratorSpec spec = accelerator();
  const LayerSteps steps = two_passes();
  LayerTimer timer(spec, steps);
  EXPECT_EQ(timer.processing(), 100U + 2 + 100);
  // Both blocks of filters are issued in cycles 1 and 2 (or 0 and 1), the first tile behind them:
  // it arrives 11 cycles later, and the pass is released in the next one. From the drain on: load
  // and store issue in the next two cycles, and the store arrives 11 later.
  const std::uint64_t first = timer.total();
  const std::uint64_t release = first - (100 + 1 + 1 + 11) - (100 + 2 + 11 + 1);
  EXPECT_GE(release, 13U);
  EXPECT_LE(release, 15U);
}

TEST(LayerTime, DoubleBufferLoadsTheNextTileBesideThePass) {
  spec::AcceleratorSpec spec = accelerator();
  const LayerSteps steps = two_passes();
  const std::uint64_t once = LayerTimer(spec, steps).total();
  spec.dram.overlap = spec::DramOverlap::kDoubleBuffer;
  const std::uint64_t twice = LayerTimer(spec, steps).total();
  EXPECT_LT(twice, once);
  EXPECT_GE(twice, LayerTimer(spec, steps).processing() + 13);
}

TEST(LayerTime, ResidentTilesDoNotWaitForTheLink) {
  const spec::AcceleratorSpec spec = accelerator();
  LayerSteps steps = two_passes();
  const std::uint64_t through_dram = LayerTimer(spec, steps).total();
  steps.places = {dataflow::FmapPlace::kResident, dataflow::FmapPlace::kResident};
  EXPECT_LT(LayerTimer(spec, steps).total() + 20, through_dram);
}

}  // namespace
}  // namespace rowan::analytical
