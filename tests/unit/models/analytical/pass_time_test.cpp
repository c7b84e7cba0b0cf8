// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/pass_time.h"

#include <gtest/gtest.h>

#include "tests/support/small_layer.h"

namespace rowan::analytical {
namespace {

/// A pass of CONV3 of AlexNet under the chip's mapping: q*r = 4 channels, p*t = 64 filters, 4
/// images of 13 x 13.
PassWork conv3() {
  PassWork work;
  work.images = 4;
  work.ofmap_rows = 13;
  work.ofmap_columns = 13;
  work.groups = 1;
  work.channels = 4;
  work.filters = 64;
  work.filter_rows = 3;
  work.filter_columns = 3;
  work.reads_psums = true;
  return work;
}

PassTime time_of(const PassWork& work, const spec::AcceleratorSpec& accelerator) {
  return PassTimer(support::alexnet_mapping("CONV3"), support::alexnet_layer("CONV3").shape,
                   accelerator, 22)
      .time(work);
}

TEST(PassTime, OfAlexNetsConv3IsTheOneOfTheClosedForm) {
  const PassTime time = time_of(conv3(), support::eyeriss());
  EXPECT_EQ(time.mac, 52U * 16 * 4 * 3);  // p*q*S for each of n*f windows
  EXPECT_EQ(time.accumulation, 52U * 16);
  EXPECT_EQ(time.psum_bus, 52U * 64 * 13 / 4);  // 64 filters x 13 columns, 4 words a packet
  EXPECT_EQ(time.ifmap_bus, 4U * 15 * 15 * 4);  // 4 images of 15 x 15 words, 4 channels
  EXPECT_EQ(time.filter_load, 16U * 4 * 9 * 4 / 4 + 3 + 2);  // the last packet's words, latencies
  EXPECT_NEAR(static_cast<double>(time.cycles()), 11'586, 60);
}

TEST(PassTime, GrowsWithTheAccumulateLatencyOnceThatIsAboveP) {
  spec::AcceleratorSpec accelerator = support::eyeriss();
  accelerator.pe.accumulate_latency = Cycles(16);
  EXPECT_EQ(time_of(conv3(), accelerator).accumulation, 52U * 16);
  accelerator.pe.accumulate_latency = Cycles(20);
  const PassTime time = time_of(conv3(), accelerator);
  EXPECT_EQ(time.mac, 52U * 16 * 12);
  EXPECT_EQ(time.accumulation, 52U * (16 + 12 * 4));
}

TEST(PassTime, GrowsWhenPsumFifosHoldLessThanAWindow) {
  spec::AcceleratorSpec accelerator = support::eyeriss();
  const std::uint64_t whole = time_of(conv3(), accelerator).windows;
  accelerator.pe.psum_in_fifo.depth = Words(16);
  accelerator.pe.psum_out_fifo.depth = Words(16);
  EXPECT_EQ(time_of(conv3(), accelerator).windows, whole);
  // docs/machine.md: 20.67 and 43.54 % for FIFOs of 8 and 4 words.
  for (const auto& [depth, percent] : {std::pair(8, 20.67), std::pair(4, 43.54)}) {
    accelerator.pe.psum_in_fifo.depth = Words(static_cast<std::uint64_t>(depth));
    accelerator.pe.psum_out_fifo.depth = Words(static_cast<std::uint64_t>(depth));
    EXPECT_NEAR(100 * (static_cast<double>(time_of(conv3(), accelerator).cycles()) / 11'586 - 1),
                percent, 2)
        << depth;
  }
}

TEST(PassTime, OfTwoPesWithOneFilterIsTheOneCountedByHand) {
  // One filter of one row and two taps, two columns of PEs, three windows in each of two images.
  // Both ifmap rows take the bus in turn: words in cycles 0 and 1, popped in 2 and 3, MACs from 3
  // and 4. A window is two rounds of La = 2 cycles and an accumulation.
  workloads::ConvolutionShape shape;
  shape.height = 2;
  shape.width = 6;
  shape.kernel_width = 2;
  shape.stride = 2;
  dataflow::row_stationary::Mapping mapping;
  mapping.n = 2;
  mapping.e = 2;
  mapping.f = 3;
  mapping.filter_columns = 2;
  PassWork work;
  work.images = 2;
  work.ofmap_rows = 2;
  work.ofmap_columns = 3;
  work.groups = work.channels = work.filters = work.filter_rows = 1;
  work.filter_columns = 2;
  const PassTime time = PassTimer(mapping, shape, support::small_accelerator(1, 2), 1).time(work);
  EXPECT_EQ(time.mac, 6U * 2);
  EXPECT_EQ(time.accumulation, 6U * 3);
  EXPECT_EQ(time.psum_bus, 6U * 2);
  EXPECT_EQ(time.ifmap_bus, 2U * 6 * 2);
  // Filter words in cycle 0, popped in 2 and 3, so MACs from 4; the last accumulation in 33 (the
  // second PE's at the same time: its words were there), its psum in 36, the second packet in 37,
  // in the GLB in 38.
  EXPECT_EQ(time.filter_load, 4U);
  EXPECT_EQ(time.cycles(), 38U);
}

TEST(PassTime, RemaindersCostOnlyWhatTheyHave) {
  const spec::AcceleratorSpec accelerator = support::eyeriss();
  PassWork work = conv3();
  work.channels = 2;
  work.filters = 8;
  const PassTime time = time_of(work, accelerator);
  EXPECT_EQ(time.mac, 52U * 8 * 2 * 3);
  EXPECT_EQ(time.accumulation, 52U * 8);
  EXPECT_EQ(time.psum_bus, 52U * 8 * 13 / 4);
}

}  // namespace
}  // namespace rowan::analytical
