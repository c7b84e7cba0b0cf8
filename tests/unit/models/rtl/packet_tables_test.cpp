// SPDX-License-Identifier: Apache-2.0
#include "models/rtl/packet_tables.h"

#include <gtest/gtest.h>

#include "models/base/random.h"

namespace rowan::rtl {
namespace {

std::vector<std::uint32_t> unrolled(const BaseTable& table) {
  std::vector<std::uint32_t> bases;
  for (std::uint32_t repeat = 0; repeat < table.repeats; ++repeat) {
    for (const std::uint32_t base : table.bases) bases.push_back(base + repeat * table.stride);
  }
  return bases;
}

TEST(BaseTable, OfACounterHasOneEntry) {
  const BaseTable table = base_table({0, 3, 6, 9});
  EXPECT_EQ(table.bases, std::vector<std::uint32_t>{0});
  EXPECT_EQ(table.repeats, 4U);
  EXPECT_EQ(table.stride, 3U);
}

TEST(BaseTable, OfImagesHasTheColumnsOfOne) {
  const BaseTable table = base_table({0, 2, 3, 100, 102, 103});
  EXPECT_EQ(table.bases, (std::vector<std::uint32_t>{0, 2, 3}));
  EXPECT_EQ(table.repeats, 2U);
  EXPECT_EQ(table.stride, 100U);
}

TEST(BaseTable, OfNothingIsEmptyAndOfOneBaseThatBase) {
  EXPECT_TRUE(base_table({}).bases.empty());
  EXPECT_EQ(base_table({7}).bases, std::vector<std::uint32_t>{7});
  EXPECT_EQ(base_table({7}).repeats, 1U);
}

TEST(BaseTable, OfFallingBasesIsTheListItself) {
  EXPECT_EQ(base_table({9, 6, 3}).bases, (std::vector<std::uint32_t>{9, 6, 3}));
}

TEST(BaseTable, StandsForItsList) {
  Random random(1);
  for (unsigned i = 0; i < 2000; ++i) {
    std::vector<std::uint32_t> period(1 + random.below(4));
    for (auto& base : period) base = static_cast<std::uint32_t>(random.below(3));
    const auto stride = static_cast<std::uint32_t>(random.below(3));
    std::vector<std::uint32_t> bases;
    for (std::uint32_t repeat = 0; repeat <= random.below(4); ++repeat) {
      for (const std::uint32_t base : period) bases.push_back(base + repeat * stride);
    }
    const BaseTable table = base_table(bases);
    EXPECT_EQ(unrolled(table), bases);
    EXPECT_LE(table.bases.size(), bases.size());
  }
}

TEST(TableSizes, DoubleUntilThePassFits) {
  dataflow::PassShape shape;
  shape.ifmap.step.resize(1025);
  shape.psum_out.bases = {0, 1, 5, 7, 8};
  const TableSizes sizes = fitted({}, shape);
  EXPECT_EQ(sizes.ifmap_steps, 2048U);
  EXPECT_EQ(sizes.gon_bases, 8U);
  EXPECT_EQ(sizes.filter_steps, TableSizes().filter_steps);
}

TEST(TableSizes, AreEqualWhenAllEightAre) {
  EXPECT_TRUE(TableSizes() == TableSizes());
  for (const auto size :
       {&TableSizes::filter_steps, &TableSizes::filter_bases, &TableSizes::ifmap_steps,
        &TableSizes::ifmap_bases, &TableSizes::psum_gin_steps, &TableSizes::psum_gin_bases,
        &TableSizes::gon_steps, &TableSizes::gon_bases}) {
    TableSizes other;
    other.*size *= 2;
    EXPECT_FALSE(other == TableSizes());
  }
}

}  // namespace
}  // namespace rowan::rtl
