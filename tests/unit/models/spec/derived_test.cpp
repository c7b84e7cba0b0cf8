// SPDX-License-Identifier: Apache-2.0
#include "models/spec/derived.h"

#include <gtest/gtest.h>

namespace rowan::spec {
namespace {

TEST(WordsPerPacket, IsAsManyWholeWordsAsFitAndAtLeastOne) {
  EXPECT_EQ(words_per_packet(Bits(64), 16), Words(4));
  EXPECT_EQ(words_per_packet(Bits(63), 16), Words(3));
  EXPECT_EQ(words_per_packet(Bits(16), 16), Words(1));
  EXPECT_EQ(words_per_packet(Bits(15), 16), Words(1));
}

TEST(PacketInterval, IsOneUnlessAWordIsWiderThanTheBus) {
  EXPECT_EQ(packet_interval(Bits(64), 16), Cycles(1));
  EXPECT_EQ(packet_interval(Bits(16), 16), Cycles(1));
  EXPECT_EQ(packet_interval(Bits(15), 16), Cycles(2));
  EXPECT_EQ(packet_interval(Bits(8), 32), Cycles(4));
}

TEST(Packets, OfTheDefaultsAreThoseOfEyeriss) {
  const AcceleratorSpec spec;
  EXPECT_EQ(ifmap_packet(spec).words, Words(1));
  EXPECT_EQ(filter_packet(spec).words, Words(4));
  EXPECT_EQ(psum_packet(spec).words, Words(4));
  EXPECT_EQ(local_network_packet(spec).words, Words(4));
  for (const PacketSpec& packet :
       {ifmap_packet(spec), filter_packet(spec), psum_packet(spec), local_network_packet(spec)}) {
    EXPECT_EQ(packet.interval, Cycles(1));
  }
}

TEST(Packets, FollowTheWidthsOfBusesAndWords) {
  AcceleratorSpec spec;
  spec.ifmap_gin.width = Bits(64);  // one word a packet all the same
  spec.filter_gin.width = Bits(8);
  spec.pe.psum_bits = 32;
  spec.local_network.width = Bits(20);
  EXPECT_EQ(ifmap_packet(spec).words, Words(1));
  EXPECT_EQ(filter_packet(spec).words, Words(1));
  EXPECT_EQ(filter_packet(spec).interval, Cycles(2));
  EXPECT_EQ(psum_packet(spec).words, Words(2));
  EXPECT_EQ(local_network_packet(spec).words, Words(1));
  EXPECT_EQ(local_network_packet(spec).interval, Cycles(2));
  spec.ifmap_gin.width = Bits(4);
  EXPECT_EQ(ifmap_packet(spec).interval, Cycles(4));
}

TEST(GlobalBuffer, OfTheDefaultsHolds4KilobytesABank) {
  const AcceleratorSpec spec;
  EXPECT_EQ(ifmap_words_per_bank(spec), Words(2048));
  EXPECT_EQ(filter_ring_words(spec), Words(4096));
}

TEST(Link, OfTheDefaultsMoves8BytesACycle) { EXPECT_EQ(link_bytes(DramSpec{}), Bytes(8)); }

}  // namespace
}  // namespace rowan::spec
