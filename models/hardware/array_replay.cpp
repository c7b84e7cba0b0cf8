// SPDX-License-Identifier: Apache-2.0
//
// How the array records passes and replays them (docs/engine.md, "Fast-forward").
#include <algorithm>

#include "models/base/error.h"
#include "models/hardware/array.h"

namespace rowan::hardware {

bool Array::empty_between_passes() const {
  // A bank with one port is decided at its time, so that overlapping passes are under way together.
  return drains_ || buffer_.psum_banks().always_free();
}

void Array::show(StateImage& image) {
  for (Cell& cell : cells_) {
    for (Fifo* fifo : cell.fifos()) fifo->show(image);
    cell.pe->show(image);
  }
  for (auto& link : links_) link->show(image);
  for (Gin* gin : {static_cast<Gin*>(&filter_gin_), static_cast<Gin*>(&ifmap_gin_),
                   static_cast<Gin*>(&psum_gin_)}) {
    gin->show(image);
  }
  gon_.show(image);
}

std::uint64_t Array::psum_wait(const PassTicket& ticket) const {
  if (!ticket.after_previous) return 0;
  // In the state, a drain in the cycle of the release is past; the psums can be read one cycle on.
  const Stamp readable = *gon_.drained(ticket.pass.number - 1) + 1;
  return 1 + (readable > ticket.release ? readable - ticket.release : 0);
}

std::string Array::key_of(const PassTicket& ticket) {
  std::string key;
  const auto add = [&key](std::uint64_t value) {
    key.append(reinterpret_cast<const char*>(&value), sizeof value);
  };
  add(reinterpret_cast<std::uintptr_t>(ticket.pass.shape.get()));  // one object per shape
  add(psum_wait(ticket));
  add(buffer_.psum_banks().phase_of(ticket.pass.psum_row));
  // When every stamp is past, the image has no bytes.
  if (latest_ > ticket.release) {
    StateImage image = StateImage::saving(ticket.release);
    show(image);
    key += std::move(image).bytes();
  }
  return key;
}

dataflow::DataCounts Array::execute(const PassTicket& ticket, arithmetic::Word* psums) {
  // These throw when the pass, where its data are, goes beyond the banks.
  const dataflow::PassShape& shape = *ticket.pass.shape;
  (void)buffer_.ifmap(ticket.ifmap_base + shape.ifmap.last_word());
  (void)buffer_.psum_row(ticket.psum_base + ticket.pass.psum_row + shape.psum_out.last_row());
  dataflow::PassWords words;
  words.ifmap = &buffer_.ifmap(ticket.ifmap_base);
  words.filters = filters_.data();
  words.psums = psums;
  words.psum_row_words = buffer_.psum_row_words();
  return cache_.executor().execute(ticket.pass.shape, words);
}

ActivityCounts Array::data_counts_of(const PassTicket& ticket, const dataflow::DataCounts& data,
                                     const PassEffect& effect) const {
  return data_counts(ticket.pass.shape->macs, zero_gating_ ? data.macs_on_zero : 0,
                     effect.counts[Counter::kAdderAccumulate]);
}

void Array::replay(const PassTicket& ticket, PassCache::Entry& entry) {
  const PassEffect& effect = entry.effect;
  const dataflow::PassShape& shape = *ticket.pass.shape;
  FilterRing& ring = buffer_.filters();
  ring.peek(shape.filter_words, filters_);
  const dataflow::DataCounts data =
      execute(ticket, buffer_.psum_row(ticket.psum_base + ticket.pass.psum_row));
  replayed_data_counts_ += data_counts_of(ticket, data, effect);
  ++entry.replays;

  ring.replay(effect.filter_reads, ticket.release);
  const Stamp drained = ticket.release + effect.drained;
  gon_.replay_pass(drained);
  const Stamp base = base_after(ticket.release, drained);
  const Stamp latest = ticket.release + effect.state_latest;
  if (!effect.state.empty() || latest_ > base) {
    StateImage image = StateImage::restoring(base, effect.state);
    show(image);
  } else {
    // Every stamp is past, before and after. Only the booking of the PEs' cycles goes on.
    for (Cell& cell : cells_) cell.pe->skip_to(base);
  }
  latest_ = std::max(latest, base);
  progress_.notify(sc_core::SC_ZERO_TIME);
}

void Array::start_recording(const TicketPtr& ticket, const std::string& key,
                            PassCache::Entry* known) {
  Recording& recording = recording_.emplace();
  recording.ticket = ticket;
  recording.key = key;
  recording.known = known;
  recording.counts_before = simulated_counts();
  for (const Cell& cell : cells_) recording.cycles_before.push_back(cell.pe->cycles());
  FilterRing& ring = buffer_.filters();
  if (known != nullptr) {
    ring.peek(ticket->pass.shape->filter_words, filters_);
    recording.psums = buffer_.psum_tile(ticket->psum_base);
    recording.data = execute(*ticket, recording.psums.data() + std::size_t{ticket->pass.psum_row} *
                                                                   buffer_.psum_row_words());
  }
  ring.record(&recording.filter_reads);
}

void Array::finish_recording() {
  buffer_.filters().record(nullptr);
  Recording recording = std::move(*recording_);
  recording_.reset();
  const PassTicket& ticket = *recording.ticket;
  const Stamp release = ticket.release;
  const Stamp drained = *gon_.drained(ticket.pass.number);
  if (drains_) {
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      cells_[i].pe->book_drain(drained, ticket.pass.shape->pes[i].active);
    }
  }
  PassEffect effect;
  effect.drained = drained - release;
  ActivityCounts counted = simulated_counts();
  counted -= recording.counts_before;
  for (const CounterInfo& info : counter_table()) {
    if (!info.depends_on_data) effect.counts.add(info.counter, counted[info.counter]);
  }
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    PeCycles cycles = cells_[i].pe->cycles();
    cycles -= recording.cycles_before[i];
    effect.pes.push_back(cycles);
  }
  effect.filter_reads = std::move(recording.filter_reads);
  for (FilterRing::Read& read : effect.filter_reads) read.cycle -= release;
  StateImage image = StateImage::saving(base_after(release, drained));
  show(image);
  latest_ = std::max(image.latest(), image.base());
  effect.state_base = image.base() - release;
  effect.state_latest = latest_ - release;
  effect.state = std::move(image).bytes();
  if (recording.known == nullptr) {
    cache_.add(recording.key, std::move(effect));
    return;
  }

  PassEffect expected = recording.known->effect;
  expected.counts += data_counts_of(ticket, recording.data, expected);
  effect.counts = counted;
  std::string differs = difference(expected, effect);
  if (recording.psums != buffer_.psum_tile(ticket.psum_base)) differs += "  psums differ\n";
  if (!differs.empty()) {
    throw HardwareError("fast-forward: pass " + std::to_string(ticket.pass.number) +
                        " is not what would be replayed for it\n" + differs);
  }
}

}  // namespace rowan::hardware
