// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/local_link.h"

#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/models/hardware/small_system.h"

namespace rowan::hardware {
namespace {

struct Bench {
  Bench(std::uint64_t width, std::uint64_t to_depth = 24)
      : from("from_fifo", Words(24), worklist),
        to("to_fifo", Words(to_depth), worklist),
        link("link",
             {spec::words_per_packet(Bits(width), 16), spec::packet_interval(Bits(width), 16)},
             worklist) {
    link.from.bind(from);
    link.to.bind(to);
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    link.start_layer();
    link.configure(true);
  }
  void push(const std::vector<Stamp>& visible) {
    Word word = 1;
    for (const Stamp at : visible) from.push(word++, at);
    from.wake_consumer();
    worklist.drain();
  }
  /// Cycles from which the words that came through can be popped.
  std::vector<Stamp> arrivals() const {
    std::vector<Stamp> cycles;
    for (std::uint64_t i = 0; i < to.readable(); ++i) cycles.push_back(to.visible(i));
    return cycles;
  }
  [[nodiscard]] std::uint64_t count(Counter counter) const {
    ActivityCounts counts;
    link.add_counts(counts);
    return counts[counter];
  }

  Worklist worklist{SimulationOrder::kForward};
  Fifo from;
  Fifo to;
  LocalLink link;
};

// Words that can be popped in 5 move in 5 and can be popped above from 6.
TEST(LocalLink, Moves4WordsOf16BitsACycleOver64Bits) {
  Bench b(64);
  b.push({5, 5, 5, 5, 5, 5, 5, 5, 5, 5});
  EXPECT_EQ(b.arrivals(), (std::vector<Stamp>{6, 6, 6, 6, 7, 7, 7, 7, 8, 8}));
  EXPECT_EQ(b.count(Counter::kLocalNetworkWord), 10U);
  EXPECT_EQ(b.count(Counter::kLocalNetworkBlocked), 0U);
  for (Word word = 1; word <= 10; ++word) EXPECT_EQ(b.to.pop(20), word);
}

TEST(LocalLink, CountsTheWidthPerCycle) {
  Bench b(63);  // three words
  b.push({5, 5, 6, 6, 6, 6, 6});
  EXPECT_EQ(b.arrivals(), (std::vector<Stamp>{6, 6, 7, 7, 7, 8, 8}));
}

TEST(LocalLink, TakesSeveralCyclesForAWordThatIsWider) {
  Bench b(5);  // 16 bits in 4 cycles
  b.push({5, 5, 20});
  // Moved in 5, 9 and 20; the last part in 8, 12 and 23.
  EXPECT_EQ(b.arrivals(), (std::vector<Stamp>{9, 13, 24}));
}

TEST(LocalLink, CountsTheCyclesInWhichTheFifoAboveIsFull) {
  Bench b(64, 2);
  b.push({5, 5, 5, 5});
  EXPECT_EQ(b.arrivals(), (std::vector<Stamp>{6, 6}));
  EXPECT_EQ(b.link.waiting_for(), "room in to_fifo (full)");
  // Popped in 10, so the third word moves in 11: blocked in 5 to 10. Popped in 12: moves in 13,
  // blocked in 11 and 12.
  EXPECT_EQ(b.to.pop(10), 1);
  b.to.wake_producer();
  b.worklist.drain();
  EXPECT_EQ(b.arrivals(), (std::vector<Stamp>{6, 12}));
  EXPECT_EQ(b.count(Counter::kLocalNetworkBlocked), 6U);
  EXPECT_EQ(b.to.pop(12), 2);
  b.to.wake_producer();
  b.worklist.drain();
  EXPECT_EQ(b.arrivals(), (std::vector<Stamp>{12, 14}));
  EXPECT_EQ(b.count(Counter::kLocalNetworkBlocked), 8U);
  EXPECT_EQ(b.link.waiting_for(), "");
}

TEST(LocalLink, MovesNothingInAPassThatDoesNotUseIt) {
  Bench b(64);
  b.link.configure(false);
  b.push({5});
  b.worklist.add(b.link);
  b.worklist.drain();
  EXPECT_TRUE(b.arrivals().empty());
  EXPECT_EQ(b.link.waiting_for(), "");
}

}  // namespace
}  // namespace rowan::hardware
