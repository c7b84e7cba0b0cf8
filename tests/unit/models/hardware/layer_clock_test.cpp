// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/layer_clock.h"

#include <gtest/gtest.h>

namespace rowan::hardware {
namespace {

using sc_core::SC_PS;
using sc_core::sc_time;

TEST(LayerClock, PicosecondsAreSystemCTime) {
  EXPECT_EQ(to_ps(sc_time(3, sc_core::SC_NS)), 3000U);
  EXPECT_EQ(from_ps(16'666), sc_time(16'666, SC_PS));
}

TEST(LayerClock, CyclesAreCountedFromTheLayersStart) {
  LayerClock clock(Clock(Kilohertz(200'000)));  // 5 ns
  clock.start(50'000);
  EXPECT_EQ(clock.cycle_at(sc_time(50'000, SC_PS)), 0U);
  EXPECT_EQ(clock.cycle_at(sc_time(50'001, SC_PS)), 1U);
  EXPECT_EQ(clock.cycle_at(sc_time(55'000, SC_PS)), 1U);
  EXPECT_EQ(clock.cycle_at(sc_time(55'001, SC_PS)), 2U);
}

TEST(LayerClock, KnowsTheTimeToACyclesEdge) {
  LayerClock clock(Clock(Kilohertz(200'000)));
  clock.start(0);
  sc_core::sc_start(sc_time(12'000, SC_PS));
  EXPECT_EQ(clock.now(), 3U);
  EXPECT_EQ(clock.until(3), sc_time(3'000, SC_PS));
  EXPECT_EQ(clock.until(4), sc_time(8'000, SC_PS));
  EXPECT_EQ(clock.until(2), sc_core::SC_ZERO_TIME);  // past
}

}  // namespace
}  // namespace rowan::hardware
