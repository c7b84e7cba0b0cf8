// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/comparison.h"

#include <numeric>

#include <gtest/gtest.h>

namespace rowan::sim {
namespace {

std::int64_t sum(const CauseCycles& causes) {
  return std::accumulate(causes.values.begin(), causes.values.end(), std::int64_t{0});
}

LayerResult simulated() {
  LayerResult layer;
  layer.request.mapping.emplace();
  layer.measures.processing = Cycles(60);
  layer.measures.total = Cycles(100);
  PeCycles& pe = layer.busiest_pe;
  pe.add(PeActivity::kConfiguration, 10);
  pe.add(PeActivity::kBusy, 30);
  pe.add(PeActivity::kAccumulatorHazard, 2);
  pe.add(PeActivity::kFilterLoad, 7);
  pe.add(PeActivity::kIfmap, 3);
  pe.add(PeActivity::kPsumIn, 4);
  pe.add(PeActivity::kPsumOut, 5);
  pe.add(PeActivity::kPassTransition, 8);
  pe.add(PeActivity::kIdle, 1);
  pe.add(PeActivity::kDram, 30);
  layer.measures.counts.add(Counter::kGlbBankConflict, 6);
  return layer;
}

TEST(Comparison, EveryCycleOfTheBusiestPeHasACause) {
  const CauseCycles causes = causes_of(simulated(), Cycles(10));
  EXPECT_EQ(sum(causes), 100);
  EXPECT_EQ(causes[Cause::kCompute], 32);
  EXPECT_EQ(causes[Cause::kFilterLoad], 7);
  EXPECT_EQ(causes[Cause::kBankConflicts], 6);
  EXPECT_EQ(causes[Cause::kBusContention], 6);
  EXPECT_EQ(causes[Cause::kRampUp], 9);
  EXPECT_EQ(causes[Cause::kDram], 30);
  EXPECT_EQ(causes[Cause::kConfiguration], 10);
}

TEST(Comparison, ALayerOfTheUnitComputesButForDramAndConfiguration) {
  LayerResult layer = simulated();
  layer.request.mapping.reset();
  const CauseCycles causes = causes_of(layer, Cycles(10));
  EXPECT_EQ(sum(causes), 100);
  EXPECT_EQ(causes[Cause::kCompute], 60);
  EXPECT_EQ(causes[Cause::kDram], 30);
}

TEST(Comparison, TheBoundsOfAnEstimateAddUpToItsTotal) {
  analytical::Estimate estimate;
  estimate.total = Cycles(100);
  estimate.processing = Cycles(70);
  estimate.bounds.mac = Cycles(40);
  estimate.bounds.windows = Cycles(45);
  estimate.bounds.filter_load = Cycles(15);
  estimate.bounds.ramp = Cycles(10);
  estimate.bounds.dram = Cycles(20);
  const CauseCycles causes = causes_of(estimate);
  EXPECT_EQ(sum(causes), 100);
  EXPECT_EQ(causes[Cause::kCompute], 40);
  EXPECT_EQ(causes[Cause::kBusContention], 5);
  EXPECT_EQ(causes[Cause::kRampUp], 10);
  EXPECT_EQ(causes[Cause::kConfiguration], 10);
}

TEST(Comparison, OnlyAccessesAreCompared) {
  ActivityCounts a;
  ActivityCounts b;
  a.add(Counter::kGlbBankConflict, 5);
  a.add(Counter::kIfmapGinBlocked, 5);
  EXPECT_TRUE(differing_counts(a, b).empty());
  b.add(Counter::kDramBurst, 2);
  const auto differing = differing_counts(a, b);
  ASSERT_EQ(differing.size(), 1U);
  EXPECT_EQ(differing[0].counter, Counter::kDramBurst);
  EXPECT_EQ(differing[0].estimated, 2U);
}

TEST(Comparison, ErrorsAreRelativeToTheSimulation) {
  EXPECT_NEAR(error_percent(Cycles(200), Cycles(210)), 5, 1e-9);
  EXPECT_EQ(error_percent(Cycles(0), Cycles(0)), 0);
}

}  // namespace
}  // namespace rowan::sim
