// SPDX-License-Identifier: Apache-2.0
#include "models/base/units.h"

#include <sstream>
#include <type_traits>

#include <gtest/gtest.h>

namespace rowan {
namespace {

static_assert(!std::is_convertible_v<std::uint64_t, Cycles>, "units are written down");
static_assert(!std::is_constructible_v<Cycles, Words>, "units do not mix");

TEST(Quantity, AddsSubtractsAndScales) {
  EXPECT_EQ(Cycles(3) + Cycles(4), Cycles(7));
  EXPECT_EQ(Cycles(7) - Cycles(4), Cycles(3));
  EXPECT_EQ(Cycles(7) * 3, Cycles(21));
  EXPECT_EQ(Cycles().value(), 0U);
}

TEST(Quantity, Compares) {
  EXPECT_TRUE(Words(3) < Words(4));
  EXPECT_TRUE(Words(4) > Words(3));
  EXPECT_TRUE(Words(4) <= Words(4));
  EXPECT_TRUE(Words(4) >= Words(4));
  EXPECT_TRUE(Words(4) != Words(3));
}

TEST(Quantity, PrintsItsNumber) {
  std::ostringstream out;
  out << Bytes(64);
  EXPECT_EQ(out.str(), "64");
}

TEST(CeilDiv, RoundsUp) {
  EXPECT_EQ(ceil_div(0, 4), 0U);
  EXPECT_EQ(ceil_div(1, 4), 1U);
  EXPECT_EQ(ceil_div(4, 4), 1U);
  EXPECT_EQ(ceil_div(5, 4), 2U);
}

}  // namespace
}  // namespace rowan
