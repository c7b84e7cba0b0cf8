// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/fifo.h"

#include <gtest/gtest.h>

#include "models/base/error.h"
#include "tests/unit/models/hardware/small_system.h"

namespace rowan::hardware {
namespace {

using testbench::Bystander;

struct Bench {
  explicit Bench(std::uint64_t depth) : fifo("fifo", Words(depth), worklist) {}
  Worklist worklist{SimulationOrder::kForward};
  Fifo fifo;
};

TEST(Fifo, WordCanBePoppedFromTheCycleItsProducerStates) {
  Bench b(4);
  EXPECT_EQ(b.fifo.readable(), 0U);
  b.fifo.push(7, 12);
  b.fifo.push(8, 12);
  b.fifo.push(9, 15);
  EXPECT_EQ(b.fifo.readable(), 3U);
  EXPECT_EQ(b.fifo.visible(), 12U);
  EXPECT_EQ(b.fifo.visible(1), 12U);
  EXPECT_EQ(b.fifo.visible(2), 15U);
}

TEST(Fifo, SlotPoppedInACycleCanBeFilledFromTheNext) {
  Bench b(2);
  b.fifo.push(1, 5);
  b.fifo.push(2, 5);
  EXPECT_EQ(b.fifo.writable(), 0U);
  EXPECT_EQ(b.fifo.pop(20), 1);
  ASSERT_EQ(b.fifo.writable(), 1U);
  EXPECT_EQ(b.fifo.free(), 21U);  // not in 20
  EXPECT_EQ(b.fifo.pop(30), 2);
  EXPECT_EQ(b.fifo.free(), 21U);
  EXPECT_EQ(b.fifo.free(1), 31U);
}

TEST(Fifo, FreshSlotsAreFreeFromTheStart) {
  Bench b(3);  // not a power of two
  EXPECT_EQ(b.fifo.free(0), 0U);
  EXPECT_EQ(b.fifo.free(2), 0U);
  b.fifo.push(1, 4);
  EXPECT_EQ(b.fifo.pop(9), 1);
  // Slots 1 and 2 were never used; slot 0 is the third in line.
  EXPECT_EQ(b.fifo.free(0), 0U);
  EXPECT_EQ(b.fifo.free(1), 0U);
  EXPECT_EQ(b.fifo.free(2), 10U);
}

TEST(Fifo, KeepsTheOrderAroundTheEnd) {
  for (const std::uint64_t depth : {1U, 2U, 3U, 5U, 24U}) {
    Worklist worklist(SimulationOrder::kForward);
    Fifo fifo(sc_core::sc_gen_unique_name("fifo"), Words(depth), worklist);
    EXPECT_EQ(fifo.depth(), depth);
    Word next_in = 0;
    Word next_out = 0;
    for (Stamp now = 1; now < 200; ++now) {
      // Fill it, then take all but one.
      while (fifo.writable() > 0) {
        // The slot was popped `depth` words before this one.
        const auto before = static_cast<std::uint64_t>(next_in);
        if (before >= depth) {
          EXPECT_LE(fifo.free(), now);
        }
        fifo.push(next_in++, now + 1);
      }
      EXPECT_EQ(fifo.readable(), depth);
      const std::uint64_t keep = depth == 1 ? 0 : 1;
      while (fifo.readable() > keep) EXPECT_EQ(fifo.pop(now), next_out++);
      EXPECT_EQ(fifo.free(), now + 1);
    }
    EXPECT_EQ(fifo.pushed() - fifo.popped(), fifo.readable());
  }
}

TEST(Fifo, OfDepthOneAlternates) {
  Bench b(1);
  b.fifo.push(1, 3);
  EXPECT_EQ(b.fifo.writable(), 0U);
  EXPECT_EQ(b.fifo.pop(3), 1);
  EXPECT_EQ(b.fifo.free(), 4U);
  b.fifo.push(2, 6);
  EXPECT_EQ(b.fifo.visible(), 6U);
  EXPECT_EQ(b.fifo.pop(8), 2);
  EXPECT_EQ(b.fifo.free(), 9U);
}

TEST(Fifo, WakesAConsumerOnceItHasWhatItWaitsFor) {
  Bench b(4);
  Bystander consumer("consumer", b.worklist);
  b.fifo.wait_readable(consumer, 2);
  b.fifo.push(1, 1);
  b.fifo.wake_consumer();
  b.worklist.drain();
  EXPECT_EQ(consumer.runs, 0U);
  b.fifo.push(2, 2);
  b.fifo.wake_consumer();
  b.worklist.drain();
  EXPECT_EQ(consumer.runs, 1U);
  b.fifo.push(3, 3);
  b.fifo.wake_consumer();  // not registered any more
  b.worklist.drain();
  EXPECT_EQ(consumer.runs, 1U);
}

TEST(Fifo, WakesAProducerOnceItHasWhatItWaitsFor) {
  Bench b(2);
  Bystander producer("producer", b.worklist);
  b.fifo.push(1, 1);
  b.fifo.push(2, 1);
  b.fifo.wait_writable(producer, 2);
  (void)b.fifo.pop(1);
  b.fifo.wake_producer();
  b.worklist.drain();
  EXPECT_EQ(producer.runs, 0U);
  (void)b.fifo.pop(2);
  b.fifo.wake_producer();
  b.worklist.drain();
  EXPECT_EQ(producer.runs, 1U);
}

TEST(Fifo, RestartForgetsCycles) {
  Bench b(2);
  b.fifo.push(1, 100);
  (void)b.fifo.pop(200);
  b.fifo.push(1, 100);
  (void)b.fifo.pop(300);
  b.fifo.restart();
  EXPECT_EQ(b.fifo.writable(), 2U);
  EXPECT_EQ(b.fifo.free(0), 0U);
  EXPECT_EQ(b.fifo.free(1), 0U);
  EXPECT_EQ(b.fifo.pushed(), 0U);  // counts are per layer
  EXPECT_EQ(b.fifo.popped(), 0U);
}

TEST(Fifo, IsEmptyAndFreeAtTheStartOfALayer) {
  Bench b(2);
  b.fifo.push(1, 50);
  b.fifo.restart();
  EXPECT_EQ(b.fifo.readable(), 0U);
  EXPECT_EQ(b.fifo.free(0), 0U);
  b.fifo.push(5, 3);
  EXPECT_EQ(b.fifo.visible(), 3U);
  EXPECT_EQ(b.fifo.pop(3), 5);
}

}  // namespace
}  // namespace rowan::hardware
