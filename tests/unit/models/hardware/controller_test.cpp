// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/controller.h"

#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "models/base/error.h"
#include "tests/unit/models/hardware/small_system.h"

// Passes of one window of one word and two filters on one PE. Released in T: filters popped T + 2
// and T + 3, MACs T + 4 and T + 5, accumulations T + 6 and T + 7, which can be popped in T + 9 and
// T + 10; GON T + 10; drained T + 11. A pass that reads psums: they are in the FIFO from T + 2 on,
// so it is the same.
namespace rowan::hardware {
namespace {

using testbench::buffer_plan;
using testbench::job_of;
using testbench::one_pe_accelerator;
using testbench::one_pe_pass;
using testbench::System;
using Shapes = std::vector<std::shared_ptr<dataflow::PassShape>>;

/// Runs passes on the ideal link; their filters are 5 and 7, the ifmap word is 3.
void run_passes(System& system, const Shapes& shapes, const std::vector<std::uint32_t>& rows) {
  system.memory().assign(256, 0);
  testbench::put(system.memory(), 0, {5, 7});
  testbench::put(system.memory(), testbench::kIfmapAddress, {3});
  const auto schedule = testbench::one_tile_layer(1, shapes, rows, 2);
  EXPECT_EQ(testbench::run(system, job_of(schedule, buffer_plan(1, 4), Link::kIdeal)), "");
}

int psum(System& system, unsigned plane) {
  return testbench::word_at(system.memory(), testbench::kOfmapAddress + std::uint64_t{plane} * 2);
}

// Drained 11, released 13, drained 24.
TEST(Controller, ReleasesAPassSetupCyclesAfterTheDrain) {
  System system("one", one_pe_accelerator());
  run_passes(system, {one_pe_pass(1, 2, false), one_pe_pass(1, 2, true)}, {0, 0});
  EXPECT_EQ(system.activity().processing, Cycles(24));
  EXPECT_EQ(system.activity().total, Cycles(24));
  EXPECT_EQ(system.activity().passes, 2U);
  EXPECT_EQ(system.activity().macs, 4U);
  EXPECT_EQ(system.activity().active_pes, 1U);
  EXPECT_EQ(psum(system, 0), 2 * 15);
  EXPECT_EQ(psum(system, 1), 2 * 21);
}

TEST(Controller, TakesThePassSetupOfThePlatform) {
  spec::AcceleratorSpec spec = one_pe_accelerator();
  spec.controller.pass_setup = Cycles(5);
  System system("one", spec);
  run_passes(system, {one_pe_pass(1, 2, false), one_pe_pass(1, 2, true)}, {0, 0});
  EXPECT_EQ(system.activity().processing, Cycles(11 + 5 + 11));
}

// 19 bits, two a cycle: 10 cycles.
TEST(Controller, ConfiguresBeforeTheFirstPass) {
  spec::AcceleratorSpec spec = one_pe_accelerator();
  spec.controller.scan_chain = Bits(19);
  spec.controller.scan_bits_per_cycle = 2;
  System system("one", spec);
  run_passes(system, {one_pe_pass(1, 2, false)}, {0});
  EXPECT_EQ(system.activity().total, Cycles(21));
  EXPECT_EQ(system.activity().processing, Cycles(11));
  EXPECT_EQ(system.activity().pes[0][PeActivity::kConfiguration], 10U);
  EXPECT_EQ(system.activity().counts[Counter::kControllerConfigurationBit], 19U);
  EXPECT_EQ(system.activity().counts[Counter::kControllerPass], 1U);
}

spec::AcceleratorSpec overlapping() {
  spec::AcceleratorSpec spec = one_pe_accelerator();
  spec.controller.pass_transition = spec::PassTransition::kOverlap;
  return spec;
}

// Pass 1 is released in 1. Its filters stand in the FIFO from 3; the PE is done with pass 0 in 7:
// popped 8, 9; MACs 10, 11; accumulations 12, 13; GON 16; drained 17.
TEST(Controller, OverlapsPassesOfOneShape) {
  System system("one", overlapping());
  const auto shape = one_pe_pass(1, 2, false);
  run_passes(system, {shape, shape}, {0, 1});
  EXPECT_EQ(system.activity().processing, Cycles(17));
}

// The third pass is not released before drained(0) + 2 = 13: filters in the FIFO from 15: popped
// 15, 16; MACs 17, 18; accumulations 19, 20; GON 23; drained 24.
TEST(Controller, HasTwoPassesUnderWayAtMost) {
  System system("one", overlapping());
  const auto shape = one_pe_pass(1, 2, false);
  run_passes(system, {shape, shape, shape}, {0, 1, 2});
  EXPECT_EQ(system.activity().processing, Cycles(24));
}

TEST(Controller, DoesNotOverlapPassesOfDifferentShapes) {
  System system("one", overlapping());
  run_passes(system, {one_pe_pass(1, 2, false), one_pe_pass(1, 2, true)}, {0, 0});
  EXPECT_EQ(system.activity().processing, Cycles(24));
}

// Pass 1 released 13, drained 24. Pass 2 released 14: filters popped from 21 on, when pass 1 is
// done: 21, 22; MACs 23, 24; its psums are read from 25 on: in the FIFO in 27; accumulations 27,
// 28; GON 31; drained 32.
TEST(Controller, LetsPsumsBeReadOnlyWhenThePassBeforeHasWrittenThem) {
  System system("one", overlapping());
  const auto reads = one_pe_pass(1, 2, true);
  run_passes(system, {one_pe_pass(1, 2, false), reads, reads}, {0, 0, 0});
  EXPECT_EQ(system.activity().processing, Cycles(32));
  EXPECT_EQ(psum(system, 0), 3 * 15);
  EXPECT_EQ(psum(system, 1), 3 * 21);
}

// On other rows the psums are read in 14: accumulations 25, 26; GON 29; drained 30.
TEST(Controller, LetsOtherPsumsBeReadAtOnce) {
  System system("one", overlapping());
  const auto reads = one_pe_pass(1, 2, true);
  run_passes(system, {one_pe_pass(1, 2, false), reads, reads}, {0, 0, 1});
  EXPECT_EQ(system.activity().processing, Cycles(30));
  EXPECT_EQ(psum(system, 0), 2 * 15);
}

// Pass 0 on PE 0, done in 7, drained in 11; pass 1 on PE 1, released in 13, drained in 24.
TEST(Controller, PesAreIdleInPassesWithoutThemUntilTheDrain) {
  spec::AcceleratorSpec spec = one_pe_accelerator();
  spec.array.columns = 2;
  System system("one", spec);
  const auto first = one_pe_pass(1, 2, false);
  first->pes.resize(2);
  const auto second = one_pe_pass(1, 2, false);
  second->pes.insert(second->pes.begin(), dataflow::PeProgram());
  run_passes(system, {first, second}, {0, 1});
  const std::vector<PeCycles>& pes = system.activity().pes;
  EXPECT_EQ(pes[0][PeActivity::kPassTransition], 4U);  // 8 to 11
  EXPECT_EQ(pes[0][PeActivity::kIdle], 12U);           // 12 to 23
  EXPECT_EQ(pes[1][PeActivity::kIdle], 12U);           // 0 to 11
  EXPECT_EQ(pes[1][PeActivity::kFilterLoad], 4U);      // 13 to 16
  EXPECT_EQ(pes[1][PeActivity::kBusy], 4U);
}

TEST(Controller, CarriesOutOneLayerAtATime) {
  System system("one", one_pe_accelerator());
  system.memory().assign(256, 0);
  const auto schedule = testbench::one_tile_layer(1, {one_pe_pass(1, 2, false)}, {0}, 2);
  const LayerJob job = job_of(schedule, buffer_plan(1, 4));
  system.accelerator.controller().start(job);
  EXPECT_TRUE(system.accelerator.controller().busy());
  EXPECT_THROW(system.accelerator.controller().start(job), HardwareError);
  testbench::simulate({&system});
  EXPECT_FALSE(system.accelerator.controller().busy());
  EXPECT_EQ(system.accelerator.controller().failure(), "");
  EXPECT_EQ(testbench::run(system, job), "");
}

TEST(Controller, EndsALayerInTheCycleOfTheLastStore) {
  System system("one", one_pe_accelerator());
  system.memory().assign(256, 0);
  const auto schedule = testbench::one_tile_layer(1, {one_pe_pass(1, 2, false)}, {0}, 2);
  const std::uint64_t begin = to_ps(sc_core::sc_time_stamp());
  EXPECT_EQ(testbench::run(system, job_of(schedule, buffer_plan(1, 4))), "");
  EXPECT_EQ(to_ps(sc_core::sc_time_stamp()) - begin, system.activity().total.value() * 5000);
}

TEST(Controller, LayerWithoutALoadNeverStartsItsPass) {
  System system("one", one_pe_accelerator());
  system.memory().assign(256, 0);
  const auto whole = testbench::one_tile_layer(1, {one_pe_pass(1, 2, false)}, {0}, 2);
  std::vector<dataflow::Step> steps;
  dataflow::Step step;
  while (whole->next(step)) {
    if (!std::holds_alternative<dataflow::LoadTile>(step)) steps.push_back(step);
  }
  const auto schedule = std::make_shared<testbench::ListSchedule>(steps);
  EXPECT_NE(testbench::run(system, job_of(schedule, buffer_plan(1, 4))), "");
}

TEST(Controller, TileThatIsReleasedOutOfOrderIsAnError) {
  System system("one", one_pe_accelerator());
  system.memory().assign(256, 0);
  const auto whole = testbench::one_tile_layer(1, {one_pe_pass(1, 2, false)}, {0}, 2);
  std::vector<dataflow::Step> steps;
  dataflow::Step step;
  while (whole->next(step)) {
    if (auto* load = std::get_if<dataflow::LoadTile>(&step)) {
      steps.push_back(*load);  // tile 0, which no pass reads
      load->number = 1;
    } else if (auto* pass = std::get_if<dataflow::Pass>(&step)) {
      pass->ifmap_tile = 1;
    }
    steps.push_back(step);
  }
  const auto schedule = std::make_shared<testbench::ListSchedule>(steps);
  EXPECT_NE(testbench::run(system, job_of(schedule, buffer_plan(1, 4))), "");
}

}  // namespace
}  // namespace rowan::hardware
