// SPDX-License-Identifier: Apache-2.0
#include "models/functional/pass_plan.h"

#include <functional>
#include <numeric>
#include <string>

#include <gtest/gtest.h>

#include "models/base/error.h"
#include "models/dataflow/unit_pass.h"
#include "tests/support/pass_interpreter.h"
#include "tests/support/small_layer.h"

namespace rowan::functional {
namespace {

namespace row_stationary = dataflow::row_stationary;

/// 2 x 2 filters on 3 columns of PEs, two sets of filters side by side: p 4 and t 2, of 7 filters;
/// two channels of two PE sets each, q 1 and r 2.
support::MappedLayer two_filter_sets() {
  support::MappedLayer layer;
  layer.shape.filters = 7;
  layer.shape.channels = 2;
  layer.shape.height = 4;
  layer.shape.width = 5;
  layer.shape.kernel_height = layer.shape.kernel_width = 2;
  layer.mapping.m = 7;
  layer.mapping.e = 3;
  layer.mapping.f = 4;
  layer.mapping.p = 4;
  layer.mapping.q = 1;
  layer.mapping.r = 2;
  layer.mapping.t = 2;
  layer.mapping.filter_rows = layer.mapping.filter_columns = 2;
  layer.accelerator = support::small_accelerator(4, 6);
  layer.accelerator.psum_gin.width = layer.accelerator.gon.width = Bits(32);
  return layer;
}

dataflow::PassShape shape_of(const support::MappedLayer& layer, bool reads_psums) {
  const row_stationary::LayerPlan plan(layer.shape, layer.batch, layer.mapping, layer.accelerator);
  row_stationary::PassExtents extents = plan.extents({});
  extents.reads_psums = reads_psums;
  return *row_stationary::PassBuilder(plan.mapping(), plan.shape(), plan.accelerator())
              .build(extents);
}

TEST(PassPlan, JoinsChainsOnTheSameIfmapWords) {
  const PassPlan plan = plan_pass(shape_of(two_filter_sets(), false));
  ASSERT_EQ(plan.products.size(), 1U);
  const MatrixProduct& product = plan.products[0];
  EXPECT_EQ(product.positions.size(), 12U);  // ofmap words
  EXPECT_EQ(product.lanes, 7U);
  EXPECT_EQ(product.chain_lanes, (std::vector<std::uint32_t>{4, 3}));
  EXPECT_EQ(product.pe_taps, (std::vector<std::uint32_t>{2, 2, 2, 2}));
  // From the lowest PE up: channel 0, filter rows 1 and 0, then channel 1; planes of 4 x 5 words.
  EXPECT_EQ(product.taps, (std::vector<std::uint32_t>{5, 6, 0, 1, 25, 26, 20, 21}));
  EXPECT_EQ(product.filter_words.size(), 56U);
  ASSERT_EQ(product.packets.size(), 4U);  // two words each, but the last
  EXPECT_EQ(product.packets[3].words, 1U);
}

TEST(PassPlan, KeepsGroupsApart) {
  support::MappedLayer layer = two_filter_sets();
  layer.shape.groups = 2;
  layer.shape.filters = 8;
  layer.mapping.m = layer.mapping.p = 4;
  layer.mapping.q = layer.mapping.r = layer.mapping.t = 1;
  layer.mapping.g = 2;
  const PassPlan plan = plan_pass(shape_of(layer, false));
  ASSERT_EQ(plan.products.size(), 2U);
  for (const MatrixProduct& product : plan.products) {
    EXPECT_EQ(product.positions.size(), 12U);
    EXPECT_EQ(product.lanes, 4U);
  }
}

TEST(PassPlan, CountsTheMacsOfEachWord) {
  Random random(1);
  for (unsigned trial = 0; trial < 100; ++trial) {
    const support::MappedLayer layer = support::random_mapped_layer(random);
    SCOPED_TRACE(layer.text());
    for (const auto& shape :
         support::shapes_of({layer.shape, layer.batch, layer.mapping, layer.accelerator})) {
      const PassPlan plan = plan_pass(*shape);
      EXPECT_EQ(std::accumulate(plan.macs_on_word.begin(), plan.macs_on_word.end(), 0ULL),
                shape->macs);
      std::uint64_t macs = 0;
      for (const MatrixProduct& product : plan.products) {
        macs += product.positions.size() * product.taps.size() * product.lanes;
      }
      EXPECT_EQ(macs, shape->macs);
    }
  }
}

/// What plan_pass() says of a shape after `edit`, without the shape's name.
std::string complaint(const std::function<void(dataflow::PassShape&)>& edit) {
  dataflow::PassShape shape = shape_of(two_filter_sets(), true);
  edit(shape);
  try {
    (void)plan_pass(shape);
  } catch (const HardwareError& error) {
    const std::string text = error.what();
    const std::string name = "functional executor: pass shape of 24 PEs, 672 MACs: ";
    EXPECT_EQ(text.substr(0, name.size()), name);
    return text.substr(name.size());
  }
  return "nothing";
}

TEST(PassPlan, RefusesAShapeThatItCannotCarryOut) {
  using dataflow::PassShape;
  using dataflow::PsumSink;
  using dataflow::PsumSource;
  EXPECT_EQ(complaint([](PassShape&) {}), "nothing");
  EXPECT_EQ(complaint([](PassShape& shape) { shape.pes[6].sink = PsumSink::kGlobal; }),
            "a psum link has one end only");
  EXPECT_EQ(complaint([](PassShape& shape) {
              shape.pes[6].sink = PsumSink::kGlobal;
              shape.pes[5].source = PsumSource::kGlobal;
            }),
            "psum links of different lengths");
  EXPECT_EQ(complaint([](PassShape& shape) { shape.pes[18].source = PsumSource::kNone; }),
            "some chains read psums, others do not");
  EXPECT_EQ(complaint([](PassShape& shape) { ++shape.pes[6].psums; }),
            "a chain of PEs with different numbers of psums");
  EXPECT_EQ(complaint([](PassShape& shape) { shape.ifmap.bases.pop_back(); }),
            "a PE with too few or too many ifmap words");
  EXPECT_EQ(complaint([](PassShape& shape) { --shape.filter.step[0].words; }),
            "a PE with too few or too many filter words");
  EXPECT_EQ(complaint([](PassShape& shape) { ++shape.psum_in.step[0].address; }),
            "a chain reads other psums than it writes");
  EXPECT_EQ(complaint([](PassShape& shape) { ++shape.ifmap.bases[1]; }),
            "ifmap addresses are no sum of a window's and a word's");
  EXPECT_EQ(complaint([](PassShape& shape) {
              shape.psum_out.step[4].address = shape.psum_in.step[4].address = 99;
            }),
            "psum rows are no sum of a window's and a packet's");
  EXPECT_EQ(complaint([](PassShape& shape) {
              shape.psum_out.bases.pop_back();
              shape.psum_in.bases.pop_back();
            }),
            "a PE with too few or too many psums");
  EXPECT_EQ(complaint([](PassShape& shape) {
              for (dataflow::PeProgram& pe : shape.pes) pe.active = false;
            }),
            "no psums leave the array");
  EXPECT_EQ(
      complaint([](PassShape& shape) { shape.unit = std::make_shared<dataflow::UnitPass>(); }),
      "it is the post-processing unit's");
}

}  // namespace
}  // namespace rowan::functional
