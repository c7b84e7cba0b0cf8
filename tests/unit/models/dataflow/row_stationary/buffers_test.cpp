// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/row_stationary/buffers.h"

#include <algorithm>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/small_layer.h"

namespace rowan::dataflow::row_stationary {
namespace {

TEST(PacketWords, AreAsManyAsFitTheBuses) {
  spec::AcceleratorSpec accelerator;
  accelerator.pe.psum_bits = 16;
  EXPECT_EQ(filter_packet_words(accelerator), 4U);  // 64 / 16
  EXPECT_EQ(psum_packet_words(accelerator), 4U);
  accelerator.filter_gin.width = Bits(47);
  accelerator.psum_gin.width = Bits(64);
  accelerator.pe.psum_bits = 24;
  EXPECT_EQ(filter_packet_words(accelerator), 2U);
  EXPECT_EQ(psum_packet_words(accelerator), 2U);
}

/// JSSC 2017, Table III: KiB of the GLB for ifmaps and psums.
struct PublishedBuffers {
  const char* layer;
  double ifmap_kib;
  double psum_kib;
  unsigned ifmap_banks;
  unsigned psum_banks;
};

class EyerissBuffers : public testing::TestWithParam<PublishedBuffers> {};

TEST_P(EyerissBuffers, AreThePublishedOnes) {
  const auto accelerator = support::eyeriss();
  const auto shape = support::alexnet_layer(GetParam().layer).shape;
  const Mapping mapping = clip(support::alexnet_mapping(GetParam().layer), shape, 4);
  const BufferPlan plan = buffer_plan(mapping, shape, accelerator);
  EXPECT_NEAR(plan.ifmap_words * 2.0 / 1024, GetParam().ifmap_kib, 0.051);
  EXPECT_NEAR(plan.psum_rows * 8.0 / 1024, GetParam().psum_kib, 0.051);
  EXPECT_EQ(plan.ifmap_banks, GetParam().ifmap_banks);
  EXPECT_EQ(plan.psum_banks, GetParam().psum_banks);
}

// Banks of 512 rows of 8 bytes, 2048 ifmap words. CONV1: 35 x 227 = 7945 ifmap words, 7 * 55 * 24 =
// 9240 psum rows. CONV2: 31 * 31 * 2 = 1922, 27 * 27 * 16 = 11664. CONV3: 15 * 15 * 4 * 4 = 3600,
// 4 * 13 * 13 * 16 = 10816. CONV4, CONV5: 15 * 15 * 4 * 6 = 5400, 10816.
INSTANTIATE_TEST_SUITE_P(All, EyerissBuffers,
                         testing::Values(PublishedBuffers{"CONV1", 15.5, 72.2, 4, 19},
                                         PublishedBuffers{"CONV2", 3.8, 91.1, 1, 23},
                                         PublishedBuffers{"CONV3", 7.0, 84.5, 2, 22},
                                         PublishedBuffers{"CONV4", 10.5, 84.5, 3, 22},
                                         PublishedBuffers{"CONV5", 10.5, 84.5, 3, 22}));

TEST(MostFilters, AreThoseOfTheLargestLegalM) {
  Random random(23);
  unsigned none = 0;
  unsigned some = 0;
  unsigned all = 0;
  for (unsigned trial = 0; trial < 2'000; ++trial) {
    support::MappedLayer layer = support::random_mapped_layer(random);
    layer.shape.filters *= static_cast<unsigned>(random.between(1, 8));
    SCOPED_TRACE(layer.text());
    const unsigned filters = layer.shape.filters_per_group();
    Mapping mapping = layer.mapping;
    mapping.m = filters;
    mapping = clip(mapping, layer.shape, layer.batch);
    layer.accelerator.array.rows = 64;
    layer.accelerator.global_buffer.bank_rows = 4;
    layer.accelerator.global_buffer.filter_banks = 1'000;
    layer.accelerator.global_buffer.banks = static_cast<unsigned>(random.between(2, 120));
    for (spec::GinSpec* gin : {&layer.accelerator.filter_gin, &layer.accelerator.ifmap_gin}) {
      gin->row_id_bits = gin->column_id_bits = 8;
    }
    layer.accelerator.psum_gin.row_id_bits = 8;
    if (trial % 2 == 0) layer.accelerator.dram.overlap = spec::DramOverlap::kDoubleBuffer;
    unsigned most = 0;
    const unsigned step = mapping.p * mapping.t;
    for (unsigned m = step; m < filters + step; m += step) {
      mapping.m = std::min(m, filters);
      if (is_legal(mapping, layer.shape, layer.batch, layer.accelerator)) most = mapping.m;
    }
    ASSERT_EQ(most_filters(mapping, layer.shape, layer.accelerator), most);
    ++(most == 0 ? none : most == filters ? all : some);
  }
  EXPECT_GT(none, 100U);
  EXPECT_GT(some, 100U);
  EXPECT_GT(all, 100U);
}

TEST(PassFilterWords, AreThoseOfTheLargestPass) {
  const auto words = [](const char* name) {
    const auto shape = support::alexnet_layer(name).shape;
    return pass_filter_words(clip(support::alexnet_mapping(name), shape, 4), shape);
  };
  EXPECT_EQ(words("CONV1"), 32 * 1 * 121U);
  EXPECT_EQ(words("CONV2"), 16 * 2 * 25U);
  EXPECT_EQ(words("CONV3"), 64 * 4 * 9U);
  EXPECT_EQ(words("CONV4"), 32 * 6 * 9U);
}

TEST(PassFilterWords, CountWhatTheLayerHas) {
  workloads::ConvolutionShape shape;
  shape.groups = 2;
  shape.filters = 2 * 5;
  shape.channels = 2 * 3;
  shape.kernel_height = 3;
  shape.kernel_width = 3;
  Mapping mapping;
  mapping.m = 5;
  mapping.p = 3;
  mapping.t = 2;  // 6 filters, 5 there are
  mapping.q = 2;
  mapping.r = 2;  // 4 channels, 3 there are
  mapping.g = 2;
  mapping.filter_rows = 2;
  mapping.filter_columns = 3;
  EXPECT_EQ(pass_filter_words(mapping, shape), 2 * 5 * 3 * 2 * 3U);
}

TEST(PsumRows, DoNotMixFilterSets) {
  Mapping mapping;
  mapping.p = 6;
  // Packets of 4: a set of 6 takes 2 rows, the last 2 of 14 filters one row: 2 + 2 + 1.
  EXPECT_EQ(psum_rows_per_position(mapping, 14, 1, 4), 5U);
  EXPECT_EQ(psum_rows_per_position(mapping, 12, 1, 4), 4U);
  EXPECT_EQ(psum_rows_per_position(mapping, 17, 1, 4), 2 + 2 + 2U);
  EXPECT_EQ(psum_rows_per_position(mapping, 14, 3, 4), 15U);
}

TEST(BufferPlan, HoldsTheHaloAndNoBankInPart) {
  workloads::ConvolutionShape shape;
  shape.channels = 3;
  shape.filters = 5;
  shape.height = 9;
  shape.width = 8;
  shape.kernel_height = 3;
  shape.kernel_width = 2;
  shape.stride = 2;
  shape.dilation = 2;
  Mapping mapping;
  mapping.e = 2;
  mapping.f = 3;
  mapping.n = 2;
  mapping.m = 5;
  mapping.p = 5;
  mapping.q = 2;
  mapping.filter_rows = 3;
  mapping.filter_columns = 2;
  spec::AcceleratorSpec accelerator;
  accelerator.pe.psum_bits = 16;
  accelerator.global_buffer.bank_rows = 12;
  const BufferPlan plan = buffer_plan(mapping, shape, accelerator);
  // Rows 2 * 1 + 2 * 2 + 1 = 7, columns 2 * 2 + 2 * 1 + 1 = 7, 2 images, 2 channels.
  EXPECT_EQ(plan.ifmap_words, 7 * 7 * 4U);
  EXPECT_EQ(plan.ifmap_banks, 5U);  // of 48 words
  EXPECT_EQ(plan.psum_rows, 2 * 2 * 3 * 2U);
  EXPECT_EQ(plan.psum_banks, 2U);
}

TEST(BufferPlan, SaturatesWhatNoBufferHolds) {
  workloads::ConvolutionShape shape;
  shape.channels = 65536;
  shape.height = 65536;
  shape.width = 65536;
  Mapping mapping;
  mapping.e = 65536;
  mapping.f = 65536;
  mapping.q = 65536;
  const BufferPlan plan = buffer_plan(mapping, shape, spec::AcceleratorSpec());
  EXPECT_EQ(plan.ifmap_words, std::numeric_limits<std::uint32_t>::max());
}

}  // namespace
}  // namespace rowan::dataflow::row_stationary
