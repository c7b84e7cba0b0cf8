// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/array_counts.h"

#include <algorithm>
#include <cmath>
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

FilterSums sum_filters(const Mapping& mapping, unsigned filters, std::uint64_t psum_packet) {
  FilterSums sums;
  const auto add = [&](unsigned size, std::uint64_t count) {
    sums.groups += count;
    sums.subgroups += count * ceil_div(size, mapping.p * mapping.t);
    sums.sets += count * ceil_div(size, mapping.p);
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

}  // namespace

AxisSums sum_axis(const Axis& axis, unsigned outputs, unsigned taps) {
  AxisSums sums;
  for (const Blocks& block : cut(axis.outputs, outputs)) {
    for (const Blocks& fold : cut(axis.taps, taps)) {
      const std::uint64_t count = block.count * fold.count;
      sums.blocks += count;
      sums.outputs += count * block.size;
      sums.taps += count * fold.size;
      sums.used += count * positions_used(block.size, fold.size, axis.stride, axis.dilation);
      sums.held += count * (std::uint64_t{block.size - 1} * axis.stride +
                            std::uint64_t{fold.size - 1} * axis.dilation + 1);
    }
  }
  const std::uint64_t blocks = ceil_div(axis.outputs, outputs);
  sums.folds = {{{taps, blocks * (axis.taps / taps)}, {axis.taps % taps, blocks}}};
  return sums;
}

std::uint64_t macs_on_ifmap_words(const workloads::ConvolutionShape& shape) {
  return std::uint64_t{shape.filters} * shape.channels_per_group() *
         pairs_on_inputs(row_axis(shape)) * pairs_on_inputs(column_axis(shape));
}

ArrayCounter::ArrayCounter(const workloads::ConvolutionShape& shape, unsigned batch,
                           const spec::AcceleratorSpec& accelerator, double ifmap_zeros)
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
      scan_chain_(accelerator.controller.scan_chain.value()),
      macs_(batch_ * weights_ * row_pairs_ * column_pairs_),
      gated_(0) {
  if (!accelerator.pe.zero_gating) return;
  const auto on_words = static_cast<double>(batch_ * macs_on_ifmap_words(shape));
  gated_ = macs_ - static_cast<std::uint64_t>(std::llround(on_words * (1 - ifmap_zeros)));
}

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
  const AxisSums rows = sum_axis(row_axis(shape), mapping.e, mapping.filter_rows);
  const AxisSums columns = sum_axis(column_axis(shape), mapping.f, mapping.filter_columns);
  const FilterSums filters = sum_filters(mapping, shape.filters_per_group(), psum_packet_);
  const ChannelSums channels = sum_channels(mapping, shape.channels_per_group());
  count(
      {ceil_div(groups_, mapping.g), ceil_div(batch_, mapping.n), rows, columns, filters, channels},
      traffic, counts);
}

void ArrayCounter::count(const LoopSums& loops, const TileTraffic& traffic,
                         ActivityCounts& counts) const {
  const AxisSums& rows = loops.rows;
  const AxisSums& columns = loops.columns;
  const FilterSums& filters = loops.filters;
  const std::uint64_t windows = batch_ * columns.outputs;
  const std::uint64_t ofmap = filters_ * positions_;
  const std::uint64_t psums = windows * rows.outputs * filters_ * loops.channels.groups;
  const std::uint64_t accumulations = windows * row_pairs_ * filters_ * loops.channels.sets;
  const std::uint64_t on_links = accumulations - psums;
  const std::uint64_t psum_packets =
      windows * rows.outputs * loops.channels.groups * groups_ * filters.psum_packets;
  const std::uint64_t first_packets = positions_ * groups_ * filters.psum_packets;
  const std::uint64_t sent = ifmaps_ * rows.used * columns.used * filters.subgroups;
  const std::uint64_t ifmap_deliveries = ifmaps_ * columns.used * row_pairs_ * filters.sets;
  const std::uint64_t window_words = ifmaps_ * column_pairs_ * row_pairs_ * filters.sets;
  const std::uint64_t filter_rows = loops.image_blocks * weights_ * columns.taps;
  const std::uint64_t filter_words = filter_rows * rows.taps;
  const std::uint64_t filter_deliveries = filter_rows * row_pairs_;
  const std::uint64_t passes = loops.group_blocks * loops.image_blocks * rows.blocks *
                               columns.blocks * loops.channels.groups * filters.subgroups;

  const auto set = [&](std::uint64_t amount, std::initializer_list<Counter> counters) {
    for (const Counter counter : counters) counts.set(counter, amount);
  };
  const std::uint64_t computed = macs_ - gated_;
  set(computed, {Counter::kMacCompute, Counter::kFilterSpadRead});
  set(gated_, {Counter::kMacGated});
  set(accumulations,
      {Counter::kAdderAccumulate, Counter::kPsumOutFifoPush, Counter::kPsumOutFifoPop});
  set(computed + accumulations, {Counter::kPsumSpadRead, Counter::kPsumSpadWrite});
  set(window_words, {Counter::kIfmapSpadRead});
  set(ifmap_deliveries, {Counter::kIfmapSpadWrite, Counter::kIfmapFifoPush, Counter::kIfmapFifoPop,
                         Counter::kIfmapGinDelivery});
  set(filter_deliveries, {Counter::kFilterSpadWrite, Counter::kFilterFifoPush,
                          Counter::kFilterFifoPop, Counter::kFilterGinDelivery});
  set(on_links + psums - ofmap, {Counter::kPsumInFifoPush, Counter::kPsumInFifoPop});
  set(on_links, {Counter::kLocalNetworkWord});
  set(sent, {Counter::kIfmapGinPacket, Counter::kGlbIfmapRead});
  set(filter_packets(loops), {Counter::kFilterGinPacket});
  set(psum_packets - first_packets, {Counter::kPsumGinPacket});
  set(psums - ofmap, {Counter::kPsumGinDelivery, Counter::kGlbPsumRead});
  set(psum_packets, {Counter::kGonPacket});
  set(psums, {Counter::kGonWord, Counter::kGlbPsumWrite});
  set(ifmaps_ * rows.held * columns.held * filters.groups, {Counter::kGlbIfmapWrite});
  set(filter_words, {Counter::kGlbFilterRead, Counter::kGlbFilterWrite});
  set(ofmap, {Counter::kGlbOfmapRead, Counter::kPostProcessingWord});
  set(traffic.resident_reads, {Counter::kGlbResidentRead});
  set(traffic.resident_writes, {Counter::kGlbResidentWrite});
  set(traffic.decoded, {Counter::kRlcDecode});
  set(traffic.encoded, {Counter::kRlcEncode});
  set(traffic.ifmap_bytes, {Counter::kDramIfmapRead});
  set(traffic.filter_bytes, {Counter::kDramFilterRead});
  set(traffic.ofmap_bytes, {Counter::kDramOfmapWrite});
  set(traffic.bursts, {Counter::kDramBurst});
  set(passes, {Counter::kControllerPass});
  set(scan_chain_, {Counter::kControllerConfigurationBit});
}

}  // namespace rowan::analytical
