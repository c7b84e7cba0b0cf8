// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/dma.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/unit/models/hardware/small_system.h"

// Core cycles of 5 ns; link edges of 60 MHz: 5 at 83.333 ns, 6 at 100, 7 at 116.667, 10 at 166.667,
// 16 at 266.667, 20 at 333.333, 21 at 350, 22 at 366.667. A pass of one window of two words and one
// filter, released in T: words in the FIFOs from T + 2, MACs T + 4 and T + 6, accumulation T + 8,
// GON T + 11, drained T + 12.
namespace rowan::hardware {
namespace {

using testbench::buffer_plan;
using testbench::has;
using testbench::job_of;
using testbench::kIfmapAddress;
using testbench::kOfmapAddress;
using testbench::one_pe_accelerator;
using testbench::one_pe_pass;
using testbench::one_tile_layer;
using testbench::System;

std::vector<std::uint8_t> memory_of(const std::vector<int>& filters,
                                    const std::vector<int>& ifmap) {
  std::vector<std::uint8_t> memory(256);
  testbench::put(memory, 0, filters);
  testbench::put(memory, kIfmapAddress, ifmap);
  return memory;
}

/// Runs the layer of one window of two words.
void run_window(System& system, unsigned psums, const std::vector<int>& filters) {
  system.memory() = memory_of(filters, {10, 7});
  const auto schedule = one_tile_layer(2, {one_pe_pass(2, psums, false)}, {0}, psums);
  EXPECT_EQ(testbench::run(system, job_of(schedule, buffer_plan(2, 1))), "");
}

// Cycle 0: filters, 60 ns, edges 4 to 5, arrived in 17. Cycle 1: ifmap, 65 ns, the link is free in
// edge 5, to 6, arrived in 20, ready in 21 = T. Drained 33; queued 34, its word has passed in 35 =
// 175 ns: 235 ns, edges 15 to 16, arrived in 54.
TEST(Dma, LoadsFiltersThenIfmapsAndStoresAfterPostProcessing) {
  System system("one", one_pe_accelerator());
  run_window(system, 1, {3, -4});
  EXPECT_EQ(system.activity().total, Cycles(54));
  EXPECT_EQ(system.activity().processing, Cycles(12));
  EXPECT_EQ(testbench::word_at(system.memory(), kOfmapAddress), 2);
  const ActivityCounts& counts = system.activity().counts;
  EXPECT_EQ(counts[Counter::kDramBurst], 3U);
  EXPECT_EQ(counts[Counter::kDramFilterRead], 8U);
  EXPECT_EQ(counts[Counter::kDramIfmapRead], 8U);
  EXPECT_EQ(counts[Counter::kDramOfmapWrite], 8U);
  EXPECT_EQ(counts[Counter::kGlbFilterWrite], 2U);
  EXPECT_EQ(counts[Counter::kGlbIfmapWrite], 2U);
  EXPECT_EQ(counts[Counter::kGlbOfmapRead], 1U);
  EXPECT_EQ(counts[Counter::kPostProcessingWord], 1U);
  EXPECT_EQ(counts[Counter::kRlcDecode], 0U);
}

// The ifmap burst goes in 17, when the filters have arrived: 145 ns, edges 9 to 10, arrived in 34,
// T =
// 35. Drained 47; the store goes in 49 = 245 ns: 305 ns, edges 19 to 20, arrived in 67.
TEST(Dma, HasOnlySoManyBurstsInFlight) {
  spec::AcceleratorSpec spec = one_pe_accelerator();
  spec.dram.outstanding_bursts = 1;
  System system("one", spec);
  run_window(system, 1, {3, -4});
  EXPECT_EQ(system.activity().total, Cycles(67));
}

// Four filters, 16 bytes in bursts of 8. Bursts in 0, 1 and (ifmap) 2, edges 4 to 7: arrived in 24,
// T =
// 25. A packet of 8 words, popped T + 2 to T + 9; MACs T + 10 to T + 17, accumulations T + 18 to T
// + 21, GON T + 24, drained T + 25 = 50. Queued 51, four words have passed in 52 = 260 ns: 320 ns,
// edges 20 to 21, arrived in 70. One lane: in 55 = 275 ns, 335 ns, edges 21 to 22, arrived in 74.
TEST(Dma, CutsBlocksIntoBursts) {
  spec::AcceleratorSpec spec = one_pe_accelerator();
  spec.filter_gin.width = Bits(128);
  spec.dram.burst = Bytes(8);
  System system("one", spec);
  run_window(system, 4, {1, 2, 3, 4, 5, 6, 7, 8});
  EXPECT_EQ(system.activity().total, Cycles(70));
  EXPECT_EQ(system.activity().counts[Counter::kDramBurst], 4U);
  EXPECT_EQ(testbench::word_at(system.memory(), kOfmapAddress + 6), 4 * 10 + 8 * 7);
}

TEST(Dma, WaitsForTheLanesOfThePostProcessing) {
  spec::AcceleratorSpec spec = one_pe_accelerator();
  spec.filter_gin.width = Bits(128);
  spec.dram.burst = Bytes(8);
  spec.post_processing.lanes = 1;
  System system("one", spec);
  run_window(system, 4, {1, 2, 3, 4, 5, 6, 7, 8});
  EXPECT_EQ(system.activity().total, Cycles(74));
}

// A link of 400 MHz, edges every 2.5 ns. Filters in 0: 60 ns, edges 24 to 25. Ifmap in 1, though
// the link would be free: 65 ns, edges 26 to 27, 67.5 ns, arrived in 14, T = 15. Drained 27, queued
// 28; the store goes in 29 = 145 ns: 205 ns, edges 82 to 83, 207.5 ns, arrived in 42.
TEST(Dma, IssuesOneBurstACycle) {
  spec::AcceleratorSpec spec = one_pe_accelerator();
  spec.dram.link_clock = Kilohertz(400'000);
  System system("one", spec);
  run_window(system, 1, {3, -4});
  EXPECT_EQ(system.activity().total, Cycles(42));
}

// 400 MHz. Passes of one word and two filters, drained in T + 11, each on an ifmap tile of its own.
// Filters in 0 and 1, the first tile in 2: 70 ns, edges 28 to 29, 72.5 ns, arrived in 15, T = 16,
// drained 27. The second tile goes in 28: 200 ns, edges 80 to 81, 202.5 ns, arrived in 41, T = 42,
// drained 53. Queued 54; the store goes in 55: 335 ns, edges 134 to 135, 337.5 ns, arrived in 68.
TEST(Dma, LoadsATileInTheCycleAfterTheDrainThatFreesItsBuffer) {
  spec::AcceleratorSpec spec = one_pe_accelerator();
  spec.dram.link_clock = Kilohertz(400'000);
  System system("one", spec);
  system.memory() = memory_of({5, 7}, {3});
  const auto whole =
      one_tile_layer(1, {one_pe_pass(1, 2, false), one_pe_pass(1, 2, true)}, {0, 0}, 2);
  std::vector<dataflow::Step> steps;
  dataflow::Step step;
  while (whole->next(step)) {
    if (auto* pass = std::get_if<dataflow::Pass>(&step); pass != nullptr && pass->number == 1) {
      auto load = std::get<dataflow::LoadTile>(steps.front());
      load.number = 1;
      steps.push_back(load);
      pass->ifmap_tile = 1;
    }
    steps.push_back(step);
  }
  const auto schedule = std::make_shared<testbench::ListSchedule>(steps);
  EXPECT_EQ(testbench::run(system, job_of(schedule, buffer_plan(1, 1))), "");
  EXPECT_EQ(system.activity().total, Cycles(68));
  EXPECT_EQ(system.activity().processing, Cycles(24));
  EXPECT_EQ(testbench::word_at(system.memory(), kOfmapAddress), 2 * 15);
}

TEST(Dma, IdealLinkTakesNoTime) {
  System system("one", one_pe_accelerator());
  system.memory() = memory_of({3, -4}, {10, 7});
  const auto schedule = one_tile_layer(2, {one_pe_pass(2, 1, false)}, {0}, 1);
  EXPECT_EQ(testbench::run(system, job_of(schedule, buffer_plan(2, 1), Link::kIdeal)), "");
  EXPECT_EQ(system.activity().total, Cycles(12));
  EXPECT_EQ(system.activity().processing, Cycles(12));
  EXPECT_EQ(testbench::word_at(system.memory(), kOfmapAddress), 2);
}

/// Steps of a layer whose fmaps lie in these places, at the same addresses.
std::shared_ptr<testbench::ListSchedule> in_places(const dataflow::Schedule& schedule,
                                                   dataflow::FmapPlaces places) {
  const auto reader = schedule.restart();
  std::vector<dataflow::Step> steps;
  dataflow::Step step;
  while (reader->next(step)) {
    if (auto* load = std::get_if<dataflow::LoadTile>(&step)) load->place = places.ifmap;
    if (auto* store = std::get_if<dataflow::StoreTile>(&step)) store->place = places.ofmap;
    steps.push_back(step);
  }
  return std::make_shared<testbench::ListSchedule>(steps);
}

constexpr dataflow::FmapPlaces kResidentIfmap{dataflow::FmapPlace::kResident,
                                              dataflow::FmapPlace::kDram};
constexpr dataflow::FmapPlaces kResidentOfmap{dataflow::FmapPlace::kDram,
                                              dataflow::FmapPlace::kResident};
constexpr dataflow::FmapPlaces kResidentFmaps{dataflow::FmapPlace::kResident,
                                              dataflow::FmapPlace::kResident};

/// Runs the layer of one window of as many words as `filters`; what is not resident lies in DRAM.
void run_resident(System& system, dataflow::FmapPlaces places, const std::vector<int>& filters,
                  const std::vector<int>& ifmap, Link link = Link::kReal) {
  const bool resident = places.ifmap == dataflow::FmapPlace::kResident;
  system.memory() = memory_of(filters, resident ? std::vector<int>() : ifmap);
  system.accelerator.resident() = memory_of({}, resident ? ifmap : std::vector<int>());
  const auto words = static_cast<std::uint32_t>(filters.size());
  const auto schedule = one_tile_layer(words, {one_pe_pass(words, 1, false)}, {0}, 1);
  EXPECT_EQ(
      testbench::run(system, job_of(in_places(*schedule, places), buffer_plan(words, 1), link)),
      "");
}

// Filters in 0, ready in 18. The ifmap, 64 bits and a row of the GLB, goes in 1 and is there in 2:
// T = 18. Drained 30; queued 31, the store goes in 32 = 160 ns: 220 ns, edges 14 to 15, arrived in
// 50.
TEST(Dma, ResidentTileIsLoadedWithoutTheLink) {
  System system("one", one_pe_accelerator());
  run_resident(system, kResidentIfmap, {3, -4}, {10, 7});
  EXPECT_EQ(system.activity().total, Cycles(50));
  EXPECT_EQ(system.activity().processing, Cycles(12));
  EXPECT_EQ(testbench::word_at(system.memory(), kOfmapAddress), 2);
  const ActivityCounts& counts = system.activity().counts;
  EXPECT_EQ(counts[Counter::kDramBurst], 2U);
  EXPECT_EQ(counts[Counter::kDramIfmapRead], 0U);
  EXPECT_EQ(counts[Counter::kDramOfmapWrite], 8U);
  EXPECT_EQ(counts[Counter::kGlbResidentRead], 2U);
  EXPECT_EQ(counts[Counter::kGlbResidentWrite], 0U);
  EXPECT_EQ(counts[Counter::kGlbIfmapWrite], 2U);
}

// Through DRAM up to the store: T = 21, drained 33, queued 34, its word has passed in 35. There in
// 36.
TEST(Dma, ResidentTileIsStoredWithoutTheLink) {
  System system("one", one_pe_accelerator());
  run_resident(system, kResidentOfmap, {3, -4}, {10, 7});
  EXPECT_EQ(system.activity().total, Cycles(36));
  EXPECT_EQ(testbench::word_at(system.accelerator.resident(), kOfmapAddress), 2);
  EXPECT_EQ(testbench::word_at(system.memory(), kOfmapAddress), 0);
  const ActivityCounts& counts = system.activity().counts;
  EXPECT_EQ(counts[Counter::kDramBurst], 2U);
  EXPECT_EQ(counts[Counter::kDramOfmapWrite], 0U);
  EXPECT_EQ(counts[Counter::kGlbResidentRead], 0U);
  EXPECT_EQ(counts[Counter::kGlbResidentWrite], 1U);
  EXPECT_EQ(counts[Counter::kGlbOfmapRead], 1U);
  EXPECT_EQ(counts[Counter::kPostProcessingWord], 1U);
}

// The filters are in flight until 17; the ifmap goes in 1 all the same.
TEST(Dma, ResidentTileTakesNoneOfTheBurstsInFlight) {
  spec::AcceleratorSpec spec = one_pe_accelerator();
  spec.dram.outstanding_bursts = 1;
  System system("one", spec);
  run_resident(system, kResidentIfmap, {3, -4}, {10, 7});
  EXPECT_EQ(system.activity().total, Cycles(50));
}

// A link of 400 MHz without latency. Eight filters, 16 bytes in bursts of 8, in 0 and 1, ready in
// 3. Of the ifmap's two bursts one goes in 2; 64 bits are three rows of 24: there in 5, when the
// other goes, there in 8: T = 9. Filters popped T + 2 to T + 9, MACs T + 10 to T + 24, accumulation
// T + 26, GON T + 29, drained T + 30 = 39. Queued 40; the store goes in 41, there in 44.
TEST(Dma, ResidentTilesMoveARowACycleAndABurstAtATime) {
  spec::AcceleratorSpec spec = one_pe_accelerator();
  spec.filter_gin.width = Bits(128);
  spec.dram.link_clock = Kilohertz(400'000);
  spec.dram.latency = Nanoseconds(0);
  spec.dram.burst = Bytes(8);
  spec.global_buffer.row_width = Bits(24);
  System system("one", spec);
  run_resident(system, kResidentFmaps, {1, 2, 3, 4, 5, 6, 7, 8}, {1, 1, 1, 1, 1, 1, 1, 1});
  EXPECT_EQ(system.activity().total, Cycles(44));
  EXPECT_EQ(system.activity().processing, Cycles(30));
  EXPECT_EQ(testbench::word_at(system.accelerator.resident(), kOfmapAddress), 36);
  const ActivityCounts& counts = system.activity().counts;
  EXPECT_EQ(counts[Counter::kDramBurst], 2U);
  EXPECT_EQ(counts[Counter::kGlbResidentRead], 8U);
  EXPECT_EQ(counts[Counter::kGlbResidentWrite], 1U);
}

TEST(Dma, ResidentTilesTakeNoTimeWithAnIdealLink) {
  System system("one", one_pe_accelerator());
  run_resident(system, kResidentFmaps, {3, -4}, {10, 7}, Link::kIdeal);
  EXPECT_EQ(system.activity().total, Cycles(12));
  EXPECT_EQ(testbench::word_at(system.accelerator.resident(), kOfmapAddress), 2);
  EXPECT_EQ(system.activity().counts[Counter::kDramBurst], 1U);
}

TEST(Dma, TileBeyondTheResidentBanksFailsTheLayer) {
  System system("one", one_pe_accelerator());
  system.memory() = memory_of({3, -4}, {10, 7});
  system.accelerator.resident().assign(kOfmapAddress, 0);
  const auto schedule = one_tile_layer(2, {one_pe_pass(2, 1, false)}, {0}, 1);
  const std::string failure =
      testbench::run(system, job_of(in_places(*schedule, kResidentOfmap), buffer_plan(2, 1)));
  EXPECT_TRUE(has(failure, "one_accelerator.global_buffer: resident byte 135 ")) << failure;
}

TEST(Dma, PostProcessesWords) {
  System system("one", one_pe_accelerator());
  system.memory() = memory_of({-6, 1, 2, 2}, {10});
  auto shape = one_pe_pass(1, 4, false);
  const auto schedule = one_tile_layer(1, {shape}, {0}, 4);
  LayerJob job = job_of(schedule, buffer_plan(1, 1), Link::kIdeal);
  job.post_processing = {true, 2, 3};  // psums -60, 10, 20, 20
  EXPECT_EQ(testbench::run(system, job), "");
  EXPECT_EQ(testbench::word_at(system.memory(), kOfmapAddress), 0);
  EXPECT_EQ(testbench::word_at(system.memory(), kOfmapAddress + 2), 3);  // 10 / 4 = 2.5, up
  EXPECT_EQ(testbench::word_at(system.memory(), kOfmapAddress + 4), 3);  // 5, clamped
  job.post_processing = {false, 2, 3};
  EXPECT_EQ(testbench::run(system, job), "");
  EXPECT_EQ(testbench::word_at(system.memory(), kOfmapAddress), -4);  // -15, clamped
  job.post_processing = {false, 3, 16};
  EXPECT_EQ(testbench::run(system, job), "");
  EXPECT_EQ(testbench::word_at(system.memory(), kOfmapAddress), -7);     // -7.5, up
  EXPECT_EQ(testbench::word_at(system.memory(), kOfmapAddress + 2), 1);  // 1.25
  EXPECT_EQ(testbench::word_at(system.memory(), kOfmapAddress + 4), 3);  // 2.5, up
}

TEST(Dma, FillsThePaddingOfAPlaneWithZeros) {
  // The window has words 1 and 2 of a row of 4; the filter sees 0, 10, 7, 0.
  System system("one", one_pe_accelerator());
  system.memory() = memory_of({1000, 2, 3, 1000}, {10, 7});
  std::vector<dataflow::Step> steps;
  const auto whole = one_tile_layer(4, {one_pe_pass(4, 1, false)}, {0}, 1);
  dataflow::Step step;
  while (whole->next(step)) {
    if (auto* load = std::get_if<dataflow::LoadTile>(&step)) {
      load->window = {1, 4, 0, 1, 1, 2};
      load->bytes = 8;
    }
    steps.push_back(step);
  }
  const auto schedule = std::make_shared<testbench::ListSchedule>(steps);
  EXPECT_EQ(testbench::run(system, job_of(schedule, buffer_plan(4, 1))), "");
  EXPECT_EQ(testbench::word_at(system.memory(), kOfmapAddress), 2 * 10 + 3 * 7);
}

TEST(Dma, AnswerOfDramThatIsAnErrorFailsTheLayer) {
  System system("one", one_pe_accelerator());
  system.memory().assign(kOfmapAddress, 0);  // no room for the ofmap
  const auto schedule = one_tile_layer(2, {one_pe_pass(2, 1, false)}, {0}, 1);
  const std::string failure = testbench::run(system, job_of(schedule, buffer_plan(2, 1)));
  EXPECT_TRUE(has(failure, "one_accelerator.dma: cycle 35: ")) << failure;
  EXPECT_TRUE(has(failure, "TLM_ADDRESS_ERROR_RESPONSE")) << failure;
  EXPECT_TRUE(has(failure, "8 bytes at address 128")) << failure;
}

TEST(Dma, AnswerOfDramThatIsAnErrorFailsALayerOnTheIdealLink) {
  System system("one", one_pe_accelerator());
  system.memory().assign(kIfmapAddress, 0);
  const auto schedule = one_tile_layer(2, {one_pe_pass(2, 1, false)}, {0}, 1);
  const std::string failure =
      testbench::run(system, job_of(schedule, buffer_plan(2, 1), Link::kIdeal));
  EXPECT_TRUE(has(failure, "one_accelerator.dma: ")) << failure;
  EXPECT_TRUE(has(failure, "address 64")) << failure;
}

TEST(Dma, TileThatIsNoFrameFailsTheLayer) {
  support::MappedLayer mapped;
  mapped.accelerator = support::small_accelerator(1, 1);
  const support::SmallLayer layer(mapped, 1);
  System system("one", mapped.accelerator);
  system.memory() = layer.memory();
  for (std::uint64_t i = 0; i < 8; ++i) {
    system.memory()[layer.image.layout.ifmap_tiles[0].address + i] = 0;  // no last code word
  }
  EXPECT_NE(testbench::run(system, job_of(layer)), "");
}

TEST(Dma, PrefetchesTheFiltersOfManySmallPasses) {
  // 1100 passes of one filter word; the ring has 4096.
  support::MappedLayer mapped;
  mapped.shape.filters = 1100;
  mapped.accelerator = support::small_accelerator(1, 1);
  const support::SmallLayer layer(mapped, 1);
  ASSERT_EQ(layer.plan.pass_count(), 1100U);
  System system("one", mapped.accelerator);
  ASSERT_EQ(testbench::run(system, layer), "");
  EXPECT_TRUE(testbench::ofmap(system, layer) == layer.ofmap);
}

TEST(Dma, DoubleBuffersHideTransfers) {
  support::MappedLayer mapped;
  mapped.shape.channels = 2;
  mapped.shape.height = 6;
  mapped.shape.width = 6;
  mapped.shape.kernel_height = 3;
  mapped.shape.kernel_width = 3;
  mapped.shape.filters = 4;
  mapped.mapping.m = 4;
  mapped.mapping.p = 4;
  mapped.mapping.f = 4;
  mapped.mapping.filter_rows = 3;
  mapped.mapping.filter_columns = 3;
  mapped.accelerator = support::small_accelerator(3, 3);
  const support::SmallLayer single(mapped, 1);
  System one("one", mapped.accelerator);
  mapped.accelerator.dram.overlap = spec::DramOverlap::kDoubleBuffer;
  const support::SmallLayer twofold(mapped, 1);
  System two("two", mapped.accelerator);
  ASSERT_EQ(testbench::run(one, single), "");
  ASSERT_EQ(testbench::run(two, twofold), "");
  EXPECT_LT(two.activity().total, one.activity().total);
  EXPECT_TRUE(testbench::ofmap(one, single) == single.ofmap);
  EXPECT_TRUE(testbench::ofmap(two, twofold) == single.ofmap);
}

}  // namespace
}  // namespace rowan::hardware
