// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/lower_bound.h"

#include <algorithm>

#include "models/analytical/layer_time.h"
#include "models/spec/derived.h"

namespace rowan::analytical {
namespace {

using dataflow::row_stationary::Mapping;

/// Takes what rounding of decimals may have added in another order of sums.
constexpr double kRounding = 1 - 1e-9;

/// Signed numbers turn into decimals, and back, without a branch.
std::uint64_t truncated(double value) {
  return static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
}
double decimal(std::uint64_t value) {
  return static_cast<double>(static_cast<std::int64_t>(value));
}

std::uint64_t rounded(double value) { return truncated(value * kRounding + 0.5); }

std::uint64_t less(std::uint64_t a, std::uint64_t b) { return a > b ? a - b : 0; }

void count(std::vector<std::pair<std::uint64_t, std::uint64_t>>& counts, std::uint64_t value,
           std::uint64_t times) {
  for (auto& [known, known_times] : counts) {
    if (known != value) continue;
    known_times += times;
    return;
  }
  counts.emplace_back(value, times);
}

}  // namespace

LowerBound::Machine::Machine(const spec::AcceleratorSpec& accelerator, const FmapAssumptions& fmaps)
    : filter_packet(spec::filter_packet(accelerator).words.value()),
      filter_interval(spec::filter_packet(accelerator).interval.value()),
      filter_latency((accelerator.global_buffer.read_latency + accelerator.filter_gin.latency +
                      spec::filter_packet(accelerator).tail())
                         .value()),
      filters_ahead(accelerator.pe.filter_fifo.depth.value() / filter_packet),
      ifmap_interval(spec::ifmap_packet(accelerator).interval.value()),
      psum_packet(static_cast<unsigned>(spec::psum_packet(accelerator).words.value())),
      psum_interval(spec::psum_packet(accelerator).interval.value()),
      gon_latency((accelerator.gon.latency + spec::psum_packet(accelerator).tail()).value()),
      link_interval(spec::local_network_packet(accelerator).interval.value()),
      pipeline((accelerator.pe.multiply_latency + accelerator.pe.accumulate_latency).value()),
      accumulate_latency(accelerator.pe.accumulate_latency.value()),
      setup(accelerator.controller.pass_setup.value()),
      configuration(spec::configuration_cycles(accelerator.controller).value()),
      lanes(accelerator.post_processing.lanes),
      activation_bits(arithmetic::pe_type(accelerator.pe.type).activation_bits),
      weight_bits(arithmetic::pe_type(accelerator.pe.type).weight_bits),
      burst_bytes(decimal(accelerator.dram.burst.value())),
      ring_bytes(decimal(spec::filter_ring_words(accelerator).value() * weight_bits) / 8),
      drain(accelerator.controller.pass_transition == spec::PassTransition::kDrain),
      twice(accelerator.dram.overlap == spec::DramOverlap::kDoubleBuffer),
      coded_ifmap(accelerator.dram.rlc && !fmaps.network_input),
      coded_ofmap(accelerator.dram.rlc),
      resident_ifmap(fmaps.places.ifmap == dataflow::FmapPlace::kResident),
      resident_ofmap(fmaps.places.ofmap == dataflow::FmapPlace::kResident),
      bursts_per_byte(kRounding / decimal(accelerator.dram.burst.value())) {}

LowerBound::LowerBound(const workloads::ConvolutionShape& shape, unsigned batch,
                       const spec::AcceleratorSpec& accelerator, const FmapAssumptions& fmaps)
    : shape_(shape),
      batch_(batch),
      fmaps_(fmaps),
      machine_(accelerator, fmaps),
      counter_(shape, batch, accelerator,
               expected_gated_macs(shape, batch, accelerator, fmaps.ifmap_zeros)),
      link_(accelerator),
      filters_(shape.filters_per_group()),
      channels_(shape.channels_per_group()),
      out_width_(shape.out_width()),
      ofmap_words_(batch * std::uint64_t{shape.filters} * shape.out_height() * out_width_),
      macs_(batch * shape.macs_per_image()),
      shortest_transfer_(link_.cycles(1)),
      rows_(row_axis(shape), accelerator.array.columns),
      columns_(column_axis(shape), accelerator.array.columns) {}

const LowerBound::AxisTiles& LowerBound::AxisMemory::of(unsigned outputs, unsigned taps) {
  const std::uint64_t key = std::uint64_t{outputs} << 32U | taps;
  if (last_ != nullptr && key == last_key_) return *last_;
  AxisTiles& tiles = tiles_[key];
  last_ = &tiles;
  last_key_ = key;
  if (tiles.number > 0) return tiles;
  tiles.number = tiles_.size();
  tiles.sets_per_shelf = sets_per_shelf(array_columns_, outputs);
  tiles.sums = sum_axis(axis_, outputs, taps, array_columns_);
  for (const AxisBlocks& block : cut_axis(axis_, outputs, taps)) {
    count(tiles.loaded, block.loaded, block.count);
    if (!block.first) continue;
    tiles.first_blocks += block.count;
    count(tiles.first_outputs, block.outputs, block.count);
  }
  return tiles;
}

const LowerBound::PlaneSums& LowerBound::planes_of(const AxisTiles& rows,
                                                   const AxisTiles& columns) {
  const std::uint64_t key = rows.number << 32U | columns.number;
  if (last_planes_ != nullptr && key == last_planes_key_) return *last_planes_;
  const auto [at, is_new] = planes_.try_emplace(key);
  PlaneSums& sums = at->second;
  last_planes_ = &sums;
  last_planes_key_ = key;
  if (!is_new) return sums;
  const auto bytes = [&](std::uint64_t words, bool coded, double zeros) {
    return coded ? coded_tile_bytes(1, words, machine_.activation_bits, zeros)
                 : decimal(words * machine_.activation_bits) / 8;
  };
  for (const auto& [row_words, row_count] : rows.loaded) {
    for (const auto& [words, column_count] : columns.loaded) {
      if (row_words * words == 0) continue;
      sums.loads += row_count * column_count;
      sums.ifmap_words += row_count * column_count * row_words * words;
      sums.ifmap_bytes += decimal(row_count * column_count) *
                          bytes(row_words * words, machine_.coded_ifmap, fmaps_.ifmap_zeros);
    }
  }
  for (const auto& [row_words, row_count] : rows.first_outputs) {
    for (const auto& [words, column_count] : columns.first_outputs) {
      sums.ofmap_bytes += decimal(row_count * column_count) *
                          bytes(row_words * words, machine_.coded_ofmap, fmaps_.ofmap_zeros);
    }
  }
  return sums;
}

LowerBound::FilterTimes LowerBound::filter_times(const Mapping& mapping,
                                                 unsigned on_a_shelf) const {
  const unsigned p = mapping.p;
  const unsigned whole = p * mapping.t;
  const auto packets_of = [&](unsigned filters) {
    return (filters + machine_.psum_packet - 1) / machine_.psum_packet;
  };
  const std::uint64_t packets_of_set = packets_of(p);
  FilterTimes times;
  FilterSums& sums = times.sums;
  const auto add_subgroups = [&](unsigned sets, unsigned rest, std::uint64_t count) {
    const std::uint64_t largest = sets > 0 ? p : rest;
    times.largest_sets += count * largest;
    times.rounds += count * std::max(largest, machine_.accumulate_latency);
    sums.subgroups += count;
    const unsigned all_sets = sets + (rest > 0 ? 1 : 0);
    sums.sets += count * all_sets;
    const bool rest_is_last = rest > 0 && (sets == 0 || packets_of(rest) == packets_of_set);
    times.last_sets += count * (sets + (rest_is_last ? 1 : 0));
    sums.shelves += count * (all_sets <= on_a_shelf ? 1 : ceil_div(all_sets, on_a_shelf));
    sums.psum_packets += count * (sets * packets_of_set + (rest > 0 ? packets_of(rest) : 0));
  };
  const auto add_groups = [&](unsigned filters, std::uint64_t count) {
    sums.groups += count;
    unsigned whole_sets = filters / whole * mapping.t;
    unsigned last = 0;
    if (filters >= whole) add_subgroups(mapping.t, 0, count * (filters / whole));
    if (const unsigned rest = filters % whole; rest > 0) {
      last = rest % p;
      whole_sets += rest / p;
      add_subgroups(rest / p, last, count);
    }
    sums.sizes[0].count += count * whole_sets;
    return Blocks{last, count};
  };
  sums.sizes[0].size = p;
  sums.sizes[1] = add_groups(mapping.m, filters_ / mapping.m);
  if (const unsigned rest = filters_ % mapping.m; rest > 0) sums.sizes[2] = add_groups(rest, 1);
  return times;
}

LowerBound::ChannelTimes LowerBound::channel_times(const Mapping& mapping) const {
  const unsigned q = mapping.q;
  const unsigned groups = channels_ / (q * mapping.r);
  const unsigned rest = channels_ % (q * mapping.r);
  ChannelTimes times;
  times.sums.groups = groups;
  times.sums.sets = std::uint64_t{groups} * mapping.r;
  times.sums.sizes[0] = {q, times.sums.sets};
  times.largest_sets = std::uint64_t{groups} * q;
  if (rest > 0) {
    const unsigned last = rest % q;
    ++times.sums.groups;
    times.sums.sets += rest / q + (last > 0 ? 1 : 0);
    times.sums.sizes[0].count += rest / q;
    times.sums.sizes[1] = {last, 1};
    times.largest_sets += std::min(q, rest);
  }
  return times;
}

TileTraffic LowerBound::traffic(const Sums& sums, std::uint64_t loaded_words) const {
  TileTraffic traffic;
  // A tile takes one burst at least.
  const auto bursts = [&](double bytes, std::uint64_t tiles) {
    return std::max(tiles, truncated(bytes * machine_.bursts_per_byte));
  };
  traffic.filter_bytes = rounded(sums.filter_bytes);
  traffic.bursts = bursts(sums.filter_bytes, sums.passes);
  if (machine_.resident_ifmap) {
    traffic.resident_reads = loaded_words;
  } else {
    traffic.ifmap_bytes = rounded(sums.ifmap_bytes);
    traffic.decoded = machine_.coded_ifmap ? traffic.ifmap_bytes / 8 : 0;
    traffic.bursts += bursts(sums.ifmap_bytes, sums.loads);
  }
  if (machine_.resident_ofmap) {
    traffic.resident_writes = sums.ofmap_words;
  } else {
    traffic.ofmap_bytes = rounded(sums.ofmap_bytes);
    traffic.encoded = machine_.coded_ofmap ? traffic.ofmap_bytes / 8 : 0;
    traffic.bursts += bursts(sums.ofmap_bytes, sums.stores);
  }
  return traffic;
}

const Estimate& LowerBound::operator()(const Mapping& mapping) {
  const AxisTiles& row_tiles = rows_.of(mapping.e, mapping.filter_rows);
  const AxisTiles& column_tiles = columns_.of(mapping.f, mapping.filter_columns);
  const PlaneSums& planes = planes_of(row_tiles, column_tiles);
  const FilterTimes filter_parts = filter_times(mapping, row_tiles.sets_per_shelf);
  const ChannelTimes channel_parts = channel_times(mapping);
  const LoopSums loops{ceil_div(shape_.groups, mapping.g),
                       ceil_div(batch_, mapping.n),
                       row_tiles.sums,
                       column_tiles.sums,
                       filter_parts.sums,
                       channel_parts.sums};
  const AxisSums& rows = loops.rows;
  const AxisSums& columns = loops.columns;
  const FilterSums& filters = loops.filters;
  const ChannelSums& channels = loops.channels;
  const std::uint64_t image_blocks = loops.image_blocks;
  const std::uint64_t group_blocks = loops.group_blocks;
  const std::uint64_t blocks = group_blocks * image_blocks;
  const std::uint64_t windows = batch_ * columns.outputs;
  const std::uint64_t all_channels = std::uint64_t{shape_.groups} * channels_;

  Sums sums;
  sums.passes = blocks * rows.blocks * columns.blocks * channels.groups * filters.subgroups;
  sums.mac = group_blocks * rows.blocks *
             (batch_ * out_width_ * shape_.kernel_width * channel_parts.largest_sets *
                  filter_parts.rounds +
              windows * channels.groups * filter_parts.largest_sets);
  // Windows of all images and columns together, and the same but for one of each pass.
  const std::uint64_t of_window = shape_.groups * rows.outputs * channels.groups;
  sums.psum_bus = (windows - image_blocks * columns.blocks) * of_window * filters.psum_packets *
                  machine_.psum_interval;
  const std::uint64_t ifmap_words =
      batch_ * all_channels * rows.used * columns.used * filters.subgroups;
  const std::uint64_t ifmap_packets_of_last =
      image_blocks * shape_.groups * channels.sets * rows.used * columns.blocks * filters.subgroups;
  sums.ifmap_bus = less(ifmap_words, ifmap_packets_of_last) * machine_.ifmap_interval;
  const std::uint64_t filter_words =
      image_blocks * all_channels * filters_ * rows.taps * columns.taps;
  sums.filter_words =
      blocks * rows.blocks * columns.taps * channel_parts.largest_sets * filter_parts.largest_sets;
  sums.filter_bus = filter_words * machine_.filter_interval / machine_.filter_packet;
  sums.filter_round = image_blocks * shape_.groups * rows.taps * columns.blocks * channels.sets *
                      filters.sets * machine_.filter_interval;
  // Rows of the chains, less the first of each, and the psum packets of the last window.
  const std::uint64_t chains =
      blocks * columns.blocks * rows.taps * channels.sets * filters.subgroups;
  sums.ramp = (chains - sums.passes) * (machine_.pipeline + machine_.link_interval) +
              sums.passes * (machine_.pipeline + machine_.gon_latency - 1);
  // Accumulations that take longer hide some of these packets, but then the windows take as much
  // longer. Of the last packets the first one goes at once.
  const std::uint64_t last_windows = image_blocks * columns.blocks * of_window;
  const std::uint64_t leave = last_windows * filter_parts.last_sets * machine_.psum_interval;
  const std::uint64_t packets = last_windows * filters.psum_packets * machine_.psum_interval;
  const std::uint64_t accumulated =
      blocks * rows.blocks * columns.blocks * channels.groups * filter_parts.largest_sets;
  const std::uint64_t at_once = sums.passes * machine_.psum_interval;
  sums.ramp += std::max(less(leave, at_once), less(packets + sums.passes, at_once + accumulated));
  sums.loads = blocks * channels.groups * filters.groups * planes.loads;
  sums.all_load = planes.loads == rows.blocks * columns.blocks;
  sums.stores = blocks * filters.groups * row_tiles.first_blocks * column_tiles.first_blocks;
  sums.ofmap_words = ofmap_words_;
  sums.ifmap_bytes = decimal(batch_ * all_channels * filters.groups) * planes.ifmap_bytes;
  sums.filter_bytes = decimal(filter_words * machine_.weight_bits) / 8;
  sums.ofmap_bytes = decimal(std::uint64_t{batch_} * shape_.filters) * planes.ofmap_bytes;

  least_.passes = sums.passes;
  least_.macs = macs_;
  const double processing_cycles = processing(sums);
  least_.processing = Cycles(rounded(processing_cycles));
  least_.total = Cycles(rounded(total(sums, processing_cycles)));
  const std::uint64_t loaded = batch_ * all_channels * filters.groups * planes.ifmap_words;
  counter_.count(loops, traffic(sums, loaded), least_.counts);
  return least_;
}

double LowerBound::processing(const Sums& sums) const {
  if (machine_.drain) {
    // The lowest PE of a chain has its filters when all rows have had all packets but the last.
    const std::uint64_t filter_load =
        std::max(less(sums.filter_bus, sums.filter_round), sums.filter_words) +
        sums.passes * machine_.filter_latency;
    const std::uint64_t until_last =
        std::max(filter_load + std::max(sums.mac, sums.psum_bus), sums.ifmap_bus);
    return decimal(until_last + sums.ramp + (sums.passes - 1) * machine_.setup);
  }
  // What the FIFOs hold is sent while the pass before goes on.
  const std::uint64_t filter_load = std::max(
      less(sums.filter_bus, sums.filter_round * (machine_.filters_ahead + 1)), sums.filter_words);
  return decimal(std::max({filter_load + sums.mac, less(sums.filter_bus, sums.filter_round),
                           sums.psum_bus, sums.ifmap_bus}));
}

double LowerBound::total(Sums sums, double processing) const {
  // Tiles of resident fmaps do not take the link.
  if (machine_.resident_ifmap) {
    sums.ifmap_bytes = 0;
    sums.loads = 0;
    sums.all_load = false;
  }
  if (machine_.resident_ofmap) {
    sums.ofmap_bytes = 0;
    sums.stores = sums.ofmap_words = 0;
  }
  const auto configuration = decimal(machine_.configuration);
  const double all_bytes = sums.filter_bytes + least_fmap_bytes(sums);
  const double all = link_.moving(all_bytes);
  // Filters have the link before the first ifmap tile, but for a burst that the ring has no room
  // for; a tile without a word waits for none.
  const double first_filters =
      std::min(sums.filter_bytes, machine_.ring_bytes) - machine_.burst_bytes;
  const double ring = sums.all_load ? link_.moving(std::max(0.0, first_filters)) : 0;
  if (machine_.twice) return configuration + std::max(all, processing + ring);
  const bool in_steps = sums.passes <= kFewPasses && all_bytes / machine_.burst_bytes <= kFewBursts;
  return configuration + (in_steps ? std::max(all, processing + ring + between_passes(sums))
                                   : total_of_sums(sums, processing));
}

/// Tiles are whole code words: one may be rounded down.
double LowerBound::least_fmap_bytes(const Sums& sums) {
  const double rounded_off = 4 * decimal(sums.loads + sums.stores);
  return std::max(0.0, sums.ifmap_bytes + sums.ofmap_bytes - rounded_off);
}

/// With a GLB that holds every tile once: from a drain to the next release, instead of the setup, a
/// tile is loaded, and a finished one stored, over the same link.
double LowerBound::between_passes(const Sums& sums) const {
  const double apart = link_.least_latency() + 2 - decimal(machine_.setup);
  const double moved = link_.moving(least_fmap_bytes(sums)) + decimal(sums.loads) * apart;
  const double passed =
      decimal(sums.ofmap_words) / decimal(machine_.lanes) + decimal(sums.stores) * apart;
  return std::max({0.0, moved, passed});
}

/// The same where the estimate is a sum over tiles, which hides no latency but that of stores.
double LowerBound::total_of_sums(const Sums& sums, double processing) const {
  const double ring = link_.moving(std::min(sums.filter_bytes, machine_.ring_bytes));
  const auto loads = decimal(sums.loads);
  const auto stores = decimal(sums.stores);
  const double load = link_.moving(sums.ifmap_bytes) + loads * (link_.latency() + 2);
  // The latency of all stores but one is hidden behind a load.
  const double store =
      std::max(link_.moving(sums.ofmap_bytes) + stores * (link_.latency() + 2),
               decimal(sums.ofmap_words) / decimal(machine_.lanes) + stores * shortest_transfer_) -
      std::max(0.0, stores - 1) * shortest_transfer_;
  // No pass is over before the filters of the next one are there.
  const double passes =
      std::max(processing, link_.moving(sums.filter_bytes) - decimal(machine_.setup));
  return ring + passes + load + std::max(0.0, store);
}

}  // namespace rowan::analytical
