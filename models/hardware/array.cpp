// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/array.h"

#include <exception>

#include "models/base/error.h"

namespace rowan::hardware {
namespace {
std::string indexed(const char* name, unsigned row, unsigned column) {
  return std::string(name) + "_" + std::to_string(row) + "_" + std::to_string(column);
}
}  // namespace

Array::Array(const sc_core::sc_module_name& name, const spec::AcceleratorSpec& spec,
             GlobalBuffer& buffer, LayerClock& clock, SimulationOrder order)
    : sc_module(name),
      rows_(spec.array.rows),
      columns_(spec.array.columns),
      buffer_(buffer),
      clock_(clock),
      worklist_(order),
      gon_("gon", spec, buffer, worklist_),
      filter_gin_("filter_gin", spec, buffer, worklist_),
      ifmap_gin_("ifmap_gin", spec, buffer, worklist_),
      psum_gin_("psum_gin", spec, buffer, gon_, worklist_),
      drains_(spec.controller.pass_transition == spec::PassTransition::kDrain),
      zero_gating_(spec.pe.zero_gating) {
  cells_.resize(std::size_t{rows_} * columns_);
  for (unsigned row = 0; row < rows_; ++row) {
    for (unsigned column = 0; column < columns_; ++column) {
      const std::size_t index = std::size_t{row} * columns_ + column;
      Cell& cell = cells_[index];
      const auto fifo = [&](const char* what, const spec::FifoSpec& of) {
        return std::make_unique<Fifo>(indexed(what, row, column).c_str(), of.depth, worklist_);
      };
      cell.ifmap_fifo = fifo("ifmap_fifo", spec.pe.ifmap_fifo);
      cell.filter_fifo = fifo("filter_fifo", spec.pe.filter_fifo);
      cell.psum_in_fifo = fifo("psum_in_fifo", spec.pe.psum_in_fifo);
      cell.psum_out_fifo = fifo("psum_out_fifo", spec.pe.psum_out_fifo);
      cell.pe = std::make_unique<ProcessingElement>(indexed("pe", row, column).c_str(), spec.pe,
                                                    worklist_);
      cell.pe->ifmap_in.bind(*cell.ifmap_fifo);
      cell.pe->filter_in.bind(*cell.filter_fifo);
      cell.pe->psum_in.bind(*cell.psum_in_fifo);
      cell.pe->psum_out.bind(*cell.psum_out_fifo);
      filter_gin_.outputs[index].bind(*cell.filter_fifo);
      ifmap_gin_.outputs[index].bind(*cell.ifmap_fifo);
      psum_gin_.outputs[index].bind(*cell.psum_in_fifo);
      gon_.inputs[index].bind(*cell.psum_out_fifo);
    }
  }
  for (unsigned row = 0; row + 1 < rows_; ++row) {
    for (unsigned column = 0; column < columns_; ++column) {
      auto link = std::make_unique<LocalLink>(indexed("ln", row, column).c_str(),
                                              spec::local_network_packet(spec), worklist_);
      link->from.bind(*cells_[std::size_t{row + 1} * columns_ + column].psum_out_fifo);
      link->to.bind(*cells_[std::size_t{row} * columns_ + column].psum_in_fifo);
      links_.push_back(std::move(link));
    }
  }
  SC_HAS_PROCESS(Array);
  SC_METHOD(run);
  sensitive << wake_;
  dont_initialize();
}

void Array::start_layer(const arithmetic::MacFormat& mac, const FastForwardJob& fast_forward) {
  cache_.start_layer(fast_forward, empty_between_passes());
  if (cache_.on() && !fast_forward.executor) {
    throw HardwareError(std::string(name()) + ": nothing carries out the words of replayed passes");
  }
  latest_ = 0;
  replayed_data_counts_ = {};
  recording_.reset();
  worklist_.clear();
  failure_.clear();
  passes_started_ = 0;
  configured_.reset();
  for (Cell& cell : cells_) {
    for (Fifo* fifo : cell.fifos()) fifo->restart();
    cell.pe->start_layer(mac);
  }
  for (auto& link : links_) link->start_layer();
  for (Gin* gin : {static_cast<Gin*>(&filter_gin_), static_cast<Gin*>(&ifmap_gin_),
                   static_cast<Gin*>(&psum_gin_)}) {
    gin->start_layer();
  }
  gon_.start_layer();
}

void Array::configure(const PassTicket& ticket) {
  const dataflow::PassShape& shape = *ticket.pass.shape;
  if (configured_ == ticket.pass.shape) return;
  for (std::size_t i = 0; configured_ && i < cells_.size(); ++i) {
    if (configured_->pes[i].active && !shape.pes[i].active) cells_[i].pe->leave(ticket.idle_until);
  }
  configured_ = ticket.pass.shape;
  for (std::size_t i = 0; i < links_.size(); ++i) {
    const dataflow::PeProgram& below = shape.pes[i + columns_];
    links_[i]->configure(below.active && below.sink == dataflow::PsumSink::kLocal);
  }
}

Carried Array::start_pass(const TicketPtr& ticket) {
  if (!failure_.empty()) return Carried::kSimulated;  // the controller has not seen it yet
  ++passes_started_;
  try {
    configure(*ticket);
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      cells_[i].pe->book_release(*ticket, ticket->pass.shape->pes[i].active);
    }
    if (!cache_.on()) {
      hand_out(ticket);
      return Carried::kSimulated;
    }
    const std::string key = key_of(*ticket);
    PassCache::Entry* known = cache_.find(key);
    if (known != nullptr && !cache_.verifies(*known)) {
      replay(*ticket, *known);
      return Carried::kReplayed;
    }
    start_recording(ticket, key, known);
    hand_out(ticket);
    return known == nullptr ? Carried::kSimulated : Carried::kVerified;
  } catch (const std::exception& error) {
    fail(error.what());
  }
  return Carried::kSimulated;
}

void Array::hand_out(const TicketPtr& ticket) {
  const dataflow::PassShape& shape = *ticket->pass.shape;
  filter_gin_.start_pass(ticket);
  ifmap_gin_.start_pass(ticket);
  psum_gin_.start_pass(ticket);
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    if (shape.pes[i].active) cells_[i].pe->start_pass(ticket, shape.pes[i]);
  }
  gon_.start_pass(ticket);
  // Where no bank has to be decided, the array runs ahead to the pass's end at once.
  if (buffer_.psum_banks().always_free()) {
    run();
  } else {
    wake_.notify(sc_core::SC_ZERO_TIME);
  }
}

void Array::end_layer(Stamp drained, Stamp end, const dataflow::PassShape* last) {
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    for (const Fifo* fifo : cells_[i].fifos()) {
      if (fifo->readable() == 0) continue;
      throw HardwareError(std::string(fifo->name()) + ": cycle " + std::to_string(end) + ": " +
                          std::to_string(fifo->readable()) +
                          " words are left at the end of the layer");
    }
    const bool active = last != nullptr && last->pes[i].active;
    cells_[i].pe->end_layer(drained, end, active);
  }
}

void Array::run() {
  if (!failure_.empty()) return;
  try {
    const std::uint64_t filter_words = buffer_.filters().words_read();
    const std::uint64_t drained = gon_.passes_drained();
    const std::optional<Stamp> decision = run_ahead();
    if (decision) next_trigger(clock_.until(*decision), wake_);
    if (gon_.passes_drained() != drained || buffer_.filters().words_read() != filter_words) {
      progress_.notify(sc_core::SC_ZERO_TIME);
    }
    if (gon_.passes_drained() < passes_started_) {
      if (!decision) {
        fail("deadlock: pass " + std::to_string(gon_.passes_drained()) + " cannot go on\n" +
             blocked());
      }
    } else if (recording_) {
      finish_recording();
    }
  } catch (const std::exception& error) {
    fail(error.what());
  }
}

std::optional<Stamp> Array::run_ahead() {
  PsumBanks& banks = buffer_.psum_banks();
  worklist_.drain();
  while (const auto decision = banks.next_decision()) {
    if (*decision < clock_.now()) {
      throw HardwareError(std::string(name()) + ": cycle " + std::to_string(clock_.now()) +
                          ": a psum bank is asked for in cycle " + std::to_string(*decision) +
                          ", which is past");
    }
    if (*decision > clock_.now()) return decision;
    banks.decide(worklist_);
    worklist_.drain();
  }
  return std::nullopt;
}

void Array::fail(const std::string& message) {
  failure_ = message;
  progress_.notify(sc_core::SC_ZERO_TIME);
}

std::string Array::blocked() const {
  std::string report;
  const auto add = [&](const Block& block) {
    const std::string reason = block.waiting_for();
    if (!reason.empty()) report += std::string("  ") + block.name() + ": " + reason + "\n";
  };
  add(filter_gin_);
  add(ifmap_gin_);
  add(psum_gin_);
  for (const Cell& cell : cells_) add(*cell.pe);
  for (const auto& link : links_) add(*link);
  add(gon_);
  return report;
}

void Array::add_counts(ActivityCounts& counts) const {
  counts += simulated_counts();
  counts += replayed_data_counts_;
  cache_.add_counts(counts);
}

ActivityCounts Array::simulated_counts() const {
  ActivityCounts counts;
  for (const Cell& cell : cells_) {
    cell.pe->add_counts(counts);
    counts.add(Counter::kIfmapFifoPush, cell.ifmap_fifo->pushed());
    counts.add(Counter::kIfmapFifoPop, cell.ifmap_fifo->popped());
    counts.add(Counter::kFilterFifoPush, cell.filter_fifo->pushed());
    counts.add(Counter::kFilterFifoPop, cell.filter_fifo->popped());
    counts.add(Counter::kPsumInFifoPush, cell.psum_in_fifo->pushed());
    counts.add(Counter::kPsumInFifoPop, cell.psum_in_fifo->popped());
    counts.add(Counter::kPsumOutFifoPush, cell.psum_out_fifo->pushed());
    counts.add(Counter::kPsumOutFifoPop, cell.psum_out_fifo->popped());
  }
  for (const auto& link : links_) link->add_counts(counts);
  counts.add(Counter::kIfmapGinPacket, ifmap_gin_.packets());
  counts.add(Counter::kIfmapGinDelivery, ifmap_gin_.deliveries());
  counts.add(Counter::kIfmapGinHop, ifmap_gin_.hops());
  counts.add(Counter::kIfmapGinBlocked, ifmap_gin_.blocked());
  counts.add(Counter::kFilterGinPacket, filter_gin_.packets());
  counts.add(Counter::kFilterGinDelivery, filter_gin_.deliveries());
  counts.add(Counter::kFilterGinHop, filter_gin_.hops());
  counts.add(Counter::kFilterGinBlocked, filter_gin_.blocked());
  counts.add(Counter::kPsumGinPacket, psum_gin_.packets());
  counts.add(Counter::kPsumGinDelivery, psum_gin_.deliveries());
  counts.add(Counter::kPsumGinHop, psum_gin_.hops());
  counts.add(Counter::kPsumGinBlocked, psum_gin_.blocked());
  counts.add(Counter::kGonPacket, gon_.packets());
  counts.add(Counter::kGonWord, gon_.words());
  counts.add(Counter::kGonHop, gon_.hops());
  counts.add(Counter::kGlbIfmapRead, ifmap_gin_.words());
  counts.add(Counter::kGlbFilterRead, filter_gin_.words());
  counts.add(Counter::kGlbPsumRead, psum_gin_.words());
  counts.add(Counter::kGlbPsumWrite, gon_.words());
  counts.add(Counter::kGlbBankConflict, buffer_.psum_banks().conflicts());
  return counts;
}

std::vector<PeCycles> Array::pe_cycles() const {
  std::vector<PeCycles> cycles;
  cycles.reserve(cells_.size());
  for (const Cell& cell : cells_) cycles.push_back(cell.pe->cycles());
  cache_.add_cycles(cycles);
  return cycles;
}

}  // namespace rowan::hardware
