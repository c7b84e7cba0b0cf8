// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/layer_steps.h"

#include <gtest/gtest.h>

#include "models/dataflow/row_stationary/layer_plan.h"
#include "tests/support/small_layer.h"

namespace rowan::analytical {
namespace {

namespace rs = dataflow::row_stationary;

TEST(LayerSteps, AreThoseOfThePlan) {
  Random random(3);
  for (unsigned trial = 0; trial < 200 && !testing::Test::HasFailure(); ++trial) {
    const support::MappedLayer mapped = support::random_mapped_layer(random);
    SCOPED_TRACE(mapped.text());
    const rs::LayerPlan plan(mapped.shape, mapped.batch, mapped.mapping, mapped.accelerator);
    PassTimer timer(plan.mapping(), mapped.shape, mapped.accelerator, 2);
    const LayerSteps steps = lay_out_steps(plan.mapping(), mapped.shape, mapped.batch, 16, timer);
    ASSERT_EQ(steps.passes.size(), plan.pass_count());
    EXPECT_EQ(count_passes(plan.mapping(), mapped.shape, mapped.batch), plan.pass_count());
    EXPECT_EQ(steps.stores.size(), plan.ofmap_tile_count());
    rs::LoopIndex index;
    for (const LayerSteps::Pass& pass : steps.passes) {
      const PassWork& work = steps.shapes[pass.shape].work;
      const rs::PassExtents extents = plan.extents(index);
      EXPECT_EQ(work.images, extents.images);
      EXPECT_EQ(work.ofmap_rows, extents.ofmap_rows);
      EXPECT_EQ(work.ofmap_columns, extents.ofmap_columns);
      EXPECT_EQ(work.groups, extents.groups);
      EXPECT_EQ(work.channels, extents.channels);
      EXPECT_EQ(work.filters, extents.filters);
      EXPECT_EQ(work.filter_rows, extents.filter_rows);
      EXPECT_EQ(work.filter_columns, extents.filter_columns);
      EXPECT_EQ(work.reads_psums, extents.reads_psums);
      const dataflow::PlaneWindow window = plan.tile_window(index);
      EXPECT_EQ(steps.loads[pass.load].words, std::uint64_t{window.rows} * window.columns);
      (void)rs::advance(plan, index);
    }
  }
}

}  // namespace
}  // namespace rowan::analytical
