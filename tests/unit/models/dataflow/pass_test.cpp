// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/pass.h"

#include <gtest/gtest.h>

namespace rowan::dataflow {
namespace {

TEST(MulticastId, IsOrderedByRowThenColumn) {
  EXPECT_TRUE((MulticastId{1, 9} < MulticastId{2, 0}));
  EXPECT_TRUE((MulticastId{1, 2} < MulticastId{1, 3}));
  EXPECT_FALSE((MulticastId{1, 3} < MulticastId{1, 3}));
  EXPECT_TRUE((MulticastId{1, 3} == MulticastId{1, 3}));
  EXPECT_FALSE((MulticastId{1, 3} == MulticastId{3, 1}));
}

TEST(PeProgram, HasAFilterWordPerPsumAndWordOfTheWindow) {
  auto windows = std::make_shared<WindowPlan>();
  windows->run = 2;
  windows->runs_per_window = 3;
  PeProgram pe;
  pe.psums = 4;
  EXPECT_EQ(pe.filter_words(), 0U);  // not active
  pe.active = true;
  pe.windows = windows;
  EXPECT_EQ(windows->words_per_window(), 6U);
  EXPECT_EQ(pe.filter_words(), 24U);
}

TEST(PacketStream, SendsItsStepOnceForEachBase) {
  PacketStream stream;
  EXPECT_EQ(stream.packet_count(), 0U);
  stream.bases = {0, 5, 9};
  stream.step.resize(2);
  EXPECT_EQ(stream.packet_count(), 6U);
}

TEST(PacketStream, EndsWithTheHighestAddressOfTheHighestBase) {
  PacketStream stream;
  EXPECT_EQ(stream.last_row(), 0U);
  EXPECT_EQ(stream.last_word(), 0U);
  stream.bases = {20, 100, 50};
  stream.step = {{{0, 0}, 4, 3}, {{0, 1}, 1, 5}};
  EXPECT_EQ(stream.last_row(), 105U);
  EXPECT_EQ(stream.last_word(), 106U);
}

}  // namespace
}  // namespace rowan::dataflow
