// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/tile_traffic.h"

#include <gtest/gtest.h>

#include "tests/support/small_layer.h"

namespace rowan::analytical {
namespace {

TEST(FilterTraffic, PadsEveryBlockTo8Bytes) {
  workloads::ConvolutionShape shape;
  shape.filters = 3;
  shape.channels = 5;
  shape.height = 4;
  dataflow::row_stationary::Mapping mapping;
  mapping.m = mapping.p = 2;
  mapping.q = 5;
  spec::AcceleratorSpec accelerator = support::small_accelerator(2, 2);
  accelerator.dram.burst = Bytes(16);
  // Blocks of 10 and 5 words for each of 4 strips and 2 images.
  const TileTraffic found = filter_traffic(mapping, shape, 2, accelerator);
  EXPECT_EQ(found.filter_bytes, 8U * (24 + 16));
  EXPECT_EQ(found.bursts, 8U * (2 + 1));
}

class Expected : public testing::Test {
 protected:
  Expected() { accelerator_.dram.burst = Bytes(64); }
  [[nodiscard]] TileTraffic traffic() const {
    ExpectedTraffic expected(accelerator_, fmaps_);
    expected.add_ifmap(3, 100, 200);
    expected.add_ofmap(2, 10, 24);
    expected.add_filters(4, 72);
    return expected.sum();
  }
  spec::AcceleratorSpec accelerator_ = support::small_accelerator(2, 2);
  FmapAssumptions fmaps_;
};

TEST_F(Expected, TrafficOfCertainBytesHasWholeBursts) {
  const TileTraffic found = traffic();
  EXPECT_EQ(found.ifmap_bytes, 600U);
  EXPECT_EQ(found.decoded, 75U);
  EXPECT_EQ(found.ofmap_bytes, 48U);
  EXPECT_EQ(found.encoded, 6U);
  EXPECT_EQ(found.filter_bytes, 288U);
  EXPECT_EQ(found.bursts, 3U * 4 + 2 + 4 * 2);
  EXPECT_EQ(found.resident_reads + found.resident_writes, 0U);
}

TEST_F(Expected, TrafficOfUncertainBytesHasHalfABurstMoreForEachTile) {
  fmaps_.ifmap_zeros = 0.5;
  // 200 / 64 bursts and, on average over all numbers of code words, 28 / 64 that are not filled.
  EXPECT_EQ(traffic().bursts, 11U + 2 + 4 * 2);  // 10.7
}

TEST_F(Expected, TrafficOfTheNetworksInputIsNotCoded) {
  fmaps_.network_input = true;
  EXPECT_EQ(traffic().decoded, 0U);
  EXPECT_EQ(traffic().ifmap_bytes, 600U);
}

TEST_F(Expected, TrafficOfResidentFmapsIsWords) {
  fmaps_.places = {dataflow::FmapPlace::kResident, dataflow::FmapPlace::kResident};
  const TileTraffic found = traffic();
  EXPECT_EQ(found.resident_reads, 300U);
  EXPECT_EQ(found.resident_writes, 20U);
  EXPECT_EQ(found.ifmap_bytes + found.ofmap_bytes + found.decoded + found.encoded, 0U);
  EXPECT_EQ(found.bursts, 4U * 2);
}

}  // namespace
}  // namespace rowan::analytical
