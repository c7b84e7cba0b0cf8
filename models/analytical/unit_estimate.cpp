// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/unit_estimate.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "models/analytical/coded_fmaps.h"
#include "models/analytical/dram_link.h"
#include "models/analytical/tile_traffic.h"
#include "models/analytical/unit_tiles.h"
#include "models/analytical/unit_time.h"
#include "models/arithmetic/pe_type.h"
#include "models/spec/derived.h"

namespace rowan::analytical {
namespace {

using dataflow::FmapPlace;
using dataflow::post_processing::LayerPlan;

/// Tiles of a sequence that are timed one by one.
constexpr std::uint64_t kMostTimedTiles = 16;

std::uint64_t packed(std::uint64_t words, unsigned bits) { return ceil_div(words * bits, 64) * 8; }

std::uint64_t rounded(double value) { return static_cast<std::uint64_t>(std::llround(value)); }

class UnitEstimate {
 public:
  UnitEstimate(const LayerPlan& plan, const FmapAssumptions& fmaps)
      : layer_(plan),
        accelerator_(plan.accelerator()),
        fmaps_(fmaps),
        activation_bits_(arithmetic::pe_type(accelerator_.pe.type).activation_bits),
        weight_bits_(arithmetic::pe_type(accelerator_.pe.type).weight_bits),
        coded_ifmap_(accelerator_.dram.rlc && !fmaps.network_input &&
                     fmaps.places.ifmap == FmapPlace::kDram),
        coded_ofmap_(accelerator_.dram.rlc && fmaps.places.ofmap == FmapPlace::kDram),
        timer_(accelerator_, fmaps.places) {}

  [[nodiscard]] Estimate expected() {
    ExpectedTraffic traffic(accelerator_, fmaps_);
    const std::vector<UnitTiles> tiles = layer_.tiles();
    for (const auto& [tile, count] : tiles) {
      add(tile, count);
      traffic.add_ifmap(count, tile.ifmap_words(), load_bytes(tile));
      traffic.add_ofmap(count, tile.results(), store_bytes(tile));
      traffic.add_filters(count, packed_tile_bytes(tile.parameters, weight_bits_));
    }
    return finish(traffic.sum(), expected_total(tiles));
  }

  [[nodiscard]] Estimate exact(const UnitFmapBytes& bytes) {
    const std::uint64_t count = layer_.tile_count();
    if (bytes.ifmap.size() != count || bytes.ofmap.size() != count) {
      throw std::invalid_argument("the bytes of fmaps are not of as many tiles as the layer has");
    }
    const std::vector<UnitTile> image = layer_.image();
    std::vector<TimedTile> tiles;
    tiles.reserve(count);
    TileTraffic traffic;
    for (std::uint64_t i = 0; i < count; ++i) {
      const UnitTile& tile = image[i % image.size()];
      add(tile, 1);
      tiles.push_back(timed(tile, bytes.ifmap[i], bytes.ofmap[i]));
      add_bytes(tile, tiles.back(), traffic);
    }
    if (coded_ifmap_) traffic.decoded = traffic.ifmap_bytes / 8;
    if (coded_ofmap_) traffic.encoded = traffic.ofmap_bytes / 8;
    return finish(traffic, timer_.total(tiles, 1));
  }

 private:
  void add(const UnitTile& tile, std::uint64_t count) {
    tiles_ += count;
    taken_ += count * tile.taken;
    loaded_ += count * tile.ifmap_words();
    results_ += count * tile.results();
    parameters_ += count * tile.parameters;
    computing_ += count * cycles_of(tile);
  }

  void add_bytes(const UnitTile& tile, const TimedTile& moved, TileTraffic& traffic) const {
    const auto bursts = [&](std::uint64_t bytes) {
      return ceil_div(bytes, accelerator_.dram.burst.value());
    };
    if (fmaps_.places.ifmap == FmapPlace::kResident) {
      traffic.resident_reads += tile.ifmap_words();
    } else {
      traffic.ifmap_bytes += moved.load_bytes;
      traffic.bursts += bursts(moved.load_bytes);
    }
    if (fmaps_.places.ofmap == FmapPlace::kResident) {
      traffic.resident_writes += tile.results();
    } else {
      traffic.ofmap_bytes += moved.store_bytes;
      traffic.bursts += bursts(moved.store_bytes);
    }
    traffic.filter_bytes += moved.parameter_bytes;
    traffic.bursts += bursts(moved.parameter_bytes);
  }

  [[nodiscard]] std::uint64_t cycles_of(const UnitTile& tile) const {
    return ceil_div(tile.taken + tile.parameters, accelerator_.post_processing.lanes);
  }

  [[nodiscard]] double load_bytes(const UnitTile& tile) const {
    return coded_ifmap_ ? coded_tile_bytes(tile.frames, tile.frame_words, activation_bits_,
                                           fmaps_.ifmap_zeros)
                        : packed_tile_bytes(tile.ifmap_words(), activation_bits_);
  }
  [[nodiscard]] double store_bytes(const UnitTile& tile) const {
    return coded_ofmap_ ? coded_tile_bytes(tile.planes, tile.plane_words, activation_bits_,
                                           fmaps_.ofmap_zeros)
                        : packed_tile_bytes(tile.results(), activation_bits_);
  }

  [[nodiscard]] TimedTile timed(const UnitTile& tile, std::uint64_t load,
                                std::uint64_t store) const {
    TimedTile timed;
    timed.cycles = cycles_of(tile);
    timed.parameters = tile.parameters;
    timed.parameter_bytes = packed(tile.parameters, weight_bits_);
    timed.load_bytes = load;
    timed.store_bytes = store;
    timed.results = tile.results();
    timed.coded_results = coded_ofmap_;
    return timed;
  }
  /// Coded tiles are of whole code words.
  [[nodiscard]] TimedTile timed(const UnitTile& tile) const {
    return timed(tile, 8 * rounded(load_bytes(tile) / 8), 8 * rounded(store_bytes(tile) / 8));
  }

  [[nodiscard]] std::uint64_t expected_total(const std::vector<UnitTiles>& tiles) {
    const auto [sequence, repeats] = layer_.pattern(kMostTimedTiles);
    if (!sequence.empty()) {
      std::vector<TimedTile> timed_tiles;
      timed_tiles.reserve(sequence.size());
      for (const UnitTile& tile : sequence) timed_tiles.push_back(timed(tile));
      return timer_.total(timed_tiles, repeats);
    }
    // Long sequences: the most frequent tile as if there were no other, the rest at their pace.
    const auto most =
        std::max_element(tiles.begin(), tiles.end(),
                         [](const UnitTiles& a, const UnitTiles& b) { return a.count < b.count; });
    double total = static_cast<double>(timer_.total({timed(most->tile)}, most->count));
    for (auto other = tiles.begin(); other != tiles.end(); ++other) {
      if (other == most) continue;
      total += static_cast<double>(other->count) * timer_.pace(timed(other->tile));
    }
    return rounded(total);
  }

  [[nodiscard]] Estimate finish(const TileTraffic& traffic, std::uint64_t total) const {
    const spec::ControllerSpec& controller = accelerator_.controller;
    const std::uint64_t configuration = spec::configuration_cycles(controller).value();
    Estimate estimate;
    estimate.passes = tiles_;
    Bounds& bounds = estimate.bounds;
    bounds.post_processing = Cycles(computing_);
    bounds.ramp = controller.pass_setup * (tiles_ - 1);
    estimate.processing = bounds.post_processing + bounds.ramp;
    estimate.total = Cycles(total);
    const Cycles at_least = estimate.processing + Cycles(configuration);
    if (estimate.total > at_least) bounds.dram = estimate.total - at_least;
    estimate.binding = Bound::kPostProcessing;
    if (bounds.ramp > bounds.post_processing) estimate.binding = Bound::kRamp;
    if (bounds.dram > std::max(bounds.ramp, bounds.post_processing)) {
      estimate.binding = Bound::kDram;
    }
    count(traffic, estimate.counts);
    return estimate;
  }

  void count(const TileTraffic& traffic, ActivityCounts& counts) const {
    counts.add(Counter::kPostProcessingOperation, taken_ + parameters_);
    counts.add(Counter::kGlbIfmapRead, taken_);
    counts.add(Counter::kGlbIfmapWrite, loaded_);
    counts.add(Counter::kGlbFilterRead, parameters_);
    counts.add(Counter::kGlbFilterWrite, parameters_);
    counts.add(Counter::kGlbPsumWrite, results_);
    counts.add(Counter::kGlbOfmapRead, results_);
    counts.add(Counter::kPostProcessingWord, results_);
    counts.add(Counter::kGlbResidentRead, traffic.resident_reads);
    counts.add(Counter::kGlbResidentWrite, traffic.resident_writes);
    counts.add(Counter::kRlcDecode, traffic.decoded);
    counts.add(Counter::kRlcEncode, traffic.encoded);
    counts.add(Counter::kDramIfmapRead, traffic.ifmap_bytes);
    counts.add(Counter::kDramFilterRead, traffic.filter_bytes);
    counts.add(Counter::kDramOfmapWrite, traffic.ofmap_bytes);
    counts.add(Counter::kDramBurst, traffic.bursts);
    counts.add(Counter::kControllerPass, tiles_);
    counts.add(Counter::kControllerConfigurationBit, accelerator_.controller.scan_chain.value());
  }

  UnitLayer layer_;
  const spec::AcceleratorSpec& accelerator_;
  const FmapAssumptions& fmaps_;
  unsigned activation_bits_;
  unsigned weight_bits_;
  bool coded_ifmap_;
  bool coded_ofmap_;
  UnitTimer timer_;

  std::uint64_t tiles_ = 0;
  std::uint64_t taken_ = 0;  ///< words, here and below
  std::uint64_t loaded_ = 0;
  std::uint64_t results_ = 0;
  std::uint64_t parameters_ = 0;
  std::uint64_t computing_ = 0;  ///< cycles
};

using dataflow::post_processing::Block;

/// Code words of the frames of a part of some planes of an image.
std::uint64_t code_words_of(const workloads::Tensor& fmap, unsigned image, Block planes, Block rows,
                            Block columns, unsigned word_bits) {
  std::uint64_t sum = 0;
  for (unsigned c = planes.begin; c < planes.begin + planes.size; ++c) {
    const std::size_t row_words = fmap.extents()[3];
    const arithmetic::Word* first = fmap.plane(image, c) + rows.begin * row_words + columns.begin;
    sum += analytical::code_words({first, rows.size, columns.size, row_words}, word_bits);
  }
  return sum;
}

}  // namespace

Estimate estimate(const LayerPlan& plan, const FmapAssumptions& fmaps) {
  return UnitEstimate(plan, fmaps).expected();
}

Estimate estimate(const LayerPlan& plan, const FmapAssumptions& fmaps, const UnitFmapBytes& bytes) {
  return UnitEstimate(plan, fmaps).exact(bytes);
}

UnitFmapBytes unit_fmap_bytes(const LayerPlan& plan, const std::vector<workloads::Tensor>& operands,
                              const workloads::Tensor& ofmap, const FmapAssumptions& fmaps) {
  const spec::AcceleratorSpec& accelerator = plan.accelerator();
  const unsigned bits = arithmetic::pe_type(accelerator.pe.type).activation_bits;
  const bool rlc = accelerator.dram.rlc;
  const bool coded_ifmap = rlc && !fmaps.network_input && fmaps.places.ifmap == FmapPlace::kDram;
  const bool coded_ofmap = rlc && fmaps.places.ofmap == FmapPlace::kDram;
  UnitFmapBytes bytes;
  for (std::size_t i = 0; i < plan.tile_count(); ++i) {
    const dataflow::post_processing::Tile tile = plan.tile(i);
    std::uint64_t ifmap = 0;
    std::uint64_t words = 0;
    for (std::size_t k = 0; k < operands.size(); ++k) {
      const Block planes = k == 0 ? tile.channels : tile.second_channels;
      words += std::uint64_t{planes.size} * tile.ifmap_rows.size * tile.ifmap_columns.size;
      if (!coded_ifmap) continue;
      ifmap += 8 * code_words_of(operands[k], tile.image, planes, tile.ifmap_rows,
                                 tile.ifmap_columns, bits);
    }
    bytes.ifmap.push_back(coded_ifmap ? ifmap : packed(words, bits));
    bytes.ofmap.push_back(
        coded_ofmap
            ? 8 * code_words_of(ofmap, tile.image, tile.channels, tile.rows, tile.columns, bits)
            : packed(std::uint64_t{tile.channels.size} * tile.rows.size * tile.columns.size, bits));
  }
  return bytes;
}

}  // namespace rowan::analytical
