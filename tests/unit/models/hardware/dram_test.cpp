// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/dram.h"

#include <array>
#include <vector>

#include <gtest/gtest.h>
#include <tlm_utils/simple_initiator_socket.h>

namespace rowan::hardware {
namespace {

using sc_core::SC_PS;
using sc_core::sc_time;

/// As on the chip: 60 MHz (edges at 16.667, 33.333, 50, 66.667 ns, ...), 8 bytes, 60 ns.
struct Bench final : sc_core::sc_module {
  explicit Bench(const spec::DramSpec& spec = {}, const sc_core::sc_module_name& name = "bench")
      : sc_module(name), socket("socket"), dram("dram", spec) {
    socket.bind(dram.socket);
    dram.memory().resize(256);
    sc_core::sc_start(sc_core::SC_ZERO_TIME);
  }
  /// A burst that starts now; its delay in ps.
  std::uint64_t delay_of(unsigned length, std::uint64_t delay_ps = 0) {
    sc_time delay(static_cast<double>(delay_ps), SC_PS);
    payload.set_read();
    payload.set_address(0);
    payload.set_data_ptr(data.data());
    payload.set_data_length(length);
    payload.set_streaming_width(length);
    payload.set_byte_enable_ptr(nullptr);
    payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
    socket->b_transport(payload, delay);
    EXPECT_TRUE(payload.is_response_ok());
    return delay.value();
  }
  tlm_utils::simple_initiator_socket<Bench> socket;
  Dram dram;
  tlm::tlm_generic_payload payload;
  std::array<std::uint8_t, 256> data{};
};

TEST(Dram, BurstTakesTheLatencyAndALinkCyclePer8Bytes) {
  Bench b;
  // At the link at 60 ns: edge 4, 66.667 ns; 8 cycles to edge 12, 200 ns.
  EXPECT_EQ(b.delay_of(64), 200'000U);
}

TEST(Dram, PartOfALinkWidthTakesAWholeCycle) {
  Bench b;
  EXPECT_EQ(b.delay_of(1), 83'333U);   // edge 5
  EXPECT_EQ(b.delay_of(9), 116'666U);  // edges 5 to 7
}

TEST(Dram, BurstWaitsForTheOneBefore) {
  Bench b;
  EXPECT_EQ(b.delay_of(64), 200'000U);
  EXPECT_EQ(b.delay_of(64), 333'333U);           // edges 12 to 20
  EXPECT_EQ(b.delay_of(16, 100'000), 366'666U);  // at the link at 160 ns: edges 20 to 22
}

TEST(Dram, BurstDoesNotWaitForOneThatHasEnded) {
  Bench b;
  EXPECT_EQ(b.delay_of(64), 200'000U);  // ends in edge 12
  // At the link at 140 + 60 ns, edge 12: starts there.
  EXPECT_EQ(b.delay_of(8, 140'000), 216'666U);
  // A later one starts with the edge after it.
  EXPECT_EQ(b.delay_of(8, 300'001), 383'333U);  // 360.001 ns: edge 22 to 23
}

TEST(Dram, EdgeAtWhichTheBurstArrivesCounts) {
  spec::DramSpec spec;
  spec.latency = Nanoseconds(50);
  Bench b(spec);
  EXPECT_EQ(b.delay_of(8), 66'666U);  // edge 3 is at 50 ns
}

TEST(Dram, EdgeIsMissedByAPicosecond) {
  spec::DramSpec spec;
  spec.latency = Nanoseconds(50);
  Bench b(spec);
  EXPECT_EQ(b.delay_of(8, 1), 83'333U);  // edge 4 to 5
}

TEST(Dram, DelayIsCountedFromNow) {
  Bench b;
  sc_core::sc_start(sc_time(50'000, SC_PS));
  // At the link at 110 ns: edge 7, 116.667 ns; to edge 8, 133.333 ns.
  EXPECT_EQ(b.delay_of(8), 83'333U);
}

TEST(Dram, ReadsAndWritesItsMemory) {
  Bench b;
  b.dram.memory()[100] = 42;
  b.payload.set_command(tlm::TLM_READ_COMMAND);
  b.payload.set_address(100);
  b.payload.set_data_ptr(b.data.data());
  b.payload.set_data_length(2);
  b.payload.set_streaming_width(2);
  sc_time delay;
  b.socket->b_transport(b.payload, delay);
  EXPECT_EQ(b.data[0], 42);
  b.payload.set_command(tlm::TLM_WRITE_COMMAND);
  b.payload.set_address(254);
  b.data[0] = 7;
  b.data[1] = 8;
  b.socket->b_transport(b.payload, delay);
  EXPECT_TRUE(b.payload.is_response_ok());
  EXPECT_EQ(b.dram.memory()[254], 7);
  EXPECT_EQ(b.dram.memory()[255], 8);
  EXPECT_FALSE(b.payload.is_dmi_allowed());
}

struct BadBurst {
  std::uint64_t address;
  unsigned length;
  unsigned streaming_width;
  bool byte_enables;
  tlm::tlm_response_status response;
};

class DramError : public testing::TestWithParam<BadBurst> {};

TEST_P(DramError, AnswersAsTheStandardSaysAndChangesNothing) {
  Bench b;
  const std::vector<std::uint8_t> before = b.dram.memory();
  std::uint8_t enable = 0xff;
  b.data.fill(9);
  b.payload.set_command(tlm::TLM_WRITE_COMMAND);
  b.payload.set_address(GetParam().address);
  b.payload.set_data_ptr(b.data.data());
  b.payload.set_data_length(GetParam().length);
  b.payload.set_streaming_width(GetParam().streaming_width);
  if (GetParam().byte_enables) {
    b.payload.set_byte_enable_ptr(&enable);
    b.payload.set_byte_enable_length(1);
  }
  sc_time delay(7, SC_PS);
  b.socket->b_transport(b.payload, delay);
  EXPECT_EQ(b.payload.get_response_status(), GetParam().response);
  EXPECT_EQ(delay, sc_time(7, SC_PS));
  EXPECT_EQ(b.socket->transport_dbg(b.payload), 0U);
  EXPECT_EQ(b.dram.memory(), before);
  EXPECT_EQ(b.delay_of(64), 200'000U);  // the link was not used
}

INSTANTIATE_TEST_SUITE_P(
    All, DramError,
    testing::Values(BadBurst{0, 8, 8, true, tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE},
                    BadBurst{0, 8, 7, false, tlm::TLM_BURST_ERROR_RESPONSE},
                    BadBurst{249, 8, 8, false, tlm::TLM_ADDRESS_ERROR_RESPONSE},
                    BadBurst{256, 1, 1, false, tlm::TLM_ADDRESS_ERROR_RESPONSE},
                    BadBurst{~std::uint64_t{0}, 8, 8, false, tlm::TLM_ADDRESS_ERROR_RESPONSE}));

TEST(Dram, LastBytesAreInRange) {
  Bench b;
  b.payload.set_command(tlm::TLM_WRITE_COMMAND);
  b.payload.set_address(248);
  b.payload.set_data_ptr(b.data.data());
  b.payload.set_data_length(8);
  b.payload.set_streaming_width(8);
  sc_time delay;
  b.socket->b_transport(b.payload, delay);
  EXPECT_TRUE(b.payload.is_response_ok());
}

TEST(Dram, DebugTransportMovesBytesAndTakesNoTime) {
  Bench b;
  b.data[0] = 5;
  b.payload.set_command(tlm::TLM_WRITE_COMMAND);
  b.payload.set_address(3);
  b.payload.set_data_ptr(b.data.data());
  b.payload.set_data_length(200);
  b.payload.set_streaming_width(200);
  EXPECT_EQ(b.socket->transport_dbg(b.payload), 200U);
  EXPECT_EQ(b.dram.memory()[3], 5);
  b.payload.set_command(tlm::TLM_READ_COMMAND);
  b.data[0] = 0;
  EXPECT_EQ(b.socket->transport_dbg(b.payload), 200U);
  EXPECT_EQ(b.data[0], 5);
  EXPECT_EQ(b.delay_of(64), 200'000U);
}

}  // namespace
}  // namespace rowan::hardware
