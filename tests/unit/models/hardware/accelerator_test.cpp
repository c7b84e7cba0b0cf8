// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/accelerator.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include "tests/unit/models/hardware/small_system.h"

namespace rowan::hardware {
namespace {

using support::MappedLayer;
using support::SmallLayer;
using testbench::same;
using testbench::System;

/// A layer with remainders of every letter, folds, groups and padding, on 3 x 3 PEs.
MappedLayer folded() {
  MappedLayer mapped;
  mapped.shape.groups = 2;
  mapped.shape.channels = 2 * 3;
  mapped.shape.filters = 2 * 5;
  mapped.shape.height = 6;
  mapped.shape.width = 7;
  mapped.shape.kernel_height = 3;
  mapped.shape.kernel_width = 3;
  mapped.shape.padding = 1;
  mapped.batch = 3;
  mapped.mapping.m = 4;
  mapped.mapping.n = 2;
  mapped.mapping.e = 4;  // two segments, 3 + 1 columns
  mapped.mapping.f = 5;
  mapped.mapping.p = 3;
  mapped.mapping.q = 2;
  mapped.mapping.filter_rows = 1;
  mapped.mapping.filter_columns = 2;
  mapped.accelerator = support::small_accelerator(3, 3);
  return mapped;
}

/// Chains of two sets, stride 2.
MappedLayer chained() {
  MappedLayer mapped;
  mapped.shape.channels = 5;
  mapped.shape.filters = 6;
  mapped.shape.height = 7;
  mapped.shape.width = 7;
  mapped.shape.kernel_width = 3;
  mapped.shape.stride = 2;
  mapped.batch = 2;
  mapped.mapping.m = 6;
  mapped.mapping.n = 2;
  mapped.mapping.e = 1;
  mapped.mapping.f = 3;
  mapped.mapping.p = 2;
  mapped.mapping.q = 2;
  mapped.mapping.r = 2;
  mapped.mapping.t = 3;
  mapped.mapping.filter_columns = 3;
  mapped.accelerator = support::small_accelerator(3, 3);
  return mapped;
}

/// One pass on the whole array.
MappedLayer plain() {
  MappedLayer mapped;
  mapped.shape.filters = 4;
  mapped.shape.height = 5;
  mapped.shape.width = 5;
  mapped.shape.kernel_height = 3;
  mapped.shape.kernel_width = 3;
  mapped.mapping.m = 4;
  mapped.mapping.p = 4;
  mapped.mapping.e = 3;
  mapped.mapping.f = 3;
  mapped.mapping.filter_rows = 3;
  mapped.mapping.filter_columns = 3;
  mapped.accelerator = support::small_accelerator(3, 3);
  return mapped;
}

void expect_consistent(const LayerActivity& activity, const SmallLayer& layer) {
  for (const PeCycles& pe : activity.pes) EXPECT_EQ(pe.total(), activity.total.value());
  EXPECT_EQ(activity.pes.size(), 9U);
  EXPECT_GE(activity.total, activity.processing);
  EXPECT_EQ(activity.passes, layer.plan.pass_count());
  const auto& shape = layer.plan.shape();
  EXPECT_EQ(activity.macs, shape.macs_per_image() * layer.plan.batch());
  const ActivityCounts& counts = activity.counts;
  EXPECT_EQ(counts[Counter::kMacCompute] + counts[Counter::kMacGated], activity.macs);
  EXPECT_EQ(counts[Counter::kFilterFifoPush], counts[Counter::kFilterFifoPop]);
  EXPECT_EQ(counts[Counter::kIfmapFifoPush], counts[Counter::kIfmapFifoPop]);
  EXPECT_EQ(counts[Counter::kPsumInFifoPush], counts[Counter::kPsumInFifoPop]);
  EXPECT_EQ(counts[Counter::kPsumOutFifoPush], counts[Counter::kPsumOutFifoPop]);
  EXPECT_EQ(counts[Counter::kFilterFifoPush], counts[Counter::kFilterGinDelivery]);
  EXPECT_EQ(counts[Counter::kIfmapFifoPush], counts[Counter::kIfmapGinDelivery]);
  EXPECT_EQ(counts[Counter::kPsumInFifoPush],
            counts[Counter::kPsumGinDelivery] + counts[Counter::kLocalNetworkWord]);
  EXPECT_EQ(counts[Counter::kPsumOutFifoPop],
            counts[Counter::kGonWord] + counts[Counter::kLocalNetworkWord]);
  EXPECT_EQ(counts[Counter::kPsumOutFifoPush], counts[Counter::kAdderAccumulate]);
  EXPECT_EQ(counts[Counter::kGlbFilterRead], counts[Counter::kGlbFilterWrite]);
  EXPECT_EQ(
      counts[Counter::kPostProcessingWord],
      std::uint64_t{layer.plan.batch()} * shape.filters * shape.out_height() * shape.out_width());
  std::uint64_t busy = 0;
  for (const PeCycles& pe : activity.pes) busy += pe[PeActivity::kBusy];
  EXPECT_EQ(busy, activity.macs + counts[Counter::kAdderAccumulate]);
}

TEST(Accelerator, GivesTheOfmapAndBooksEveryCycleOfEveryPe) {
  const SmallLayer layers[] = {{folded(), 1}, {chained(), 2}, {plain(), 3}};
  System system("one", folded().accelerator);
  for (const SmallLayer& layer : layers) {
    ASSERT_EQ(testbench::run(system, layer), "");
    EXPECT_TRUE(testbench::ofmap(system, layer) == layer.ofmap);
    expect_consistent(system.activity(), layer);
  }
}

TEST(Accelerator, BooksEveryCycleOnTheIdealLinkToo) {
  const SmallLayer layers[] = {{folded(), 1}, {chained(), 2}, {plain(), 3}};
  System system("one", folded().accelerator);
  for (const SmallLayer& layer : layers) {
    ASSERT_EQ(testbench::run(system, layer, Link::kIdeal), "");
    EXPECT_TRUE(testbench::ofmap(system, layer) == layer.ofmap);
    expect_consistent(system.activity(), layer);
    EXPECT_EQ(system.activity().total.value(), system.activity().processing.value() + 20);
  }
}

TEST(Accelerator, ProcessesAsLongOverTheLinkAsOnTheIdealOne) {
  const SmallLayer layers[] = {{folded(), 1}, {chained(), 2}};
  System real("real", folded().accelerator);
  System ideal("ideal", folded().accelerator);
  for (const SmallLayer& layer : layers) {
    ASSERT_EQ(testbench::run(real, layer), "");
    ASSERT_EQ(testbench::run(ideal, layer, Link::kIdeal), "");
    EXPECT_EQ(real.activity().processing, ideal.activity().processing);
    EXPECT_GT(real.activity().total, ideal.activity().total);
    EXPECT_TRUE(real.memory() == ideal.memory());
  }
}

TEST(Accelerator, LayersInARowGiveWhatEachGivesAlone) {
  const SmallLayer a(folded(), 1);
  const SmallLayer b(chained(), 2);
  const SmallLayer c(plain(), 3);
  System row("row", folded().accelerator);
  std::vector<std::unique_ptr<System>> alone;
  for (const char* name : {"a", "b", "c"}) {
    alone.push_back(std::make_unique<System>(name, folded().accelerator));
  }
  const SmallLayer* layers[] = {&a, &b, &c};
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_EQ(testbench::run(row, *layers[i]), "");
    ASSERT_EQ(testbench::run(*alone[i], *layers[i]), "");
    EXPECT_TRUE(same(row.activity(), alone[i]->activity())) << i;
    EXPECT_TRUE(row.memory() == alone[i]->memory()) << i;
  }
  // And the first one again.
  ASSERT_EQ(testbench::run(row, a), "");
  EXPECT_TRUE(same(row.activity(), alone[0]->activity()));
}

TEST(Accelerator, TwoAtATimeGiveWhatEachGivesAlone) {
  const SmallLayer a(folded(), 1);
  const SmallLayer b(chained(), 2);
  System one("one", folded().accelerator);
  System two("two", folded().accelerator);
  System alone_one("alone_one", folded().accelerator);
  System alone_two("alone_two", folded().accelerator);
  one.memory() = a.memory();
  two.memory() = b.memory();
  one.accelerator.controller().start(testbench::job_of(a));
  two.accelerator.controller().start(testbench::job_of(b));
  testbench::simulate({&one, &two});
  EXPECT_EQ(one.accelerator.controller().failure(), "");
  EXPECT_EQ(two.accelerator.controller().failure(), "");
  ASSERT_EQ(testbench::run(alone_one, a), "");
  ASSERT_EQ(testbench::run(alone_two, b), "");
  EXPECT_TRUE(same(one.activity(), alone_one.activity()));
  EXPECT_TRUE(same(two.activity(), alone_two.activity()));
  EXPECT_TRUE(one.memory() == alone_one.memory());
  EXPECT_TRUE(two.memory() == alone_two.memory());
}

class AnyOrder : public testing::TestWithParam<unsigned> {};

TEST_P(AnyOrder, OfSimulationGivesTheSame) {
  MappedLayer mapped[] = {folded(), chained()};
  for (MappedLayer& layer : mapped) {
    layer.accelerator.global_buffer.psum_bank_ports = GetParam() % 2 == 0 ? 2 : 1;
    layer.accelerator.controller.pass_transition =
        GetParam() < 2 ? spec::PassTransition::kDrain : spec::PassTransition::kOverlap;
  }
  System forward("forward", mapped[0].accelerator);
  System reverse("reverse", mapped[0].accelerator, SimulationOrder::kReverse);
  System shuffled("shuffled", mapped[0].accelerator, SimulationOrder::kShuffled);
  for (const MappedLayer& of : mapped) {
    const SmallLayer layer(of, 5);
    ASSERT_EQ(testbench::run(forward, layer), "");
    ASSERT_EQ(testbench::run(reverse, layer), "");
    ASSERT_EQ(testbench::run(shuffled, layer), "");
    EXPECT_TRUE(testbench::ofmap(forward, layer) == layer.ofmap);
    EXPECT_TRUE(same(forward.activity(), reverse.activity()));
    EXPECT_TRUE(same(forward.activity(), shuffled.activity()));
    EXPECT_TRUE(forward.memory() == reverse.memory());
    EXPECT_TRUE(forward.memory() == shuffled.memory());
  }
}

INSTANTIATE_TEST_SUITE_P(PortsAndTransitions, AnyOrder, testing::Range(0U, 4U));

TEST(Accelerator, ZeroGatingChangesNoCycle) {
  MappedLayer mapped = folded();
  const SmallLayer layer(mapped, 1);
  System gated("gated", mapped.accelerator);
  mapped.accelerator.pe.zero_gating = false;
  System open("open", mapped.accelerator);
  ASSERT_EQ(testbench::run(gated, layer), "");
  ASSERT_EQ(testbench::run(open, layer), "");
  EXPECT_EQ(gated.activity().total, open.activity().total);
  EXPECT_TRUE(gated.activity().pes == open.activity().pes);
  EXPECT_TRUE(gated.memory() == open.memory());
  EXPECT_GT(gated.activity().counts[Counter::kMacGated], 0U);
  EXPECT_EQ(open.activity().counts[Counter::kMacGated], 0U);
}

TEST(Accelerator, FailsWhenDramIsTooSmallAndGoesOnWithTheNextLayer) {
  const SmallLayer layer(plain(), 1);
  System system("one", plain().accelerator);
  System other("other", plain().accelerator);
  system.memory() = layer.memory();
  system.memory().resize(layer.image.layout.ofmap_tiles[0].address);
  const std::string failure = testbench::run(system, testbench::job_of(layer));
  EXPECT_TRUE(testbench::has(failure, "one_accelerator.dma: ")) << failure;
  EXPECT_TRUE(testbench::has(
      failure, "address " + std::to_string(layer.image.layout.ofmap_tiles[0].address)))
      << failure;
  ASSERT_EQ(testbench::run(system, layer), "");
  ASSERT_EQ(testbench::run(other, layer), "");
  EXPECT_TRUE(same(system.activity(), other.activity()));
}

// A store fails while the next tile's passes, one bank access a cycle, are under way.
TEST(Accelerator, GoesOnWithTheNextLayerAfterAFailureInTheMiddleOfAPass) {
  MappedLayer mapped = plain();
  mapped.shape.height = 12;
  mapped.shape.width = 40;
  mapped.mapping.f = 38;
  mapped.accelerator.dram.overlap = spec::DramOverlap::kDoubleBuffer;
  mapped.accelerator.global_buffer.psum_bank_ports = 1;
  const SmallLayer layer(mapped, 1);
  System system("one", mapped.accelerator);
  System other("other", mapped.accelerator);
  system.memory() = layer.memory();
  system.memory().resize(layer.image.layout.ofmap_tiles[0].address);
  EXPECT_NE(testbench::run(system, testbench::job_of(layer)), "");
  ASSERT_EQ(testbench::run(system, layer), "");
  ASSERT_EQ(testbench::run(other, layer), "");
  EXPECT_TRUE(same(system.activity(), other.activity()));
  EXPECT_TRUE(system.memory() == other.memory());
}

/// Another way to DRAM: bursts take longer by what `after` adds to their delay, or waits.
class OtherLink final : public sc_core::sc_module {
 public:
  using Transport = std::function<void(tlm::tlm_generic_payload&, sc_core::sc_time&)>;
  OtherLink(const sc_core::sc_module_name& name, Transport after)
      : sc_module(name), target("target"), initiator("initiator"), after_(std::move(after)) {
    target.register_b_transport(this, &OtherLink::b_transport);
    target.register_transport_dbg(this, &OtherLink::transport_dbg);
  }
  tlm_utils::simple_target_socket<OtherLink> target;
  tlm_utils::simple_initiator_socket<OtherLink> initiator;

 private:
  void b_transport(tlm::tlm_generic_payload& burst, sc_core::sc_time& delay) {
    initiator->b_transport(burst, delay);
    after_(burst, delay);
  }
  unsigned transport_dbg(tlm::tlm_generic_payload& burst) {
    return initiator->transport_dbg(burst);
  }

  Transport after_;
};

/// Runs three layers over another link and compares every word.
void expect_right_words_over(OtherLink::Transport after) {
  const SmallLayer layers[] = {{folded(), 1}, {chained(), 2}, {plain(), 3}};
  Accelerator accelerator("accelerator", folded().accelerator);
  OtherLink link("link", std::move(after));
  Dram dram("dram", folded().accelerator.dram);
  accelerator.dram.bind(link.target);
  link.initiator.bind(dram.socket);
  for (const SmallLayer& layer : layers) {
    dram.memory() = layer.memory();
    accelerator.controller().start(testbench::job_of(layer));
    while (accelerator.controller().busy() && sc_core::sc_pending_activity()) {
      sc_core::sc_start(sc_core::sc_time_to_pending_activity());
    }
    ASSERT_FALSE(accelerator.controller().busy());
    ASSERT_EQ(accelerator.controller().failure(), "");
    EXPECT_TRUE(dataflow::row_stationary::read_ofmap(layer.plan, layer.image.layout,
                                                     dram.memory()) == layer.ofmap);
    expect_consistent(accelerator.controller().activity(), layer);
  }
}

TEST(Accelerator, GetsItsWordsFromATargetThatEndsBurstsInAnyOrder) {
  unsigned bursts = 0;
  expect_right_words_over([&](tlm::tlm_generic_payload&, sc_core::sc_time& delay) {
    delay += sc_core::sc_time(++bursts % 2 == 0 ? 50 : 5000, sc_core::SC_NS);
  });
  EXPECT_GT(bursts, 10U);
}

TEST(Accelerator, GetsItsWordsFromATargetThatWaits) {
  unsigned bursts = 0;
  expect_right_words_over([&](tlm::tlm_generic_payload&, sc_core::sc_time&) {
    sc_core::wait(++bursts % 3 * 111, sc_core::SC_NS);
  });
  EXPECT_GT(bursts, 10U);
}

TEST(Accelerator, CodesFmapsButTheNetworksInput) {
  MappedLayer mapped = plain();
  const SmallLayer coded(mapped, 1);
  const SmallLayer input(mapped, 1, true);
  System system("one", mapped.accelerator);
  ASSERT_EQ(testbench::run(system, coded), "");
  const std::uint64_t decoded = system.activity().counts[Counter::kRlcDecode];
  EXPECT_EQ(decoded * 8, system.activity().counts[Counter::kDramIfmapRead]);
  EXPECT_EQ(system.activity().counts[Counter::kRlcEncode] * 8,
            system.activity().counts[Counter::kDramOfmapWrite]);
  EXPECT_GT(decoded, 0U);
  ASSERT_EQ(testbench::run(system, input), "");
  EXPECT_TRUE(testbench::ofmap(system, input) == input.ofmap);
  EXPECT_EQ(system.activity().counts[Counter::kRlcDecode], 0U);
  EXPECT_EQ(system.activity().counts[Counter::kDramIfmapRead], 56U);  // 25 words of 2, padded
}

TEST(Accelerator, ReportsNothingBlockedWhenItIsDone) {
  const SmallLayer layer(plain(), 1);
  System system("one", plain().accelerator);
  ASSERT_EQ(testbench::run(system, layer), "");
  EXPECT_EQ(system.accelerator.blocked(), "");
}

TEST(Accelerator, GivesTheOfmapOfRandomLayers) {
  Random random(71);
  std::vector<std::unique_ptr<SmallLayer>> layers;
  std::vector<std::unique_ptr<System>> systems;
  for (unsigned i = 0; i < 25; ++i) {
    const MappedLayer mapped = support::random_mapped_layer(random);
    layers.push_back(std::make_unique<SmallLayer>(mapped, i));
    systems.push_back(std::make_unique<System>("random_" + std::to_string(i), mapped.accelerator));
  }
  for (std::size_t i = 0; i < layers.size(); ++i) {
    ASSERT_EQ(testbench::run(*systems[i], *layers[i]), "") << i;
    EXPECT_TRUE(testbench::ofmap(*systems[i], *layers[i]) == layers[i]->ofmap) << i;
    for (const PeCycles& pe : systems[i]->activity().pes) {
      EXPECT_EQ(pe.total(), systems[i]->activity().total.value()) << i;
    }
  }
}

}  // namespace
}  // namespace rowan::hardware
