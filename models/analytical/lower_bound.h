// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "models/analytical/array_counts.h"
#include "models/analytical/dram_link.h"
#include "models/analytical/estimate.h"
#include "models/analytical/loop_blocks.h"

namespace rowan::analytical {

/// The least that an estimate of a layer can be, about ten times as fast: a search leaves out what
/// costs more than a mapping it has.
///
/// Sums over the blocks of a loop are taken loop by loop and multiplied, so nothing is said of a
/// single pass; what depends on one (hazards, late words, FIFOs that run full) is left out.
class LowerBound {
 public:
  /// The arguments outlive it. It remembers sums: a copy would point into another's.
  LowerBound(const workloads::ConvolutionShape& shape, unsigned batch,
             const spec::AcceleratorSpec& accelerator, const FmapAssumptions& fmaps);
  LowerBound(const LowerBound&) = delete;
  LowerBound& operator=(const LowerBound&) = delete;

  /// `mapping` is as clip() leaves it, and need not be legal. Passes, MACs and counts are those of
  /// estimate(); cycles, and what moves over the link to DRAM and through its codec, are at most as
  /// many. There are no bounds (all 0). The next call changes what is
  /// returned.
  [[nodiscard]] const Estimate& operator()(const dataflow::row_stationary::Mapping& mapping);

 private:
  /// The blocks of an axis and the folds of the filter along it.
  struct AxisTiles {
    AxisSums sums;
    unsigned sets_per_shelf = 1;
    std::uint64_t first_blocks = 0;  ///< of the first fold
    /// Different numbers of loaded rows, and of ofmap rows in the first fold, with their counts.
    std::vector<std::pair<std::uint64_t, std::uint64_t>> loaded;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> first_outputs;
    std::uint64_t number = 0;  ///< different for others of the axis
  };
  /// Remembers the sums of an axis.
  class AxisMemory {
   public:
    AxisMemory(const Axis& axis, unsigned array_columns)
        : axis_(axis), array_columns_(array_columns) {}
    [[nodiscard]] const AxisTiles& of(unsigned outputs, unsigned taps);

   private:
    Axis axis_;
    unsigned array_columns_;
    std::unordered_map<std::uint64_t, AxisTiles> tiles_;
    const AxisTiles* last_ = nullptr;
    std::uint64_t last_key_ = 0;
  };

  /// Sums over all tiles of one plane.
  struct PlaneSums {
    double ifmap_bytes = 0;
    double ofmap_bytes = 0;
    std::uint64_t ifmap_words = 0;
    std::uint64_t loads = 0;  ///< tiles that have a word
  };

  /// Sums over the subgroups of all filter groups.
  struct FilterTimes {
    FilterSums sums;
    std::uint64_t largest_sets = 0;  ///< filters of the largest set
    std::uint64_t rounds = 0;        ///< cycles of a round of MACs
    std::uint64_t last_sets = 0;     ///< sets with as many psum packets as the largest
  };
  /// Sums over the channel groups.
  struct ChannelTimes {
    ChannelSums sums;
    std::uint64_t largest_sets = 0;  ///< channels of the largest set
  };
  /// What all mappings have in common.
  struct Machine {
    Machine(const spec::AcceleratorSpec& accelerator, const FmapAssumptions& fmaps);
    std::uint64_t filter_packet;  ///< words
    std::uint64_t filter_interval;
    std::uint64_t filter_latency;
    std::uint64_t filters_ahead;  ///< packets of a row that its FIFO holds
    std::uint64_t ifmap_interval;
    unsigned psum_packet;  ///< words
    std::uint64_t psum_interval;
    std::uint64_t gon_latency;
    std::uint64_t link_interval;
    std::uint64_t pipeline;
    std::uint64_t accumulate_latency;
    std::uint64_t setup;
    std::uint64_t configuration;
    std::uint64_t lanes;
    unsigned activation_bits;
    unsigned weight_bits;
    double burst_bytes;
    double ring_bytes;
    bool drain;
    bool twice;
    bool coded_ifmap;
    bool coded_ofmap;
    bool resident_ifmap;
    bool resident_ofmap;
    double bursts_per_byte;
  };
  /// Cycles summed over the passes, and what goes over the link.
  struct Sums {
    std::uint64_t passes = 0;
    std::uint64_t filter_words = 0;  ///< of the fullest PEs
    std::uint64_t filter_bus = 0;
    std::uint64_t filter_round = 0;  ///< of these, a packet of each filter row
    std::uint64_t mac = 0;
    std::uint64_t psum_bus = 0;   ///< but for a window of each pass
    std::uint64_t ifmap_bus = 0;  ///< but for the last channel of the last column
    std::uint64_t ramp = 0;
    bool all_load = false;  ///< every ifmap tile has a word
    std::uint64_t loads = 0;
    std::uint64_t stores = 0;
    std::uint64_t ofmap_words = 0;
    double ifmap_bytes = 0;
    double filter_bytes = 0;
    double ofmap_bytes = 0;
  };

  [[nodiscard]] const PlaneSums& planes_of(const AxisTiles& rows, const AxisTiles& columns);
  [[nodiscard]] FilterTimes filter_times(const dataflow::row_stationary::Mapping& mapping,
                                         unsigned on_a_shelf) const;
  [[nodiscard]] ChannelTimes channel_times(const dataflow::row_stationary::Mapping& mapping) const;
  [[nodiscard]] TileTraffic traffic(const Sums& sums, std::uint64_t loaded_words) const;
  [[nodiscard]] double processing(const Sums& sums) const;
  [[nodiscard]] double total(Sums sums, double processing) const;
  [[nodiscard]] static double least_fmap_bytes(const Sums& sums);
  [[nodiscard]] double between_passes(const Sums& sums) const;
  [[nodiscard]] double total_of_sums(const Sums& sums, double processing) const;

  const workloads::ConvolutionShape& shape_;
  unsigned batch_;
  FmapAssumptions fmaps_;
  Machine machine_;
  ArrayCounter counter_;
  DramLink link_;
  // Of the shape; each costs a division.
  unsigned filters_;   ///< of a group
  unsigned channels_;  ///< of a group
  std::uint64_t out_width_;
  std::uint64_t ofmap_words_;
  std::uint64_t macs_;
  double shortest_transfer_;
  AxisMemory rows_;
  AxisMemory columns_;
  std::unordered_map<std::uint64_t, PlaneSums> planes_;
  Estimate least_;
  const PlaneSums* last_planes_ = nullptr;
  std::uint64_t last_planes_key_ = 0;
};

}  // namespace rowan::analytical
