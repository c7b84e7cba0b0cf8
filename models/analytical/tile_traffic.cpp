// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/tile_traffic.h"

#include <algorithm>
#include <cmath>

#include "models/analytical/loop_blocks.h"
#include "models/arithmetic/pe_type.h"
#include "models/base/units.h"

namespace rowan::analytical {
namespace {

using dataflow::FmapPlace;

std::uint64_t rounded(double value) { return static_cast<std::uint64_t>(std::llround(value)); }

/// As std::ceil(), without a call.
double whole_bursts(double bytes, double burst) {
  const double bursts = bytes / burst;
  const auto whole = static_cast<double>(static_cast<std::int64_t>(bursts));
  return whole < bursts ? whole + 1 : whole;
}

/// Whether the length of a frame is known where it has that share of zeros.
bool is_certain(double zeros) { return zeros <= 0 || zeros >= 1; }

}  // namespace

TileTraffic filter_traffic(const dataflow::row_stationary::Mapping& mapping,
                           const workloads::ConvolutionShape& shape, unsigned batch,
                           const spec::AcceleratorSpec& accelerator) {
  const unsigned bits = arithmetic::pe_type(accelerator.pe.type).weight_bits;
  TileTraffic traffic;
  const auto add = [&](std::uint64_t words, std::uint64_t blocks) {
    const std::uint64_t bytes = ceil_div(words * bits, 64) * 8;
    traffic.filter_bytes += blocks * bytes;
    traffic.bursts += blocks * ceil_div(bytes, accelerator.dram.burst.value());
  };
  const std::uint64_t tiles = ceil_div(batch, mapping.n) * ceil_div(shape.out_height(), mapping.e) *
                              ceil_div(shape.out_width(), mapping.f);
  const auto groups = cut(shape.groups, mapping.g);
  const auto channels = cut(shape.channels_per_group(), mapping.q * mapping.r);
  const auto rows = cut(shape.kernel_height, mapping.filter_rows);
  const auto columns = cut(shape.kernel_width, mapping.filter_columns);
  for (const FilterGroups& filters :
       cut_filters(shape.filters_per_group(), mapping.m, mapping.p * mapping.t)) {
    for (const Blocks& subgroup : filters.subgroups) {
      for (const Blocks& group : groups) {
        for (const Blocks& channel : channels) {
          for (const Blocks& row : rows) {
            for (const Blocks& column : columns) {
              add(std::uint64_t{group.size} * subgroup.size * channel.size * row.size * column.size,
                  tiles * filters.count * subgroup.count * group.count * channel.count * row.count *
                      column.count);
            }
          }
        }
      }
    }
  }
  return traffic;
}

ExpectedTraffic::ExpectedTraffic(const spec::AcceleratorSpec& accelerator,
                                 const FmapAssumptions& fmaps)
    : burst_(static_cast<double>(accelerator.dram.burst.value())) {
  ifmap_.resident = fmaps.places.ifmap == FmapPlace::kResident;
  ifmap_.coded = accelerator.dram.rlc && !fmaps.network_input && !ifmap_.resident;
  ifmap_.certain = !ifmap_.coded || is_certain(fmaps.ifmap_zeros);
  ofmap_.resident = fmaps.places.ofmap == FmapPlace::kResident;
  ofmap_.coded = accelerator.dram.rlc && !ofmap_.resident;
  ofmap_.certain = !ofmap_.coded || is_certain(fmaps.ofmap_zeros);
}

void ExpectedTraffic::add(Stream& stream, std::uint64_t tiles, std::uint64_t words, double bytes) {
  if (stream.resident) {
    stream.words += tiles * words;
    return;
  }
  if (words == 0) return;
  const auto count = static_cast<double>(tiles);
  stream.bytes += count * bytes;
  // Of uncertain bytes the last burst has any number of code words.
  bursts_ += count * (stream.certain ? whole_bursts(bytes, burst_)
                                     : std::max(1.0, bytes / burst_ + (1 - 8 / burst_) / 2));
}

void ExpectedTraffic::add_ifmap(std::uint64_t tiles, std::uint64_t words, double bytes) {
  add(ifmap_, tiles, words, bytes);
}

void ExpectedTraffic::add_ofmap(std::uint64_t tiles, std::uint64_t words, double bytes) {
  add(ofmap_, tiles, words, bytes);
}

void ExpectedTraffic::add_filters(std::uint64_t blocks, double bytes) {
  filter_bytes_ += static_cast<double>(blocks) * bytes;
  bursts_ += static_cast<double>(blocks) * whole_bursts(bytes, burst_);
}

TileTraffic ExpectedTraffic::sum() const {
  TileTraffic traffic;
  traffic.ifmap_bytes = rounded(ifmap_.bytes);
  traffic.filter_bytes = rounded(filter_bytes_);
  traffic.ofmap_bytes = rounded(ofmap_.bytes);
  traffic.bursts = rounded(bursts_);
  traffic.decoded = ifmap_.coded ? rounded(ifmap_.bytes / 8) : 0;
  traffic.encoded = ofmap_.coded ? rounded(ofmap_.bytes / 8) : 0;
  traffic.resident_reads = ifmap_.words;
  traffic.resident_writes = ofmap_.words;
  return traffic;
}

}  // namespace rowan::analytical
