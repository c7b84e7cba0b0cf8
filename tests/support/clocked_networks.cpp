// SPDX-License-Identifier: Apache-2.0
#include "tests/support/clocked_networks.h"

#include <algorithm>

#include "models/base/error.h"

namespace rowan::support {

using dataflow::PassShape;

PacketCursor::PacketCursor(const ClockedController& controller,
                           dataflow::PacketStream PassShape::*stream)
    : controller_(controller), stream_(stream) {
  skip_silent_passes();
}

void PacketCursor::skip_silent_passes() {
  while (!at_end() && stream().packet_count() == 0) ++pass_;
}

bool PacketCursor::advance() {
  if (++step_ < stream().step.size()) return false;
  step_ = 0;
  if (++base_ < stream().bases.size()) return false;
  base_ = 0;
  ++pass_;
  skip_silent_passes();
  return true;
}

ClockedNetworks::ClockedNetworks(const spec::AcceleratorSpec& spec,
                                 const LayerArithmetic& arithmetic, std::uint32_t psum_banks,
                                 ClockedController& controller, ClockedBuffer& buffer,
                                 std::vector<ClockedPe>& pes)
    : spec_(spec),
      psum_banks_(psum_banks),
      controller_(controller),
      buffer_(buffer),
      pes_(pes),
      link_words_(std::max<std::uint64_t>(1, spec.local_network.width.value() / spec.pe.psum_bits)),
      link_interval_(ceil_div(spec.pe.psum_bits, spec.local_network.width.value())),
      filter_gin_{PacketCursor(controller, &PassShape::filter),
                  ceil_div(arithmetic.weight_bits, spec.filter_gin.width.value())},
      ifmap_gin_{PacketCursor(controller, &PassShape::ifmap),
                 ceil_div(arithmetic.activation_bits, spec.ifmap_gin.width.value())},
      psum_gin_{PacketCursor(controller, &PassShape::psum_in),
                ceil_div(spec.pe.psum_bits, spec.psum_gin.width.value())},
      gon_{PacketCursor(controller, &PassShape::psum_out),
           ceil_div(spec.pe.psum_bits, spec.gon.width.value())},
      links_(pes.size()) {}

void ClockedNetworks::evaluate(std::uint64_t now, ActivityCounts& counts) {
  write_psums(now);
  filter_gin(now, counts);
  ifmap_gin(now, counts);
  psum_buses(now, counts);
  local_network(now, counts);
}

bool ClockedNetworks::empty() const {
  return filter_gin_.next.at_end() && ifmap_gin_.next.at_end() && psum_gin_.next.at_end() &&
         gon_.next.at_end() && writes_.empty();
}

bool ClockedNetworks::may_send(const Bus& bus, std::uint64_t now) const {
  return !bus.next.at_end() && controller_.released(bus.next.pass(), now) && now >= bus.free_from;
}

bool ClockedNetworks::all_have_room(const std::vector<std::size_t>& pes,
                                    ClockedFifo ClockedPe::*fifo, std::uint64_t words) const {
  return std::all_of(pes.begin(), pes.end(),
                     [&](std::size_t pe) { return (pes_[pe].*fifo).has_room(words); });
}

// The word is driven onto all of the Y bus and, where a PE has the ID, onto all of the row's X bus.
std::uint64_t ClockedNetworks::wire(const std::vector<std::size_t>& pes) const {
  std::vector<bool> x_bus(spec_.array.rows, false);
  for (const std::size_t pe : pes) x_bus.at(pe / spec_.array.columns) = true;
  std::uint64_t pitches = 0;
  for (const bool takes : x_bus) {
    ++pitches;
    if (takes) pitches += spec_.array.columns;
  }
  return pitches;
}

void ClockedNetworks::filter_gin(std::uint64_t now, ActivityCounts& counts) {
  if (!may_send(filter_gin_, now)) return;
  const PacketCursor& packet = filter_gin_.next;
  const auto& pes = controller_.routes(packet.pass()).filter[packet.step()];
  if (!all_have_room(pes, &ClockedPe::filter_fifo, packet.words())) {
    counts.add(Counter::kFilterGinBlocked, 1);
    return;
  }
  const std::uint64_t latency =
      spec_.global_buffer.read_latency.value() + spec_.filter_gin.latency.value();
  for (std::uint32_t i = 0; i < packet.words(); ++i) {
    const arithmetic::Word word = buffer_.ring.take();
    for (const std::size_t pe : pes)
      pes_[pe].filter_fifo.push(word, filter_gin_.last_part(now), latency);
  }
  const std::uint64_t delivered = std::uint64_t{packet.words()} * pes.size();
  counts.add(Counter::kFilterGinPacket, 1);
  counts.add(Counter::kFilterGinDelivery, delivered);
  counts.add(Counter::kFilterGinHop, packet.words() * wire(pes));
  counts.add(Counter::kFilterFifoPush, delivered);
  counts.add(Counter::kGlbFilterRead, packet.words());
  filter_gin_.free_from = now + filter_gin_.interval;
  (void)filter_gin_.next.advance();
}

void ClockedNetworks::ifmap_gin(std::uint64_t now, ActivityCounts& counts) {
  if (!may_send(ifmap_gin_, now)) return;
  const PacketCursor& packet = ifmap_gin_.next;
  const auto& pes = controller_.routes(packet.pass()).ifmap[packet.step()];
  if (!all_have_room(pes, &ClockedPe::ifmap_fifo, packet.words())) {
    counts.add(Counter::kIfmapGinBlocked, 1);
    return;
  }
  const std::uint64_t latency =
      spec_.global_buffer.read_latency.value() + spec_.ifmap_gin.latency.value();
  const auto& tile = buffer_.ifmap_tiles.at(controller_.pass(packet.pass()).ifmap_tile);
  for (std::uint32_t i = 0; i < packet.words(); ++i) {
    const arithmetic::Word word = tile.at(packet.address() + i);
    for (const std::size_t pe : pes)
      pes_[pe].ifmap_fifo.push(word, ifmap_gin_.last_part(now), latency);
  }
  const std::uint64_t delivered = std::uint64_t{packet.words()} * pes.size();
  counts.add(Counter::kIfmapGinPacket, 1);
  counts.add(Counter::kIfmapGinDelivery, delivered);
  counts.add(Counter::kIfmapGinHop, packet.words() * wire(pes));
  counts.add(Counter::kIfmapFifoPush, delivered);
  counts.add(Counter::kGlbIfmapRead, packet.words());
  ifmap_gin_.free_from = now + ifmap_gin_.interval;
  (void)ifmap_gin_.next.advance();
}

bool ClockedNetworks::psum_rows_written(std::uint64_t now) const {
  const std::size_t writer = controller_.earlier_writer(psum_gin_.next.pass());
  return writer == kNoPass || controller_.drained_before(writer, now);
}

std::uint64_t ClockedNetworks::psum_row(const Bus& bus) const {
  return controller_.pass(bus.next.pass()).psum_row + bus.next.address();
}

std::uint64_t ClockedNetworks::bank(std::uint64_t row) const {
  switch (spec_.global_buffer.psum_bank_interleaving) {
    case spec::BankInterleaving::kWord:
      return row % psum_banks_;
    case spec::BankInterleaving::kBlock:
      return row / spec_.global_buffer.bank_rows;
  }
  return 0;
}

// Both buses look at the FIFOs as they were when the cycle began; only the bank couples them.
void ClockedNetworks::psum_buses(std::uint64_t now, ActivityCounts& counts) {
  bool read = false;
  if (may_send(psum_gin_, now) && psum_rows_written(now)) {
    const PacketCursor& packet = psum_gin_.next;
    const auto& pes = controller_.routes(packet.pass()).psum_in[packet.step()];
    read = all_have_room(pes, &ClockedPe::psum_in_fifo, packet.words());
    if (!read) counts.add(Counter::kPsumGinBlocked, 1);
  }
  bool write = false;
  if (may_send(gon_, now)) {
    const PacketCursor& packet = gon_.next;
    const std::size_t pe = controller_.routes(packet.pass()).psum_out[packet.step()].front();
    write = pes_[pe].psum_out_fifo.can_pop(now, packet.words());
  }
  if (read && write && spec_.global_buffer.psum_bank_ports == 1) {
    // Two psum tiles stand in banks of their own.
    const bool same_tile = controller_.pass(psum_gin_.next.pass()).psum_tile ==
                           controller_.pass(gon_.next.pass()).psum_tile;
    if (same_tile && bank(psum_row(psum_gin_)) == bank(psum_row(gon_))) {
      counts.add(Counter::kGlbBankConflict, 1);
      switch (spec_.global_buffer.psum_bank_priority) {
        case spec::BankPriority::kRead:
          write = false;
          break;
        case spec::BankPriority::kWrite:
          read = false;
          break;
      }
    }
  }
  if (read) issue_psum_gin(now, counts);
  if (write) issue_gon(now, counts);
}

void ClockedNetworks::issue_psum_gin(std::uint64_t now, ActivityCounts& counts) {
  const PacketCursor& packet = psum_gin_.next;
  const auto& pes = controller_.routes(packet.pass()).psum_in[packet.step()];
  ClockedPe& pe = pes_[pes.front()];
  const std::uint64_t latency =
      spec_.global_buffer.read_latency.value() + spec_.psum_gin.latency.value();
  const std::uint64_t tile = controller_.pass(packet.pass()).psum_tile;
  for (std::uint32_t lane = 0; lane < packet.words(); ++lane) {
    pe.psum_in_fifo.push(buffer_.psum(tile, psum_row(psum_gin_), lane), psum_gin_.last_part(now),
                         latency);
  }
  counts.add(Counter::kPsumGinPacket, 1);
  counts.add(Counter::kPsumGinDelivery, packet.words());
  counts.add(Counter::kPsumGinHop, packet.words() * wire(pes));
  counts.add(Counter::kPsumInFifoPush, packet.words());
  counts.add(Counter::kGlbPsumRead, packet.words());
  psum_gin_.free_from = now + psum_gin_.interval;
  (void)psum_gin_.next.advance();
}

void ClockedNetworks::issue_gon(std::uint64_t now, ActivityCounts& counts) {
  const PacketCursor& packet = gon_.next;
  const std::size_t pass = packet.pass();
  const auto& pes = controller_.routes(pass).psum_out[packet.step()];
  ClockedPe& pe = pes_[pes.front()];
  Write write;
  write.cycle = gon_.last_part(now) + spec_.gon.latency.value();
  write.tile = controller_.pass(pass).psum_tile;
  write.row = psum_row(gon_);
  for (std::uint32_t i = 0; i < packet.words(); ++i) {
    write.words.push_back(pe.psum_out_fifo.pop(now));
  }
  counts.add(Counter::kGonPacket, 1);
  counts.add(Counter::kGonWord, packet.words());
  counts.add(Counter::kGonHop, packet.words() * wire(pes));
  counts.add(Counter::kPsumOutFifoPop, packet.words());
  counts.add(Counter::kGlbPsumWrite, packet.words());
  gon_.free_from = now + gon_.interval;
  if (gon_.next.advance()) controller_.set_drained(pass, write.cycle);
  writes_.push_back(std::move(write));
}

void ClockedNetworks::write_psums(std::uint64_t now) {
  while (!writes_.empty() && writes_.front().cycle == now) {
    const Write& write = writes_.front();
    for (std::size_t lane = 0; lane < write.words.size(); ++lane) {
      buffer_.psum(write.tile, write.row, lane) = write.words[lane];
    }
    writes_.pop_front();
  }
}

void ClockedNetworks::local_network(std::uint64_t now, ActivityCounts& counts) {
  if (gon_.next.at_end()) return;
  // All passes under way have one shape, that of the pass that drains.
  const PassShape& shape = controller_.shape(gon_.next.pass());
  for (std::size_t lower = spec_.array.columns; lower < pes_.size(); ++lower) {
    if (!shape.pes[lower].active || shape.pes[lower].sink != dataflow::PsumSink::kLocal) continue;
    ClockedFifo& from = pes_[lower].psum_out_fifo;
    ClockedFifo& to = pes_[lower - spec_.array.columns].psum_in_fifo;
    if (now < links_[lower].free_from) continue;
    for (std::uint64_t moved = 0; moved < link_words_ && from.can_pop(now); ++moved) {
      if (!to.has_room()) {
        counts.add(Counter::kLocalNetworkBlocked, 1);
        break;
      }
      to.push(from.pop(now), now + link_interval_ - 1, 1);
      counts.add(Counter::kLocalNetworkWord, 1);
      counts.add(Counter::kPsumOutFifoPop, 1);
      counts.add(Counter::kPsumInFifoPush, 1);
      links_[lower].free_from = now + link_interval_;
    }
  }
}

}  // namespace rowan::support
