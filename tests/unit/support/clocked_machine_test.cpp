// SPDX-License-Identifier: Apache-2.0
#include "tests/support/clocked_machine.h"

#include <memory>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "models/base/error.h"
#include "tests/support/clocked_run_length.h"

// Tiny passes, written by hand; the cycles expected are worked out in the comments. Latencies
// unless a test says otherwise: read 1 + GIN 1, so a word can be popped L = 2 cycles after its
// packet; Lm = 1, La = 2; GON 1; pass setup 2; no configuration (K = 0).
namespace rowan::support {
namespace {

using dataflow::LoadTile;
using dataflow::MulticastId;
using dataflow::Pass;
using dataflow::PassShape;
using dataflow::PeProgram;
using dataflow::PsumSink;
using dataflow::PsumSource;
using dataflow::StoreTile;
using dataflow::WindowPlan;

class ListSchedule final : public dataflow::Schedule {
 public:
  explicit ListSchedule(std::vector<dataflow::Step> steps) : steps_(std::move(steps)) {}
  [[nodiscard]] std::unique_ptr<Schedule> restart() const override {
    return std::make_unique<ListSchedule>(steps_);
  }
  bool next(dataflow::Step& step) override {
    if (position_ == steps_.size()) return false;
    step = steps_[position_++];
    return true;
  }

 private:
  std::vector<dataflow::Step> steps_;
  std::size_t position_ = 0;
};

spec::AcceleratorSpec small_accelerator(unsigned rows) {
  spec::AcceleratorSpec spec;
  spec.array.rows = rows;
  spec.array.columns = 1;
  spec.controller.scan_chain = Bits(0);
  spec.dram.link_clock = Kilohertz(100'000);
  spec.dram.latency = Nanoseconds(20);
  return spec;
}

/// Windows of `words` consecutive words, one channel, stride `words`.
std::shared_ptr<const WindowPlan> windows(std::uint32_t count, std::uint32_t words) {
  auto plan = std::make_shared<WindowPlan>();
  plan->windows = count;
  plan->words_per_image = count * words;
  plan->run = 1;
  plan->runs_per_window = words;
  for (std::uint32_t i = 0; i < count * words; ++i) plan->run_begin.push_back(i);
  for (std::uint32_t i = 1; i <= count; ++i) plan->released.push_back(i * words);
  return plan;
}

PeProgram pe_program(PsumSource source, PsumSink sink, std::uint32_t row, std::uint32_t psums,
                     std::shared_ptr<const WindowPlan> plan) {
  PeProgram pe;
  pe.active = true;
  pe.source = source;
  pe.sink = sink;
  pe.psums = psums;
  pe.images = 1;
  pe.windows = std::move(plan);
  pe.ifmap_id = pe.filter_id = pe.psum_id = {row, 0};
  return pe;
}

/// One PE: `psums` filters (at most 4 filter words), `count` windows of `words` words, one psum
/// packet a window.
std::shared_ptr<PassShape> one_pe(PsumSource source, std::uint32_t count, std::uint32_t words,
                                  std::uint32_t psums) {
  auto shape = std::make_shared<PassShape>();
  shape->pes = {pe_program(source, PsumSink::kGlobal, 0, psums, windows(count, words))};
  shape->filter = {{0}, {{{0, 0}, words * psums, 0}}};
  shape->filter_words = words * psums;
  shape->ifmap.step = {{{0, 0}, 1, 0}};
  for (std::uint32_t i = 0; i < count * words; ++i) shape->ifmap.bases.push_back(i);
  shape->psum_out.step = {{{0, 0}, psums, 0}};
  for (std::uint32_t i = 0; i < count; ++i) shape->psum_out.bases.push_back(i);
  shape->reads_psums = source == PsumSource::kGlobal;
  if (shape->reads_psums) shape->psum_in = shape->psum_out;
  return shape;
}

/// Two PEs of one word a window and one filter; psums go from row 1 to row 0.
std::shared_ptr<PassShape> chain_of_two() {
  auto shape = std::make_shared<PassShape>();
  const auto plan = windows(1, 1);
  shape->pes = {pe_program(PsumSource::kLocal, PsumSink::kGlobal, 0, 1, plan),
                pe_program(PsumSource::kNone, PsumSink::kLocal, 1, 1, plan)};
  shape->filter = {{0}, {{{0, 0}, 1, 0}, {{1, 0}, 1, 1}}};
  shape->filter_words = 2;
  shape->ifmap = {{0}, {{{0, 0}, 1, 0}, {{1, 0}, 1, 1}}};
  shape->psum_out = {{0}, {{{0, 0}, 1, 0}}};
  return shape;
}

// DRAM of all tests: filters at 0, one ifmap plane at 64, ofmap at 128; packed 16-bit words.
constexpr std::uint64_t kIfmapAddress = 64;
constexpr std::uint64_t kOfmapAddress = 128;

void put(std::vector<std::uint8_t>& memory, std::uint64_t address,
         const std::vector<std::int16_t>& words) {
  for (const std::int16_t word : words) {
    memory[address++] = static_cast<std::uint8_t>(word & 0xff);
    memory[address++] = static_cast<std::uint8_t>((word >> 8) & 0xff);
  }
}

std::int16_t get(const std::vector<std::uint8_t>& memory, std::uint64_t address) {
  return static_cast<std::int16_t>(memory[address] | memory[address + 1] << 8);
}

std::vector<std::uint8_t> memory_with(const std::vector<std::int16_t>& filters,
                                      const std::vector<std::int16_t>& ifmap) {
  std::vector<std::uint8_t> memory(256);
  put(memory, 0, filters);
  put(memory, kIfmapAddress, ifmap);
  return memory;
}

/// One ifmap tile of `rows` x `columns` words, the passes with the given shapes, one psum tile of
/// `windows` rows and `psums` planes.
ListSchedule layer(std::uint32_t rows, std::uint32_t columns,
                   const std::vector<std::shared_ptr<PassShape>>& shapes, std::uint32_t windows,
                   std::uint32_t psums) {
  std::vector<dataflow::Step> steps;
  LoadTile load;
  load.address = kIfmapAddress;
  load.bytes = ceil_div(std::uint64_t{rows} * columns * 2, 8) * 8;
  load.planes = 1;
  load.window = {rows, columns, 0, rows, 0, columns};
  steps.emplace_back(load);
  for (std::size_t k = 0; k < shapes.size(); ++k) {
    Pass pass;
    pass.number = k;
    pass.shape = shapes[k];
    steps.emplace_back(pass);
  }
  auto tile = std::make_shared<dataflow::PsumTileShape>();
  tile->rows = 1;
  tile->columns = windows;
  for (std::uint32_t k = 0; k < psums; ++k) tile->planes.push_back({k, 1, {0}});
  StoreTile store;
  store.address = kOfmapAddress;
  store.shape = tile;
  steps.emplace_back(store);
  return ListSchedule(std::move(steps));
}

/// The steps of a layer of one pass twice, on tiles of their own.
ListSchedule two_layers_of(const ListSchedule& one) {
  std::vector<dataflow::Step> steps;
  for (std::uint64_t tile = 0; tile < 2; ++tile) {
    const auto reader = one.restart();
    dataflow::Step step;
    while (reader->next(step)) {
      if (auto* load = std::get_if<LoadTile>(&step)) load->number = tile;
      if (auto* store = std::get_if<StoreTile>(&step)) {
        store->number = tile;
        store->address += 8 * tile;
      }
      if (auto* pass = std::get_if<Pass>(&step)) {
        pass->number = pass->ifmap_tile = pass->psum_tile = tile;
      }
      steps.push_back(step);
    }
  }
  return ListSchedule(std::move(steps));
}

dataflow::BufferPlan plan_of(std::uint32_t psum_rows, std::uint32_t psum_banks = 1) {
  dataflow::BufferPlan plan;
  plan.psum_rows = psum_rows;
  plan.psum_banks = psum_banks;
  return plan;
}

std::uint64_t cycles(const ClockedResult& result, std::size_t pe, PeActivity activity) {
  return result.pes[pe][activity];
}

// Two words a window, one filter, T = 0.
//   0      filter packet (2 words) and ifmap packet 0; 1: ifmap packet 1
//   2, 3   filter words popped; ifmap words popped 2, 3, usable from 3, 4
//   4      MAC 0 (5 is the accumulator hazard: La = 2); 6: MAC 1 (7: hazard); 8: accumulation
//   11     the psum can be popped (8 + Lm + La), GON; 12: written: drained
TEST(ClockedMachine, OneWindowOnOnePe) {
  const spec::AcceleratorSpec spec = small_accelerator(1);
  auto memory = memory_with({3, -4}, {10, 7});
  const auto schedule = layer(1, 2, {one_pe(PsumSource::kNone, 1, 2, 1)}, 1, 1);
  LayerArithmetic arithmetic;
  const ClockedResult result =
      ClockedMachine(spec).run(schedule, plan_of(1), arithmetic, memory, Link::kIdeal);
  EXPECT_EQ(result.total, 12);
  EXPECT_EQ(result.processing, 12);
  EXPECT_EQ(cycles(result, 0, PeActivity::kFilterLoad), 4);
  EXPECT_EQ(cycles(result, 0, PeActivity::kBusy), 3);
  EXPECT_EQ(cycles(result, 0, PeActivity::kAccumulatorHazard), 2);
  EXPECT_EQ(cycles(result, 0, PeActivity::kPassTransition), 3);
  EXPECT_EQ(result.pes[0].total(), 12);
  EXPECT_EQ(get(memory, kOfmapAddress), 3 * 10 - 4 * 7);
}

// The same with a configuration of 10 cycles: everything 10 later, processing as before.
TEST(ClockedMachine, ConfigurationComesBeforeEverything) {
  spec::AcceleratorSpec spec = small_accelerator(1);
  spec.controller.scan_chain = Bits(19);
  spec.controller.scan_bits_per_cycle = 2;
  auto memory = memory_with({3, -4}, {10, 7});
  const auto schedule = layer(1, 2, {one_pe(PsumSource::kNone, 1, 2, 1)}, 1, 1);
  const ClockedResult result =
      ClockedMachine(spec).run(schedule, plan_of(1), LayerArithmetic{}, memory, Link::kIdeal);
  EXPECT_EQ(result.total, 22);
  EXPECT_EQ(result.processing, 12);
  EXPECT_EQ(cycles(result, 0, PeActivity::kConfiguration), 10);
  EXPECT_EQ(result.counts[Counter::kControllerConfigurationBit], 19);
}

// The same over the link: 100 MHz, 8 bytes, 20 ns; core 200 MHz.
//   0   filter burst: at the link at 20 ns = edge 2, ends at edge 3 = 30 ns: arrives in 6
//   1   ifmap burst: 25 ns, edge 3, ends at 40 ns: arrives in 8, tile ready in 9
//   9   released; drained in 9 + 12 = 21
//   22  store queued; its one word has passed in 23: burst, at the link at 135 -> 140 ns
//   30  the burst, which ends at 150 ns, arrives
TEST(ClockedMachine, OneWindowOverTheLink) {
  const spec::AcceleratorSpec spec = small_accelerator(1);
  auto memory = memory_with({3, -4}, {10, 7});
  const auto schedule = layer(1, 2, {one_pe(PsumSource::kNone, 1, 2, 1)}, 1, 1);
  const ClockedResult result =
      ClockedMachine(spec).run(schedule, plan_of(1), LayerArithmetic{}, memory, Link::kReal);
  EXPECT_EQ(result.releases.front(), 9);
  EXPECT_EQ(result.drains.front(), 21);
  EXPECT_EQ(result.total, 30);
  EXPECT_EQ(result.processing, 12);
  EXPECT_EQ(cycles(result, 0, PeActivity::kDram), 9 + 8);            // 0 to 8, 22 to 29
  EXPECT_EQ(cycles(result, 0, PeActivity::kPassTransition), 3 + 1);  // 18 to 21
  EXPECT_EQ(result.pes[0].total(), 30);
  EXPECT_EQ(result.counts[Counter::kDramBurst], 3);
  EXPECT_EQ(result.counts[Counter::kDramFilterRead], 8);
  EXPECT_EQ(result.counts[Counter::kGlbFilterWrite], 2);
  EXPECT_EQ(get(memory, kOfmapAddress), 2);
}

// Link and core at 200 MHz, 5 ns: a burst of 8 bytes issued in c arrives in c + 2. Filters are one
// burst, the ifmap (8 words) two.
//   one in flight:  issued 0, 2, 4; the last arrives in 6: released 7
//   two in flight:  issued 0, 1, 2 (the first has arrived); the last arrives in 4: released 5
TEST(ClockedMachine, OutstandingBurstsLimitTheDma) {
  spec::AcceleratorSpec spec = small_accelerator(1);
  spec.dram.link_clock = Kilohertz(200'000);
  spec.dram.latency = Nanoseconds(5);
  spec.dram.burst = Bytes(8);
  const auto schedule = layer(1, 8, {one_pe(PsumSource::kNone, 4, 2, 1)}, 4, 1);
  for (const unsigned outstanding : {1U, 2U}) {
    spec.dram.outstanding_bursts = outstanding;
    auto memory = memory_with({3, -4}, {1, 2, 3, 4, 5, 6, 7, 8});
    const auto result =
        ClockedMachine(spec).run(schedule, plan_of(4), LayerArithmetic{}, memory, Link::kReal);
    EXPECT_EQ(result.releases.front(), outstanding == 1 ? 7 : 5);
  }
}

// A ring of 4 words, two passes of 4 filter words, sent one by one from the release T on: the
// second block, one burst, has room from T + 4. Link at 200 MHz, 500 ns: it arrives in T + 4 + 101,
// so pass 1 is released in T + 106.
TEST(ClockedMachine, FilterRingMakesRoomWordByWord) {
  spec::AcceleratorSpec spec = small_accelerator(1);
  spec.dram.link_clock = Kilohertz(200'000);
  spec.dram.latency = Nanoseconds(500);
  spec.global_buffer.filter_banks = 1;
  spec.global_buffer.bank_rows = 1;
  const auto shape = one_pe(PsumSource::kNone, 1, 2, 2);
  shape->filter.step.clear();
  for (std::uint32_t i = 0; i < 4; ++i) shape->filter.step.push_back({{0, 0}, 1, i});
  auto memory = memory_with({1, 2, 3, 4}, {10, 7});
  const auto schedule = layer(1, 2, {shape, shape}, 1, 2);
  const auto result =
      ClockedMachine(spec).run(schedule, plan_of(1), LayerArithmetic{}, memory, Link::kReal);
  EXPECT_EQ(result.releases[1], result.releases[0] + 106);
}

// Two passes on tiles of their own, link at 200 MHz without latency: a burst issued in c arrives in
// c + 1. A pass takes 12 cycles.
//   none:          filters issued 0, 1; ifmap 2, ready 4; released 4, drained 16;
//                  second ifmap issued 17, ready 19; store queued 17, issued 18, ended 19;
//                  released 20, drained 32; store queued 33, issued 34, ended 35
//   double_buffer: second ifmap issued 3; released 16 + 2, drained 30;
//                  store queued 31, issued 32, ended 33
TEST(ClockedMachine, TilesHaveOneBufferOrTwo) {
  spec::AcceleratorSpec spec = small_accelerator(1);
  spec.dram.link_clock = Kilohertz(200'000);
  spec.dram.latency = Nanoseconds(0);
  const auto shape = one_pe(PsumSource::kNone, 1, 2, 1);
  const ListSchedule schedule = two_layers_of(layer(1, 2, {shape}, 1, 1));
  auto memory = memory_with({3, -4}, {10, 7});
  const auto once =
      ClockedMachine(spec).run(schedule, plan_of(1), LayerArithmetic{}, memory, Link::kReal);
  EXPECT_EQ(once.releases, (std::vector<std::uint64_t>{4, 20}));
  EXPECT_EQ(once.total, 35);
  EXPECT_EQ(once.processing, 12 + 2 + 12);
  spec.dram.overlap = spec::DramOverlap::kDoubleBuffer;
  const auto twice =
      ClockedMachine(spec).run(schedule, plan_of(1), LayerArithmetic{}, memory, Link::kReal);
  EXPECT_EQ(twice.releases, (std::vector<std::uint64_t>{4, 18}));
  EXPECT_EQ(twice.total, 33);
  EXPECT_EQ(twice.processing, once.processing);
}

// The same with `overlap` and an ideal link. One buffer: the second tile and its psums have a place
// from the cycle after the drain in 12: released 13, drained 25. Two: released 1; the loader may
// pop from 9: 9, 10; MACs 11, 13; accumulation 15; GON 18; drained 19.
TEST(ClockedMachine, IdealLinkWaitsForBuffers) {
  spec::AcceleratorSpec spec = small_accelerator(1);
  spec.controller.pass_transition = spec::PassTransition::kOverlap;
  const ListSchedule schedule =
      two_layers_of(layer(1, 2, {one_pe(PsumSource::kNone, 1, 2, 1)}, 1, 1));
  auto memory = memory_with({3, -4}, {10, 7});
  const auto once =
      ClockedMachine(spec).run(schedule, plan_of(1), LayerArithmetic{}, memory, Link::kIdeal);
  EXPECT_EQ(once.releases, (std::vector<std::uint64_t>{0, 13}));
  EXPECT_EQ(once.processing, 25);
  spec.dram.overlap = spec::DramOverlap::kDoubleBuffer;
  const auto twice =
      ClockedMachine(spec).run(schedule, plan_of(1), LayerArithmetic{}, memory, Link::kIdeal);
  EXPECT_EQ(twice.releases, (std::vector<std::uint64_t>{0, 1}));
  EXPECT_EQ(twice.processing, 19);
}

// A tile of padding only: filters issued 0, arrived 1, released 2; nothing is loaded.
TEST(ClockedMachine, TileWithoutBytesIsReadyAtOnce) {
  spec::AcceleratorSpec spec = small_accelerator(1);
  spec.dram.link_clock = Kilohertz(200'000);
  spec.dram.latency = Nanoseconds(0);
  const auto with_words = layer(1, 2, {one_pe(PsumSource::kNone, 1, 2, 1)}, 1, 1);
  std::vector<dataflow::Step> steps;
  const auto reader = with_words.restart();
  for (dataflow::Step step; reader->next(step); steps.push_back(step)) {
    if (auto* load = std::get_if<LoadTile>(&step)) {
      load->bytes = 0;
      load->window.rows = load->window.columns = 0;
    }
  }
  auto memory = memory_with({3, -4}, {10, 7});
  const auto result = ClockedMachine(spec).run(ListSchedule(steps), plan_of(1), LayerArithmetic{},
                                               memory, Link::kReal);
  EXPECT_EQ(result.releases.front(), 2);
  EXPECT_EQ(result.counts[Counter::kDramIfmapRead], 0);
  EXPECT_EQ(result.counts[Counter::kGlbIfmapWrite], 2);
  EXPECT_EQ(get(memory, kOfmapAddress), 0);
}

// A chain of two PEs as below, drained in 14, then a pass of row 0 alone, released in 16: filter
// popped 18, MAC 19 (20: hazard), accumulation 21, GON 24, drained 25. Row 1 is done in 6, waits to
// 14 and is idle from 15.
TEST(ClockedMachine, PeWithoutAPartIsIdleFromDrainToDrain) {
  const spec::AcceleratorSpec spec = small_accelerator(2);
  auto alone = std::make_shared<PassShape>();
  alone->pes = {pe_program(PsumSource::kNone, PsumSink::kGlobal, 0, 1, windows(1, 1)), PeProgram{}};
  alone->filter = {{0}, {{{0, 0}, 1, 0}}};
  alone->filter_words = 1;
  alone->ifmap = {{0}, {{{0, 0}, 1, 0}}};
  alone->psum_out = {{0}, {{{0, 0}, 1, 0}}};
  auto memory = memory_with({3, -4}, {10, 7});
  const auto schedule = layer(2, 1, {chain_of_two(), alone}, 1, 1);
  const ClockedResult result =
      ClockedMachine(spec).run(schedule, plan_of(1), LayerArithmetic{}, memory, Link::kIdeal);
  EXPECT_EQ(result.drains, (std::vector<std::uint64_t>{14, 25}));
  EXPECT_EQ(cycles(result, 1, PeActivity::kPassTransition), 8);
  EXPECT_EQ(cycles(result, 1, PeActivity::kIdle), 10);
  EXPECT_EQ(cycles(result, 0, PeActivity::kPassTransition), 5 + 3);  // 11 to 15, 22 to 24
  EXPECT_EQ(cycles(result, 0, PeActivity::kFilterLoad), 3 + 3);
  EXPECT_EQ(cycles(result, 0, PeActivity::kIdle), 0);
}

// One word a window, one filter, two rows; packets to row 0 in cycle 0, to row 1 in cycle 1.
//   row 1: filter popped 3, MAC 4 (5: hazard), accumulation 6; its psum can be popped in 9: link
//   row 0: filter popped 2, MAC 3 (4: hazard), the psum is in its FIFO from 10: accumulation 10;
//          GON 13; drained 14
TEST(ClockedMachine, ChainOfTwoPes) {
  const spec::AcceleratorSpec spec = small_accelerator(2);
  auto memory = memory_with({3, -4}, {10, 7});
  const auto schedule = layer(2, 1, {chain_of_two()}, 1, 1);
  const ClockedResult result =
      ClockedMachine(spec).run(schedule, plan_of(1), LayerArithmetic{}, memory, Link::kIdeal);
  EXPECT_EQ(result.total, 14);
  EXPECT_EQ(cycles(result, 0, PeActivity::kFilterLoad), 3);
  EXPECT_EQ(cycles(result, 0, PeActivity::kBusy), 2);
  EXPECT_EQ(cycles(result, 0, PeActivity::kAccumulatorHazard), 1);
  EXPECT_EQ(cycles(result, 0, PeActivity::kPsumIn), 5);
  EXPECT_EQ(cycles(result, 0, PeActivity::kPassTransition), 3);
  EXPECT_EQ(cycles(result, 1, PeActivity::kFilterLoad), 4);
  EXPECT_EQ(cycles(result, 1, PeActivity::kBusy), 2);
  EXPECT_EQ(cycles(result, 1, PeActivity::kAccumulatorHazard), 1);
  EXPECT_EQ(cycles(result, 1, PeActivity::kPassTransition), 7);
  EXPECT_EQ(result.counts[Counter::kLocalNetworkWord], 1);
  EXPECT_EQ(get(memory, kOfmapAddress), 2);
}

// A psum is 16 bits; links of 5 bits take 4 cycles a word, which comes with its last part.
//   row 1: filters popped 3, 4; MACs 5, 6; accumulations 7, 8; psums can be popped in 10, 11;
//          the link moves them in 10 and 14
//   row 0: filters popped 2, 3; MACs 4, 5; psums in its FIFO from 14 and 18: accumulations 14, 18;
//          in psum_out from 17 and 21; the packet of two leaves in 21; drained 22
TEST(ClockedMachine, LinkNarrowerThanAWord) {
  spec::AcceleratorSpec spec = small_accelerator(2);
  spec.local_network.width = Bits(5);
  auto shape = std::make_shared<PassShape>();
  const auto plan = windows(1, 1);
  shape->pes = {pe_program(PsumSource::kLocal, PsumSink::kGlobal, 0, 2, plan),
                pe_program(PsumSource::kNone, PsumSink::kLocal, 1, 2, plan)};
  shape->filter = {{0}, {{{0, 0}, 2, 0}, {{1, 0}, 2, 2}}};
  shape->filter_words = 4;
  shape->ifmap = {{0}, {{{0, 0}, 1, 0}, {{1, 0}, 1, 1}}};
  shape->psum_out = {{0}, {{{0, 0}, 2, 0}}};
  auto memory = memory_with({3, -4, 5, 6}, {10, 7});
  const auto schedule = layer(2, 1, {shape}, 1, 2);
  LayerArithmetic arithmetic;
  arithmetic.relu = false;
  const ClockedResult result =
      ClockedMachine(spec).run(schedule, plan_of(1), arithmetic, memory, Link::kIdeal);
  EXPECT_EQ(result.total, 22);
  EXPECT_EQ(get(memory, kOfmapAddress), 3 * 10 + 5 * 7);
  EXPECT_EQ(get(memory, kOfmapAddress + 2), -4 * 10 + 6 * 7);
}

// Two filters, a window of one word; the second pass reads the psums of the first over a slow psum
// GIN (10 + 1 cycles).
//   pass 0: filters popped 2, 3; MACs 4, 5; accumulations 6, 7; psums can be popped in 9, 10;
//           GON, a packet of two, in 10; drained 11
//   pass 1: released 13; MACs 17, 18; psum packet 13, in the FIFO from 24; accumulations 24, 25;
//           GON 28; drained 29
TEST(ClockedMachine, PsumPacketFromTheGlobalBuffer) {
  spec::AcceleratorSpec spec = small_accelerator(1);
  spec.psum_gin.latency = Cycles(10);
  auto memory = memory_with({5, 7}, {3});
  const auto schedule =
      layer(1, 1, {one_pe(PsumSource::kNone, 1, 1, 2), one_pe(PsumSource::kGlobal, 1, 1, 2)}, 1, 2);
  const ClockedResult result =
      ClockedMachine(spec).run(schedule, plan_of(1), LayerArithmetic{}, memory, Link::kIdeal);
  EXPECT_EQ(result.drains, (std::vector<std::uint64_t>{11, 29}));
  EXPECT_EQ(result.releases, (std::vector<std::uint64_t>{0, 13}));
  EXPECT_EQ(cycles(result, 0, PeActivity::kBusy), 8);
  EXPECT_EQ(cycles(result, 0, PeActivity::kFilterLoad), 4 + 4);
  EXPECT_EQ(cycles(result, 0, PeActivity::kPsumIn), 5);                  // 19 to 23
  EXPECT_EQ(cycles(result, 0, PeActivity::kPassTransition), 3 + 2 + 3);  // 8 to 12, 26 to 28
  EXPECT_EQ(result.counts[Counter::kGlbPsumRead], 2);
  EXPECT_EQ(result.counts[Counter::kGlbPsumWrite], 4);
  EXPECT_EQ(get(memory, kOfmapAddress), 2 * 15);
  EXPECT_EQ(get(memory, kOfmapAddress + 2), 2 * 21);
}

// Three equal passes with `overlap`.
//   pass 0: released 0; filters popped 2, 3; MACs 4, 5; accumulations 6, 7; drained 11
//   pass 1: released 1; filter packet 1, in the FIFO from 3; the loader may pop from 8: 8, 9;
//           MACs 10, 11; accumulations 12, 13; GON 16; drained 17
//   pass 2: released 11 + 2, the PE is done with pass 1 in 13; filters popped 15, 16; MACs 17, 18;
//           accumulations 19, 20; GON 23; drained 24
TEST(ClockedMachine, OverlapReloadsAsSoonAsThePeIsDone) {
  spec::AcceleratorSpec spec = small_accelerator(1);
  spec.controller.pass_transition = spec::PassTransition::kOverlap;
  auto memory = memory_with({5, 7}, {3});
  const auto shape = one_pe(PsumSource::kNone, 1, 1, 2);
  const auto schedule = layer(1, 1, {shape, shape, shape}, 1, 2);
  const ClockedResult result =
      ClockedMachine(spec).run(schedule, plan_of(1), LayerArithmetic{}, memory, Link::kIdeal);
  EXPECT_EQ(result.releases, (std::vector<std::uint64_t>{0, 1, 13}));
  EXPECT_EQ(result.drains, (std::vector<std::uint64_t>{11, 17, 24}));
  EXPECT_EQ(result.most_passes_under_way, 2);
  EXPECT_EQ(cycles(result, 0, PeActivity::kBusy), 12);
  EXPECT_EQ(cycles(result, 0, PeActivity::kFilterLoad), 4 + 2 + 3);
  EXPECT_EQ(cycles(result, 0, PeActivity::kPassTransition), 3);  // 21 to 23
}

// Three windows of one word, one psum each, psum FIFO of one word, Lm = 2; the pass reads psums
// (all 0).
//   psum packet 0 in 0, no room in 1 to 5; MAC 3, accumulation 5 (4: hazard)
//   packet 1 in 6, no room in 7 and 8; MAC 6, accumulation 8
//   9: packet 2 has room, and the psum of window 0 (5 + 4) can leave: both want rows 2 and 0
struct BankCase {
  unsigned ports;
  unsigned banks;
  spec::BankPriority priority;
  std::uint64_t conflicts;
  std::uint64_t drained;
};

class BankConflict : public testing::TestWithParam<BankCase> {};

// Read first: packet 2 in 9, GON 10; accumulation 11; psums leave 12 and 15, drained 16. Write
// first: GON 9, packet 2 in 10, accumulation 12, its psum leaves in 16, drained 17. No conflict: as
// read first, but GON 9.
TEST_P(BankConflict, LoserTriesAgainInTheNextCycle) {
  spec::AcceleratorSpec spec = small_accelerator(1);
  spec.pe.multiply_latency = Cycles(2);
  spec.pe.psum_in_fifo.depth = Words(1);
  spec.global_buffer.psum_bank_ports = GetParam().ports;
  spec.global_buffer.psum_bank_priority = GetParam().priority;
  auto memory = memory_with({5}, {1, 2, 3});
  const auto schedule = layer(1, 3, {one_pe(PsumSource::kGlobal, 3, 1, 1)}, 3, 1);
  const ClockedResult result = ClockedMachine(spec).run(schedule, plan_of(3, GetParam().banks),
                                                        LayerArithmetic{}, memory, Link::kIdeal);
  EXPECT_EQ(result.counts[Counter::kGlbBankConflict], GetParam().conflicts);
  EXPECT_EQ(result.drains.front(), GetParam().drained);
  EXPECT_EQ(result.counts[Counter::kPsumGinBlocked], 7);
  EXPECT_EQ(get(memory, kOfmapAddress + 4), 15);
}

INSTANTIATE_TEST_SUITE_P(All, BankConflict,
                         testing::Values(BankCase{1, 1, spec::BankPriority::kRead, 1, 16},
                                         BankCase{1, 1, spec::BankPriority::kWrite, 1, 17},
                                         BankCase{1, 2, spec::BankPriority::kWrite, 1, 17},
                                         BankCase{1, 3, spec::BankPriority::kWrite, 0, 16},
                                         BankCase{2, 1, spec::BankPriority::kWrite, 0, 16}));

/// Two rows of two PEs, without links: a filter word for each row, an ifmap word for all, psums of
/// the lower row from the GLB, a packet a PE.
std::shared_ptr<PassShape> square_of_pes() {
  auto shape = std::make_shared<PassShape>();
  const auto plan = windows(1, 1);
  for (std::uint32_t pe = 0; pe < 4; ++pe) {
    const bool lower = pe >= 2;
    shape->pes.push_back(pe_program(lower ? PsumSource::kGlobal : PsumSource::kNone,
                                    PsumSink::kGlobal, pe / 2, 1, plan));
    shape->pes.back().ifmap_id = {0, 0};
    shape->pes.back().psum_id = {pe, 0};
    shape->psum_out.step.push_back({{pe, 0}, 1, pe});
    if (lower) shape->psum_in.step.push_back({{pe, 0}, 1, pe});
  }
  shape->filter = {{0}, {{{0, 0}, 1, 0}, {{1, 0}, 1, 1}}};
  shape->filter_words = 2;
  shape->ifmap = {{0}, {{{0, 0}, 1, 0}}};
  shape->psum_out.bases = shape->psum_in.bases = {0};
  shape->reads_psums = true;
  return shape;
}

// A word moves over the Y bus, 2 pitches, and over each X bus that takes it, 2 pitches.
TEST(ClockedMachine, CountsThePitchesOfTheBuses) {
  spec::AcceleratorSpec spec = small_accelerator(2);
  spec.array.columns = 2;
  auto memory = memory_with({3, -4}, {10});
  const auto schedule = layer(1, 1, {square_of_pes()}, 4, 1);
  const auto result =
      ClockedMachine(spec).run(schedule, plan_of(4), LayerArithmetic{}, memory, Link::kIdeal);
  EXPECT_EQ(result.counts[Counter::kFilterGinHop], 2 * (2 + 2));
  EXPECT_EQ(result.counts[Counter::kIfmapGinHop], 2 + 2 * 2);
  EXPECT_EQ(result.counts[Counter::kPsumGinHop], 2 * (2 + 2));
  EXPECT_EQ(result.counts[Counter::kGonHop], 4 * (2 + 2));
}

// Zero gating changes counts, never a cycle: one of the two MACs meets a zero.
TEST(ClockedMachine, ZeroGatingChangesOnlyCounts) {
  spec::AcceleratorSpec spec = small_accelerator(1);
  const auto schedule = layer(1, 2, {one_pe(PsumSource::kNone, 1, 2, 1)}, 1, 1);
  auto memory = memory_with({3, -4}, {0, -7});
  const auto gated =
      ClockedMachine(spec).run(schedule, plan_of(1), LayerArithmetic{}, memory, Link::kReal);
  spec.pe.zero_gating = false;
  const auto open =
      ClockedMachine(spec).run(schedule, plan_of(1), LayerArithmetic{}, memory, Link::kReal);
  EXPECT_EQ(gated.total, open.total);
  EXPECT_EQ(gated.counts[Counter::kMacGated], 1);
  EXPECT_EQ(gated.counts[Counter::kMacCompute], 1);
  EXPECT_EQ(gated.counts[Counter::kFilterSpadRead], 1);
  EXPECT_EQ(gated.counts[Counter::kPsumSpadRead], 2);
  EXPECT_EQ(gated.counts[Counter::kIfmapSpadRead], 2);
  EXPECT_EQ(open.counts[Counter::kMacGated], 0);
  EXPECT_EQ(open.counts[Counter::kMacCompute], 2);
  EXPECT_EQ(open.counts[Counter::kPsumSpadRead], 3);
  EXPECT_EQ(get(memory, kOfmapAddress), 28);
}

TEST(ClockedMachine, ReadsIfmapWordsForEachMacWhereThePlatformSaysSo) {
  spec::AcceleratorSpec spec = small_accelerator(1);
  spec.pe.ifmap_spad_reads = spec::IfmapSpadReads::kPerMac;
  const auto schedule = layer(1, 1, {one_pe(PsumSource::kNone, 1, 1, 3)}, 1, 3);
  auto memory = memory_with({5, 6, 7}, {0});
  const auto result =
      ClockedMachine(spec).run(schedule, plan_of(1), LayerArithmetic{}, memory, Link::kIdeal);
  EXPECT_EQ(result.counts[Counter::kIfmapSpadRead], 1);
  EXPECT_EQ(result.counts[Counter::kIfmapSpadReadRepeated], 2);
}

TEST(ClockedMachine, MissingPacketIsReported) {
  const spec::AcceleratorSpec spec = small_accelerator(1);
  const auto shape = one_pe(PsumSource::kNone, 1, 2, 1);
  shape->ifmap.bases.pop_back();
  auto memory = memory_with({3, -4}, {10, 7});
  const auto schedule = layer(1, 2, {shape}, 1, 1);
  EXPECT_THROW(
      (void)ClockedMachine(spec).run(schedule, plan_of(1), LayerArithmetic{}, memory, Link::kIdeal),
      HardwareError);
}

TEST(ClockedRunLength, PairsOfAFrame) {
  std::vector<arithmetic::Word> frame(
      40, 0);  // 33 zeros, -2, five zeros, 9: pairs (31, 0) (1, -2) (5, 9)
  frame[33] = -2;
  frame[39] = 9;
  const auto code = encode_frame(frame, 16);
  ASSERT_EQ(code.size(), 1);
  EXPECT_EQ(code[0].bits,
            std::uint64_t{31} | (std::uint64_t{1} | std::uint64_t{0xfffe} << 5) << 21 |
                (std::uint64_t{5} | std::uint64_t{9} << 5) << 42 | std::uint64_t{1} << 63);
  EXPECT_EQ(code[0].words_so_far, 40);
  std::size_t position = 0;
  EXPECT_EQ(decode_frame({code[0].bits}, position, 40, 16), frame);
  EXPECT_EQ(position, 1);
}

TEST(ClockedRunLength, ZerosAtTheEndEndInALevelOfZero) {
  const auto code = encode_frame({7, 0, 0, 0}, 16);
  ASSERT_EQ(code.size(), 1);
  EXPECT_EQ(code[0].bits, std::uint64_t{7} << 5 | std::uint64_t{2} << 21 | std::uint64_t{1} << 63);
  EXPECT_TRUE(encode_frame({}, 16).empty());
}

}  // namespace
}  // namespace rowan::support
