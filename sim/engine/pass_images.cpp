// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/pass_images.h"

#include <vector>

#include "models/rtl/host_port.h"
#include "models/rtl/images.h"
#include "models/spec/derived.h"

namespace rowan::sim {
namespace {

/// Causes in the order in which the host reads them.
constexpr PeActivity kCauses[] = {PeActivity::kBusy,   PeActivity::kFilterLoad,
                                  PeActivity::kIfmap,  PeActivity::kAccumulatorHazard,
                                  PeActivity::kPsumIn, PeActivity::kPsumOut};

struct NetworkCounters {
  rtl::Network network;
  Counter packets;
  Counter blocked;
};
constexpr NetworkCounters kGins[] = {
    {rtl::Network::kFilterGin, Counter::kFilterGinPacket, Counter::kFilterGinBlocked},
    {rtl::Network::kIfmapGin, Counter::kIfmapGinPacket, Counter::kIfmapGinBlocked},
    {rtl::Network::kPsumGin, Counter::kPsumGinPacket, Counter::kPsumGinBlocked}};

/// Every word in the cycle in which the last of it is on the GON.
std::vector<rtl::PsumWord> psum_words(const spec::AcceleratorSpec& spec,
                                      const hardware::ObservedPass& pass) {
  const spec::PacketSpec packet_spec = spec::psum_packet(spec);
  const auto row_words = static_cast<std::uint32_t>(packet_spec.words.value());
  std::vector<rtl::PsumWord> words;
  for (const hardware::ObservedPass::Packet& packet : pass.psums) {
    std::uint32_t index = packet.row * row_words;
    for (const arithmetic::Word word : packet.words) {
      words.push_back({packet.cycle + packet_spec.interval.value() - 1, index++,
                       rtl::wire_bits(word, spec.pe.psum_bits)});
    }
  }
  return words;
}

/// Counters, then the psums where the GLB has them.
std::vector<rtl::HostRead> host_reads(const spec::AcceleratorSpec& spec, std::uint32_t psum_banks,
                                      const hardware::ObservedPass& pass) {
  std::vector<rtl::HostRead> reads{{rtl::drain_address(), pass.drained}};
  for (const NetworkCounters& gin : kGins) {
    reads.push_back({rtl::counter_address(gin.network, rtl::NetworkCounter::kPackets),
                     pass.counts[gin.packets]});
    reads.push_back({rtl::counter_address(gin.network, rtl::NetworkCounter::kBlocked),
                     pass.counts[gin.blocked]});
  }
  reads.push_back({rtl::counter_address(rtl::Network::kGon, rtl::NetworkCounter::kPackets),
                   pass.counts[Counter::kGonPacket]});
  for (std::size_t pe = 0; pe < pass.pes.size(); ++pe) {
    std::size_t number = 0;
    for (const PeActivity cause : kCauses) {
      reads.push_back({rtl::pe_cycles_address(pe, number++), pass.pes[pe][cause]});
    }
  }
  for (const hardware::ObservedPass::Packet& packet : pass.psums) {
    for (std::uint32_t lane = 0; lane < packet.words.size(); ++lane) {
      reads.push_back({rtl::psum_address(spec, psum_banks, packet.row, lane),
                       rtl::wire_bits(packet.words[lane], spec.pe.psum_bits)});
    }
  }
  return reads;
}

}  // namespace

PassImages make_pass_images(hardware::PassBench& bench, const spec::AcceleratorSpec& spec,
                            const dataflow::BufferPlan& buffers, const arithmetic::MacFormat& mac,
                            const functional::PassState& state) {
  PassImages images;
  images.configuration = rtl::configuration_hex(rtl::host_writes(
      spec, {state.pass, buffers, mac.window.shift, state.ifmap, state.filters, state.psums}));
  const hardware::ObservedPass pass =
      bench.run({state.pass.shape, buffers, mac, state.pass.psum_row, state.ifmap, state.filters,
                 state.psums});
  const std::vector<rtl::PsumWord> words = psum_words(spec, pass);
  images.psums = rtl::psums_hex(words);
  images.counters = rtl::counters_hex(host_reads(spec, buffers.psum_banks, pass));
  images.words = words.size();
  images.cycles = pass.drained;
  return images;
}

}  // namespace rowan::sim
