// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/gon.h"

#include <algorithm>

#include "models/base/error.h"
#include "models/spec/derived.h"

namespace rowan::hardware {

Gon::Gon(const sc_core::sc_module_name& name, const spec::AcceleratorSpec& spec,
         GlobalBuffer& buffer, Worklist& worklist)
    : Block(name, worklist),
      inputs("inputs", std::size_t{spec.array.rows} * spec.array.columns),
      pitches_(spec.array.rows + spec.array.columns),
      interval_(spec::psum_packet(spec).interval.value()),
      latency_((spec.gon.latency + spec::psum_packet(spec).tail()).value()),
      buffer_(buffer),
      routes_(this->name(), spec.array.columns, &dataflow::PassShape::psum_out,
              &dataflow::PeProgram::psum_id) {}

void Gon::end_of_elaboration() {
  for (FifoPort& port : inputs) fifos_.push_back(&port->fifo());
}

void Gon::start_layer() {
  routes_.clear();
  tickets_.clear();
  waiting_ = nullptr;
  timing_ = {};
  passes_drained_ = 0;
  drained_[0] = drained_[1] = 0;
  packets_ = 0;
  words_ = 0;
}

void Gon::start_pass(TicketPtr ticket) {
  if (ticket->pass.shape->psum_out.packet_count() == 0) {
    throw HardwareError(std::string(name()) + ": pass " + std::to_string(ticket->pass.number) +
                        " brings no psums");
  }
  tickets_.push_back(std::move(ticket));
  worklist().add(*this);
}

std::optional<Stamp> Gon::drained(std::uint64_t pass) const {
  if (pass >= passes_drained_) return std::nullopt;
  return drained_[pass % 2];
}

void Gon::activate() {
  while (!tickets_.empty()) {
    const PassTicket& ticket = *tickets_.front();
    if (!timing_.walk.started()) {
      timing_.next = std::max(timing_.next, ticket.release);
      timing_.walk.start(routes_.of(ticket.pass.shape));
    }
    while (timing_.walk.started()) {
      if (!take_next(ticket)) return;
    }
    drained_[passes_drained_++ % 2] = timing_.next - interval_ + latency_;
    tickets_.pop_front();
    if (waiting_ != nullptr) worklist().add(*waiting_);
    waiting_ = nullptr;
  }
}

bool Gon::take_next(const PassTicket& ticket) {
  RouteWalk& walk = timing_.walk;
  Fifo& fifo = *fifos_[*walk.begin()];
  const std::uint32_t words = walk.packet().words;
  if (fifo.readable() < words) {
    fifo.wait_readable(*this, words);
    return false;
  }
  const std::uint32_t row = ticket.pass.psum_row + walk.address();
  Stamp now = std::max(timing_.next, fifo.visible(words - 1));
  PsumBanks& banks = buffer_.psum_banks();
  if (!banks.always_free()) {
    const std::optional<Stamp> granted = banks.take_grant(BankUser::kWrite);
    if (!granted) {
      banks.request(BankUser::kWrite, now, ticket.psum_buffer, row, *this);
      return false;
    }
    now = *granted;
  }
  Word* to = buffer_.psum_row(ticket.psum_base + row);
  for (std::uint32_t i = 0; i < words; ++i) to[i] = fifo.pop(now);
  fifo.wake_producer();
  if (observer_) observer_({now, row, to, words});
  ++packets_;
  words_ += words;
  timing_.next = now + interval_;
  walk.advance();
  return true;
}

std::string Gon::waiting_for() const {
  if (tickets_.empty() || !timing_.walk.started()) return {};
  const Fifo& fifo = *fifos_[*timing_.walk.begin()];
  return "pass " + std::to_string(tickets_.front()->pass.number) + ": a packet in " + fifo.name() +
         (fifo.readable() == 0 ? " (empty)" : "");
}

}  // namespace rowan::hardware
