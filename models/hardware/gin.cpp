// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/gin.h"

#include <algorithm>

#include "models/base/error.h"
#include "models/hardware/gon.h"
#include "models/spec/derived.h"

namespace rowan::hardware {

Gin::Gin(const sc_core::sc_module_name& name, const spec::AcceleratorSpec& spec, Stamp interval,
         Cycles latency, RouteTable::Stream stream, RouteTable::Id id, Worklist& worklist)
    : Block(name, worklist),
      outputs("outputs", std::size_t{spec.array.rows} * spec.array.columns),
      rows_(spec.array.rows),
      columns_(spec.array.columns),
      interval_(interval),
      latency_((spec.global_buffer.read_latency + latency).value() + interval - 1),
      routes_(this->name(), spec.array.columns, stream, id) {}

void Gin::end_of_elaboration() {
  for (FifoPort& port : outputs) fifos_.push_back(&port->fifo());
}

void Gin::start_layer() {
  routes_.clear();
  tickets_.clear();
  timing_ = {};
  packets_ = 0;
  words_ = 0;
  deliveries_ = 0;
  hops_ = 0;
  blocked_ = 0;
}

void Gin::start_pass(TicketPtr ticket) {
  const Route& packets = routes_.of(ticket->pass.shape);
  if (packets.packets.empty()) return;
  buffer_.resize(std::max<std::size_t>(buffer_.size(), packets.most_words));
  tickets_.push_back(std::move(ticket));
  worklist().add(*this);
}

std::optional<Stamp> Gin::may_start(const PassTicket& ticket) { return ticket.release; }

std::optional<Stamp> Gin::serve(const PassTicket&, std::uint32_t, Stamp ready) { return ready; }

void Gin::activate() {
  while (!tickets_.empty()) {
    const PassTicket& ticket = *tickets_.front();
    if (!timing_.walk.started()) {
      const std::optional<Stamp> start = may_start(ticket);
      if (!start) return;
      timing_.next = std::max(timing_.next, *start);
      timing_.walk.start(routes_.of(ticket.pass.shape));
    }
    while (timing_.walk.started()) {
      if (!send_next(ticket)) return;
    }
    tickets_.pop_front();
  }
}

bool Gin::send_next(const PassTicket& ticket) {
  RouteWalk& walk = timing_.walk;
  const std::uint32_t words = walk.packet().words;
  if (!timing_.room_known) {
    Stamp ready = timing_.next;
    for (const std::uint32_t pe : walk) {
      Fifo& fifo = *fifos_[pe];
      if (fifo.writable() < words) {
        fifo.wait_writable(*this, words);
        return false;
      }
      ready = std::max(ready, fifo.free(words - 1));
    }
    blocked_ += ready - timing_.next;
    timing_.ready = ready;
    timing_.room_known = true;
  }
  const std::optional<Stamp> served = serve(ticket, walk.address(), timing_.ready);
  if (!served) return false;
  const Stamp now = *served;
  fetch(ticket, walk.address(), words, now, buffer_.data());
  for (const std::uint32_t pe : walk) {
    Fifo& fifo = *fifos_[pe];
    for (std::uint32_t i = 0; i < words; ++i) fifo.push(buffer_[i], now + latency_);
    fifo.wake_consumer();
    deliveries_ += words;
  }
  ++packets_;
  words_ += words;
  hops_ += words * (rows_ + walk.packet().rows * columns_);
  timing_.next = now + interval_;
  timing_.room_known = false;
  walk.advance();
  return true;
}

std::string Gin::waiting_for() const {
  if (tickets_.empty()) return {};
  const std::string pass = "pass " + std::to_string(tickets_.front()->pass.number) + ": ";
  if (!timing_.walk.started()) return pass + "the psums of the pass before";
  for (const std::uint32_t pe : timing_.walk) {
    const Fifo& fifo = *fifos_[pe];
    if (fifo.writable() < timing_.walk.packet().words) {
      return pass + "room in " + fifo.name() + " (full)";
    }
  }
  return pass + "a bank";
}

FilterGin::FilterGin(const sc_core::sc_module_name& name, const spec::AcceleratorSpec& spec,
                     GlobalBuffer& buffer, Worklist& worklist)
    : Gin(name, spec, spec::filter_packet(spec).interval.value(), spec.filter_gin.latency,
          &dataflow::PassShape::filter, &dataflow::PeProgram::filter_id, worklist),
      buffer_(buffer) {}

void FilterGin::fetch(const PassTicket&, std::uint32_t, std::uint32_t words, Stamp now, Word* to) {
  buffer_.filters().read(to, words, now);
}

IfmapGin::IfmapGin(const sc_core::sc_module_name& name, const spec::AcceleratorSpec& spec,
                   GlobalBuffer& buffer, Worklist& worklist)
    : Gin(name, spec, spec::ifmap_packet(spec).interval.value(), spec.ifmap_gin.latency,
          &dataflow::PassShape::ifmap, &dataflow::PeProgram::ifmap_id, worklist),
      buffer_(buffer) {}

void IfmapGin::fetch(const PassTicket& ticket, std::uint32_t address, std::uint32_t words, Stamp,
                     Word* to) {
  for (std::uint32_t i = 0; i < words; ++i) to[i] = buffer_.ifmap(ticket.ifmap_base + address + i);
}

PsumGin::PsumGin(const sc_core::sc_module_name& name, const spec::AcceleratorSpec& spec,
                 GlobalBuffer& buffer, Gon& gon, Worklist& worklist)
    : Gin(name, spec, spec::psum_packet(spec).interval.value(), spec.psum_gin.latency,
          &dataflow::PassShape::psum_in, &dataflow::PeProgram::psum_id, worklist),
      buffer_(buffer),
      gon_(gon) {}

std::optional<Stamp> PsumGin::may_start(const PassTicket& ticket) {
  if (!ticket.after_previous) return ticket.release;
  const std::optional<Stamp> written = gon_.drained(ticket.pass.number - 1);
  if (!written) {
    gon_.notify_when_drained(*this);
    return std::nullopt;
  }
  return std::max(ticket.release, *written + 1);
}

std::optional<Stamp> PsumGin::serve(const PassTicket& ticket, std::uint32_t address, Stamp ready) {
  PsumBanks& banks = buffer_.psum_banks();
  if (banks.always_free()) return ready;
  const std::optional<Stamp> granted = banks.take_grant(BankUser::kRead);
  if (!granted) {
    banks.request(BankUser::kRead, ready, ticket.psum_buffer, ticket.pass.psum_row + address,
                  *this);
  }
  return granted;
}

void PsumGin::fetch(const PassTicket& ticket, std::uint32_t address, std::uint32_t words, Stamp,
                    Word* to) {
  const Word* row = buffer_.psum_row(ticket.psum_base + ticket.pass.psum_row + address);
  std::copy(row, row + words, to);
}

}  // namespace rowan::hardware
