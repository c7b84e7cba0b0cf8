// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/layer_time.h"

#include <algorithm>
#include <cmath>

#include "models/spec/derived.h"

namespace rowan::analytical {
namespace {
/// The next whole number, but for errors of rounding.
double next_edge(double time) {
  const double exact = time - 1e-6;
  const auto whole = static_cast<double>(static_cast<std::int64_t>(exact));
  return whole < exact ? whole + 1 : whole;
}

}  // namespace

LayerTimer::LayerTimer(const spec::AcceleratorSpec& accelerator, const LayerSteps& steps)
    : accelerator_(accelerator),
      steps_(steps),
      setup_(accelerator.controller.pass_setup.value()),
      configured_(spec::configuration_cycles(accelerator.controller).value()),
      buffers_(accelerator.dram.overlap == spec::DramOverlap::kDoubleBuffer ? 2 : 1),
      ring_(spec::filter_ring_words(accelerator).value()),
      lanes_(accelerator.post_processing.lanes),
      burst_(accelerator.dram.burst.value()),
      link_bytes_(spec::link_bytes(accelerator.dram).value()),
      outstanding_(accelerator.dram.outstanding_bursts),
      row_bits_(accelerator.global_buffer.row_width.value()),
      clocks_(static_cast<double>(accelerator.clock.value()) /
              static_cast<double>(accelerator.dram.link_clock.value())),
      link_cycles_(1 / clocks_),
      latency_(static_cast<double>(accelerator.dram.latency.value()) *
               static_cast<double>(accelerator.dram.link_clock.value()) / 1e6),
      drain_(accelerator.controller.pass_transition == spec::PassTransition::kDrain) {
  last_of_load_.resize(steps.loads.size());
  last_of_store_.resize(steps.stores.size());
  words_before_.push_back(0);
  for (std::size_t k = 0; k < steps.passes.size(); ++k) {
    last_of_load_[steps.passes[k].load] = k;
    last_of_store_[steps.passes[k].store] = k;
    words_before_.push_back(words_before_.back() +
                            steps.shapes[steps.passes[k].shape].filter_words);
  }
}

void LayerTimer::reset() {
  released_.assign(steps_.passes.size(), kNever);
  drained_.assign(steps_.passes.size(), kNever);
  filters_done_.assign(steps_.passes.size(), kNever);
  filters_ready_.assign(steps_.passes.size(), kNever);
  load_ready_.assign(steps_.loads.size(), kNever);
  store_ended_.assign(steps_.stores.size(), kNever);
  next_pass_ = read_pass_ = filter_pass_ = load_ = store_ = 0;
  filter_offset_ = load_offset_ = store_offset_ = 0;
  last_issue_ = configured_ > 0 ? configured_ - 1 : 0;
  link_edge_ = 0;
  in_flight_.assign(outstanding_, 0);
  oldest_ = 0;
  path_free_ = 0;
}

LayerTimer::Time LayerTimer::earliest_release(std::size_t k) const {
  if (k == 0) return configured_;
  if (drain_ || steps_.passes[k].shape != steps_.passes[k - 1].shape)
    return drained_[k - 1] + setup_;
  const Time next = released_[k - 1] + 1;
  return k == 1 ? next : std::max(next, drained_[k - 2] + setup_);
}

void LayerTimer::release(std::size_t k, Time at) {
  const LayerSteps::Pass& pass = steps_.passes[k];
  const PassTime& time = steps_.shapes[pass.shape].time;
  released_[k] = at;
  drained_[k] = at + time.cycles();
  filters_done_[k] = at + time.filters_sent;
  if (k == 0 || drained_[k - 1] < at) return;
  const Time after = drained_[k - 1] + time.cycles() - time.saved;
  drained_[k] = std::max(drained_[k], after);
  if (after > time.filters_before_drain) {
    filters_done_[k] = std::max(filters_done_[k], after - time.filters_before_drain);
  }
}

LayerTimer::Time LayerTimer::filters_read(std::uint64_t words) {
  if (words == 0) return 0;
  while (words_before_[read_pass_ + 1] < words) ++read_pass_;
  std::size_t k = read_pass_;
  while (k > 0 && words_before_[k] >= words) --k;
  if (released_[k] == kNever) return kNever;
  const std::uint64_t of_pass = words_before_[k + 1] - words_before_[k];
  const std::uint64_t after = words_before_[k + 1] - words;
  // As if they left at an even pace.
  const Time span = filters_done_[k] - released_[k];
  return filters_done_[k] - span * after / of_pass;
}

std::uint64_t LayerTimer::processing() {
  reset();
  for (std::size_t k = 0; k < steps_.passes.size(); ++k) {
    Time at = earliest_release(k);
    if (!drain_) {
      const LayerSteps::Pass& pass = steps_.passes[k];
      if (pass.load >= buffers_) {
        at = std::max(at, drained_[last_of_load_[pass.load - buffers_]] + 1);
      }
      if (pass.store >= buffers_) {
        at = std::max(at, drained_[last_of_store_[pass.store - buffers_]] + 1);
      }
      if (words_before_[k + 1] > ring_) {
        at = std::max(at, filters_read(words_before_[k + 1] - ring_) + 1);
      }
    }
    release(k, at);
  }
  return drained_.back() - configured_;
}

bool LayerTimer::release_what_can() {
  bool any = false;
  for (; next_pass_ < steps_.passes.size(); ++next_pass_) {
    const LayerSteps::Pass& pass = steps_.passes[next_pass_];
    if (load_ready_[pass.load] == kNever || filters_ready_[next_pass_] == kNever) break;
    Time at = std::max(
        {earliest_release(next_pass_), load_ready_[pass.load], filters_ready_[next_pass_]});
    if (pass.store >= buffers_) {
      const Time ended = store_ended_[pass.store - buffers_];
      if (ended == kNever) break;
      at = std::max(at, ended + 1);
    }
    release(next_pass_, at);
    any = true;
  }
  return any;
}

LayerTimer::Time LayerTimer::way_free(dataflow::FmapPlace place) const {
  if (place == dataflow::FmapPlace::kResident) return path_free_;
  return in_flight_[oldest_];
}

LayerTimer::Time LayerTimer::send(std::uint64_t bytes, dataflow::FmapPlace place, Time now) {
  last_issue_ = now;
  if (place == dataflow::FmapPlace::kResident) {
    return path_free_ = now + ceil_div(bytes * 8, row_bits_);
  }
  const double ready = next_edge(static_cast<double>(now) * link_cycles_ + latency_);
  link_edge_ = std::max(ready, link_edge_) + static_cast<double>(ceil_div(bytes, link_bytes_));
  const auto arrival = static_cast<Time>(next_edge(link_edge_ * clocks_));
  in_flight_[oldest_] = arrival;
  if (++oldest_ == outstanding_) oldest_ = 0;
  return arrival;
}

LayerTimer::Time LayerTimer::filter_time() {
  if (filter_pass_ == steps_.passes.size()) return kNever;
  const LayerSteps::Shape& shape = steps_.shapes[steps_.passes[filter_pass_].shape];
  const std::uint64_t end = std::min(filter_offset_ + burst_, shape.filter_bytes);
  const std::uint64_t words =
      words_before_[filter_pass_] +
      std::min(shape.filter_words, end * shape.filter_words / shape.filter_bytes + 1);
  Time at = way_free(dataflow::FmapPlace::kDram);
  if (words > ring_) {
    const Time read = filters_read(words - ring_);
    if (read == kNever) return kNever;
    at = std::max(at, read + 1);
  }
  return at;
}

LayerTimer::Time LayerTimer::ifmap_time() {
  while (load_ < steps_.loads.size()) {
    Time free = 0;
    if (load_ >= buffers_) {
      free = drained_[last_of_load_[load_ - buffers_]];
      if (free == kNever) return kNever;
      ++free;
    }
    if (steps_.loads[load_].bytes > 0) return std::max(free, way_free(steps_.places.ifmap));
    load_ready_[load_++] = std::max(free, configured_);
  }
  return kNever;
}

LayerTimer::Time LayerTimer::ofmap_time() const {
  if (store_ == steps_.stores.size()) return kNever;
  const Time drained = drained_[last_of_store_[store_]];
  if (drained == kNever) return kNever;
  const LayerSteps::Store& store = steps_.stores[store_];
  const std::uint64_t end = std::min(store_offset_ + burst_, store.bytes);
  const std::uint64_t words = ceil_div(store.planes * store.words * end, store.bytes);
  return std::max(drained + 1 + ceil_div(words, lanes_), way_free(steps_.places.ofmap));
}

void LayerTimer::issue_filters(Time now) {
  const std::uint64_t all = steps_.shapes[steps_.passes[filter_pass_].shape].filter_bytes;
  const std::uint64_t bytes = std::min(burst_, all - filter_offset_);
  const Time arrival = send(bytes, dataflow::FmapPlace::kDram, now);
  filter_offset_ += bytes;
  if (filter_offset_ < all) return;
  filters_ready_[filter_pass_++] = arrival + 1;
  filter_offset_ = 0;
}

void LayerTimer::issue_ifmap(Time now) {
  const std::uint64_t bytes = std::min(burst_, steps_.loads[load_].bytes - load_offset_);
  const Time arrival = send(bytes, steps_.places.ifmap, now);
  load_offset_ += bytes;
  if (load_offset_ < steps_.loads[load_].bytes) return;
  load_ready_[load_++] = arrival + 1;
  load_offset_ = 0;
}

void LayerTimer::issue_ofmap(Time now) {
  const std::uint64_t bytes = std::min(burst_, steps_.stores[store_].bytes - store_offset_);
  const Time arrival = send(bytes, steps_.places.ofmap, now);
  store_offset_ += bytes;
  if (store_offset_ < steps_.stores[store_].bytes) return;
  store_ended_[store_++] = arrival;
  store_offset_ = 0;
}

std::uint64_t LayerTimer::total() {
  reset();
  while (store_ < steps_.stores.size()) {
    (void)release_what_can();
    const Time filter = filter_time();
    const Time ifmap = ifmap_time();
    if (release_what_can()) continue;
    const Time ofmap = ofmap_time();
    const Time now = std::max(last_issue_ + 1, std::min({filter, ifmap, ofmap}));
    if (now == kNever) return kNever;
    if (filter <= now) {
      issue_filters(now);
    } else if (ifmap <= now) {
      issue_ifmap(now);
    } else {
      issue_ofmap(now);
    }
  }
  return *std::max_element(store_ended_.begin(), store_ended_.end());
}

}  // namespace rowan::analytical
