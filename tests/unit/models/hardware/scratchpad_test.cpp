// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/scratchpad.h"

#include <gtest/gtest.h>

namespace rowan::hardware {
namespace {

TEST(Scratchpad, HoldsItsWords) {
  Scratchpad pad("pad", Words(3));
  EXPECT_EQ(pad.size(), 3U);
  pad.data()[2] = -5;
  EXPECT_EQ(pad.data()[2], -5);
  EXPECT_EQ(pad.data()[0], 0);
}

}  // namespace
}  // namespace rowan::hardware
