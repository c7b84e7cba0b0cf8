// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/unit_time.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/arithmetic/pe_type.h"
#include "models/spec/derived.h"

namespace rowan::analytical {
namespace {

using dataflow::FmapPlace;

/// Tiles before the pace of repetitions is measured, and over how many at least; the same of a row
/// of bursts, in bursts in flight.
constexpr std::uint64_t kSettling = 3;
constexpr std::uint64_t kMeasured = 6;
constexpr std::uint64_t kSettlingBursts = 2;
constexpr std::uint64_t kMeasuredBursts = 4;

double as_double(std::uint64_t value) { return static_cast<double>(value); }

}  // namespace

UnitTimer::UnitTimer(const spec::AcceleratorSpec& accelerator, dataflow::FmapPlaces places)
    : accelerator_(accelerator),
      places_(places),
      core_(accelerator.clock),
      link_(accelerator.dram.link_clock),
      latency_ps_(accelerator.dram.latency.value() * 1000),
      link_bytes_(spec::link_bytes(accelerator.dram).value()),
      burst_(accelerator.dram.burst.value()),
      burst_cycles_(ceil_div(burst_, link_bytes_)),
      core_per_link_(as_double(accelerator.clock.value()) /
                     as_double(accelerator.dram.link_clock.value())),
      row_bits_(accelerator.global_buffer.row_width.value()),
      lanes_(accelerator.post_processing.lanes),
      setup_(accelerator.controller.pass_setup.value()),
      configured_(spec::configuration_cycles(accelerator.controller).value()),
      buffers_(accelerator.dram.overlap == spec::DramOverlap::kDoubleBuffer ? 2 : 1),
      ring_(spec::filter_ring_words(accelerator).value()),
      weight_bits_(arithmetic::pe_type(accelerator.pe.type).weight_bits),
      activation_bits_(arithmetic::pe_type(accelerator.pe.type).activation_bits) {
  const double in_flight = accelerator.dram.outstanding_bursts;
  const double moving = as_double(burst_cycles_) * core_per_link_;
  const double latency = as_double(latency_ps_) * as_double(accelerator.clock.value()) / 1e9;
  link_pace_ = std::max({1.0, moving, (moving + latency) / in_flight});
  link_stays_busy_ = (in_flight - 1) * moving >= latency + core_per_link_ + 1 && moving >= 2;
}

void UnitTimer::start(const std::vector<TimedTile>& tiles, std::uint64_t repeats) {
  tiles_ = &tiles;
  count_ = tiles.size() * repeats;
  cursors_ = {};
  pass_ = 0;
  filters_ready_.clear();
  reads_.clear();
  words_read_ = words_written_ = 0;
  arrivals_.assign(accelerator_.dram.outstanding_bursts, 0);
  oldest_ = 0;
  last_arrival_ = 0;
  link_free_ = 0;
  next_issue_ = next_on_link_ = path_free_ = configured_;
  row_ = {};
  repetitions_.clear();
  skipped_ = false;
}

std::uint64_t UnitTimer::total(const std::vector<TimedTile>& tiles, std::uint64_t repeats) {
  start(tiles, repeats);
  while (at(Stream::kOfmap).tile < count_) send_next();
  return store_ended_[(count_ - 1) % store_ended_.size()];
}

double UnitTimer::pace(const TimedTile& tile) {
  const std::vector<TimedTile> alone{tile};
  start(alone, kSettling + kMeasured + 8);
  skipped_ = true;
  while (pass_ <= kSettling + kMeasured) send_next();
  return as_double(repetitions_[kSettling + kMeasured] - repetitions_[kSettling]) /
         as_double(kMeasured);
}

UnitTimer::Time UnitTimer::ready(std::uint64_t pass) const {
  const std::size_t slot = pass % drained_.size();
  if (at(Stream::kIfmap).tile <= pass) return kNever;
  Time ready = std::max(configured_, load_ready_[slot]);
  if (pass > 0) ready = std::max(ready, drained_[(pass - 1) % drained_.size()] + setup_);
  if (tile(pass).parameters > 0) {
    if (filters_ready_.empty()) return kNever;
    ready = std::max(ready, filters_ready_.front());
  }
  if (pass >= buffers_) {
    const std::uint64_t before = pass - buffers_;
    if (at(Stream::kOfmap).tile <= before) return kNever;
    ready = std::max(ready, store_ended_[before % store_ended_.size()] + 1);
  }
  return ready;
}

void UnitTimer::release_what_can() {
  for (; pass_ < count_; ++pass_) {
    const Time release = ready(pass_);
    if (release == kNever) return;
    const TimedTile& of_pass = tile(pass_);
    drained_[pass_ % drained_.size()] = release + of_pass.cycles;
    if (of_pass.parameters > 0) {
      filters_ready_.pop_front();
      words_read_ += of_pass.parameters;
      reads_.push_back({words_read_, release});
    }
    if (pass_ % tiles_->size() == 0) repetitions_.push_back(release);
  }
}

std::uint64_t UnitTimer::bytes(Stream stream) const {
  const TimedTile& of_stream = tile(at(stream).tile);
  switch (stream) {
    case Stream::kFilter:
      return of_stream.parameter_bytes;
    case Stream::kIfmap:
      return of_stream.load_bytes;
    case Stream::kOfmap:
      return of_stream.store_bytes;
  }
  return 0;
}

bool UnitTimer::resident(Stream stream) const {
  switch (stream) {
    case Stream::kFilter:
      return false;
    case Stream::kIfmap:
      return places_.ifmap == FmapPlace::kResident;
    case Stream::kOfmap:
      return places_.ofmap == FmapPlace::kResident;
  }
  return false;
}

UnitTimer::Time UnitTimer::eligible(Stream stream) {
  const Cursor& cursor = at(stream);
  if (cursor.tile >= count_) return kNever;
  const std::uint64_t end = std::min(cursor.sent + burst_, bytes(stream));
  switch (stream) {
    case Stream::kFilter: {
      if (tile(cursor.tile).parameters == 0) return kNever;
      const auto words = [&](std::uint64_t of_bytes) {
        return std::min(tile(cursor.tile).parameters, of_bytes * 8 / weight_bits_);
      };
      return filter_room(words(end) - words(cursor.sent));
    }
    case Stream::kIfmap: {
      if (cursor.tile < buffers_) return configured_;
      const std::uint64_t before = cursor.tile - buffers_;
      return before < pass_ ? drained_[before % drained_.size()] + 1 : kNever;
    }
    case Stream::kOfmap:
      return cursor.tile < pass_ ? passed(end) : kNever;
  }
  return kNever;
}

UnitTimer::Time UnitTimer::filter_room(std::uint64_t words) {
  if (words_written_ + words <= ring_) return configured_;
  const std::uint64_t needed = words_written_ + words - ring_;
  if (words_read_ < needed) return kNever;
  while (reads_.front().words < needed) reads_.pop_front();
  return reads_.front().released + 1;
}

UnitTimer::Time UnitTimer::passed(std::uint64_t end) const {
  const Cursor& cursor = at(Stream::kOfmap);
  const TimedTile& of_store = tile(cursor.tile);
  std::uint64_t words = of_store.results;
  if (end < of_store.store_bytes) {
    words = of_store.coded_results ? words * end / of_store.store_bytes
                                   : std::min(words, end * 8 / activation_bits_);
  }
  return drained_[cursor.tile % drained_.size()] + 1 + ceil_div(words, lanes_);
}

UnitTimer::Time UnitTimer::way_free(Stream stream) const {
  return resident(stream) ? path_free_ : std::max(next_on_link_, arrivals_[oldest_]);
}

void UnitTimer::send_next() {
  release_what_can();
  if (!skipped_) skip_repetitions();
  Time first = kNever;
  Stream chosen = Stream::kFilter;
  Time until = kNever;  // a stream that goes first wants the way
  bool waited_for_words = false;
  for (const Stream stream : {Stream::kFilter, Stream::kIfmap, Stream::kOfmap}) {
    const Time from = eligible(stream);
    if (from == kNever) continue;
    const Time way = way_free(stream);
    const Time best = std::max({from, way, next_issue_});
    if (best >= first) continue;
    first = best;
    chosen = stream;
    waited_for_words = from > way;
  }
  if (first == kNever) throw std::logic_error("no tile of the layer can move");
  for (const Stream stream : {Stream::kFilter, Stream::kIfmap}) {
    if (stream >= chosen) break;
    if (resident(stream) == resident(chosen)) until = std::min(until, eligible(stream));
  }
  Cursor& cursor = at(chosen);
  const std::uint64_t length = std::min(burst_, bytes(chosen) - cursor.sent);
  const Time arrival = send(chosen, length, first);
  cursor.sent += length;
  if (cursor.sent == bytes(chosen)) {
    end_transfer(chosen, arrival);
  } else {
    send_alike(chosen, until, waited_for_words);
  }
}

UnitTimer::Time UnitTimer::send(Stream stream, std::uint64_t length, Time now) {
  next_issue_ = now + 1;
  if (resident(stream)) {
    path_free_ = now + ceil_div(length * 8, row_bits_);
    return path_free_;
  }
  if (stream == Stream::kFilter) {
    const TimedTile& block = tile(at(stream).tile);
    const auto words = [&](std::uint64_t of_bytes) {
      return std::min(block.parameters, of_bytes * 8 / weight_bits_);
    };
    words_written_ += words(at(stream).sent + length) - words(at(stream).sent);
  }
  const std::uint64_t edge = link_.first_edge_at_or_after(core_.edge_ps(now) + latency_ps_);
  link_was_busy_ = link_free_ >= edge;
  link_free_ = std::max(link_free_, edge) + ceil_div(length, link_bytes_);
  last_arrival_ = std::max(last_arrival_, core_.first_edge_at_or_after(link_.edge_ps(link_free_)));
  arrivals_[oldest_] = last_arrival_;
  oldest_ = (oldest_ + 1) % arrivals_.size();
  next_on_link_ = now + 1;
  if (row_.bursts == 0 || row_.stream != stream || row_.tile != at(stream).tile) {
    row_ = {stream, at(stream).tile, 0, 0};
  }
  ++row_.bursts;
  if (row_.bursts == kSettlingBursts * arrivals_.size()) row_.mark = link_free_;
  return last_arrival_;
}

void UnitTimer::end_transfer(Stream stream, Time arrival) {
  Cursor& cursor = at(stream);
  switch (stream) {
    case Stream::kFilter:
      filters_ready_.push_back(arrival + 1);
      break;
    case Stream::kIfmap:
      load_ready_[cursor.tile % load_ready_.size()] = arrival + 1;
      break;
    case Stream::kOfmap:
      store_ended_[cursor.tile % store_ended_.size()] = arrival;
      break;
  }
  ++cursor.tile;
  cursor.sent = 0;
}

void UnitTimer::send_alike(Stream stream, Time until, bool waited_for_words) {
  if (stream == Stream::kFilter) return;  // short, and the ring may have no room
  const std::uint64_t most = (bytes(stream) - at(stream).sent - 1) / burst_;
  if (most <= arrivals_.size() + 1) return;
  const double path_pace = as_double(ceil_div(burst_ * 8, row_bits_));
  if (lanes_set_pace(stream, resident(stream) ? path_pace : link_pace_)) {
    if (waited_for_words) send_at_pace_of_lanes(stream, most, until);
  } else if (resident(stream)) {
    send_at_pace_of_path(stream, most, until);
  } else if (link_stays_busy_) {
    if (link_was_busy_) send_at_pace_of_link(stream, most, until);
  } else {
    send_at_measured_pace(stream, most, until);
  }
}

bool UnitTimer::lanes_set_pace(Stream stream, double pace) const {
  if (stream != Stream::kOfmap) return false;
  const TimedTile& of_store = tile(at(stream).tile);
  return as_double(of_store.results) * as_double(burst_) >
         pace * as_double(of_store.store_bytes) * as_double(lanes_);
}

// The way is idle between the bursts: but for the last ones they leave no trace.
void UnitTimer::send_at_pace_of_lanes(Stream stream, std::uint64_t most, Time until) {
  Cursor& cursor = at(stream);
  std::uint64_t bursts = most - arrivals_.size();
  if (until != kNever) {
    const TimedTile& of_store = tile(cursor.tile);
    const Time begin = drained_[cursor.tile % drained_.size()] + 1;
    const std::uint64_t words = until > begin ? (until - begin) * lanes_ : 0;
    const std::uint64_t end = words * of_store.store_bytes / of_store.results;
    bursts = end > cursor.sent ? std::min(bursts, (end - cursor.sent) / burst_) : 0;
  }
  cursor.sent += bursts * burst_;
}

void UnitTimer::send_at_pace_of_path(Stream stream, std::uint64_t most, Time until) {
  const std::uint64_t pace = ceil_div(burst_ * 8, row_bits_);
  std::uint64_t bursts = most;
  if (until != kNever) {
    bursts = std::min(bursts, until > path_free_ ? ceil_div(until - path_free_, pace) : 0);
  }
  path_free_ += bursts * pace;
  at(stream).sent += bursts * burst_;
}

// A burst is issued when the one has arrived that is as far before it as bursts can be in flight.
void UnitTimer::send_at_pace_of_link(Stream stream, std::uint64_t most, Time until) {
  const std::uint64_t in_flight = arrivals_.size();
  std::uint64_t bursts = most;
  if (until != kNever) {
    const std::uint64_t edge =
        until == 0 ? 0 : link_.first_edge_at_or_after(core_.edge_ps(until - 1) + 1);
    const std::uint64_t last = link_free_ - std::min(link_free_, in_flight * burst_cycles_);
    bursts = std::min(bursts, edge > last ? (edge - last - 1) / burst_cycles_ : 0);
  }
  if (bursts <= in_flight) return;
  link_free_ += bursts * burst_cycles_;
  const auto arrival = [&](std::uint64_t before) {
    return core_.first_edge_at_or_after(link_.edge_ps(link_free_ - before * burst_cycles_));
  };
  next_on_link_ = arrival(in_flight) + 1;
  oldest_ = 0;
  for (std::size_t i = 0; i < in_flight; ++i) arrivals_[i] = arrival(in_flight - 1 - i);
  last_arrival_ = arrivals_.back();
  at(stream).sent += bursts * burst_;
}

void UnitTimer::send_at_measured_pace(Stream stream, std::uint64_t most, Time until) {
  const std::uint64_t measured = kMeasuredBursts * arrivals_.size();
  if (row_.bursts < kSettlingBursts * arrivals_.size() + measured) return;
  const std::uint64_t link_cycles = link_free_ - row_.mark;
  const double pace = as_double(link_cycles) * core_per_link_;
  std::uint64_t times = most / measured;
  if (until != kNever) {
    const double time = as_double(until - std::min(until, next_on_link_));
    times = std::min(times, static_cast<std::uint64_t>(time / pace));
  }
  row_.bursts = 0;
  if (times == 0) return;
  link_free_ += times * link_cycles;
  const Time arrival = core_.first_edge_at_or_after(link_.edge_ps(link_free_));
  const Time later = arrival - last_arrival_;
  for (Time& of_burst : arrivals_) of_burst += later;
  last_arrival_ = arrival;
  next_on_link_ += later;
  at(stream).sent += times * measured * burst_;
}

// Everything that is under way is put off by what the repetitions take.
void UnitTimer::skip_repetitions() {
  const std::uint64_t each = tiles_->size();
  const std::uint64_t settling = ceil_div(kSettling, each);
  const std::uint64_t measured = ceil_div(kMeasured, each);
  if (repetitions_.size() <= settling + measured) return;
  skipped_ = true;
  const std::uint64_t furthest =
      std::max({pass_, at(Stream::kIfmap).tile, at(Stream::kFilter).tile}) + 1;
  if (furthest + each >= count_) return;
  const std::uint64_t times = (count_ - furthest) / each;
  const double pace =
      as_double(repetitions_[settling + measured] - repetitions_[settling]) / as_double(measured);
  const auto later = static_cast<Time>(std::llround(pace * as_double(times)));
  const std::uint64_t tiles = times * each;
  const auto put_off = [&](std::array<Time, 8>& of_tiles) {
    std::array<Time, 8> moved{};
    for (std::size_t i = 0; i < moved.size(); ++i) {
      moved[(i + tiles) % moved.size()] = of_tiles[i] + later;
    }
    of_tiles = moved;
  };
  put_off(drained_);
  put_off(load_ready_);
  put_off(store_ended_);
  for (Cursor& cursor : cursors_) cursor.tile += tiles;
  pass_ += tiles;
  row_.bursts = 0;
  for (Time& time : filters_ready_) time += later;
  for (Read& read : reads_) read.released += later;
  for (Time& time : arrivals_) time += later;
  last_arrival_ += later;
  next_issue_ += later;
  next_on_link_ += later;
  path_free_ += later;
  link_free_ += static_cast<std::uint64_t>(std::llround(as_double(later) / core_per_link_));
}

}  // namespace rowan::analytical
