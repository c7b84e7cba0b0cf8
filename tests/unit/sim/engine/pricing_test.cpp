// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/pricing.h"

#include <gtest/gtest.h>

namespace rowan::sim {
namespace {

energy::EnergyBreakdown breakdown(double read, double leak) {
  energy::EnergyBreakdown made;
  made.unit = "pJ";
  energy::ComponentEnergy component;
  component.component = "global_buffer";
  component.actions = {{"read", 2, Picojoules(read / 2), Picojoules(read)},
                       {"leak", 1, Picojoules(leak), Picojoules(leak)}};
  component.energy = Picojoules(read + leak);
  made.components = {component};
  made.on_chip = component.energy;
  made.off_chip = Picojoules(1);
  made.total = Picojoules(read + leak + 1);
  return made;
}

TEST(Pricing, BreakdownsAddUpActionByAction) {
  energy::EnergyBreakdown sum;
  add(sum, breakdown(4, 1));
  add(sum, breakdown(6, 2));
  ASSERT_EQ(sum.components.size(), 1U);
  EXPECT_EQ(sum.components[0].actions[0].energy, Picojoules(10));
  EXPECT_EQ(sum.components[0].actions[0].count, 4U);
  EXPECT_EQ(sum.components[0].actions[1].energy, Picojoules(3));
  EXPECT_EQ(sum.components[0].energy, Picojoules(13));
  EXPECT_EQ(sum.on_chip, Picojoules(13));
  EXPECT_EQ(sum.off_chip, Picojoules(2));
  EXPECT_EQ(sum.total, Picojoules(15));
}

TEST(Pricing, PowerIsEnergyOverTime) {
  // 1000 pJ in 10 cycles of 5 ns
  EXPECT_DOUBLE_EQ(milliwatts(Picojoules(1000), Cycles(10), Kilohertz(200'000)), 20);
  EXPECT_EQ(milliwatts(Picojoules(0), Cycles(0), Kilohertz(200'000)), 0);
}

TEST(Pricing, WithoutATableThereIsNoPrice) { EXPECT_FALSE(price(Result()).has_value()); }

}  // namespace
}  // namespace rowan::sim
