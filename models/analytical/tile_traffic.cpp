// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/tile_traffic.h"

#include <algorithm>
#include <cmath>

namespace rowan::analytical {
namespace {

using dataflow::FmapPlace;

std::uint64_t rounded(double value) { return static_cast<std::uint64_t>(std::llround(value)); }

/// Whether the length of a frame is known where it has that share of zeros.
bool is_certain(double zeros) { return zeros <= 0 || zeros >= 1; }

}  // namespace

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
  bursts_ += count * (stream.certain ? std::ceil(bytes / burst_)
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
  bursts_ += static_cast<double>(blocks) * std::ceil(bytes / burst_);
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
