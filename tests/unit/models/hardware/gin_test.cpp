// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/gin.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/base/error.h"
#include "models/hardware/gon.h"
#include "tests/unit/models/hardware/small_system.h"

namespace rowan::hardware {
namespace {

using dataflow::PassShape;
using dataflow::PeProgram;
using Stamps = std::vector<Stamp>;

/// Carries the packets' addresses as words.
class AddressGin final : public Gin {
 public:
  AddressGin(const spec::AcceleratorSpec& spec, Stamp interval, Cycles latency, Worklist& worklist)
      : Gin("gin", spec, interval, latency, &PassShape::ifmap, &PeProgram::ifmap_id, worklist) {}
  Stamps issued;

 private:
  void fetch(const PassTicket&, std::uint32_t address, std::uint32_t words, Stamp now,
             Word* to) override {
    issued.push_back(now);
    for (std::uint32_t i = 0; i < words; ++i) to[i] = static_cast<Word>(address + i);
  }
};

spec::AcceleratorSpec two_by_two() { return support::small_accelerator(2, 2); }

/// PEs 0 and 2 have ID (0, 0), PE 1 has (1, 0), PE 3 none; the GLB is read in 1 cycle.
struct Bench {
  explicit Bench(std::uint64_t depth = 4, Stamp interval = 1, Cycles latency = Cycles(2))
      : gin(two_by_two(), interval, latency, worklist) {
    for (unsigned i = 0; i < 4; ++i) {
      fifos.push_back(
          std::make_unique<Fifo>(("fifo_" + std::to_string(i)).c_str(), Words(depth), worklist));
      gin.outputs[i].bind(*fifos.back());
    }
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    gin.start_layer();
    shape->pes.resize(4);
    for (const std::size_t pe : {0U, 1U, 2U}) shape->pes[pe].active = true;
    shape->pes[0].ifmap_id = shape->pes[2].ifmap_id = {0, 0};
    shape->pes[1].ifmap_id = {1, 0};
  }
  void start(Stamp release, std::uint64_t number = 0) {
    auto ticket = std::make_shared<PassTicket>();
    ticket->pass.shape = shape;
    ticket->pass.number = number;
    ticket->release = release;
    gin.start_pass(ticket);
    worklist.drain();
  }
  void pop(unsigned fifo, Stamp now) {
    (void)fifos[fifo]->pop(now);
    fifos[fifo]->wake_producer();
    worklist.drain();
  }
  Stamps visible(unsigned fifo) const {
    Stamps cycles;
    for (std::uint64_t i = 0; i < fifos[fifo]->readable(); ++i) {
      cycles.push_back(fifos[fifo]->visible(i));
    }
    return cycles;
  }
  Worklist worklist{SimulationOrder::kForward};
  AddressGin gin;
  std::vector<std::unique_ptr<Fifo>> fifos;
  std::shared_ptr<PassShape> shape = std::make_shared<PassShape>();
};

// L = read latency 1 + network latency 2.
TEST(Gin, IssuesAPacketACycleFromTheRelease) {
  Bench b;
  b.shape->ifmap = {{0, 100}, {{{0, 0}, 1, 5}, {{1, 0}, 1, 7}}};
  b.start(10);
  EXPECT_EQ(b.gin.issued, (Stamps{10, 11, 12, 13}));
  EXPECT_EQ(b.visible(0), (Stamps{13, 15}));
  EXPECT_EQ(b.visible(2), (Stamps{13, 15}));
  EXPECT_EQ(b.visible(1), (Stamps{14, 16}));
  EXPECT_EQ(b.fifos[0]->pop(20), 5);
  EXPECT_EQ(b.fifos[0]->pop(20), 105);
  EXPECT_EQ(b.fifos[2]->pop(20), 5);
  EXPECT_EQ(b.fifos[1]->pop(20), 7);
  EXPECT_EQ(b.fifos[3]->readable(), 0U);
  EXPECT_EQ(b.gin.packets(), 4U);
  EXPECT_EQ(b.gin.words(), 4U);
  EXPECT_EQ(b.gin.deliveries(), 6U);
  EXPECT_EQ(b.gin.blocked(), 0U);
  EXPECT_EQ(b.gin.waiting_for(), "");
}

// The Y bus is 2 PE pitches long, and so is each X bus: 2 + 2*2 to PEs 0 and 2, 2 + 2 to PE 1.
TEST(Gin, CountsTheYBusAndTheXBusesThatTakeAPacket) {
  Bench b;
  b.shape->ifmap = {{0, 100}, {{{0, 0}, 1, 5}, {{1, 0}, 1, 7}}};
  b.start(10);
  EXPECT_EQ(b.gin.hops(), 2 * (6 + 4U));
}

TEST(Gin, CountsHopsOfEachWordOfAPacket) {
  Bench b;
  b.shape->ifmap = {{0}, {{{1, 0}, 3, 7}}};
  b.start(10);
  EXPECT_EQ(b.gin.hops(), 3 * 4U);
  b.gin.start_layer();
  EXPECT_EQ(b.gin.hops(), 0U);
}

TEST(Gin, WaitsUntilEveryDestinationHasRoom) {
  Bench b(1);
  b.shape->ifmap = {{0, 100}, {{{0, 0}, 1, 5}, {{1, 0}, 1, 7}}};
  b.start(10, 3);
  EXPECT_EQ(b.gin.issued, (Stamps{10, 11}));
  EXPECT_EQ(b.gin.waiting_for(), "pass 3: room in fifo_0 (full)");
  b.pop(0, 15);
  EXPECT_EQ(b.gin.waiting_for(), "pass 3: room in fifo_2 (full)");
  EXPECT_EQ(b.gin.issued.size(), 2U);
  b.pop(2, 20);  // its slot can be filled in 21, not in 20; blocked in 12 to 20
  EXPECT_EQ(b.gin.issued, (Stamps{10, 11, 21}));
  EXPECT_EQ(b.visible(0), Stamps{24});
  EXPECT_EQ(b.visible(2), Stamps{24});
  EXPECT_EQ(b.gin.blocked(), 9U);
  b.pop(1, 14);  // long before the packet's turn
  EXPECT_EQ(b.gin.issued, (Stamps{10, 11, 21, 22}));
  EXPECT_EQ(b.gin.blocked(), 9U);
}

TEST(Gin, NeedsRoomForAllWordsOfAPacket) {
  Bench b(3);
  b.shape->ifmap = {{0, 100}, {{{1, 0}, 2, 5}}};
  b.start(10);
  EXPECT_EQ(b.gin.issued, Stamps{10});
  EXPECT_EQ(b.visible(1), (Stamps{13, 13}));
  b.pop(1, 30);
  EXPECT_EQ(b.gin.issued, (Stamps{10, 31}));
  EXPECT_EQ(b.gin.words(), 4U);
  EXPECT_EQ(b.gin.packets(), 2U);
}

TEST(Gin, KeepsItsIntervalAcrossPasses) {
  Bench b(8, 4);
  b.shape->ifmap = {{0}, {{{0, 0}, 1, 5}, {{1, 0}, 1, 7}}};
  b.start(10);
  b.start(11, 1);
  EXPECT_EQ(b.gin.issued, (Stamps{10, 14, 18, 22}));
  EXPECT_EQ(b.visible(1), (Stamps{14 + 3 + 3, 22 + 3 + 3}));  // the last part 3 cycles later
}

TEST(Gin, IsNotBlockedBeforeItsInterval) {
  Bench b(1, 4);
  b.shape->ifmap = {{0, 9}, {{{1, 0}, 1, 5}}};
  b.start(10);
  b.pop(1, 13);  // room from 14 on, when the interval has passed
  EXPECT_EQ(b.gin.issued, (Stamps{10, 14}));
  EXPECT_EQ(b.gin.blocked(), 0U);
}

TEST(Gin, PacketForNobodyIsAnError) {
  Bench b;
  b.shape->ifmap = {{0}, {{{5, 5}, 1, 5}}};
  EXPECT_THROW(b.start(0), HardwareError);
}

TEST(Gin, HasNothingToDoInAPassWithoutPackets) {
  Bench b;
  b.start(0);
  EXPECT_EQ(b.gin.waiting_for(), "");
  b.shape = std::make_shared<PassShape>(*b.shape);
  b.shape->ifmap = {{0}, {{{1, 0}, 1, 5}}};
  b.start(6, 1);
  EXPECT_EQ(b.gin.issued, Stamps{6});
}

TEST(Gin, StartsALayerFromNothing) {
  Bench b;
  b.shape->ifmap = {{0}, {{{1, 0}, 1, 5}}};
  b.start(50);
  (void)b.fifos[1]->pop(60);
  b.fifos[1]->restart();
  b.gin.start_layer();
  EXPECT_EQ(b.gin.packets(), 0U);
  b.start(2);
  EXPECT_EQ(b.gin.issued, (Stamps{50, 2}));
}

/// The three networks of an accelerator of one PE, and its GON.
struct Networks {
  explicit Networks(const spec::AcceleratorSpec& spec)
      : glb("global_buffer", spec),
        gon("gon", spec, glb, worklist),
        filter("filter_gin", spec, glb, worklist),
        ifmap("ifmap_gin", spec, glb, worklist),
        psum("psum_gin", spec, glb, gon, worklist) {
    gon.inputs[0].bind(out_fifo);
    filter.outputs[0].bind(filter_fifo);
    ifmap.outputs[0].bind(ifmap_fifo);
    psum.outputs[0].bind(psum_fifo);
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
    glb.start_layer({16, 8, 1, 1});
    gon.start_layer();
    filter.start_layer();
    ifmap.start_layer();
    psum.start_layer();
    ticket.pass.shape = testbench::one_pe_pass(2, 2, true);
  }
  TicketPtr issue() { return std::make_shared<PassTicket>(ticket); }

  Worklist worklist{SimulationOrder::kForward};
  Fifo filter_fifo{"filter_fifo", Words(8), worklist};
  Fifo ifmap_fifo{"ifmap_fifo", Words(8), worklist};
  Fifo psum_fifo{"psum_fifo", Words(8), worklist};
  Fifo out_fifo{"out_fifo", Words(8), worklist};
  GlobalBuffer glb;
  Gon gon;
  FilterGin filter;
  IfmapGin ifmap;
  PsumGin psum;
  PassTicket ticket;
};

TEST(FilterGin, CarriesTheWordsOfTheRing) {
  Networks n(testbench::one_pe_accelerator());
  for (const Word word : {4, 5, 6, 7}) n.glb.filters().write(word);
  n.filter.start_pass(n.issue());
  n.worklist.drain();
  ASSERT_EQ(n.filter_fifo.readable(), 4U);
  EXPECT_EQ(n.filter_fifo.visible(3), 2U);  // one packet in cycle 0, 1 + 1 cycles
  EXPECT_EQ(n.filter_fifo.pop(2), 4);
  EXPECT_EQ(n.glb.filters().words_read(), 4U);
}

TEST(FilterGin, TakesSeveralCyclesForAWordWiderThanItsBus) {
  spec::AcceleratorSpec spec = testbench::one_pe_accelerator();
  spec.filter_gin.width = Bits(6);  // 16 bits in 3 cycles
  Networks n(spec);
  for (const Word word : {4, 5, 6, 7}) n.glb.filters().write(word);
  auto shape = testbench::one_pe_pass(2, 2, true);
  shape->filter.step = {{{0, 0}, 1, 0}, {{0, 0}, 1, 1}, {{0, 0}, 1, 2}, {{0, 0}, 1, 3}};
  n.ticket.pass.shape = shape;
  n.filter.start_pass(n.issue());
  n.worklist.drain();
  EXPECT_EQ(n.filter_fifo.visible(0), 4U);  // issued in 0, the last part in 2
  EXPECT_EQ(n.filter_fifo.visible(1), 7U);
  EXPECT_EQ(n.filter_fifo.visible(3), 13U);
}

TEST(IfmapGin, CarriesOneWordAPacketFromItsTile) {
  spec::AcceleratorSpec spec = testbench::one_pe_accelerator();
  spec.ifmap_gin.latency = Cycles(4);
  Networks n(spec);
  n.glb.ifmap(10) = 30;
  n.glb.ifmap(11) = 31;
  n.ticket.ifmap_base = 10;
  n.ifmap.start_pass(n.issue());
  n.worklist.drain();
  ASSERT_EQ(n.ifmap_fifo.readable(), 2U);
  EXPECT_EQ(n.ifmap_fifo.visible(0), 5U);
  EXPECT_EQ(n.ifmap_fifo.visible(1), 6U);
  EXPECT_EQ(n.ifmap_fifo.pop(9), 30);
  EXPECT_EQ(n.ifmap_fifo.pop(9), 31);
}

TEST(PsumGin, CarriesARowOfThePassFromItsTile) {
  Networks n(testbench::one_pe_accelerator());
  Word* row = n.glb.psum_row(5);
  row[0] = 8;
  row[1] = 9;
  n.ticket.psum_base = 4;
  n.ticket.pass.psum_row = 1;
  n.ticket.release = 7;
  n.psum.start_pass(n.issue());
  n.worklist.drain();
  ASSERT_EQ(n.psum_fifo.readable(), 2U);
  EXPECT_EQ(n.psum_fifo.visible(1), 9U);
  EXPECT_EQ(n.psum_fifo.pop(9), 8);
  EXPECT_EQ(n.psum_fifo.pop(9), 9);
}

// GON: both words can be popped in 30; written in 31; the psum GIN starts in 32, 2 cycles to the
// FIFO.
TEST(PsumGin, StartsTheCycleAfterTheLastWriteOfThePassBefore) {
  Networks n(testbench::one_pe_accelerator());
  n.gon.start_pass(n.issue());
  n.ticket.pass.number = 1;
  n.ticket.after_previous = true;
  n.ticket.release = 3;
  n.psum.start_pass(n.issue());
  n.worklist.drain();
  EXPECT_EQ(n.psum_fifo.readable(), 0U);
  EXPECT_EQ(n.psum.waiting_for(), "pass 1: the psums of the pass before");
  n.out_fifo.push(70, 29);
  n.out_fifo.push(71, 30);
  n.out_fifo.wake_consumer();
  n.worklist.drain();
  ASSERT_EQ(n.psum_fifo.readable(), 2U);
  EXPECT_EQ(n.psum_fifo.visible(), 34U);
  EXPECT_EQ(n.psum_fifo.pop(34), 70);  // what was written
}

TEST(PsumGin, WaitsForItsBankAndReadsInTheCycleOfTheGrant) {
  spec::AcceleratorSpec spec = testbench::one_pe_accelerator();
  spec.global_buffer.psum_bank_ports = 1;
  Networks n(spec);
  n.ticket.release = 7;
  n.psum.start_pass(n.issue());
  n.worklist.drain();
  EXPECT_EQ(n.psum_fifo.readable(), 0U);
  EXPECT_EQ(n.glb.psum_banks().next_decision(), 7U);
  EXPECT_EQ(n.psum.waiting_for(), "pass 0: a bank");
  n.glb.psum_banks().decide(n.worklist);
  n.worklist.drain();
  EXPECT_EQ(n.psum_fifo.visible(), 9U);
}

}  // namespace
}  // namespace rowan::hardware
