// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/gon.h"

#include <memory>

#include <gtest/gtest.h>

#include "models/base/error.h"
#include "tests/unit/models/hardware/small_system.h"

namespace rowan::hardware {
namespace {

/// Two PEs; a step is a packet of 3 words of PE 0 and one of 1 word of PE 1, done twice.
struct Bench {
  explicit Bench(const spec::AcceleratorSpec& spec)
      : glb("global_buffer", spec), gon("gon", spec, glb, worklist) {
    gon.inputs[0].bind(first);
    gon.inputs[1].bind(second);
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    glb.start_layer({16, 12, 1, 1});
    gon.start_layer();
    auto pass = std::make_shared<dataflow::PassShape>();
    pass->pes.resize(2);
    pass->pes[0].active = pass->pes[1].active = true;
    pass->pes[0].psum_id = {0, 0};
    pass->pes[1].psum_id = {0, 1};
    pass->psum_out = {{0, 2}, {{{0, 0}, 3, 0}, {{0, 1}, 1, 1}}};
    ticket.pass.shape = pass;
  }
  void start() {
    gon.start_pass(std::make_shared<PassTicket>(ticket));
    worklist.drain();
  }
  void push(Fifo& fifo, std::initializer_list<Stamp> visible) {
    for (const Stamp at : visible) fifo.push(next_word++, at);
    fifo.wake_consumer();
    worklist.drain();
  }
  Worklist worklist{SimulationOrder::kForward};
  Fifo first{"first", Words(8), worklist};
  Fifo second{"second", Words(8), worklist};
  GlobalBuffer glb;
  Gon gon;
  testbench::Bystander bystander{"bystander", worklist};
  PassTicket ticket;
  Word next_word = 1;
};

spec::AcceleratorSpec two_pes() {
  spec::AcceleratorSpec spec = support::small_accelerator(1, 2);
  spec.gon.latency = Cycles(3);
  return spec;
}

TEST(Gon, PassThatBringsNoPsumsIsAnError) {
  Bench b(two_pes());
  auto pass = std::make_shared<dataflow::PassShape>(*b.ticket.pass.shape);
  pass->psum_out.step.clear();
  b.ticket.pass.shape = pass;
  EXPECT_THROW(b.start(), HardwareError);
}

TEST(Gon, TakesAPacketWhenAllItsWordsCanBePopped) {
  Bench b(two_pes());
  b.ticket.psum_base = 4;
  b.ticket.pass.psum_row = 2;
  b.start();
  EXPECT_EQ(b.gon.waiting_for(), "pass 0: a packet in first (empty)");
  b.push(b.first, {10, 12});
  EXPECT_EQ(b.first.readable(), 2U);  // no part of a packet
  EXPECT_EQ(b.gon.waiting_for(), "pass 0: a packet in first");
  b.push(b.first, {15});
  EXPECT_EQ(b.first.readable(), 0U);
  EXPECT_EQ(b.first.free(7), 16U);  // popped in 15
  const Word* row = b.glb.psum_row(4 + 2 + 0);
  EXPECT_EQ(row[0], 1);
  EXPECT_EQ(row[2], 3);
  EXPECT_EQ(b.gon.words(), 3U);
  EXPECT_FALSE(b.gon.drained(0).has_value());
}

TEST(Gon, DrainsAPassWithTheLastWrite) {
  Bench b(two_pes());
  b.start();
  b.push(b.first, {10, 10, 10, 10, 10, 10});
  b.push(b.second, {10, 30});
  // Packets in 10, 11, 12 and 30; written 3 cycles later.
  EXPECT_EQ(b.first.free(7), 13U);
  EXPECT_EQ(b.gon.drained(0), 33U);
  EXPECT_EQ(b.gon.passes_drained(), 1U);
  EXPECT_EQ(b.gon.packets(), 4U);
  EXPECT_EQ(b.gon.words(), 8U);
  EXPECT_EQ(b.gon.hops(), 8 * (1 + 2U));  // an X bus over two columns, the Y bus over one row
  EXPECT_EQ(b.glb.psum_row(3)[0], 8);
  EXPECT_EQ(b.gon.waiting_for(), "");
}

TEST(Gon, IssuesNothingBeforeTheRelease) {
  Bench b(two_pes());
  b.ticket.release = 20;
  b.push(b.first, {10, 10, 10});
  b.start();
  EXPECT_EQ(b.first.free(7), 21U);
}

TEST(Gon, RemembersTheLatestTwoPasses) {
  Bench b(two_pes());
  for (const Stamp at : {Stamp{10}, Stamp{50}}) {
    b.start();
    b.push(b.first, {at, at, at, at, at, at});
    b.push(b.second, {at, at});
    ++b.ticket.pass.number;
  }
  EXPECT_EQ(b.gon.drained(0), 10 + 3 + 3U);  // packets in 10 to 13
  EXPECT_EQ(b.gon.drained(1), 50 + 3 + 3U);
  EXPECT_FALSE(b.gon.drained(2).has_value());
}

TEST(Gon, TellsWhoWaitsForADrain) {
  Bench b(two_pes());
  b.gon.notify_when_drained(b.bystander);
  b.start();
  b.push(b.first, {1, 1, 1, 1, 1, 1});
  b.push(b.second, {1});
  EXPECT_EQ(b.bystander.runs, 0U);
  b.push(b.second, {1});
  EXPECT_EQ(b.bystander.runs, 1U);
}

TEST(Gon, TakesSeveralCyclesForAWordWiderThanItsBus) {
  spec::AcceleratorSpec spec = two_pes();
  spec.gon.width = spec.psum_gin.width = Bits(7);  // 16 bits in 3 cycles
  Bench b(spec);
  auto shape = std::make_shared<dataflow::PassShape>(*b.ticket.pass.shape);
  shape->psum_out = {{0, 2, 4}, {{{0, 0}, 1, 0}}};
  b.ticket.pass.shape = shape;
  b.start();
  b.push(b.first, {10, 10, 10});
  EXPECT_EQ(b.gon.drained(0), 10 + 3 + 3 + 2 + 3U);  // last issue in 16, its last part in 18
}

TEST(Gon, LosesACycleToTheReaderOfTheBank) {
  spec::AcceleratorSpec spec = two_pes();
  spec.global_buffer.psum_bank_ports = 1;
  Bench b(spec);
  b.start();
  b.push(b.first, {10, 10, 10});
  PsumBanks& banks = b.glb.psum_banks();
  ASSERT_EQ(banks.next_decision(), 10U);
  banks.request(BankUser::kRead, 10, 0, 7, b.bystander);  // one bank holds all rows
  banks.decide(b.worklist);
  b.worklist.drain();
  EXPECT_EQ(b.first.readable(), 3U);
  ASSERT_EQ(banks.next_decision(), 11U);
  banks.decide(b.worklist);
  b.worklist.drain();
  EXPECT_EQ(b.first.readable(), 0U);
  EXPECT_EQ(b.first.free(7), 12U);  // popped in 11
}

TEST(Gon, StartsALayerFromNothing) {
  Bench b(two_pes());
  b.start();
  b.push(b.first, {1, 1, 1, 1, 1, 1});
  b.push(b.second, {1, 1});
  b.gon.start_layer();
  EXPECT_EQ(b.gon.passes_drained(), 0U);
  EXPECT_EQ(b.gon.packets(), 0U);
  EXPECT_FALSE(b.gon.drained(0).has_value());
}

}  // namespace
}  // namespace rowan::hardware
