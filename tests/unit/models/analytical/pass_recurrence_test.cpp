// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/pass_recurrence.h"

#include <gtest/gtest.h>

#include "tests/support/small_layer.h"

namespace rowan::analytical {
namespace {

/// A pass of CONV3 of AlexNet under the chip's mapping.
PassWork conv3() {
  PassWork work;
  work.images = 4;
  work.ofmap_rows = work.ofmap_columns = 13;
  work.groups = 1;
  work.channels = 4;
  work.filters = 64;
  work.filter_rows = work.filter_columns = 3;
  work.reads_psums = true;
  return work;
}

PassCycles time_of(const PassWork& work, const spec::AcceleratorSpec& accelerator) {
  PassPattern pattern;
  pattern.p = 16;
  pattern.q = 4;
  pattern.filter_packet = pattern.psum_packet = 4;
  return PassRecurrence(pattern, accelerator, PsumPorts::kOwn).time(work);
}

TEST(PassRecurrence, OfAlexNetsConv3IsTheEngines) {
  // docs/machine.md: 22.26 ms for 384 passes, 2 cycles of setup before all but the first.
  EXPECT_EQ(384 * (time_of(conv3(), support::eyeriss()).alone + 2) - 2, 4'452'862U);
}

TEST(PassRecurrence, GrowsAsTheEngineDoesWhenPsumFifosHoldLessThanAWindow) {
  spec::AcceleratorSpec accelerator = support::eyeriss();
  const auto whole = static_cast<double>(time_of(conv3(), accelerator).alone);
  // docs/machine.md: 20.67 and 43.54 % for FIFOs of 8 and 4 words.
  for (const auto& [depth, percent] : {std::pair(8U, 20.67), std::pair(4U, 43.54)}) {
    accelerator.pe.psum_in_fifo.depth = accelerator.pe.psum_out_fifo.depth = Words(depth);
    const auto cycles = static_cast<double>(time_of(conv3(), accelerator).alone);
    EXPECT_NEAR(100 * (cycles / whole - 1), percent, 0.5) << depth;
  }
}

TEST(PassRecurrence, OverlapSavesTheRampUnlessThePsumsAreTheSame) {
  spec::AcceleratorSpec accelerator = support::eyeriss();
  accelerator.controller.pass_transition = spec::PassTransition::kOverlap;
  PassWork work = conv3();
  const PassCycles other = time_of(work, accelerator);
  work.same_psums = true;
  const PassCycles same = time_of(work, accelerator);
  EXPECT_EQ(same.alone, other.alone);
  EXPECT_LT(other.pace, other.alone);
  EXPECT_LE(other.pace, same.pace);
  EXPECT_LE(same.pace, same.alone);
}

TEST(PassRecurrence, KnowsNothingOfThePassBefore) {
  PassPattern pattern;
  pattern.p = 16;
  pattern.q = 4;
  pattern.filter_packet = pattern.psum_packet = 4;
  PassRecurrence recurrence(pattern, support::eyeriss(), PsumPorts::kOwn);
  PassWork small = conv3();
  small.images = 1;
  small.filters = 8;
  const std::uint64_t first = recurrence.time(small).alone;
  (void)recurrence.time(conv3());
  EXPECT_EQ(recurrence.time(small).alone, first);
}

}  // namespace
}  // namespace rowan::analytical
