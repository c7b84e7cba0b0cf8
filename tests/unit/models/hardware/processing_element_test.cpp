// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/processing_element.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/base/error.h"
#include "models/spec/derived.h"
#include "tests/unit/models/hardware/small_system.h"

// Latencies are those of the chip (Lm = 1, La = 2) unless a test says otherwise: an accumulation in
// cycle a can be popped from a + 3.
namespace rowan::hardware {
namespace {

using dataflow::PeProgram;
using dataflow::PsumSink;
using dataflow::PsumSource;
using testbench::has;
using Stamps = std::vector<Stamp>;
using Words = std::vector<Word>;

struct Bench {
  explicit Bench(const spec::PeSpec& spec = {})
      : ifmap("ifmap_fifo", spec.ifmap_fifo.depth, worklist),
        filter("filter_fifo", spec.filter_fifo.depth, worklist),
        psum_in("psum_in_fifo", spec.psum_in_fifo.depth, worklist),
        psum_out("psum_out_fifo", spec.psum_out_fifo.depth, worklist),
        pe("pe", spec, worklist) {
    pe.ifmap_in.bind(ifmap);
    pe.filter_in.bind(filter);
    pe.psum_in.bind(psum_in);
    pe.psum_out.bind(psum_out);
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    pe.start_layer(spec::mac_format(spec, 0));
  }
  /// Windows of `words` words, `step` apart, against `psums` filters.
  void start(std::uint32_t count, std::uint32_t words, std::uint32_t step, std::uint32_t psums,
             PsumSource source = PsumSource::kNone, std::uint32_t images = 1) {
    program = testbench::pe_program(0, 0, psums, testbench::window_plan(count, words, step), source,
                                    PsumSink::kGlobal);
    program.images = images;
    pe.start_pass(std::make_shared<PassTicket>(ticket), program);
    worklist.drain();
  }
  static void push(Fifo& fifo, const Words& words, const Stamps& visible) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      fifo.push(words[i], visible[visible.size() == 1 ? 0 : i]);
    }
    fifo.wake_consumer();
  }
  void feed(const Words& filters, const Stamps& filters_visible, const Words& ifmaps,
            const Stamps& ifmaps_visible) {
    push(filter, filters, filters_visible);
    push(ifmap, ifmaps, ifmaps_visible);
    worklist.drain();
  }
  /// Cycles from which the psums that are out can be popped.
  Stamps out() const {
    Stamps cycles;
    for (std::uint64_t i = 0; i < psum_out.readable(); ++i) cycles.push_back(psum_out.visible(i));
    return cycles;
  }
  [[nodiscard]] std::uint64_t booked(PeActivity activity) const { return pe.cycles()[activity]; }
  [[nodiscard]] std::uint64_t count(Counter counter) const {
    ActivityCounts counts;
    pe.add_counts(counts);
    return counts[counter];
  }

  Worklist worklist{SimulationOrder::kForward};
  Fifo ifmap;
  Fifo filter;
  Fifo psum_in;
  Fifo psum_out;
  ProcessingElement pe;
  PassTicket ticket;
  PeProgram program;
};

// Filters popped 2, 3; ifmaps 2, 3. MACs 4 and 6, La apart; accumulation 8.
TEST(ProcessingElement, ComputesAWindowOfTwoWords) {
  Bench b;
  b.start(1, 2, 2, 1);
  b.feed({3, -4}, {2}, {10, 7}, {2, 3});
  EXPECT_EQ(b.out(), Stamps{11});
  EXPECT_EQ(b.psum_out.pop(11), 3 * 10 - 4 * 7);
  EXPECT_EQ(b.booked(PeActivity::kFilterLoad), 4U);         // 0 to 3
  EXPECT_EQ(b.booked(PeActivity::kBusy), 3U);               // 4, 6, 8
  EXPECT_EQ(b.booked(PeActivity::kAccumulatorHazard), 2U);  // 5, 7
  EXPECT_EQ(b.pe.cycles().total(), 9U);
  EXPECT_EQ(b.pe.waiting_for(), "");
}

// Filters popped 2 to 5. Rounds of two MACs cover La: 6 7, 8 9; accumulations 10, 11.
TEST(ProcessingElement, HasNoHazardWithAsManyFiltersAsCyclesOfAccumulation) {
  Bench b;
  b.start(1, 2, 2, 2);
  b.feed({1, 2, 3, 4}, {2}, {10, 100}, {2, 3});
  EXPECT_EQ(b.out(), (Stamps{13, 14}));
  EXPECT_EQ(b.psum_out.pop(13), 1 * 10 + 3 * 100);  // word s, filter k: index 2s + k
  EXPECT_EQ(b.psum_out.pop(14), 2 * 10 + 4 * 100);
  EXPECT_EQ(b.booked(PeActivity::kAccumulatorHazard), 0U);
  EXPECT_EQ(b.booked(PeActivity::kBusy), 6U);
}

// La = 5, Lm = 3: MACs 4 and 9, accumulation 14, out 14 + 8.
TEST(ProcessingElement, WaitsForALongAccumulationPipeline) {
  spec::PeSpec spec;
  spec.multiply_latency = Cycles(3);
  spec.accumulate_latency = Cycles(5);
  Bench b(spec);
  b.start(1, 2, 2, 1);
  b.feed({3, -4}, {2}, {10, 7}, {2, 3});
  EXPECT_EQ(b.out(), Stamps{22});
  EXPECT_EQ(b.booked(PeActivity::kAccumulatorHazard), 4 + 4U);
}

// MACs 6, 7; the second word, popped 20, can be used in 21: 21, 22; accumulations 23, 24.
TEST(ProcessingElement, WaitsForAnIfmapWord) {
  Bench b;
  b.start(1, 2, 2, 2);
  b.feed({1, 2, 3, 4}, {2}, {10}, {2});
  EXPECT_EQ(b.pe.waiting_for(),
            "pass 0: image 0, window 0: ifmap word 1 of the window in ifmap_fifo (empty)");
  b.feed({}, {0}, {100}, {20});
  EXPECT_EQ(b.out(), (Stamps{26, 27}));
  EXPECT_EQ(b.booked(PeActivity::kIfmap), 13U);  // 8 to 20
}

TEST(ProcessingElement, WaitsForItsFilters) {
  Bench b;
  b.start(1, 2, 2, 2);
  b.feed({1, 2, 3}, {2}, {10, 100}, {2});
  EXPECT_EQ(b.pe.waiting_for(), "pass 0: filter word 3 of 4 in filter_fifo (empty)");
  EXPECT_TRUE(b.out().empty());
  b.feed({4}, {30}, {}, {0});  // popped 30: MACs 31 to 34, accumulations 35, 36
  EXPECT_EQ(b.out(), (Stamps{38, 39}));
  EXPECT_EQ(b.booked(PeActivity::kFilterLoad), 31U);
}

// MACs 6 to 9; without psums to come in, accumulations 10 and 11 (above); they come in 30 and 33.
TEST(ProcessingElement, AddsThePsumsThatComeIn) {
  Bench b;
  b.start(1, 2, 2, 2, PsumSource::kLocal);
  b.feed({1, 2, 3, 4}, {2}, {10, 100}, {2, 3});
  EXPECT_EQ(b.pe.waiting_for(),
            "pass 0: image 0, window 0: psum 0: a word in psum_in_fifo (empty)");
  Bench::push(b.psum_in, {1000, -1000}, {30, 33});
  b.worklist.drain();
  EXPECT_EQ(b.out(), (Stamps{33, 36}));
  EXPECT_EQ(b.psum_out.pop(33), 310 + 1000);
  EXPECT_EQ(b.psum_out.pop(36), 420 - 1000);
  EXPECT_EQ(b.booked(PeActivity::kPsumIn), 20 + 2U);  // 10 to 29, 31 and 32
  EXPECT_EQ(b.psum_in.free(22), 31U);                 // popped in 30
}

TEST(ProcessingElement, WithoutASourceLeavesThePsumFifoAlone) {
  Bench b;
  Bench::push(b.psum_in, {1000}, {0});
  b.start(1, 1, 1, 1, PsumSource::kNone);
  b.feed({3}, {0}, {5}, {0});
  EXPECT_EQ(b.psum_in.readable(), 1U);
  EXPECT_EQ(b.psum_out.pop(20), 15);
}

TEST(ProcessingElement, PsumsWrapAtTheirWidth) {
  spec::PeSpec spec;
  spec.psum_bits = 16;
  Bench b(spec);
  Bench::push(b.psum_in, {32767}, {0});
  b.start(1, 1, 1, 1, PsumSource::kGlobal);
  b.feed({1}, {0}, {1}, {0});
  EXPECT_EQ(b.psum_out.pop(20), -32768);
}

// One slot: accumulation 10 fills it; popped in 13, it can be filled in 14.
TEST(ProcessingElement, WaitsForRoomBehindIt) {
  spec::PeSpec spec;
  spec.psum_out_fifo.depth = rowan::Words(1);
  Bench b(spec);
  b.start(1, 2, 2, 2);
  b.feed({1, 2, 3, 4}, {2}, {10, 100}, {2, 3});
  EXPECT_EQ(b.out(), Stamps{13});
  EXPECT_EQ(b.pe.waiting_for(), "pass 0: image 0, window 0: psum 1: room in psum_out_fifo (full)");
  EXPECT_EQ(b.psum_out.pop(13), 310);
  b.psum_out.wake_producer();
  b.worklist.drain();
  EXPECT_EQ(b.out(), Stamps{17});
  EXPECT_EQ(b.booked(PeActivity::kPsumOut), 3U);  // 11 to 13
}

// Filters and ifmaps popped 0, 1. MACs 2, 4: the first word is free, its slot filled from 5.
// Accumulation 6; MACs 7, 9; accumulation 11.
TEST(ProcessingElement, LoadsAnIfmapWordInTheCycleAfterTheWindowThatFreesItsSlot) {
  spec::PeSpec spec;
  spec.ifmap_spad.size = rowan::Words(2);
  Bench b(spec);
  b.start(2, 2, 1, 1);
  b.feed({3, 4}, {0}, {1, 10, 100}, {0});
  EXPECT_EQ(b.out(), (Stamps{9, 14}));
  EXPECT_EQ(b.psum_out.pop(9), 3 + 40);
  EXPECT_EQ(b.psum_out.pop(14), 30 + 400);
  // Slots in line: a fresh one, those popped in 0 and 1, the one popped in 5.
  EXPECT_EQ(b.ifmap.free(2), 2U);
  EXPECT_EQ(b.ifmap.free(3), 6U);
}

TEST(ProcessingElement, LoadsAheadWhileItHasRoom) {
  spec::PeSpec spec;
  spec.ifmap_spad.size = rowan::Words(3);
  Bench b(spec);
  b.start(2, 2, 1, 1);
  b.feed({3, 4}, {0}, {1, 10, 100}, {0});
  EXPECT_EQ(b.ifmap.free(3), 3U);  // popped in 2
}

// Two images of a window each: MACs 6 to 9, accumulations 10, 11; MACs 12 to 15, accumulations
// 16, 17.
TEST(ProcessingElement, GoesOnWithTheNextImage) {
  Bench b;
  b.start(1, 2, 2, 2, PsumSource::kNone, 2);
  b.feed({1, 2, 3, 4}, {2}, {10, 100, 20, 200}, {2});
  EXPECT_EQ(b.out(), (Stamps{13, 14, 19, 20}));
  (void)b.psum_out.pop(13);
  (void)b.psum_out.pop(14);
  EXPECT_EQ(b.psum_out.pop(19), 1 * 20 + 3 * 200);
}

// Pass 0: filters 2, 3, MACs 4, 5, accumulations 6, 7. The filters of pass 1 stand in the FIFO from
// 3 on but are popped in 8, 9: MACs 10, 11, accumulations 12, 13.
TEST(ProcessingElement, LoadsFiltersAfterThePassBefore) {
  Bench b;
  b.start(1, 1, 1, 2);
  b.ticket.pass.number = 1;
  b.ticket.release = b.ticket.earliest = 1;
  const PeProgram first = b.program;
  b.pe.start_pass(std::make_shared<PassTicket>(b.ticket), first);
  b.feed({1, 2, 5, 6}, {2, 2, 3, 3}, {10, 10}, {2, 3});
  EXPECT_EQ(b.out(), (Stamps{9, 10, 15, 16}));
  EXPECT_EQ(b.filter.free(6), 9U);  // the third word was popped in 8
  EXPECT_EQ(b.booked(PeActivity::kFilterLoad), 4 + 2U);
  (void)b.psum_out.pop(9);
  (void)b.psum_out.pop(10);
  EXPECT_EQ(b.psum_out.pop(15), 50);
}

TEST(ProcessingElement, DoesNothingBeforeTheRelease) {
  Bench b;
  b.ticket.configured = 10;
  b.ticket.earliest = 10;
  b.ticket.release = 25;
  b.start(1, 1, 1, 2);
  b.feed({1, 2}, {0}, {10}, {0});  // popped 25, 26; MACs 27, 28; accumulations 29, 30
  EXPECT_EQ(b.out(), (Stamps{32, 33}));
  EXPECT_EQ(b.ifmap.free(3), 26U);
  EXPECT_EQ(b.booked(PeActivity::kConfiguration), 10U);
  EXPECT_EQ(b.booked(PeActivity::kDram), 15U);
  EXPECT_EQ(b.booked(PeActivity::kFilterLoad), 2U);
  EXPECT_EQ(b.pe.cycles().total(), 31U);
}

TEST(ProcessingElement, BooksWhatItWaitsForBetweenPasses) {
  Bench b;
  b.start(1, 1, 1, 2);
  b.feed({1, 2}, {0}, {10}, {0});  // done in 5: filters 0, 1, MACs 2, 3, accumulations 4, 5
  b.ticket.pass.number = 1;
  b.ticket.earliest = 20;
  b.ticket.release = 26;
  const PeProgram first = b.program;
  b.pe.start_pass(std::make_shared<PassTicket>(b.ticket), first);
  b.feed({1, 2}, {0}, {10}, {0});
  EXPECT_EQ(b.booked(PeActivity::kPassTransition), 14U);  // 6 to 19
  EXPECT_EQ(b.booked(PeActivity::kDram), 6U);
  EXPECT_EQ(b.booked(PeActivity::kFilterLoad), 4U);
  b.pe.end_layer(40, 50, true);
  EXPECT_EQ(b.pe.cycles().total(), 50U);
  EXPECT_EQ(b.booked(PeActivity::kPassTransition), 14 + 8U);  // 32 to 39
  EXPECT_EQ(b.booked(PeActivity::kDram), 6 + 10U);
}

TEST(ProcessingElement, IsIdleInAPassWithoutIt) {
  Bench b;
  b.start(1, 1, 1, 2);
  b.feed({1, 2}, {0}, {10}, {0});  // until 5
  b.ticket.pass.number = 2;
  b.ticket.idle_until = 30;
  b.ticket.earliest = b.ticket.release = 32;
  const PeProgram first = b.program;
  b.pe.start_pass(std::make_shared<PassTicket>(b.ticket), first);
  b.feed({1, 2}, {0}, {10}, {0});
  EXPECT_EQ(b.booked(PeActivity::kIdle), 24U);           // 6 to 29
  EXPECT_EQ(b.booked(PeActivity::kPassTransition), 2U);  // 30, 31
  b.pe.end_layer(60, 70, false);
  EXPECT_EQ(b.booked(PeActivity::kIdle), 24 + 32U);  // 38 to 69
  EXPECT_EQ(b.pe.cycles().total(), 70U);
}

// The cycles of HasNoHazardWithAsManyFiltersAsCyclesOfAccumulation.
TEST(ProcessingElement, ZeroGatingChangesCountsAndNoCycle) {
  Bench b;
  b.start(1, 2, 2, 2);
  b.feed({1, 2, 3, 4}, {2}, {0, 100}, {2, 3});
  EXPECT_EQ(b.out(), (Stamps{13, 14}));
  EXPECT_EQ(b.count(Counter::kMacGated), 2U);
  EXPECT_EQ(b.count(Counter::kMacCompute), 2U);
  EXPECT_EQ(b.count(Counter::kFilterSpadRead), 2U);
  EXPECT_EQ(b.count(Counter::kPsumSpadRead), 2 + 2U);
  EXPECT_EQ(b.count(Counter::kPsumSpadWrite), 2 + 2U);
  EXPECT_EQ(b.count(Counter::kIfmapSpadRead), 2U);
  EXPECT_EQ(b.count(Counter::kIfmapSpadReadRepeated), 0U);
  EXPECT_EQ(b.count(Counter::kIfmapSpadWrite), 2U);
  EXPECT_EQ(b.count(Counter::kFilterSpadWrite), 4U);
  EXPECT_EQ(b.count(Counter::kAdderAccumulate), 2U);
  EXPECT_EQ(b.psum_out.pop(13), 300);
}

TEST(ProcessingElement, WithoutZeroGatingComputesEveryMac) {
  spec::PeSpec spec;
  spec.zero_gating = false;
  Bench b(spec);
  b.start(1, 2, 2, 2);
  b.feed({1, 2, 3, 4}, {2}, {0, 100}, {2, 3});
  EXPECT_EQ(b.out(), (Stamps{13, 14}));
  EXPECT_EQ(b.count(Counter::kMacGated), 0U);
  EXPECT_EQ(b.count(Counter::kMacCompute), 4U);
  EXPECT_EQ(b.count(Counter::kFilterSpadRead), 4U);
  EXPECT_EQ(b.count(Counter::kPsumSpadRead), 4 + 2U);
  EXPECT_EQ(b.psum_out.pop(13), 300);
}

// The pass of ZeroGatingChangesCountsAndNoCycle: two words of a window, one of them zero, each for
// two MACs.
TEST(ProcessingElement, ReadsIfmapWordsForEachMacGatedOrNotWhereThePlatformSaysSo) {
  spec::PeSpec spec;
  spec.ifmap_spad_reads = spec::IfmapSpadReads::kPerMac;
  Bench b(spec);
  b.start(1, 2, 2, 2);
  b.feed({1, 2, 3, 4}, {2}, {0, 100}, {2, 3});
  EXPECT_EQ(b.out(), (Stamps{13, 14}));
  EXPECT_EQ(b.count(Counter::kMacGated), 2U);
  EXPECT_EQ(b.count(Counter::kIfmapSpadRead), 2U);
  EXPECT_EQ(b.count(Counter::kIfmapSpadReadRepeated), 2U);
}

TEST(ProcessingElement, PassWithMoreFilterWordsThanTheScratchpadIsAnError) {
  spec::PeSpec spec;
  spec.filter_spad.size = rowan::Words(4);
  Bench b(spec);
  b.start(1, 2, 2, 2);  // fits
  try {
    Bench::push(b.filter, {1, 2, 3, 4}, {0});
    Bench::push(b.ifmap, {1, 1}, {0});
    b.worklist.drain();
    b.ticket.pass.number = 1;
    b.start(1, 5, 5, 1);
    FAIL() << "no error";
  } catch (const HardwareError& error) {
    EXPECT_STREQ(error.what(), "pe.filter_spad: pass 1 needs 5 words, there are 4");
  }
}

TEST(ProcessingElement, StartsALayerFromNothing) {
  Bench b;
  b.start(1, 2, 2, 1);
  b.feed({3, -4}, {2}, {10, 7}, {2, 3});
  (void)b.psum_out.pop(11);
  for (Fifo* fifo : {&b.ifmap, &b.filter, &b.psum_in, &b.psum_out}) fifo->restart();
  b.pe.start_layer(MacFormat{});
  EXPECT_EQ(b.pe.cycles().total(), 0U);
  EXPECT_EQ(b.count(Counter::kMacCompute), 0U);
  b.start(1, 2, 2, 1);
  b.feed({3, -4}, {2}, {10, 7}, {2, 3});
  EXPECT_EQ(b.out(), Stamps{11});
  EXPECT_EQ(b.pe.cycles().total(), 9U);
  EXPECT_EQ(b.count(Counter::kFilterSpadWrite), 2U);
}

}  // namespace
}  // namespace rowan::hardware
