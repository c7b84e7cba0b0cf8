// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/pass_recurrence.h"

#include <algorithm>

#include "models/analytical/loop_blocks.h"
#include "models/spec/derived.h"

namespace rowan::analytical {
void PassRecurrence::Bus::release(Time at) {
  next = std::max(first(0), at);
  place = origin;
}

PassRecurrence::PassRecurrence(const PassPattern& pattern, const spec::AcceleratorSpec& accelerator,
                               PsumPorts ports)
    : pattern_(pattern),
      link_words_(spec::local_network_packet(accelerator).words.value()),
      link_interval_(spec::local_network_packet(accelerator).interval.value()),
      pipeline_((accelerator.pe.multiply_latency + accelerator.pe.accumulate_latency).value()),
      accumulate_latency_(accelerator.pe.accumulate_latency.value()),
      ifmap_spad_(accelerator.pe.ifmap_spad.size.value()),
      ifmap_fifo_(accelerator.pe.ifmap_fifo.depth.value()),
      filter_fifo_(accelerator.pe.filter_fifo.depth.value()),
      psum_in_fifo_(accelerator.pe.psum_in_fifo.depth.value()),
      psum_out_fifo_(accelerator.pe.psum_out_fifo.depth.value()),
      ports_(ports),
      drain_(accelerator.controller.pass_transition == spec::PassTransition::kDrain) {
  const std::uint64_t read = accelerator.global_buffer.read_latency.value();
  const auto bus = [](Bus& of, const spec::PacketSpec& packet, std::uint64_t latency) {
    of.interval = packet.interval.value();
    of.latency = latency + packet.tail().value();
  };
  bus(filter_, spec::filter_packet(accelerator), read + accelerator.filter_gin.latency.value());
  bus(ifmap_, spec::ifmap_packet(accelerator), read + accelerator.ifmap_gin.latency.value());
  bus(psum_, spec::psum_packet(accelerator), read + accelerator.psum_gin.latency.value());
  bus(gon_, spec::psum_packet(accelerator), accelerator.gon.latency.value());
  // As spec::check() has it: a FIFO holds a packet.
  filter_fifo_ = std::max(filter_fifo_, pattern.filter_packet);
  psum_in_fifo_ = std::max(psum_in_fifo_, pattern.psum_packet);
  psum_out_fifo_ = std::max(psum_out_fifo_, pattern.psum_packet);
}

PassCycles PassRecurrence::time(const PassWork& work) {
  constexpr std::uint64_t kPasses = 3;
  work_ = work;
  outline_.lay_out(pattern_, work);
  begin(work, drain_ ? 1 : kPasses);
  PassCycles cycles;
  const Time drained = run_pass(0, 0);
  cycles.alone = std::max(drained + unfollowed(), of_port());
  cycles.filters_sent = filter_.last();
  cycles.first_mac = drained;
  for (const State& state : states_) {
    cycles.first_mac = std::min(cycles.first_mac, state.first_mac);
    cycles.last_accumulation = std::max(cycles.last_accumulation, state.compute + unfollowed());
  }
  if (!drain_) overlap(cycles, drained);
  return cycles;
}

/// Two more passes of the shape, released long before they can begin.
void PassRecurrence::overlap(PassCycles& cycles, Time drained) {
  const auto written = [&](Time at) { return work_.same_psums ? at + 1 : 0; };
  const Time second = run_pass(1, written(drained));
  const Time third = run_pass(2, written(second));
  cycles.pace = third - second + unfollowed();
  cycles.pace += cycles.alone - drained - unfollowed();  // what the port takes
  cycles.filters_before_drain = third - filter_.last() + unfollowed();
}

void PassRecurrence::begin(const PassWork& work, std::uint64_t passes) {
  const std::size_t pes = outline_.pes.size();
  states_.assign(pes, {});
  // A mapping that is not legal is timed as if its windows fitted.
  const std::uint64_t span = outline_.taps[work.filter_columns - 1] + 1;
  spad_ = std::max(ifmap_spad_, span * outline_.most_channels);
  const std::uint64_t words =
      passes * outline_.images * outline_.image_columns * outline_.most_channels;
  const std::uint64_t psums =
      passes * outline_.images * outline_.windows * std::min(pattern_.p, work.filters);
  usable_.resize(pes, words);
  room_.resize(pes, words);
  for (std::size_t pe = 0; pe < pes; ++pe) {
    states_[pe].usable = usable_.of(pe);
    states_[pe].room = room_.of(pe);
  }
  filter_pops_.resize(pes, outline_.most_filter_packets);
  added_.resize(pes, psums);
  left_.resize(pes, psums);
  for (Bus* bus : {&filter_, &ifmap_, &psum_, &gon_}) bus->next = bus->place = bus->origin = 0;
  first_out_ = 0;
  read_before_ = 0;
  window_ = 0;
  all_windows_ = passes * outline_.images * outline_.windows;
  coarse_ = is_coarse();
  if (!coarse_) return;
  taken_.resize(outline_.columns.size() * all_windows_);
  sent_.resize(outline_.columns.size() * all_windows_);
  added_whole_.resize(outline_.columns.size());
}

/// Whether a window's psums are taken as a whole: where they fit the FIFOs, they follow each other.
bool PassRecurrence::is_coarse() const {
  const std::uint64_t p = std::min(pattern_.p, work_.filters);
  return p <= psum_in_fifo_ && p <= psum_out_fifo_ && link_interval_ == 1;
}

PassRecurrence::Time PassRecurrence::run_pass(Time release, Time psums_written) {
  load_filters(release);
  ifmap_.release(release);
  psum_.release(std::max(release, psums_written));
  gon_.release(release);
  for (std::uint64_t image = 0; image < outline_.images; ++image) {
    for (State& state : states_) state.image = state.delivered;
    std::uint64_t column = 0;
    for (std::uint64_t window = 0; window < outline_.windows; ++window) {
      const std::uint32_t last = outline_.taps[(window + 1) * work_.filter_columns - 1];
      for (; column <= last; ++column) deliver_column(release);
      for (std::size_t pe = 0; pe < states_.size(); ++pe) multiply(pe, window);
      if (coarse_) {
        accumulate_whole(psums_written);
      } else {
        accumulate(psums_written);
      }
      note_window(image, window);
    }
  }
  return gon_.last() + gon_.latency;
}

void PassRecurrence::load_filters(Time release) {
  filter_.release(release);
  for (State& state : states_) {
    state.filter = std::max({state.filter, state.compute, release});
    state.first_mac = 0;
  }
  if (release == 0 && load_unhindered(release)) return;
  for (std::uint64_t packet = 0; packet < outline_.most_filter_packets; ++packet) {
    for (const PassOutline::FilterRow& row : outline_.filter_rows) {
      if (packet * pattern_.filter_packet < row.words) send_filters(packet, row);
    }
    filter_.origin += outline_.filter_packets_of(packet);
  }
  for (State& state : states_) state.compute = std::max(state.compute, state.filter);
}

/// Where a FIFO's room returns before its next packet, the last packet of a row tells all; false
/// where it may not.
bool PassRecurrence::load_unhindered(Time release) {
  const std::uint64_t most = outline_.most_filter_packets;
  const std::uint64_t words = std::min(pattern_.filter_packet, outline_.filter_rows.front().words);
  const std::uint64_t trip =
      std::max(words, ceil_div(filter_.latency + words, filter_fifo_ / words));
  if (most > 1 && outline_.filter_packets_of(most - 1) * filter_.interval < trip) return false;
  const std::uint64_t even = outline_.least_filter_packets - 1;
  const std::uint64_t of_all = outline_.filter_packets_of(0);
  filter_.origin += even * of_all;
  for (std::uint64_t packet = even; packet < most; ++packet) {
    for (const PassOutline::FilterRow& row : outline_.filter_rows) {
      if (ceil_div(row.words, pattern_.filter_packet) != packet + 1) continue;
      const Time now =
          release + (filter_.origin + outline_.filter_place(packet, row)) * filter_.interval;
      const Time popped = now + filter_.latency + row.words - packet * pattern_.filter_packet;
      for (std::uint32_t column = row.begin; column < row.end; ++column) {
        State& state = states_[column * outline_.chain_height + row.height];
        state.compute = state.filter = popped;
      }
    }
    filter_.origin += outline_.filter_packets_of(packet);
  }
  filter_.next = release + filter_.origin * filter_.interval;
  filter_.place = filter_.origin;
  return true;
}

void PassRecurrence::send_filters(std::uint64_t packet, const PassOutline::FilterRow& row) {
  const std::uint64_t begin = packet * pattern_.filter_packet;
  const std::uint64_t words = std::min(pattern_.filter_packet, row.words - begin);
  const std::uint64_t place = outline_.filter_place(packet, row);
  Time now = filter_.first(place);
  if (begin + words > filter_fifo_) {
    // Words of a packet are popped one after the other.
    const std::uint64_t popped = begin + words - 1 - filter_fifo_;
    for (std::uint32_t column = row.begin; column < row.end; ++column) {
      const Time* pops = filter_pops_.of(column * outline_.chain_height + row.height);
      now = std::max(now,
                     pops[popped / pattern_.filter_packet] + popped % pattern_.filter_packet + 1);
    }
  }
  filter_.issue(place, now);
  for (std::uint32_t column = row.begin; column < row.end; ++column) {
    const std::size_t pe = column * outline_.chain_height + row.height;
    State& state = states_[pe];
    const Time first = std::max(state.filter, now + filter_.latency);
    filter_pops_.of(pe)[packet] = first;
    state.filter = first + words;
  }
}

/// The words of the next used column, all channels, to all PEs.
void PassRecurrence::deliver_column(Time release) {
  for (unsigned channel = 0; channel < outline_.most_channels; ++channel) {
    const unsigned lacking = channel < outline_.common_channels ? 0 : 1;
    for (const PassOutline::Receivers& packet : outline_.ifmap[lacking]) {
      Time now = ifmap_.first(packet.place);
      for (std::uint32_t i = packet.begin; i < packet.end; ++i) {
        const State& state = states_[outline_.receivers[i]];
        if (state.delivered >= ifmap_fifo_) {
          now = std::max(now, state.usable[state.delivered - ifmap_fifo_]);
        }
      }
      ifmap_.issue(packet.place, now);
      for (std::uint32_t i = packet.begin; i < packet.end; ++i) {
        State& state = states_[outline_.receivers[i]];
        Time pop = std::max({state.ifmap, now + ifmap_.latency, release});
        if (state.delivered >= spad_) {
          pop = std::max(pop, state.room[state.delivered - spad_]);
        }
        state.usable[state.delivered++] = state.ifmap = pop + 1;
      }
    }
    ifmap_.origin += outline_.ifmap_packets[lacking];
  }
}

void PassRecurrence::multiply(std::size_t pe, std::uint64_t window) {
  State& state = states_[pe];
  const unsigned channels = outline_.pes[pe].channels;
  const unsigned filters = outline_.columns[outline_.pes[pe].column].filters;
  const Time round = std::max<Time>(filters, accumulate_latency_);
  const std::uint32_t* taps = &outline_.taps[window * work_.filter_columns];
  const Time* usable = state.usable + state.image;
  const std::uint64_t last = std::uint64_t{taps[work_.filter_columns - 1] + 1} * channels - 1;
  Time now = state.compute;
  if (usable[last] <= now) {  // every word is there
    if (state.first_mac == 0) state.first_mac = now;
    state.round = now + (std::uint64_t{work_.filter_columns} * channels - 1) * round;
  } else {
    state.round = 0;
    for (unsigned s = 0; s < work_.filter_columns; ++s) {
      const Time* words = usable + std::uint64_t{taps[s]} * channels;
      for (unsigned c = 0; c < channels; ++c) {
        state.round = std::max(now, words[c]);
        if (state.first_mac == 0) state.first_mac = state.round;
        now = state.round + round;
      }
    }
  }
  state.compute = state.round + filters;
  const std::uint64_t freed = state.image + std::uint64_t{outline_.freed[window]} * channels;
  while (state.freed < freed) state.room[state.freed++] = state.compute;
}

void PassRecurrence::note_window(std::uint64_t image, std::uint64_t window) {
  if (window == (outline_.windows - 1) / 2) window_from_ = gon_.last();
  const bool last = window + 1 == outline_.windows;
  if (last && image == (outline_.images - 1) / 2) image_from_ = gon_.last();
}

/// Cycles of the windows that are not followed, at the pace of those that are, and no less than
/// their packets take on a bus.
std::uint64_t PassRecurrence::unfollowed() const {
  std::uint64_t cycles = 0;
  const std::uint64_t images = work_.images - outline_.images;
  const std::uint64_t windows = work_.ofmap_columns - outline_.windows;
  if (images > 0) {
    const std::uint64_t seen = outline_.images - 1 - (outline_.images - 1) / 2;
    cycles += (gon_.last() - image_from_) * images / seen;
  }
  if (windows > 0) {
    const std::uint64_t seen = outline_.windows - 1 - (outline_.windows - 1) / 2;
    cycles += (gon_.last() - window_from_) * windows * work_.images / seen;
  }
  return std::max({cycles, unfollowed_columns() * outline_.column_packets * ifmap_.interval,
                   (work_.windows() - outline_.images * outline_.windows) *
                       outline_.window_psum_packets * gon_.interval});
}

/// Used columns of the ifmap, of all images, that the followed windows do not take.
std::uint64_t PassRecurrence::unfollowed_columns() const {
  if (outline_.images * outline_.windows == work_.windows()) return 0;
  return work_.images * positions_used(work_.ofmap_columns, work_.filter_columns, pattern_.stride,
                                       pattern_.dilation) -
         outline_.images * outline_.image_columns;
}

/// The drain of a first pass whose psum rows are all read and written through one port.
std::uint64_t PassRecurrence::of_port() const {
  if (!work_.reads_psums || ports_ == PsumPorts::kOwn) return 0;
  const std::uint64_t packets = work_.windows() * outline_.window_psum_packets;
  return first_out_ + 2 * packets - std::min(read_before_, packets) - 1 + gon_.latency;
}

}  // namespace rowan::analytical
