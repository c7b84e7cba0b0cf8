// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/pass_time.h"

#include <algorithm>
#include <limits>

#include "models/analytical/loop_blocks.h"
#include "models/spec/derived.h"

namespace rowan::analytical {
namespace {
/// A shorter pass is timed step by step: a closed form is some cycles off in its ramps.
constexpr std::uint64_t kLong = 1'500;

std::uint64_t less(std::uint64_t a, std::uint64_t b) { return a > b ? a - b : 0; }

/// Cycles from a packet to the next one of the same FIFO: until it has been popped, less when the
/// FIFO holds several.
std::uint64_t round_trip(std::uint64_t latency, std::uint64_t words, std::uint64_t depth) {
  return std::max(words, ceil_div(latency + words, std::max<std::uint64_t>(1, depth / words)));
}

PassPattern pattern_of(const dataflow::row_stationary::Mapping& mapping,
                       const workloads::ConvolutionShape& shape,
                       const spec::AcceleratorSpec& accelerator) {
  PassPattern pattern;
  pattern.p = mapping.p;
  pattern.q = mapping.q;
  pattern.stride = shape.stride;
  pattern.dilation = shape.dilation;
  pattern.filter_packet = spec::filter_packet(accelerator).words.value();
  pattern.psum_packet = spec::psum_packet(accelerator).words.value();
  return pattern;
}

PsumPorts in_one_bank(const spec::AcceleratorSpec& accelerator, std::uint64_t psum_banks) {
  return accelerator.global_buffer.psum_bank_ports == 1 && psum_banks <= 1 ? PsumPorts::kShared
                                                                           : PsumPorts::kOwn;
}

}  // namespace

PassTimer::PassTimer(const dataflow::row_stationary::Mapping& mapping,
                     const workloads::ConvolutionShape& shape,
                     const spec::AcceleratorSpec& accelerator, std::uint64_t psum_banks)
    : p_(mapping.p),
      q_(mapping.q),
      stride_(shape.stride),
      dilation_(shape.dilation),
      link_interval_(spec::local_network_packet(accelerator).interval.value()),
      pipeline_((accelerator.pe.multiply_latency + accelerator.pe.accumulate_latency).value()),
      accumulate_latency_(accelerator.pe.accumulate_latency.value()),
      ifmap_spad_(accelerator.pe.ifmap_spad.size.value()),
      ifmap_fifo_(accelerator.pe.ifmap_fifo.depth.value()),
      filter_fifo_(accelerator.pe.filter_fifo.depth.value()),
      psum_in_fifo_(accelerator.pe.psum_in_fifo.depth.value()),
      psum_out_fifo_(accelerator.pe.psum_out_fifo.depth.value()),
      recurrence_(pattern_of(mapping, shape, accelerator), accelerator,
                  in_one_bank(accelerator, psum_banks)) {
  const std::uint64_t read = accelerator.global_buffer.read_latency.value();
  const auto network = [](const spec::PacketSpec& packet, std::uint64_t latency) {
    return Network{packet.words.value(), packet.interval.value(), latency + packet.tail().value()};
  };
  filter_ =
      network(spec::filter_packet(accelerator), read + accelerator.filter_gin.latency.value());
  ifmap_ = network(spec::ifmap_packet(accelerator), read + accelerator.ifmap_gin.latency.value());
  psum_ = network(spec::psum_packet(accelerator), read + accelerator.psum_gin.latency.value());
  gon_ = network(spec::psum_packet(accelerator), accelerator.gon.latency.value());
  const spec::GlobalBufferSpec& buffer = accelerator.global_buffer;
  // Reads run about a window ahead of writes.
  if (buffer.psum_bank_ports == 1) {
    if (psum_banks <= 1) {
      rows_that_share_a_port_ = std::numeric_limits<std::uint64_t>::max();
    } else if (buffer.psum_bank_interleaving == spec::BankInterleaving::kBlock) {
      rows_that_share_a_port_ = buffer.bank_rows;
    }
  }
}

std::uint64_t PassTimer::packets_of_filters(const PassWork& work, std::uint64_t per_filter) const {
  // Sets of filters by sets of channels, the remainders apart.
  std::uint64_t packets = 0;
  const std::uint64_t filters[2] = {p_, work.filters % p_};
  const std::uint64_t filter_sets[2] = {work.filters / p_, filters[1] > 0 ? 1U : 0U};
  const std::uint64_t channels[2] = {q_, work.channels % q_};
  const std::uint64_t channel_sets[2] = {work.channels / q_, channels[1] > 0 ? 1U : 0U};
  for (int t = 0; t < 2; ++t) {
    for (int r = 0; r < 2; ++r) {
      packets += filter_sets[t] * channel_sets[r] *
                 ceil_div(filters[t] * channels[r] * per_filter, filter_.words);
    }
  }
  return packets;
}

std::uint64_t PassTimer::filter_load(const PassWork& work) const {
  const std::uint64_t rows = std::uint64_t{work.groups} * work.filter_rows;
  const std::uint64_t packets = rows * packets_of_filters(work, work.filter_columns);
  // The PE with most words pops one a cycle: with few rows on the bus that takes longer.
  const std::uint64_t words =
      std::uint64_t{std::min(p_, work.filters)} * std::min(q_, work.channels) * work.filter_columns;
  const std::uint64_t last = words % filter_.words == 0 ? filter_.words : words % filter_.words;
  const std::uint64_t of_row = ceil_div(words, filter_.words);
  const std::uint64_t trips =
      (of_row - 1) * round_trip(filter_.latency, std::min(words, filter_.words), filter_fifo_);
  return std::max((packets - 1) * filter_.interval + last, std::max(trips + last, words)) +
         filter_.latency;
}

PassTime PassTimer::time(const PassWork& work) {
  for (const auto& [known, time] : known_) {
    if (known == work) return time;
  }
  PassTime time = closed_form(work);
  if (!is_long(time, work)) {
    const PassCycles cycles = recurrence_.time(work);
    time.filter_load = cycles.first_mac;
    time.windows = cycles.last_accumulation - cycles.first_mac;
    time.ramp = less(cycles.alone, cycles.last_accumulation);
    time.saved = less(time.cycles(), cycles.pace);
    time.filters_sent = cycles.filters_sent;
    time.filters_before_drain = cycles.filters_before_drain;
  }
  known_.emplace_back(work, time);
  return time;
}

bool PassTimer::is_long(const PassTime& time, const PassWork& work) const {
  const std::uint64_t p = std::min(p_, work.filters);
  const unsigned q = std::min(q_, work.channels);
  // Where most words of a window are fresh, or they do not fit beside the window before, the ifmap
  // bus waits for PEs and PEs for the bus.
  const std::uint64_t words = std::uint64_t{q} * work.filter_columns;
  const std::uint64_t fresh = std::uint64_t{q} * stride_;
  const bool in_time = (2 * fresh <= words && fresh <= less(ifmap_spad_, words) + ifmap_fifo_) ||
                       time.ifmap_bus < time.mac;
  return time.cycles() >= kLong && p <= psum_in_fifo_ && p <= psum_out_fifo_ && in_time;
}

PassTime PassTimer::closed_form(const PassWork& work) const {
  const std::uint64_t p = std::min(p_, work.filters);
  const std::uint64_t q = std::min(q_, work.channels);
  const std::uint64_t windows = work.windows();
  const std::uint64_t words = q * work.filter_columns;  // of a window
  const std::uint64_t round = std::max(p, accumulate_latency_);

  // Psum packets of a window, and those that carry the last psums of their set.
  const std::uint64_t chains =
      std::uint64_t{work.groups} * (work.filters / p_ + (work.filters % p_ != 0 ? 1 : 0));
  const std::uint64_t rows_of_window =
      std::uint64_t{work.groups} * work.ofmap_rows *
      (work.filters / p_ * ceil_div(p_, psum_.words) + ceil_div(work.filters % p_, psum_.words));
  const std::uint64_t packets = rows_of_window * psum_.interval;
  const std::uint64_t columns = chains * work.ofmap_rows * psum_.interval;
  const bool take_turns = work.reads_psums && rows_of_window < rows_that_share_a_port_;
  const std::uint64_t psum_window =
      std::max({packets, take_turns ? 2 * rows_of_window : 0, p * link_interval_});

  const std::uint64_t window = words * round + p;

  // Ifmap words: a PE gets one in `spacing` cycles. What does not fit scratchpad and FIFO beside
  // the window in work can come only after it.
  const std::uint64_t rows = positions_used(work.ofmap_rows, work.filter_rows, stride_, dilation_);
  const std::uint64_t used =
      positions_used(work.ofmap_columns, work.filter_columns, stride_, dilation_);
  const std::uint64_t per_column =
      std::uint64_t{work.groups} * work.channels * rows * ifmap_.interval;
  const std::uint64_t spacing =
      std::max(ceil_div(per_column, q), round_trip(ifmap_.latency, 1, ifmap_fifo_));
  const std::uint64_t ahead = less(ifmap_spad_, words) + ifmap_fifo_;
  const auto stall = [&](std::uint64_t fresh) -> std::uint64_t {
    const std::uint64_t late = less(std::min(fresh, words), ahead);
    if (late == 0) return 0;
    // The first late word, and the last one.
    const std::uint64_t first = less(spacing + ifmap_.latency, (words - late) * round);
    const std::uint64_t last = less(late * spacing + ifmap_.latency, (words - 1) * round);
    return std::max(first, last);
  };
  const std::uint64_t step = work.ofmap_columns > 1 ? stall(q * stride_) : 0;
  const std::uint64_t image = work.images > 1 ? stall(words) : 0;

  PassTime time;
  time.mac = windows * words * p;
  time.accumulation = windows * window - time.mac;
  time.psum_bus = windows * psum_window;
  time.ifmap_bus = work.images * used * std::max(per_column, q * spacing);
  // Where the ifmap bus sets the pace, the columns follow each other, and so do their packets.
  const std::uint64_t stagger = std::min(spacing, columns) - 1;
  time.filter_load = std::max(
      filter_load(work), std::max(spacing + ifmap_.latency,
                                  less(words * spacing + ifmap_.latency, (words - 1) * round)) -
                             stagger);
  const std::uint64_t ifmap_end =
      less(time.ifmap_bus + ifmap_.latency + round + p - stagger, time.filter_load);
  time.windows =
      std::max({windows * window + (windows - work.images) * step + (work.images - 1) * image,
                window + (windows - 1) * psum_window, ifmap_end});
  // The last window: its psums climb the chain, and all its packets leave.
  const std::uint64_t chain =
      std::min<std::uint64_t>(ceil_div(work.channels, q_) * work.filter_rows, 1U << 16U);
  const std::uint64_t climb = (chain - 1) * (pipeline_ + link_interval_);
  const std::uint64_t leave = std::max(std::min(p, gon_.words) + packets, p + columns) - 1;
  time.ramp = climb + pipeline_ + less(leave, p) + gon_.latency - 1;
  // The next pass can load its filters while psums leave, but not read what is not written yet.
  time.saved = std::min(time.ramp + filter_.latency, time.cycles() - 1);
  if (work.same_psums) {
    time.saved = std::min(time.saved, less(time.filter_load + words * round, psum_.latency + 2));
  }
  time.filters_sent = less(time.filter_load, filter_.latency);
  time.filters_before_drain = time.windows + time.ramp;
  return time;
}

}  // namespace rowan::analytical
