// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/unit_pass_runner.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/dataflow/post_processing/dram_image.h"
#include "models/dataflow/post_processing/layer_plan.h"
#include "models/dataflow/post_processing/layer_schedule.h"
#include "tests/support/sanitizer.h"
#include "tests/support/small_unit_layer.h"
#include "tests/unit/models/hardware/small_system.h"

namespace rowan::hardware {
namespace {

namespace unit = dataflow::post_processing;
using dataflow::UnitOperation;
using support::unit_accelerator;
using support::unit_shape;
using testbench::System;
using workloads::Tensor;

/// A tensor of these words.
Tensor tensor(const workloads::Extents& extents, const std::vector<Word>& words) {
  Tensor made(extents);
  std::copy(words.begin(), words.end(), made.data());
  return made;
}

/// A layer ready to run.
struct UnitLayer {
  UnitLayer(const unit::LayerShape& shape, const spec::AcceleratorSpec& accelerator,
            const std::vector<Tensor>& inputs, const Tensor& parameters = {})
      : plan(shape, static_cast<unsigned>(inputs[0].extents()[0]), accelerator),
        image(unit::make_dram_image(plan, {inputs, parameters}, false)),
        schedule(std::make_shared<unit::LayerSchedule>(plan, image.layout)) {}

  const unit::LayerPlan plan;
  const unit::DramImage image;
  const std::shared_ptr<const dataflow::Schedule> schedule;

  /// What went wrong, or nothing.
  std::string run(System& system, Link link = Link::kReal) const {
    system.memory() = image.bytes;
    system.memory().resize(image.layout.bytes);
    return testbench::run(system, testbench::job_of(schedule, plan.buffers(), link));
  }
  std::vector<Word> ofmap(System& system) const {
    const Tensor read = unit::read_ofmap(plan, image.layout, system.memory());
    return {read.data(), read.data() + read.size()};
  }
};

/// A layer of one operand, or two, and a system to run it. All systems of a test are made before
/// the first runs.
struct Case {
  template <class... Operands>
  Case(const spec::AcceleratorSpec& spec, const unit::LayerShape& shape,
       const Operands&... operands)
      : accelerator(spec),
        layer(shape, spec, {operands...}),
        system(sc_core::sc_gen_unique_name("system"), spec) {}
  const spec::AcceleratorSpec accelerator;
  const UnitLayer layer;
  System system;
};

std::uint64_t count(System& system, Counter counter) { return system.activity().counts[counter]; }

/// Lanes and the buffer are small; nothing to configure; the link carries a word of 64 bits in
/// every core cycle, at once.
spec::AcceleratorSpec quick_link(unsigned lanes, unsigned banks = 8, unsigned rows = 8) {
  spec::AcceleratorSpec accelerator = unit_accelerator(banks, rows);
  accelerator.post_processing.lanes = lanes;
  accelerator.dram.link_clock = accelerator.clock;
  accelerator.dram.latency = Nanoseconds(0);
  accelerator.dram.rlc = false;
  return accelerator;
}

TEST(UnitPassRunner, TakesLanesWordsACycle) {
  // 7 words are 16 bytes: issued in cycle 0, on the link in cycles 0 and 1, arrived in 2, ready in
  // 3. The pass drains after ceil(7 / lanes) cycles; the store is queued a cycle later, goes when
  // all 7 words passed on to DRAM, and ends 2 cycles later.
  const Tensor x = tensor({1, 1, 1, 7}, {1, -1, 2, -2, 3, -3, 4});
  std::deque<Case> cases;
  for (const unsigned lanes : {1U, 3U, 4U, 16U}) {
    cases.emplace_back(quick_link(lanes), unit_shape(UnitOperation::kRelu, 1, 1, 7), x);
  }
  for (Case& test : cases) {
    ASSERT_EQ(test.layer.run(test.system), "");
    const std::uint64_t cycles = ceil_div(7, test.accelerator.post_processing.lanes);
    EXPECT_EQ(test.system.activity().processing.value(), cycles);
    EXPECT_EQ(test.system.activity().total.value(), 3 + cycles + 1 + cycles + 2);
    EXPECT_EQ(test.layer.ofmap(test.system), (std::vector<Word>{1, 0, 2, 0, 3, 0, 4}));
  }
}

TEST(UnitPassRunner, CountsWhatItTakesAndMakes) {
  const spec::AcceleratorSpec accelerator = quick_link(4);
  const Tensor x = tensor({1, 2, 1, 2}, {1, 7, 3, 7});
  const Tensor parameters = tensor({2, 2, 1, 1}, {256, 10, 512, 20});
  unit::LayerShape shape = unit_shape(UnitOperation::kLayerNorm, 2, 1, 2);
  shape.arithmetic.ofmap_fraction_bits = 8;
  shape.arithmetic.gain_fraction_bits = 8;
  const UnitLayer layer(shape, accelerator, {x}, parameters);
  System system("one", accelerator);
  ASSERT_EQ(layer.run(system), "");
  EXPECT_EQ(layer.ofmap(system), (std::vector<Word>{-246, 10, 532, 20}));
  EXPECT_EQ(count(system, Counter::kPostProcessingOperation), 12U);  // 4 + 2 * 4
  EXPECT_EQ(count(system, Counter::kGlbFilterRead), 4U);
  EXPECT_EQ(count(system, Counter::kGlbFilterWrite), 4U);
  EXPECT_EQ(count(system, Counter::kGlbIfmapRead), 8U);
  EXPECT_EQ(count(system, Counter::kGlbIfmapWrite), 4U);
  EXPECT_EQ(count(system, Counter::kGlbPsumWrite), 4U);
  EXPECT_EQ(count(system, Counter::kGlbPsumRead), 0U);
  EXPECT_EQ(count(system, Counter::kGlbOfmapRead), 4U);
  EXPECT_EQ(count(system, Counter::kPostProcessingWord), 4U);
  EXPECT_EQ(count(system, Counter::kDramIfmapRead), 8U);
  EXPECT_EQ(count(system, Counter::kDramFilterRead), 8U);
  EXPECT_EQ(count(system, Counter::kDramOfmapWrite), 8U);
  EXPECT_EQ(count(system, Counter::kControllerPass), 1U);
  EXPECT_EQ(count(system, Counter::kGonWord), 0U);
  EXPECT_EQ(system.activity().processing.value(), 3U);
  EXPECT_EQ(system.activity().macs, 0U);
  EXPECT_EQ(system.activity().active_pes, 0U);
}

TEST(UnitPassRunner, LeavesEveryPeIdle) {
  spec::AcceleratorSpec accelerator = quick_link(4);
  accelerator.array.rows = 2;
  accelerator.array.columns = 3;
  accelerator.controller.scan_chain = Bits(11);
  const Tensor x({1, 2, 4, 4});
  const UnitLayer layer(unit_shape(UnitOperation::kGelu, 2, 4, 4), accelerator, {x});
  System system("one", accelerator);
  for (const Link link : {Link::kReal, Link::kIdeal}) {
    ASSERT_EQ(layer.run(system, link), "");
    ASSERT_EQ(system.activity().pes.size(), 6U);
    for (const PeCycles& pe : system.activity().pes) {
      EXPECT_EQ(pe[PeActivity::kIdle], system.activity().total.value());
      EXPECT_EQ(pe.total(), system.activity().total.value());
    }
  }
}

TEST(UnitPassRunner, WorksTileAfterTileWithThePassSetupBetween) {
  // A bank of 2 rows: 2 tiles of one row of 2 words (2 psum rows), on one lane.
  spec::AcceleratorSpec accelerator = quick_link(1, 2, 2);
  accelerator.controller.pass_setup = Cycles(5);
  const Tensor x = tensor({1, 1, 2, 2}, {-1, 2, 3, -4});
  std::deque<Case> cases;
  for (const auto transition : {spec::PassTransition::kDrain, spec::PassTransition::kOverlap}) {
    accelerator.controller.pass_transition = transition;
    cases.emplace_back(accelerator, unit_shape(UnitOperation::kRelu, 1, 2, 2), x);
  }
  for (Case& test : cases) {
    ASSERT_EQ(test.layer.plan.tile_count(), 2U);
    for (const Link link : {Link::kReal, Link::kIdeal}) {
      ASSERT_EQ(test.layer.run(test.system, link), "");
      EXPECT_EQ(test.system.activity().processing.value(), 2U + 5U + 2U);
      EXPECT_EQ(test.layer.ofmap(test.system), (std::vector<Word>{0, 2, 3, 0}));
    }
  }
}

TEST(UnitPassRunner, HidesLoadsAndStoresWithDoubleBuffer) {
  const Tensor x({1, 8, 4, 4});
  std::deque<Case> cases;
  for (const auto overlap : {spec::DramOverlap::kNone, spec::DramOverlap::kDoubleBuffer}) {
    const unsigned banks = overlap == spec::DramOverlap::kDoubleBuffer ? 6 : 3;  // equal tiles
    spec::AcceleratorSpec accelerator = quick_link(1, banks, 8);
    accelerator.dram.overlap = overlap;
    cases.emplace_back(accelerator, unit_shape(UnitOperation::kGelu, 8, 4, 4), x);
  }
  std::vector<std::uint64_t> totals;
  for (Case& test : cases) {
    ASSERT_EQ(test.layer.plan.tile_count(), 4U);
    ASSERT_EQ(test.layer.run(test.system), "");
    EXPECT_EQ(test.system.activity().processing.value(), 4 * 32U + 3 * 2U);
    totals.push_back(test.system.activity().total.value());
  }
  // The first load, four passes of 32 cycles and the last store stay.
  EXPECT_LT(totals[1], totals[0]);
  EXPECT_GE(totals[1], 4 * 32U + 3 * 2U);
  EXPECT_LE(totals[1], 4 * 32U + 3 * 2U + 80U);
}

TEST(UnitPassRunner, FetchesTheParametersOfEveryPassThroughTheRing) {
  // Tokens in two strips, whose parameters, 3 and 2 words, fill the ring.
  spec::AcceleratorSpec accelerator = quick_link(2, 2, 3);
  accelerator.global_buffer.filter_banks = 1;  // 12 words
  accelerator.dram.burst = Bytes(8);
  const Tensor x = tensor({2, 1, 2, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  const Tensor parameters = tensor({1, 1, 1, 5}, {100, 10, 20, 30, 40});
  const UnitLayer layer(unit_shape(UnitOperation::kTokens, 1, 2, 2), accelerator, {x}, parameters);
  ASSERT_EQ(layer.plan.tile_count(), 4U);
  System system("one", accelerator);
  ASSERT_EQ(layer.run(system), "");
  EXPECT_EQ(layer.ofmap(system), (std::vector<Word>{100, 11, 22, 33, 44, 100, 15, 26, 37, 48}));
  EXPECT_EQ(count(system, Counter::kGlbFilterRead), 10U);
  // 3 + 2 words, then 2 + 2: 3 and 2 cycles, twice
  EXPECT_EQ(system.activity().processing.value(), 2 * (3U + 2U) + 3 * 2U);
}

TEST(UnitPassRunner, GivesEqualWordsOnBothLinksAndCodedOrNot) {
  const std::vector<Word> words{0, 0, 5, -3, 0, 0, 9, 0, 0, 0, 0, -8, 7, 7, 0, 1};
  const Tensor x = tensor({1, 4, 2, 2}, words);
  unit::LayerShape shape = unit_shape(UnitOperation::kAddition, 4, 2, 2);
  shape.second_channels = 4;
  std::deque<Case> cases;
  for (const bool rlc : {false, true}) {
    spec::AcceleratorSpec accelerator = quick_link(4, 2, 2);
    accelerator.dram.rlc = rlc;
    cases.emplace_back(accelerator, shape, x, x);
  }
  for (Case& test : cases) {
    EXPECT_GT(test.layer.plan.tile_count(), 2U);
    for (const Link link : {Link::kReal, Link::kIdeal}) {
      ASSERT_EQ(test.layer.run(test.system, link), "");
      const std::vector<Word> ofmap = test.layer.ofmap(test.system);
      for (std::size_t i = 0; i < words.size(); ++i) EXPECT_EQ(ofmap[i], 2 * words[i]);
    }
  }
}

TEST(UnitPassRunner, TakesTurnsWithTheArray) {
  // A layer of the array, one of the unit, and the first again: the same numbers as alone.
  support::MappedLayer mapped;
  mapped.shape.filters = 2;
  mapped.shape.height = 4;
  mapped.shape.width = 4;
  mapped.shape.kernel_height = 2;
  mapped.shape.kernel_width = 2;
  mapped.mapping.m = 2;
  mapped.mapping.p = 2;
  mapped.mapping.e = 3;
  mapped.mapping.f = 3;
  mapped.mapping.filter_rows = 2;
  mapped.mapping.filter_columns = 2;
  mapped.accelerator = support::small_accelerator(3, 3);
  const support::SmallLayer conv(mapped, 1);
  const Tensor x = tensor({1, 1, 1, 3}, {-1, 2, -3});
  const UnitLayer relu(unit_shape(UnitOperation::kRelu, 1, 1, 3), mapped.accelerator, {x});
  System system("one", mapped.accelerator);
  ASSERT_EQ(testbench::run(system, conv), "");
  const LayerActivity alone = system.activity();
  ASSERT_EQ(relu.run(system), "");
  EXPECT_EQ(relu.ofmap(system), (std::vector<Word>{0, 2, 0}));
  EXPECT_EQ(count(system, Counter::kMacCompute), 0U);
  ASSERT_EQ(testbench::run(system, conv), "");
  EXPECT_TRUE(testbench::same(system.activity(), alone));
  EXPECT_EQ(count(system, Counter::kPostProcessingOperation), 0U);
}

/// A layer of the unit with one step changed.
std::shared_ptr<testbench::ListSchedule> edited(const UnitLayer& layer, std::size_t which,
                                                const std::function<void(dataflow::Step&)>& edit) {
  std::vector<dataflow::Step> steps;
  const auto reader = layer.schedule->restart();
  for (dataflow::Step step; reader->next(step);) steps.push_back(step);
  edit(steps.at(which));
  return std::make_shared<testbench::ListSchedule>(steps);
}

TEST(UnitPassRunner, RefusesAPassOfTheArray) {
  const spec::AcceleratorSpec accelerator = quick_link(1, 2, 2);
  const Tensor x({1, 1, 2, 2});
  const UnitLayer layer(unit_shape(UnitOperation::kRelu, 1, 2, 2), accelerator, {x});
  System system("one", accelerator);
  system.memory().resize(layer.image.layout.bytes);
  const auto schedule = edited(layer, 4, [](dataflow::Step& step) {
    std::get<dataflow::Pass>(step).shape = testbench::one_pe_pass(1, 1, false);
  });
  const std::string failure =
      testbench::run(system, testbench::job_of(schedule, layer.plan.buffers()));
  EXPECT_TRUE(testbench::has(failure, "pass 1 is not for what carries out the layer's first"))
      << failure;
  EXPECT_EQ(layer.run(system), "");
}

TEST(UnitPassRunner, ReportsATileBeyondTheBanks) {
  if (support::kAddressSanitizer) GTEST_SKIP() << support::kExceptionOnMainStack;
  const spec::AcceleratorSpec accelerator = quick_link(1);
  const Tensor x({1, 1, 1, 4});
  const UnitLayer layer(unit_shape(UnitOperation::kRelu, 1, 1, 4), accelerator, {x});
  System system("one", accelerator);
  system.memory().resize(layer.image.layout.bytes);
  const auto schedule = edited(layer, 1, [](dataflow::Step& step) {
    auto& pass = std::get<dataflow::Pass>(step);
    auto shape = std::make_shared<dataflow::PassShape>(*pass.shape);
    auto larger = std::make_shared<dataflow::UnitPass>(*shape->unit);
    larger->columns = 5;
    shape->unit = larger;
    pass.shape = shape;
  });
  const std::string failure =
      testbench::run(system, testbench::job_of(schedule, layer.plan.buffers()));
  EXPECT_TRUE(testbench::has(failure, "ifmap word 4 lies outside the layer's banks")) << failure;
  EXPECT_EQ(layer.run(system), "");
}

// A store of the array's layer fails while the next tile's passes, one bank access a cycle, are
// under way: they must not go on in the unit's layer.
TEST(UnitPassRunner, GoesOnAfterAFailureOfTheArrayInTheMiddleOfAPass) {
  support::MappedLayer mapped;
  mapped.shape.filters = 4;
  mapped.shape.height = 12;
  mapped.shape.width = 40;
  mapped.shape.kernel_height = 3;
  mapped.shape.kernel_width = 3;
  mapped.mapping.m = 4;
  mapped.mapping.p = 4;
  mapped.mapping.e = 3;
  mapped.mapping.f = 38;
  mapped.mapping.filter_rows = 3;
  mapped.mapping.filter_columns = 3;
  mapped.accelerator = support::small_accelerator(3, 3);
  mapped.accelerator.dram.overlap = spec::DramOverlap::kDoubleBuffer;
  mapped.accelerator.global_buffer.psum_bank_ports = 1;
  const support::SmallLayer failing(mapped, 1);
  unit::LayerShape shape = unit_shape(UnitOperation::kLayerNorm, 64, 1, 100);
  shape.arithmetic.gain_fraction_bits = 8;
  Tensor x({1, 64, 1, 100});
  Tensor parameters({64, 2, 1, 1});
  for (std::size_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<Word>(i % 1000);
  for (std::size_t i = 0; i < parameters.size(); ++i) parameters.data()[i] = static_cast<Word>(i);
  const UnitLayer layer(shape, mapped.accelerator, {x}, parameters);
  System system("one", mapped.accelerator);
  System other("other", mapped.accelerator);
  system.memory() = failing.memory();
  system.memory().resize(failing.image.layout.ofmap_tiles[0].address);
  ASSERT_NE(testbench::run(system, testbench::job_of(failing)), "");
  ASSERT_EQ(layer.run(system), "");
  ASSERT_EQ(layer.run(other), "");
  EXPECT_TRUE(testbench::same(system.activity(), other.activity()));
  EXPECT_TRUE(layer.ofmap(system) == layer.ofmap(other));
}

}  // namespace
}  // namespace rowan::hardware
