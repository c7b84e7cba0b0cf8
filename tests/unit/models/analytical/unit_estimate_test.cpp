// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/unit_estimate.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/small_unit_layer.h"

namespace rowan::analytical {
namespace {

using arithmetic::Word;
using dataflow::FmapPlace;
using dataflow::UnitOperation;
using dataflow::post_processing::LayerPlan;
using support::unit_accelerator;
using support::unit_shape;
using workloads::Tensor;

/// The link carries a word of 64 bits in every core cycle, at once; nothing is coded.
spec::AcceleratorSpec quick_link(unsigned banks = 8, unsigned rows = 8) {
  spec::AcceleratorSpec accelerator = unit_accelerator(banks, rows);
  accelerator.dram.link_clock = accelerator.clock;
  accelerator.dram.latency = Nanoseconds(0);
  accelerator.dram.rlc = false;
  return accelerator;
}

Tensor tensor(const workloads::Extents& extents, const std::vector<Word>& words) {
  Tensor made(extents);
  std::copy(words.begin(), words.end(), made.data());
  return made;
}

// Two channels of two positions: 4 words, taken twice, and a gain and an offset of each channel.
TEST(UnitEstimate, CountsALayerNorm) {
  const LayerPlan plan(unit_shape(UnitOperation::kLayerNorm, 2, 1, 2), 1, quick_link());
  const Estimate estimate = analytical::estimate(plan, {});
  const ActivityCounts& counts = estimate.counts;
  EXPECT_EQ(counts[Counter::kPostProcessingOperation], 12U);
  EXPECT_EQ(counts[Counter::kGlbFilterRead], 4U);
  EXPECT_EQ(counts[Counter::kGlbFilterWrite], 4U);
  EXPECT_EQ(counts[Counter::kGlbIfmapRead], 8U);
  EXPECT_EQ(counts[Counter::kGlbIfmapWrite], 4U);
  EXPECT_EQ(counts[Counter::kGlbPsumWrite], 4U);
  EXPECT_EQ(counts[Counter::kGlbOfmapRead], 4U);
  EXPECT_EQ(counts[Counter::kPostProcessingWord], 4U);
  EXPECT_EQ(counts[Counter::kDramIfmapRead], 8U);
  EXPECT_EQ(counts[Counter::kDramFilterRead], 8U);
  EXPECT_EQ(counts[Counter::kDramOfmapWrite], 8U);
  EXPECT_EQ(counts[Counter::kDramBurst], 3U);
  EXPECT_EQ(counts[Counter::kControllerPass], 1U);
  EXPECT_EQ(counts[Counter::kRlcDecode], 0U);
  EXPECT_EQ(counts[Counter::kMacCompute], 0U);
  EXPECT_EQ(estimate.passes, 1U);
  EXPECT_EQ(estimate.macs, 0U);
  EXPECT_EQ(estimate.processing, Cycles(3));
  EXPECT_EQ(estimate.dram(), Bytes(24));
}

// Two tiles of a row of two words on one lane, 5 cycles to set the second pass up.
TEST(UnitEstimate, ProcessingIsAllPassesAndWhatIsBetweenThem) {
  spec::AcceleratorSpec accelerator = quick_link(2, 2);
  accelerator.post_processing.lanes = 1;
  accelerator.controller.pass_setup = Cycles(5);
  accelerator.controller.scan_chain = Bits(11);
  const LayerPlan plan(unit_shape(UnitOperation::kRelu, 1, 2, 2), 1, accelerator);
  const Estimate estimate = analytical::estimate(plan, {});
  EXPECT_EQ(estimate.passes, 2U);
  EXPECT_EQ(estimate.bounds.post_processing, Cycles(4));
  EXPECT_EQ(estimate.bounds.ramp, Cycles(5));
  EXPECT_EQ(estimate.processing, Cycles(9));
  EXPECT_EQ(estimate.total, Cycles(11) + estimate.processing + estimate.bounds.dram);
  EXPECT_EQ(estimate.counts[Counter::kControllerConfigurationBit], 11U);
}

TEST(UnitEstimate, NamesTheLargestPart) {
  spec::AcceleratorSpec accelerator = quick_link(200, 64);
  const auto shape = unit_shape(UnitOperation::kSoftmax, 64, 8, 8);
  accelerator.post_processing.lanes = 1;
  const Estimate slow_unit = analytical::estimate(LayerPlan(shape, 1, accelerator), {});
  EXPECT_EQ(slow_unit.binding, Bound::kPostProcessing);
  EXPECT_STREQ(name_of(slow_unit.binding), "post_processing");
  accelerator.post_processing.lanes = 16;
  accelerator.dram.link_clock = Kilohertz(20'000);
  EXPECT_EQ(analytical::estimate(LayerPlan(shape, 1, accelerator), {}).binding, Bound::kDram);
}

// Two frames of 4 words: 3 pairs fit a code word, so 0 0 5 0 takes one, 1 2 3 4 two; a frame of
// zeros is a pair.
TEST(UnitEstimate, CountsCodeWordsOfTheWords) {
  spec::AcceleratorSpec accelerator = quick_link(40, 8);
  accelerator.dram.rlc = true;
  const LayerPlan plan(unit_shape(UnitOperation::kRelu, 2, 2, 2), 1, accelerator);
  const Tensor ifmap = tensor({1, 2, 2, 2}, {0, 0, 5, 0, 1, 2, 3, 4});
  const Tensor ofmap = tensor({1, 2, 2, 2}, {0, 0, 0, 0, 1, 2, 3, 4});
  FmapAssumptions fmaps;
  const UnitFmapBytes bytes = unit_fmap_bytes(plan, {ifmap}, ofmap, fmaps);
  EXPECT_EQ(bytes.ifmap, std::vector<std::uint64_t>{24});
  EXPECT_EQ(bytes.ofmap, std::vector<std::uint64_t>{24});
  const Estimate estimate = analytical::estimate(plan, fmaps, bytes);
  EXPECT_EQ(estimate.counts[Counter::kRlcDecode], 3U);
  EXPECT_EQ(estimate.counts[Counter::kRlcEncode], 3U);
  EXPECT_EQ(estimate.counts[Counter::kDramIfmapRead], 24U);
  fmaps.network_input = true;
  EXPECT_EQ(unit_fmap_bytes(plan, {ifmap}, ofmap, fmaps).ifmap, std::vector<std::uint64_t>{16});
}

TEST(UnitEstimate, ExpectsTheWorstCaseOfFmapsWithoutZeros) {
  spec::AcceleratorSpec accelerator = quick_link(40, 8);
  accelerator.dram.rlc = true;
  const LayerPlan plan(unit_shape(UnitOperation::kRelu, 2, 2, 2), 1, accelerator);
  const Estimate estimate = analytical::estimate(plan, {});
  EXPECT_EQ(estimate.counts[Counter::kRlcDecode], 4U);
  EXPECT_EQ(estimate.counts[Counter::kDramOfmapWrite], 32U);
}

TEST(UnitEstimate, ResidentFmapsDoNotTouchDram) {
  spec::AcceleratorSpec accelerator = quick_link(40, 8);
  accelerator.dram.rlc = true;
  const LayerPlan plan(unit_shape(UnitOperation::kRelu, 2, 2, 2), 3, accelerator);
  FmapAssumptions fmaps;
  fmaps.places = {FmapPlace::kResident, FmapPlace::kResident};
  const Estimate estimate = analytical::estimate(plan, fmaps);
  EXPECT_EQ(estimate.dram(), Bytes(0));
  EXPECT_EQ(estimate.counts[Counter::kDramBurst], 0U);
  EXPECT_EQ(estimate.counts[Counter::kRlcEncode], 0U);
  EXPECT_EQ(estimate.counts[Counter::kGlbResidentRead], 24U);
  EXPECT_EQ(estimate.counts[Counter::kGlbResidentWrite], 24U);
  EXPECT_EQ(estimate.counts[Counter::kGlbIfmapWrite], 24U);
}

TEST(UnitEstimate, BytesOfAnotherNumberOfTilesAreAnError) {
  const LayerPlan plan(unit_shape(UnitOperation::kRelu, 2, 2, 2), 1, quick_link());
  EXPECT_THROW((void)analytical::estimate(plan, {}, UnitFmapBytes{{16, 16}, {16}}),
               std::invalid_argument);
}

// 17 tiles of 4 planes and one of 3, four times: not followed one by one, but with given bytes.
TEST(UnitEstimate, LongSequencesTakeAboutWhatTheirTilesTakeOneByOne) {
  for (const auto overlap : {spec::DramOverlap::kNone, spec::DramOverlap::kDoubleBuffer}) {
    spec::AcceleratorSpec accelerator = quick_link(4, 16);
    accelerator.dram.overlap = overlap;
    accelerator.global_buffer.banks = overlap == spec::DramOverlap::kNone ? 2 : 4;
    const LayerPlan plan(unit_shape(UnitOperation::kGelu, 71, 4, 4), 4, accelerator);
    ASSERT_EQ(plan.tile_count(), 4 * 18U);
    const Tensor fmap({4, 71, 4, 4});
    const Estimate one_by_one =
        analytical::estimate(plan, {}, unit_fmap_bytes(plan, {fmap}, fmap, {}));
    const auto total = static_cast<double>(one_by_one.total.value());
    const Estimate estimate = analytical::estimate(plan, {});
    EXPECT_NEAR(static_cast<double>(estimate.total.value()), total, 0.005 * total);
    EXPECT_TRUE(estimate.counts == one_by_one.counts);
  }
}

// Whole images are one term: a thousand of them are a thousand times one.
TEST(UnitEstimate, ManyImagesTakeAsManyTimesAsLong) {
  const auto shape = unit_shape(UnitOperation::kGelu, 5, 6, 4);
  const auto total = [&](unsigned batch) {
    return analytical::estimate(LayerPlan(shape, batch, quick_link(4, 8)), {}).total.value();
  };
  const std::uint64_t each = total(31) - total(30);
  EXPECT_EQ(total(1'000) - total(30), 970 * each);
}

}  // namespace
}  // namespace rowan::analytical
