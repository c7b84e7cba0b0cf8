// SPDX-License-Identifier: Apache-2.0
#include "models/spec/check.h"

#include <gtest/gtest.h>

namespace rowan::spec {
namespace {

/// Keys of the conflicts, one after the other.
std::string conflicts(const AcceleratorSpec& spec) {
  std::string keys;
  for (const Conflict& conflict : check(spec)) keys += (keys.empty() ? "" : " ") + conflict.key;
  return keys;
}

TEST(Check, TheDefaultsFit) { EXPECT_EQ(conflicts(AcceleratorSpec{}), ""); }

std::string messages(const AcceleratorSpec& spec) {
  std::string text;
  for (const Conflict& conflict : check(spec))
    text += conflict.key + ": " + conflict.message + "\n";
  return text;
}

TEST(Check, FloatingPointLeavesNoChoiceOfWidthsAndRules) {
  AcceleratorSpec spec;
  spec.pe.type = "fp32";
  spec.pe.psum_overflow = arithmetic::Overflow::kSaturate;
  EXPECT_EQ(messages(spec),
            "pe.psum_bits: 16 is not 32: a psum of fp32 is a binary32 word\n"
            "pe.product_bits: 16 is not 32: a product of fp32 is a binary32 word, no part of which "
            "is left out\n"
            "pe.psum_overflow: 'saturate' is for integers: a sum of fp32 that is too large is "
            "infinity; set 'wrap'\n"
            "pe.zero_gating: must be false for fp32: a product with 0 is not always 0 (0 x "
            "infinity is a NaN)\n");
  spec.pe.psum_bits = spec.pe.product_bits = 32;
  spec.pe.psum_overflow = arithmetic::Overflow::kWrap;
  spec.pe.zero_gating = false;
  EXPECT_EQ(messages(spec), "");
}

TEST(Check, FiltersFifoHoldsAPacket) {
  AcceleratorSpec spec;
  spec.pe.filter_fifo.depth = Words(4);
  EXPECT_EQ(conflicts(spec), "");
  spec.pe.filter_fifo.depth = Words(3);
  EXPECT_EQ(conflicts(spec), "pe.filter_fifo.depth_words");
  spec.filter_gin.width = Bits(48);
  EXPECT_EQ(conflicts(spec), "");
}

TEST(Check, PsumFifosHoldAPacket) {
  AcceleratorSpec spec;
  spec.pe.psum_bits = 16;
  spec.pe.psum_in_fifo.depth = Words(4);
  spec.pe.psum_out_fifo.depth = Words(4);
  EXPECT_EQ(conflicts(spec), "");
  spec.pe.psum_in_fifo.depth = Words(3);
  spec.pe.psum_out_fifo.depth = Words(3);
  EXPECT_EQ(conflicts(spec), "pe.psum_in_fifo.depth_words pe.psum_out_fifo.depth_words");
  spec.pe.psum_bits = 20;  // three to a packet
  EXPECT_EQ(conflicts(spec), "");
}

TEST(Check, AWordWiderThanItsBusIsAPacketOfOne) {
  AcceleratorSpec spec;
  spec.psum_gin.width = Bits(8);
  spec.gon.width = Bits(8);
  spec.filter_gin.width = Bits(8);
  spec.pe.filter_fifo.depth = Words(1);
  spec.pe.psum_in_fifo.depth = Words(1);
  spec.pe.psum_out_fifo.depth = Words(1);
  EXPECT_EQ(conflicts(spec), "");
}

TEST(Check, PsumGinAndGonAreEquallyWide) {
  AcceleratorSpec spec;
  spec.gon.width = Bits(32);
  EXPECT_EQ(conflicts(spec), "gon.width_bits");
  spec.psum_gin.width = Bits(32);
  EXPECT_EQ(conflicts(spec), "");
}

TEST(Check, ARowOfTheGlobalBufferHoldsAPacketOfPsumsAndAnyWord) {
  AcceleratorSpec spec;
  spec.global_buffer.row_width = Bits(63);
  EXPECT_EQ(conflicts(spec), "global_buffer.row_width_bits");
  spec.psum_gin.width = Bits(8);
  spec.gon.width = Bits(8);
  spec.global_buffer.row_width = Bits(16);
  EXPECT_EQ(conflicts(spec), "");
  spec.pe.psum_bits = 17;
  EXPECT_EQ(conflicts(spec), "global_buffer.row_width_bits");
  spec.pe.psum_bits = 2;
  spec.global_buffer.row_width = Bits(15);
  EXPECT_EQ(conflicts(spec).substr(0, 28), "global_buffer.row_width_bits");
}

TEST(Check, PsumIdsReachEveryPeAndSpareTheIdOfAllOnes) {
  AcceleratorSpec spec;
  spec.array.rows = 15;
  spec.array.columns = 15;
  EXPECT_EQ(conflicts(spec), "");
  spec.array.rows = 16;
  spec.array.columns = 16;
  EXPECT_EQ(conflicts(spec), "psum_gin.row_id_bits psum_gin.column_id_bits");
}

TEST(Check, AllPesTogetherHoldNoMoreThanCanBeSimulated) {
  AcceleratorSpec spec;
  spec.array.rows = 128;
  spec.array.columns = 128;
  spec.psum_gin.row_id_bits = 8;
  spec.psum_gin.column_id_bits = 8;
  // 2^24 words over 2^14 PEs are 1024 each; the other memories of a PE hold 12 + 24 + 4 + 8 + 24
  // + 24.
  spec.pe.filter_spad.size = Words(928);
  EXPECT_EQ(conflicts(spec), "");
  spec.pe.filter_spad.size = Words(929);
  EXPECT_EQ(conflicts(spec), "array");
}

TEST(Check, TheLinkIsAWholeNumberOfBytes) {
  AcceleratorSpec spec;
  spec.dram.link_width = Bits(60);
  EXPECT_EQ(conflicts(spec), "dram.link_width_bits");
}

TEST(Check, ABurstIsAPowerOfTwoOfALinkWidthAtLeast) {
  AcceleratorSpec spec;
  spec.dram.burst = Bytes(96);
  EXPECT_EQ(conflicts(spec), "dram.burst_bytes");
  spec.dram.burst = Bytes(8);
  EXPECT_EQ(conflicts(spec), "");
  spec.dram.link_width = Bits(128);
  EXPECT_EQ(conflicts(spec), "dram.burst_bytes");
}

TEST(Check, TheFilterRingHoldsABurst) {
  AcceleratorSpec spec;
  spec.global_buffer.filter_banks = 1;
  spec.global_buffer.bank_rows = 8;  // 32 words, 64 bytes
  EXPECT_EQ(conflicts(spec), "");
  spec.dram.burst = Bytes(128);
  EXPECT_EQ(conflicts(spec), "dram.burst_bytes");
}

TEST(Check, MessagesHaveTheRuleAndBothNumbers) {
  AcceleratorSpec spec;
  spec.pe.filter_fifo.depth = Words(3);
  spec.array.rows = 20;
  const auto found = check(spec);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_EQ(found[0].message, "3 is less than 4, the words of a packet of filter_gin");
  EXPECT_EQ(found[1].message, "4 bits make 15 IDs (all ones means off), but array.rows is 20");
}

}  // namespace
}  // namespace rowan::spec
