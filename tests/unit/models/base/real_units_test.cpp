// SPDX-License-Identifier: Apache-2.0
#include "models/base/real_units.h"

#include <sstream>

#include <gtest/gtest.h>

namespace rowan {
namespace {

TEST(RealUnits, KeepTheirUnit) {
  Picojoules sum(1.5);
  sum += Picojoules(2.0) * 3.0;
  EXPECT_EQ(sum, Picojoules(7.5));
  EXPECT_EQ((sum + Picojoules(0.5)).value(), 8.0);
  EXPECT_TRUE(Picojoules(1.0) < sum && sum > Picojoules(1.0) && sum != Picojoules());
}

TEST(RealUnits, PrintTheirValue) {
  std::ostringstream out;
  out << Picojoules(0.25);
  EXPECT_EQ(out.str(), "0.25");
}

}  // namespace
}  // namespace rowan
