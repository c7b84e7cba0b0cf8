// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/array_counts.h"

#include <gtest/gtest.h>

#include "tests/support/small_layer.h"

namespace rowan::analytical {
namespace {

/// 3 filters and 3 channels of 2 x 2 on 4 x 4 words, an ofmap of 3 x 3. Strips of 2 and 1 rows; two
/// sets of 2 and 1 channels; passes of 2 filters and of 1: four passes.
class ArrayCounts : public testing::Test {
 protected:
  ArrayCounts() {
    shape_.filters = 3;
    shape_.channels = 3;
    shape_.height = shape_.width = 4;
    shape_.kernel_height = shape_.kernel_width = 2;
    mapping_.m = 3;
    mapping_.e = 2;
    mapping_.f = 3;
    mapping_.p = 2;
    mapping_.q = 2;
    mapping_.r = 2;
    mapping_.filter_rows = mapping_.filter_columns = 2;
  }
  [[nodiscard]] ActivityCounts counts() const {
    ActivityCounts counts;
    const std::uint64_t gated = expected_gated_macs(shape_, 1, accelerator_, zeros_);
    ArrayCounter(shape_, 1, accelerator_, gated).count(mapping_, shape_, {}, counts);
    return counts;
  }

  workloads::ConvolutionShape shape_;
  dataflow::row_stationary::Mapping mapping_;
  spec::AcceleratorSpec accelerator_ = support::small_accelerator(4, 2);
  double zeros_ = 0;
};

TEST_F(ArrayCounts, OfIfmaps) {
  const ActivityCounts found = counts();
  // In each subgroup, of 3 channels: 6 pairs of an ofmap and a filter row.
  EXPECT_EQ(found[Counter::kIfmapSpadRead], 2U * 3 * 6 * 3 * 2);
  EXPECT_EQ(found[Counter::kIfmapSpadReadRepeated], 0U);
  EXPECT_EQ(found[Counter::kIfmapGinDelivery], 2U * 3 * 6 * 4);
  EXPECT_EQ(found[Counter::kIfmapFifoPush], 2U * 3 * 6 * 4);
  EXPECT_EQ(found[Counter::kIfmapFifoPop], 2U * 3 * 6 * 4);
  EXPECT_EQ(found[Counter::kIfmapSpadWrite], 2U * 3 * 6 * 4);
  // Rows 0 to 2, and 2 to 3.
  EXPECT_EQ(found[Counter::kGlbIfmapRead], 2U * 3 * 5 * 4);
  EXPECT_EQ(found[Counter::kIfmapGinPacket], 2U * 3 * 5 * 4);
  EXPECT_EQ(found[Counter::kGlbIfmapWrite], 3U * 5 * 4);
}

TEST_F(ArrayCounts, OfFilters) {
  const ActivityCounts found = counts();
  EXPECT_EQ(found[Counter::kGlbFilterRead], 2U * 36);
  EXPECT_EQ(found[Counter::kGlbFilterWrite], 2U * 36);
  EXPECT_EQ(found[Counter::kFilterGinDelivery], (2U + 1) * 36);
  EXPECT_EQ(found[Counter::kFilterFifoPush], (2U + 1) * 36);
  EXPECT_EQ(found[Counter::kFilterFifoPop], (2U + 1) * 36);
  EXPECT_EQ(found[Counter::kFilterSpadWrite], (2U + 1) * 36);
  // For each of 2 filter rows in each of 2 strips: sets of 8, 4, 4 and 2 words, 4 words a packet.
  EXPECT_EQ(found[Counter::kFilterGinPacket], 2U * 2 * (2 + 1 + 1 + 1));
}

TEST_F(ArrayCounts, OfPsums) {
  const ActivityCounts found = counts();
  EXPECT_EQ(found[Counter::kGonWord], 27U);
  EXPECT_EQ(found[Counter::kGlbPsumWrite], 27U);
  EXPECT_EQ(found[Counter::kGonPacket], 9U * 2);
  EXPECT_EQ(found[Counter::kGlbPsumRead], 0U);
  EXPECT_EQ(found[Counter::kPsumGinPacket], 0U);
  // Chains of four PEs.
  EXPECT_EQ(found[Counter::kAdderAccumulate], 27U * 4);
  EXPECT_EQ(found[Counter::kPsumOutFifoPush], 27U * 4);
  EXPECT_EQ(found[Counter::kPsumOutFifoPop], 27U * 4);
  EXPECT_EQ(found[Counter::kLocalNetworkWord], 27U * 3);
  EXPECT_EQ(found[Counter::kPsumInFifoPush], 27U * 3);
  EXPECT_EQ(found[Counter::kPsumInFifoPop], 27U * 3);
  EXPECT_EQ(found[Counter::kGlbOfmapRead], 27U);
  EXPECT_EQ(found[Counter::kPostProcessingWord], 27U);
  EXPECT_EQ(found[Counter::kMacCompute], 27U * 12);
  EXPECT_EQ(found[Counter::kFilterSpadRead], 27U * 12);
  EXPECT_EQ(found[Counter::kPsumSpadRead], 27U * (12 + 4));
  EXPECT_EQ(found[Counter::kPsumSpadWrite], 27U * (12 + 4));
  EXPECT_EQ(found[Counter::kControllerPass], 4U);
  EXPECT_EQ(found[Counter::kControllerConfigurationBit], 20U);
}

TEST_F(ArrayCounts, OfPsumsThatAreReadAgain) {
  mapping_.r = 1;  // two channel groups
  const ActivityCounts found = counts();
  EXPECT_EQ(found[Counter::kGonWord], 27U * 2);
  EXPECT_EQ(found[Counter::kGlbPsumRead], 27U);
  EXPECT_EQ(found[Counter::kPsumGinDelivery], 27U);
  EXPECT_EQ(found[Counter::kPsumGinPacket], 9U * 2);
  EXPECT_EQ(found[Counter::kGonPacket], 9U * 2 * 2);
  EXPECT_EQ(found[Counter::kAdderAccumulate], 27U * 4);
  EXPECT_EQ(found[Counter::kLocalNetworkWord], 27U * 2);
  EXPECT_EQ(found[Counter::kPsumInFifoPush], 27U * 3);
  EXPECT_EQ(found[Counter::kPsumGinHop], 27U * (4 + 2));
}

TEST_F(ArrayCounts, OfHopsOnBuses) {
  const ActivityCounts found = counts();
  EXPECT_EQ(found[Counter::kGonHop], 27U * (4 + 2));
  EXPECT_EQ(found[Counter::kPsumGinHop], 0U);
  EXPECT_EQ(found[Counter::kFilterGinHop], 2U * 36 * (4 + 2));
  // A word of a row goes to each of the 6 pairs' PE rows.
  EXPECT_EQ(found[Counter::kIfmapGinHop], 2U * 3 * 4 * (5 * 4 + 6 * 2));
}

TEST_F(ArrayCounts, OfHopsToSetsOnSeveralShelves) {
  mapping_.t = 2;  // one pass of all filters, the sets one above the other
  accelerator_.array.rows = 8;
  EXPECT_EQ(counts()[Counter::kIfmapGinHop], 3U * 4 * (5 * 8 + 2 * 6 * 2));
  accelerator_.array.columns = 4;  // side by side
  EXPECT_EQ(counts()[Counter::kIfmapGinHop], 3U * 4 * (5 * 8 + 6 * 4));
}

TEST_F(ArrayCounts, OfHopsToTheSegmentsOfASet) {
  mapping_.e = 3;  // two columns, and one on other rows
  accelerator_.array.rows = 8;
  EXPECT_EQ(counts()[Counter::kFilterGinHop], 36U * (8 + 2 * 2));
}

TEST_F(ArrayCounts, OfReadsForEachMac) {
  accelerator_.pe.ifmap_spad_reads = spec::IfmapSpadReads::kPerMac;
  const ActivityCounts found = counts();
  EXPECT_EQ(found[Counter::kIfmapSpadRead] + found[Counter::kIfmapSpadReadRepeated], 27U * 12);
}

TEST_F(ArrayCounts, OfGatedMacs) {
  zeros_ = 0.25;
  EXPECT_EQ(counts()[Counter::kMacGated], 81U);
  EXPECT_EQ(counts()[Counter::kMacCompute], 324U - 81);
  EXPECT_EQ(counts()[Counter::kFilterSpadRead], 324U - 81);
  EXPECT_EQ(counts()[Counter::kPsumSpadRead], 324U - 81 + 27 * 4);
  accelerator_.pe.zero_gating = false;
  EXPECT_EQ(counts()[Counter::kMacGated], 0U);
}

TEST(GatedMacs, HaveAllThoseOnPaddingAndInsertedZeros) {
  const spec::AcceleratorSpec accelerator = support::small_accelerator(4, 2);
  workloads::ConvolutionShape shape;
  shape.height = shape.width = 3;
  shape.kernel_height = shape.kernel_width = 3;
  shape.padding = 1;  // along an axis 7 of 9 pairs meet the ifmap
  EXPECT_EQ(expected_gated_macs(shape, 2, accelerator, 0), 2U * (81 - 49));
  shape.padding = 0;
  shape.input_dilation = 2;  // 5 of 9
  EXPECT_EQ(expected_gated_macs(shape, 1, accelerator, 0), 81U - 25);
  shape.stride = 2;  // 2 outputs: the words at 0, 2 and at 2, 4
  EXPECT_EQ(expected_gated_macs(shape, 1, accelerator, 0), 36U - 16);
  EXPECT_EQ(expected_gated_macs(shape, 1, accelerator, 1), 36U);
}

}  // namespace
}  // namespace rowan::analytical
