// SPDX-License-Identifier: Apache-2.0
#include "models/base/clock.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace rowan {
namespace {

const Clock kCore(Kilohertz(200'000));
const Clock kLink(Kilohertz(60'000));
const Clock kFast(Kilohertz(300'000));

TEST(Clock, EdgesOf200MhzAre5000PsApart) {
  EXPECT_EQ(kCore.edge_ps(0), 0U);
  EXPECT_EQ(kCore.edge_ps(1), 5'000U);
  EXPECT_EQ(kCore.edge_ps(1'000'000'000'000), 5'000'000'000'000'000U);
}

TEST(Clock, EdgesThatAreNoWholePicosecondAreRoundedDownWithoutDrift) {
  EXPECT_EQ(kLink.edge_ps(1), 16'666U);
  EXPECT_EQ(kLink.edge_ps(2), 33'333U);
  EXPECT_EQ(kLink.edge_ps(3), 50'000U);
  EXPECT_EQ(kLink.edge_ps(3'000'000'001), 50'000'000'016'666U);
  EXPECT_EQ(kFast.edge_ps(1), 3'333U);
  EXPECT_EQ(kFast.edge_ps(3), 10'000U);
}

TEST(Clock, FirstEdgeAtOrAfterATimeIsTheInverseOfEdge) {
  for (const Clock& clock : {kCore, kLink, kFast}) {
    for (std::uint64_t cycle = 1; cycle < 100; ++cycle) {
      const std::uint64_t ps = clock.edge_ps(cycle);
      EXPECT_EQ(clock.first_edge_at_or_after(ps), cycle);
      EXPECT_EQ(clock.first_edge_at_or_after(ps - 1), cycle);
      EXPECT_EQ(clock.first_edge_at_or_after(ps + 1), cycle + 1);
    }
    EXPECT_EQ(clock.first_edge_at_or_after(0), 0U);
  }
}

TEST(Clock, HasAFrequency) {
  EXPECT_EQ(kCore.frequency(), Kilohertz(200'000));
  EXPECT_THROW(Clock(Kilohertz(0)), std::invalid_argument);
}

TEST(CommonEdge, Of200And60MhzComesEvery50Ns) {
  EXPECT_EQ(common_edge_ps(kCore, kLink, 0), 0U);
  EXPECT_EQ(common_edge_ps(kCore, kLink, 1), 50'000U);
  EXPECT_EQ(common_edge_ps(kCore, kLink, 50'000), 50'000U);
  EXPECT_EQ(common_edge_ps(kCore, kLink, 50'001), 100'000U);
}

TEST(CommonEdge, Of300And60MhzIsAWholePicosecondToo) {
  // The clocks meet every 16,666.67 ps; every third time is a whole number of ps.
  EXPECT_EQ(common_edge_ps(kFast, kLink, 1), 50'000U);
}

TEST(CommonEdge, Of200And300MhzComesEvery10Ns) {
  EXPECT_EQ(common_edge_ps(kCore, kFast, 10'001), 20'000U);
}

TEST(CommonEdge, IsAnEdgeOfBothClocksAndWhatFollowsIsTimedAlike) {
  for (const Clock& a : {kCore, kLink, kFast}) {
    const std::uint64_t at = common_edge_ps(a, kLink, 123'456'789);
    const std::uint64_t cycle = a.first_edge_at_or_after(at);
    EXPECT_EQ(a.edge_ps(cycle), at);
    for (std::uint64_t later = 0; later < 10; ++later) {
      EXPECT_EQ(a.edge_ps(cycle + later) - at, a.edge_ps(later));
    }
  }
}

}  // namespace
}  // namespace rowan
