// SPDX-License-Identifier: Apache-2.0
#include "models/rtl/images.h"

#include <gtest/gtest.h>

namespace rowan::rtl {
namespace {

TEST(Images, AreOneEntryALineAndEndInOnes) {
  EXPECT_EQ(configuration_hex({{0x70000001, 0x123456789abcdef0}, {0, 1}}),
            "70000001123456789abcdef0\n"
            "000000000000000000000001\n"
            "ffffffffffffffffffffffff\n");
  EXPECT_EQ(psums_hex({{17, 3, 0xffff}}),
            "00000011000000030000ffff\n"
            "ffffffffffffffffffffffff\n");
  EXPECT_EQ(counters_hex({{1, 400}}),
            "000000010000000000000190\n"
            "ffffffffffffffffffffffff\n");
}

}  // namespace
}  // namespace rowan::rtl
