// SPDX-License-Identifier: Apache-2.0
#include "models/rtl/check.h"

#include <gtest/gtest.h>

#include "tests/support/small_layer.h"

namespace rowan::rtl {
namespace {

TEST(RtlCheck, EveryPeTypeIsSupported) {
  for (const arithmetic::PeType& type : arithmetic::pe_types()) {
    spec::AcceleratorSpec spec = support::eyeriss();
    spec.pe.type = type.name;
    spec.pe.psum_bits = type.psum_bits;
    EXPECT_TRUE(rtl::check(spec).empty()) << type.name;
  }
}

TEST(RtlCheck, PacketsOfMoreWordsThanAFieldAreNamed) {
  spec::AcceleratorSpec spec = support::eyeriss();
  spec.filter_gin.width = Bits(255 * 16);
  EXPECT_TRUE(rtl::check(spec).empty());
  spec.filter_gin.width = Bits(256 * 16);
  ASSERT_EQ(rtl::check(spec).size(), 1U);
  EXPECT_EQ(rtl::check(spec)[0].key, "filter_gin.width_bits");
  EXPECT_EQ(rtl::check(spec)[0].message,
            "256 words of a packet are more than 255, what the RTL's packet tables can name");
}

TEST(RtlCheck, BuffersBeyondTheAddressesAreNamed) {
  spec::AcceleratorSpec spec = support::eyeriss();
  spec.global_buffer.banks = 1U << 13U;  // of 512 rows of 4 words: 2^24
  EXPECT_TRUE(rtl::check(spec).empty());
  ++spec.global_buffer.banks;
  ASSERT_EQ(rtl::check(spec).size(), 1U);
  EXPECT_EQ(rtl::check(spec)[0].key, "global_buffer.banks");
}

}  // namespace
}  // namespace rowan::rtl
