// SPDX-License-Identifier: Apache-2.0
//
// How psums climb the followed columns: the part of the recurrence behind the MACs of a window.

#include <algorithm>

#include "models/analytical/pass_recurrence.h"

namespace rowan::analytical {

void PassRecurrence::accumulate(Time psums_written) {
  for (std::uint64_t packet = 0; packet < outline_.most_psum_packets; ++packet) {
    const std::uint64_t begin = packet * pattern_.psum_packet;
    for (std::size_t i = 0; i < outline_.columns.size(); ++i) {
      const PassOutline::Column& column = outline_.columns[i];
      if (begin >= column.filters) continue;
      const std::uint64_t words = std::min(pattern_.psum_packet, column.filters - begin);
      const Time visible = work_.reads_psums ? fetch_psums(i, packet, words, psums_written) : 0;
      for (std::uint64_t k = 0; k < words; ++k) climb(i, begin + k == 0, visible);
    }
    for (std::size_t i = 0; i < outline_.columns.size(); ++i) {
      if (begin >= outline_.columns[i].filters) continue;
      const std::size_t top = (i + 1) * outline_.chain_height - 1;
      State& state = states_[top];
      const std::uint64_t place = outline_.psum_place(packet, outline_.columns[i]);
      const Time now = std::max(gon_.first(place), added_.of(top)[state.added - 1] + pipeline_);
      gon_.issue(place, now);
      if (first_out_ == 0) first_out_ = now;
      while (state.left < state.added) left_.of(top)[state.left++] = now;
    }
  }
  psum_.origin += outline_.window_psum_packets;
  gon_.origin += outline_.window_psum_packets;
}

/// The same, with the psums of a window as a whole where they climb.
void PassRecurrence::accumulate_whole(Time psums_written) {
  for (std::uint64_t packet = 0; packet < outline_.most_psum_packets; ++packet) {
    for (std::size_t i = 0; i < outline_.columns.size(); ++i) {
      if (packet < outline_.columns[i].psum_packets) add_lowest(i, packet, psums_written);
    }
  }
  for (std::size_t i = 0; i < outline_.columns.size(); ++i) climb_whole(i);
  for (std::uint64_t packet = 0; packet < outline_.most_psum_packets; ++packet) {
    for (std::size_t i = 0; i < outline_.columns.size(); ++i) {
      const PassOutline::Column& column = outline_.columns[i];
      if (packet >= column.psum_packets) continue;
      const std::uint64_t last =
          std::min<std::uint64_t>((packet + 1) * pattern_.psum_packet, column.filters) - 1;
      const Time now = std::max(gon_.first(outline_.psum_place(packet, column)),
                                added_whole_[i].at(last, column.filters) + pipeline_);
      gon_.issue(outline_.psum_place(packet, column), now);
      if (first_out_ == 0) first_out_ = now;
      Span& sent = sent_[i * all_windows_ + window_];
      if (packet == 0) sent.first = now;
      sent.last = now;
    }
  }
  psum_.origin += outline_.window_psum_packets;
  gon_.origin += outline_.window_psum_packets;
  ++window_;
}

/// The lowest PE takes a packet of psums, where it takes any.
void PassRecurrence::add_lowest(std::size_t i, std::uint64_t packet, Time psums_written) {
  const PassOutline::Column& column = outline_.columns[i];
  State& state = states_[i * outline_.chain_height];
  Span& taken = taken_[i * all_windows_ + window_];
  const std::uint64_t begin = packet * pattern_.psum_packet;
  const std::uint64_t words = std::min<std::uint64_t>(pattern_.psum_packet, column.filters - begin);
  Time now = state.compute;
  if (packet == 0) now = std::max(now, state.round + accumulate_latency_);
  if (work_.reads_psums) {
    const std::uint64_t place = outline_.psum_place(packet, column);
    Time read = std::max(psum_.first(place), psums_written);
    const std::uint64_t end = window_ * column.filters + begin + words;
    if (end > psum_in_fifo_) {
      const std::uint64_t psum = end - 1 - psum_in_fifo_;
      const Span& before = taken_[i * all_windows_ + psum / column.filters];
      read = std::max(read, before.at(psum % column.filters, column.filters) + 1);
    }
    psum_.issue(place, read);
    if (first_out_ == 0 || read < first_out_) read_before_ = psum_.place;
    now = std::max(now, read + psum_.latency);
  }
  if (packet == 0) taken.first = now;
  state.compute = now + words;
  taken.last = state.compute - 1;
}

void PassRecurrence::climb_whole(std::size_t i) {
  const std::uint64_t psums = outline_.columns[i].filters;
  const std::size_t bottom = i * outline_.chain_height;
  Span span = taken_[i * all_windows_ + window_];
  for (std::size_t h = 1; h < outline_.chain_height; ++h) {
    State& state = states_[bottom + h];
    span.first =
        std::max({state.compute, span.first + pipeline_ + 1, state.round + accumulate_latency_});
    span.last = std::max(span.first + psums - 1, span.last + pipeline_ + 1);
    state.compute = span.last + 1;
  }
  // The psum-out FIFO of the topmost PE holds what the GON has not taken.
  for (const std::uint64_t psum : {std::uint64_t{0}, psums - 1}) {
    const std::uint64_t index = window_ * psums + psum;
    if (index < psum_out_fifo_) continue;
    const std::uint64_t taken = index - psum_out_fifo_;
    const Time free = sent_[i * all_windows_ + taken / psums].at(taken % psums, psums) + 1;
    (psum == 0 ? span.first : span.last) = std::max(psum == 0 ? span.first : span.last, free);
  }
  span.last = std::max(span.last, span.first + psums - 1);
  State& top = states_[bottom + outline_.chain_height - 1];
  top.compute = std::max(top.compute, span.last + 1);
  added_whole_[i] = span;
}

/// Cycle from which the lowest PE can pop them.
PassRecurrence::Time PassRecurrence::fetch_psums(std::size_t column, std::uint64_t packet,
                                                 std::uint64_t words, Time psums_written) {
  const std::size_t bottom = column * outline_.chain_height;
  const std::uint64_t place = outline_.psum_place(packet, outline_.columns[column]);
  Time now = std::max(psum_.first(place), psums_written);
  const std::uint64_t last = states_[bottom].added + words;
  if (last > psum_in_fifo_) now = std::max(now, added_.of(bottom)[last - 1 - psum_in_fifo_] + 1);
  psum_.issue(place, now);
  if (first_out_ == 0 || now < first_out_) read_before_ = psum_.place;
  return now + psum_.latency;
}

/// A psum of every PE of a column, from the lowest up.
void PassRecurrence::climb(std::size_t column, bool first, Time visible) {
  const std::size_t bottom = column * outline_.chain_height;
  for (std::size_t h = 0; h < outline_.chain_height; ++h) {
    visible = climb_one(bottom + h, first, h + 1 == outline_.chain_height, visible);
  }
}

/// An accumulation and the way to the PE above; the cycle from which that one can pop the psum.
PassRecurrence::Time PassRecurrence::climb_one(std::size_t pe, bool first, bool top, Time visible) {
  State& state = states_[pe];
  const std::uint64_t index = state.added++;
  const Time* left = left_.of(pe);
  Time now = std::max(state.compute, visible);
  if (first) now = std::max(now, state.round + accumulate_latency_);
  if (index >= psum_out_fifo_) now = std::max(now, left[index - psum_out_fifo_] + 1);
  added_.of(pe)[index] = now;
  state.compute = now + 1;
  if (top) return 0;
  Time move = now + pipeline_;
  if (index >= psum_in_fifo_) {
    move = std::max(move, added_.of(pe + 1)[index - psum_in_fifo_] + 1);
  }
  if (index > 0) {
    const Time before = left[index - 1];
    move = std::max(move, before + (state.in_cycle < link_words_ ? 0 : link_interval_));
    state.in_cycle = move == before ? state.in_cycle + 1 : 1;
  } else {
    state.in_cycle = 1;
  }
  left_.of(pe)[index] = move;
  return move + link_interval_;
}

}  // namespace rowan::analytical
