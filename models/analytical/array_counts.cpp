// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/array_counts.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <numeric>

#include "models/base/units.h"
#include "models/spec/derived.h"

namespace rowan::analytical {
namespace {

using dataflow::row_stationary::Mapping;

/// Pairs of an ofmap row and a filter row that meet a row of the ifmap.
std::uint64_t pairs_on_inputs(const Axis& axis) {
  const auto begin = static_cast<std::int64_t>(axis.padding);
  const std::int64_t end = begin + std::int64_t{axis.inputs - 1} * axis.input_dilation;
  const std::int64_t stride = axis.stride;
  const std::int64_t step = axis.input_dilation / std::gcd(axis.stride, axis.input_dilation);
  std::uint64_t pairs = 0;
  for (unsigned tap = 0; tap < axis.taps; ++tap) {
    const std::int64_t offset = std::int64_t{tap} * axis.dilation;
    if (offset > end) break;
    std::int64_t first = offset >= begin ? 0 : (begin - offset + stride - 1) / stride;
    const std::int64_t last = std::min<std::int64_t>(axis.outputs - 1, (end - offset) / stride);
    const auto is_inserted = [&](std::int64_t output) {
      return (output * stride + offset - begin) % axis.input_dilation != 0;
    };
    const std::int64_t period_end = first + step;
    while (step > 1 && first < period_end && is_inserted(first)) ++first;
    const bool none = step > 1 ? first == period_end : is_inserted(first);
    if (!none && first <= last) pairs += static_cast<std::uint64_t>((last - first) / step + 1);
  }
  return pairs;
}

FilterSums sum_filters(const Mapping& mapping, unsigned filters, std::uint64_t psum_packet,
                       unsigned on_a_shelf) {
  FilterSums sums;
  const auto add = [&](unsigned size, std::uint64_t count) {
    sums.groups += count;
    sums.subgroups += count * ceil_div(size, mapping.p * mapping.t);
    sums.sets += count * ceil_div(size, mapping.p);
    const unsigned whole = mapping.p * mapping.t;
    sums.shelves += count * (size / whole * ceil_div(mapping.t, on_a_shelf) +
                             ceil_div(ceil_div(size % whole, mapping.p), on_a_shelf));
    sums.psum_packets += count * (size / mapping.p * ceil_div(mapping.p, psum_packet) +
                                  ceil_div(size % mapping.p, psum_packet));
  };
  const unsigned groups = filters / mapping.m;
  const unsigned rest = filters % mapping.m;
  add(mapping.m, groups);
  if (rest > 0) add(rest, 1);
  const std::uint64_t whole = std::uint64_t{groups} * (mapping.m / mapping.p) + rest / mapping.p;
  sums.sizes = {{{mapping.p, whole}, {mapping.m % mapping.p, groups}, {rest % mapping.p, 1}}};
  return sums;
}

ChannelSums sum_channels(const Mapping& mapping, unsigned channels) {
  return {ceil_div(channels, mapping.q * mapping.r),
          ceil_div(channels, mapping.q),
          {{{mapping.q, channels / mapping.q}, {channels % mapping.q, 1}}}};
}

void set(ActivityCounts& counts, std::uint64_t amount, std::initializer_list<Counter> counters) {
  for (const Counter counter : counters) counts.set(counter, amount);
}

}  // namespace

AxisSums sum_axis(const Axis& axis, unsigned outputs, unsigned taps, unsigned array_columns) {
  AxisSums sums;
  for (const Blocks& block : cut(axis.outputs, outputs)) {
    for (const Blocks& fold : cut(axis.taps, taps)) {
      const std::uint64_t count = block.count * fold.count;
      sums.blocks += count;
      sums.outputs += count * block.size;
      sums.taps += count * fold.size;
      sums.pe_rows += count * fold.size * ceil_div(block.size, array_columns);
      sums.used += count * positions_used(block.size, fold.size, axis.stride, axis.dilation);
      sums.held += count * (std::uint64_t{block.size - 1} * axis.stride +
                            std::uint64_t{fold.size - 1} * axis.dilation + 1);
    }
  }
  const std::uint64_t blocks = ceil_div(axis.outputs, outputs);
  sums.folds = {{{taps, blocks * (axis.taps / taps)}, {axis.taps % taps, blocks}}};
  return sums;
}

std::uint64_t expected_gated_macs(const workloads::ConvolutionShape& shape, unsigned batch,
                                  const spec::AcceleratorSpec& accelerator, double ifmap_zeros) {
  if (!accelerator.pe.zero_gating) return 0;
  const auto words =
      static_cast<double>(std::uint64_t{batch} * shape.filters * shape.channels_per_group() *
                          pairs_on_inputs(row_axis(shape)) * pairs_on_inputs(column_axis(shape)));
  return batch * shape.macs_per_image() -
         static_cast<std::uint64_t>(std::llround(words * (1 - ifmap_zeros)));
}

ArrayCounter::ArrayCounter(const workloads::ConvolutionShape& shape, unsigned batch,
                           const spec::AcceleratorSpec& accelerator, std::uint64_t gated)
    : groups_(shape.groups),
      filters_(shape.filters),
      ifmaps_(std::uint64_t{batch} * shape.channels),
      weights_(std::uint64_t{shape.filters} * shape.channels_per_group()),
      positions_(std::uint64_t{batch} * shape.out_height() * shape.out_width()),
      batch_(batch),
      row_pairs_(std::uint64_t{shape.out_height()} * shape.kernel_height),
      column_pairs_(std::uint64_t{shape.out_width()} * shape.kernel_width),
      filter_packet_(spec::filter_packet(accelerator).words.value()),
      psum_packet_(spec::psum_packet(accelerator).words.value()),
      array_rows_(accelerator.array.rows),
      array_columns_(accelerator.array.columns),
      reads_for_each_mac_(accelerator.pe.ifmap_spad_reads == spec::IfmapSpadReads::kPerMac),
      scan_chain_(accelerator.controller.scan_chain.value()),
      macs_(batch_ * weights_ * row_pairs_ * column_pairs_),
      gated_(gated) {}

std::uint64_t ArrayCounter::filter_packets(const LoopSums& loops) const {
  std::uint64_t packets = 0;
  for (const Blocks& columns : loops.columns.folds) {
    for (const Blocks& channels : loops.channels.sizes) {
      const std::uint64_t words = std::uint64_t{columns.size} * channels.size;
      if (words == 0) continue;
      for (const Blocks& filters : loops.filters.sizes) {
        if (filters.size == 0) continue;
        packets += columns.count * channels.count * filters.count *
                   ceil_div(words * filters.size, filter_packet_);
      }
    }
  }
  return packets * groups_ * loops.image_blocks * loops.rows.taps;
}

void ArrayCounter::count(const Mapping& mapping, const workloads::ConvolutionShape& shape,
                         const TileTraffic& traffic, ActivityCounts& counts) const {
  const AxisSums rows = sum_axis(row_axis(shape), mapping.e, mapping.filter_rows, array_columns_);
  const AxisSums columns =
      sum_axis(column_axis(shape), mapping.f, mapping.filter_columns, array_columns_);
  const FilterSums filters = sum_filters(mapping, shape.filters_per_group(), psum_packet_,
                                         sets_per_shelf(array_columns_, mapping.e));
  const ChannelSums channels = sum_channels(mapping, shape.channels_per_group());
  count(
      {ceil_div(groups_, mapping.g), ceil_div(batch_, mapping.n), rows, columns, filters, channels},
      traffic, counts);
}

void ArrayCounter::count(const LoopSums& loops, const TileTraffic& traffic,
                         ActivityCounts& counts) const {
  count_ifmaps(loops, counts);
  count_filters(loops, counts);
  count_psums(loops, counts);
  count_tiles(traffic, counts);
  set(counts,
      loops.group_blocks * loops.image_blocks * loops.rows.blocks * loops.columns.blocks *
          loops.channels.groups * loops.filters.subgroups,
      {Counter::kControllerPass});
  set(counts, scan_chain_, {Counter::kControllerConfigurationBit});
}

void ArrayCounter::count_ifmaps(const LoopSums& loops, ActivityCounts& counts) const {
  const AxisSums& rows = loops.rows;
  const AxisSums& columns = loops.columns;
  const FilterSums& filters = loops.filters;
  // A PE takes the words of a row: of all columns that its windows use, once for each window.
  const std::uint64_t rows_of_pes = ifmaps_ * row_pairs_ * filters.sets;
  const std::uint64_t reads = rows_of_pes * column_pairs_;
  set(counts, reads, {Counter::kIfmapSpadRead});
  set(counts, reads_for_each_mac_ ? macs_ - reads : 0, {Counter::kIfmapSpadReadRepeated});
  set(counts, rows_of_pes * columns.used,
      {Counter::kIfmapGinDelivery, Counter::kIfmapFifoPush, Counter::kIfmapFifoPop,
       Counter::kIfmapSpadWrite});
  const std::uint64_t sent = ifmaps_ * rows.used * columns.used * filters.subgroups;
  set(counts, sent, {Counter::kGlbIfmapRead, Counter::kIfmapGinPacket});
  // The PEs of a diagonal stand on rows of their own; sets of other filters on a shelf share them.
  const std::uint64_t on_rows = ifmaps_ * row_pairs_ * columns.used * filters.shelves;
  set(counts, sent * array_rows_ + on_rows * array_columns_, {Counter::kIfmapGinHop});
  set(counts, ifmaps_ * rows.held * columns.held * filters.groups, {Counter::kGlbIfmapWrite});
}

void ArrayCounter::count_filters(const LoopSums& loops, ActivityCounts& counts) const {
  const std::uint64_t rows = loops.image_blocks * weights_ * loops.columns.taps;
  set(counts, rows * loops.rows.taps, {Counter::kGlbFilterRead, Counter::kGlbFilterWrite});
  // To every column of a set, for one of which there is an ofmap row.
  set(counts, rows * row_pairs_,
      {Counter::kFilterGinDelivery, Counter::kFilterFifoPush, Counter::kFilterFifoPop,
       Counter::kFilterSpadWrite});
  set(counts, filter_packets(loops), {Counter::kFilterGinPacket});
  set(counts, rows * (loops.rows.taps * array_rows_ + loops.rows.pe_rows * array_columns_),
      {Counter::kFilterGinHop});
}

void ArrayCounter::count_psums(const LoopSums& loops, ActivityCounts& counts) const {
  const std::uint64_t windows = batch_ * loops.columns.outputs;
  const std::uint64_t positions = windows * loops.rows.outputs * loops.channels.groups;
  const std::uint64_t ofmap = filters_ * positions_;
  // Psums leave a chain at its top; the first pass over them reads none.
  const std::uint64_t psums = filters_ * positions;
  set(counts, psums, {Counter::kGonWord, Counter::kGlbPsumWrite});
  set(counts, psums - ofmap, {Counter::kPsumGinDelivery, Counter::kGlbPsumRead});
  set(counts, psums * (array_rows_ + array_columns_), {Counter::kGonHop});
  set(counts, (psums - ofmap) * (array_rows_ + array_columns_), {Counter::kPsumGinHop});
  const std::uint64_t packets = groups_ * loops.filters.psum_packets;
  set(counts, packets * positions, {Counter::kGonPacket});
  set(counts, packets * (positions - positions_), {Counter::kPsumGinPacket});
  // One accumulation in each PE of a chain; from all but the top one psums go to the PE above.
  const std::uint64_t accumulations = windows * row_pairs_ * filters_ * loops.channels.sets;
  set(counts, accumulations,
      {Counter::kAdderAccumulate, Counter::kPsumOutFifoPush, Counter::kPsumOutFifoPop});
  set(counts, accumulations - psums, {Counter::kLocalNetworkWord});
  set(counts, accumulations - ofmap, {Counter::kPsumInFifoPush, Counter::kPsumInFifoPop});

  const std::uint64_t computed = macs_ - gated_;
  set(counts, computed, {Counter::kMacCompute, Counter::kFilterSpadRead});
  set(counts, gated_, {Counter::kMacGated});
  set(counts, computed + accumulations, {Counter::kPsumSpadRead, Counter::kPsumSpadWrite});
  set(counts, ofmap, {Counter::kGlbOfmapRead, Counter::kPostProcessingWord});
}

void ArrayCounter::count_tiles(const TileTraffic& traffic, ActivityCounts& counts) {
  set(counts, traffic.resident_reads, {Counter::kGlbResidentRead});
  set(counts, traffic.resident_writes, {Counter::kGlbResidentWrite});
  set(counts, traffic.decoded, {Counter::kRlcDecode});
  set(counts, traffic.encoded, {Counter::kRlcEncode});
  set(counts, traffic.ifmap_bytes, {Counter::kDramIfmapRead});
  set(counts, traffic.filter_bytes, {Counter::kDramFilterRead});
  set(counts, traffic.ofmap_bytes, {Counter::kDramOfmapWrite});
  set(counts, traffic.bursts, {Counter::kDramBurst});
}

}  // namespace rowan::analytical
