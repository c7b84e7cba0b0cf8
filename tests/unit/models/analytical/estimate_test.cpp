// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/estimate.h"

#include <gtest/gtest.h>

#include "tests/support/small_layer.h"

namespace rowan::analytical {
namespace {

constexpr unsigned kBatch = 4;

Estimate alexnet(const char* name, const spec::AcceleratorSpec& accelerator = support::eyeriss()) {
  const workloads::Layer layer = support::alexnet_layer(name);
  return estimate(support::alexnet_mapping(name), layer.shape, kBatch, accelerator,
                  assumptions_of(layer));
}

TEST(Estimate, CountsThePassesAndMacsOfAlexNet) {
  const Estimate conv3 = alexnet("CONV3");
  EXPECT_EQ(conv3.passes, 256U / 4 * (384 / 64));
  EXPECT_EQ(conv3.macs, 4U * support::alexnet_layer("CONV3").shape.macs_per_image());
}

TEST(Estimate, CountsTheTrafficOfConv3) {
  const ActivityCounts counts = alexnet("CONV3").counts;
  const std::uint64_t psums = 4U * 384 * 13 * 13;
  const std::uint64_t ifmap = 4U * 256 * 15 * 15;  // padded
  EXPECT_EQ(counts[Counter::kGlbPsumWrite], psums * 64);
  EXPECT_EQ(counts[Counter::kGlbPsumRead], psums * 63);
  EXPECT_EQ(counts[Counter::kGlbOfmapRead], psums);
  EXPECT_EQ(counts[Counter::kGlbIfmapRead], ifmap * 6);   // once per pass of 64 filters
  EXPECT_EQ(counts[Counter::kGlbIfmapWrite], ifmap * 6);  // once per m = 64
  EXPECT_EQ(counts[Counter::kGlbFilterRead], 384U * 256 * 9);
  EXPECT_EQ(counts[Counter::kDramFilterRead], 384U * 256 * 9 * 2);
}

TEST(Estimate, OfTheNetworksInputIsNotCoded) {
  // CONV1: 8 strips, 7 of them of 6*4 + 11 rows and the last of 5*4 + 11, in 3 planes of 4 images.
  const ActivityCounts counts = alexnet("CONV1").counts;
  const std::uint64_t rows = 7 * 35 + 31;
  EXPECT_NEAR(static_cast<double>(counts[Counter::kDramIfmapRead]),
              static_cast<double>(4 * 3 * rows * 227 * 2), 8.0 * 4 * 3 * 8);
}

TEST(Estimate, IsTheSumOfItsParts) {
  for (const char* name : {"CONV1", "CONV2", "CONV3", "CONV4", "CONV5"}) {
    const Estimate found = alexnet(name);
    const Bounds& b = found.bounds;
    EXPECT_EQ(found.processing, b.windows + b.filter_load + b.ramp) << name;
    EXPECT_EQ(found.total, found.processing + b.dram + Cycles(1794)) << name;
    EXPECT_GE(b.windows, std::max({b.mac + b.accumulation, b.psum_bus, b.ifmap_bus})) << name;
    EXPECT_STREQ(name_of(found.binding), "mac") << name;
  }
}

TEST(Estimate, DoubleBufferHidesDram) {
  spec::AcceleratorSpec accelerator = support::eyeriss();
  const Estimate none = alexnet("CONV3", accelerator);
  accelerator.dram.overlap = spec::DramOverlap::kDoubleBuffer;
  const Estimate twice = alexnet("CONV3", accelerator);
  EXPECT_EQ(twice.processing, none.processing);
  EXPECT_LT(twice.total, none.total);
  accelerator.dram.link_clock = Kilohertz(1'000);
  const Estimate slow = alexnet("CONV3", accelerator);
  EXPECT_EQ(slow.binding, Bound::kDram);
  // 8 bytes in 200 cycles.
  EXPECT_NEAR(
      static_cast<double>(slow.total.value()) / (static_cast<double>(slow.dram().value()) * 25), 1,
      0.02);
}

TEST(Estimate, NamesTheBusThatBinds) {
  spec::AcceleratorSpec accelerator = support::eyeriss();
  accelerator.psum_gin.width = Bits(16);
  accelerator.gon.width = Bits(16);
  EXPECT_EQ(alexnet("CONV3", accelerator).binding, Bound::kPsumBus);
  accelerator = support::eyeriss();
  accelerator.ifmap_gin.width = Bits(2);
  EXPECT_EQ(alexnet("CONV3", accelerator).binding, Bound::kIfmapBus);
}

TEST(Estimate, NamesAccumulationApartFromMacs) {
  spec::AcceleratorSpec accelerator = support::eyeriss();
  const Bounds b = alexnet("CONV3", accelerator).bounds;
  EXPECT_EQ(b.mac.value(), b.accumulation.value() * 12);  // q*S = 12 MACs to an accumulation
  accelerator.pe.accumulate_latency = Cycles(48);         // three times p
  EXPECT_EQ(alexnet("CONV3", accelerator).binding, Bound::kAccumulation);
}

TEST(Assumptions, AreTheZerosOfTheSeededTensorsAndHalfOfTheOfmap) {
  workloads::Layer layer;
  layer.seeded.ifmap_zeros_percent = 40;
  layer.network_input = true;
  EXPECT_EQ(assumptions_of(layer).ifmap_zeros, 0.4);
  EXPECT_EQ(assumptions_of(layer).ofmap_zeros, 0.5);
  EXPECT_TRUE(assumptions_of(layer).network_input);
  layer.relu = false;
  EXPECT_EQ(assumptions_of(layer).ofmap_zeros, 0);
}

TEST(Estimate, OfAPassWhoseFiltersExceedTheRingEnds) {
  workloads::ConvolutionShape shape;
  shape.filters = 64;
  shape.channels = 16;
  shape.height = shape.width = 6;
  shape.kernel_height = shape.kernel_width = 3;
  dataflow::row_stationary::Mapping mapping;
  mapping.m = 64;
  mapping.e = mapping.f = mapping.t = 4;
  mapping.p = mapping.q = 16;
  mapping.filter_rows = mapping.filter_columns = 3;
  const Estimate found = estimate(mapping, shape, 1, support::eyeriss(), {});
  EXPECT_GT(found.total, found.processing);
  EXPECT_LT(found.total, Cycles(1'000'000));
}

}  // namespace
}  // namespace rowan::analytical
