// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/result.h"

#include <gtest/gtest.h>

#include "tests/unit/sim/sample_result.h"

namespace rowan::sim {
namespace {

TEST(Result, TotalIsTheSumOverLayers) {
  const LayerMeasures total = sample_result().total();
  const LayerMeasures thrice = sample_measures(3);
  EXPECT_EQ(total.macs, thrice.macs);
  EXPECT_EQ(total.passes, thrice.passes);
  EXPECT_EQ(total.processing, thrice.processing);
  EXPECT_EQ(total.total, thrice.total);
  EXPECT_EQ(total.counts, thrice.counts);
  EXPECT_EQ(total.pe_cycles, thrice.pe_cycles);
  EXPECT_EQ(total.check->compared, thrice.check->compared);
  EXPECT_EQ(total.check->saturated, thrice.check->saturated);
  EXPECT_EQ(total.fast_forward.passes_replayed, thrice.fast_forward.passes_replayed);
  EXPECT_EQ(total.fast_forward.cycles_simulated, thrice.fast_forward.cycles_simulated);
}

TEST(Result, TotalHasNoCheckWhenNoLayerHas) {
  Result result = sample_result();
  for (LayerResult& layer : result.layers) layer.measures.check.reset();
  EXPECT_FALSE(result.total().check);
}

TEST(Result, MillisecondsAreThoseOfTheCoreClock) {
  EXPECT_DOUBLE_EQ(milliseconds(sample_result().request, Cycles(500'000)), 5.0);
}

TEST(Result, UtilizationIsMacsPerPeAndProcessingCycle) {
  EXPECT_DOUBLE_EQ(utilization(sample_result().request, sample_measures(1)), 0.5);
  EXPECT_DOUBLE_EQ(utilization(sample_result().request, LayerMeasures{}), 0.0);
}

TEST(Result, GlbBytesCountReadsAndPsumWritesByTheirWidths) {
  Result result = sample_result();
  EXPECT_EQ(glb_bytes(result.request, sample_measures(1)), Bytes(2 * (1 + 2 + 4 + 8 + 16)));
  result.request.platform.pe.psum_bits = 20;  // 48 bits and 28 psums of 20: 608 bits
  EXPECT_EQ(glb_bytes(result.request, sample_measures(1)), Bytes(76));
}

TEST(Result, DramBytesCountAllThreeKinds) { EXPECT_EQ(dram_bytes(sample_measures(1)), Bytes(123)); }

}  // namespace
}  // namespace rowan::sim
