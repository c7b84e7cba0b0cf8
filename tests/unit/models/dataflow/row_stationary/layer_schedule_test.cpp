// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/row_stationary/layer_schedule.h"

#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/small_layer.h"

namespace rowan::dataflow::row_stationary {
namespace {

/// A layout with an address for everything, and nothing there.
DramLayout layout_of(const LayerPlan& plan) {
  DramLayout layout;
  std::uint64_t address = 0;
  const auto fill = [&](std::vector<Extent>& extents, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i, address += 8) extents.push_back({address, 8});
  };
  fill(layout.filter_blocks, plan.filter_block_count());
  fill(layout.ifmap_tiles, plan.ifmap_tile_count());
  fill(layout.ofmap_tiles, plan.ofmap_tile_count());
  return layout;
}

struct Counts {
  unsigned loads = 0;
  unsigned passes = 0;
  unsigned stores = 0;
};

TEST(LayerSchedule, HasTheNumberOfPassesOfAlexNetOnTheChip) {
  // CONV1: 4 images * 8 strips * 3 channels * 3 subgroups. CONV2: 2 groups * 4 images * 2 filter
  // groups * 24 channel groups * 4 subgroups. CONV3: 6 filter groups * 64 channel groups * 1.
  // CONV4: 2 groups * 3 filter groups * 32 channel groups * 2 subgroups. CONV5: 2 * 2 * 32 * 2.
  const std::map<std::string, unsigned> expected{
      {"CONV1", 288}, {"CONV2", 1536}, {"CONV3", 384}, {"CONV4", 384}, {"CONV5", 256}};
  for (const auto& [name, passes] : expected) {
    const LayerPlan plan(support::alexnet_layer(name).shape, 4, support::alexnet_mapping(name),
                         support::eyeriss());
    const DramLayout layout = layout_of(plan);
    LayerSchedule schedule(plan, layout);
    unsigned count = 0;
    Step step;
    while (schedule.next(step)) count += std::holds_alternative<Pass>(step) ? 1 : 0;
    EXPECT_EQ(count, passes) << name;
    EXPECT_EQ(plan.pass_count(), passes) << name;
  }
}

std::vector<unsigned> channels_of(const StoreTile& store) {
  std::vector<unsigned> channels;
  for (std::size_t plane = 0; plane < store.shape->planes.size(); ++plane) {
    channels.push_back(store.channels.of(plane));
  }
  return channels;
}

/// Filters of a tile's frames: by image, group, filter (docs/machine.md section 5).
std::vector<unsigned> filters_of(const LayerPlan& plan, const LoopIndex& index) {
  std::vector<unsigned> filters;
  for (unsigned image = 0; image < plan.images(index).size; ++image) {
    for (unsigned group = 0; group < plan.groups(index).size; ++group) {
      for (unsigned filter = 0; filter < plan.filter_group(index).size; ++filter) {
        filters.push_back((plan.groups(index).begin + group) * plan.shape().filters_per_group() +
                          plan.filter_group(index).begin + filter);
      }
    }
  }
  return filters;
}

TEST(LayerSchedule, LoadsBeforeTheFirstUseAndStoresAfterTheLast) {
  Random random(51);
  for (unsigned trial = 0; trial < 100; ++trial) {
    const support::MappedLayer layer = support::random_mapped_layer(random);
    SCOPED_TRACE(layer.text());
    const LayerPlan plan(layer.shape, layer.batch, layer.mapping, layer.accelerator);
    const DramLayout layout = layout_of(plan);
    LayerSchedule schedule(plan, layout);
    Counts counts;
    std::set<std::uint32_t> rows;  // of the psum tile, that passes started
    LoopIndex index;
    Step step;
    while (schedule.next(step)) {
      if (const auto* load = std::get_if<LoadTile>(&step)) {
        EXPECT_EQ(load->number, counts.loads++);
        EXPECT_EQ(load->address, layout.ifmap_tiles[plan.ifmap_tile_index(index)].address);
        EXPECT_EQ(load->planes,
                  plan.images(index).size * plan.groups(index).size * plan.channels(index).size);
        EXPECT_EQ(index.subgroup, 0U);  // reused by all subgroups
      } else if (const auto* pass = std::get_if<Pass>(&step)) {
        EXPECT_EQ(pass->number, counts.passes++);
        EXPECT_EQ(pass->ifmap_tile + 1, counts.loads);
        EXPECT_EQ(pass->psum_tile, counts.stores);
        EXPECT_EQ(pass->psum_row, plan.psum_row(index));
        EXPECT_EQ(pass->filter_address,
                  layout.filter_blocks[plan.filter_block_index(index)].address);
        // The first pass on psum rows starts them, the others read them.
        EXPECT_EQ(pass->shape->reads_psums, !rows.insert(pass->psum_row).second);
        const std::size_t tile = plan.ofmap_tile_index(index);
        const LoopIndex stored = index;
        const bool more = advance(plan, index);
        if (more && plan.ofmap_tile_index(index) == tile) continue;
        ASSERT_TRUE(schedule.next(step));
        const auto* store = std::get_if<StoreTile>(&step);
        ASSERT_NE(store, nullptr);
        EXPECT_EQ(store->number, counts.stores++);
        EXPECT_EQ(store->address, layout.ofmap_tiles[tile].address);
        EXPECT_EQ(channels_of(*store), filters_of(plan, stored));
        rows.clear();
      } else {
        FAIL() << "a store that follows no last pass";
      }
    }
    EXPECT_EQ(counts.passes, plan.pass_count());
    EXPECT_EQ(counts.stores, plan.ofmap_tile_count());
    EXPECT_FALSE(schedule.next(step));  // and stays at its end
  }
}

TEST(LayerSchedule, RestartsAtTheBeginningWithTheSameSteps) {
  Random random(52);
  const support::MappedLayer layer = support::random_mapped_layer(random);
  const LayerPlan plan(layer.shape, layer.batch, layer.mapping, layer.accelerator);
  const DramLayout layout = layout_of(plan);
  LayerSchedule first(plan, layout);
  Step a;
  ASSERT_TRUE(first.next(a));  // a reader that is on its way
  const auto second = first.restart();
  const auto third = second->restart();
  Step b;
  std::uint64_t steps = 0;
  while (second->next(a)) {
    ASSERT_TRUE(third->next(b));
    ++steps;
    ASSERT_EQ(a.index(), b.index());
    if (const auto* load = std::get_if<LoadTile>(&a)) {
      if (steps == 1) {
        EXPECT_EQ(load->number, 0U);
      }
      EXPECT_EQ(load->number, std::get<LoadTile>(b).number);
      EXPECT_EQ(load->address, std::get<LoadTile>(b).address);
    } else if (const auto* pass = std::get_if<Pass>(&a)) {
      EXPECT_EQ(pass->number, std::get<Pass>(b).number);
      EXPECT_EQ(pass->shape, std::get<Pass>(b).shape);  // one object for all readers
      EXPECT_EQ(pass->psum_row, std::get<Pass>(b).psum_row);
      EXPECT_EQ(pass->filter_address, std::get<Pass>(b).filter_address);
    } else {
      EXPECT_EQ(std::get<StoreTile>(a).number, std::get<StoreTile>(b).number);
      EXPECT_EQ(std::get<StoreTile>(a).address, std::get<StoreTile>(b).address);
    }
  }
  EXPECT_FALSE(third->next(b));
}

TEST(LayerSchedule, EqualPassesShareOneShape) {
  // CONV2 has passes that start psums and passes that read them, and no remainders.
  const LayerPlan plan(support::alexnet_layer("CONV2").shape, 4, support::alexnet_mapping("CONV2"),
                       support::eyeriss());
  const DramLayout layout = layout_of(plan);
  LayerSchedule schedule(plan, layout);
  std::set<const PassShape*> shapes;
  std::set<bool> reads;
  Step step;
  while (schedule.next(step)) {
    if (const auto* pass = std::get_if<Pass>(&step)) {
      shapes.insert(pass->shape.get());
      reads.insert(pass->shape->reads_psums);
    }
  }
  EXPECT_EQ(shapes.size(), 2U);
  EXPECT_EQ(reads.size(), 2U);
}

}  // namespace
}  // namespace rowan::dataflow::row_stationary
