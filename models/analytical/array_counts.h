// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "models/analytical/loop_blocks.h"
#include "models/analytical/tile_traffic.h"
#include "models/base/activity.h"
#include "models/dataflow/row_stationary/mapping.h"
#include "models/spec/accelerator_spec.h"
#include "workloads/layer.h"

namespace rowan::analytical {

/// Sums over the blocks of an axis, under all folds of the filter along it.
struct AxisSums {
  std::uint64_t blocks = 0;   ///< of all folds
  std::uint64_t outputs = 0;  ///< ofmap rows
  std::uint64_t taps = 0;     ///< filter rows
  std::uint64_t used = 0;     ///< rows of an ifmap tile that are sent
  std::uint64_t held = 0;     ///< rows of an ifmap tile
  /// PE rows on which a filter row stands: one of each segment of a set that is wider than the
  /// array.
  std::uint64_t pe_rows = 0;
  std::array<Blocks, 2> folds{};  ///< filter rows of a block, with its count; the last ones fewer
};
[[nodiscard]] AxisSums sum_axis(const Axis& axis, unsigned outputs, unsigned taps,
                                unsigned array_columns);

/// PE sets that stand side by side in the array.
[[nodiscard]] constexpr unsigned sets_per_shelf(unsigned array_columns, unsigned ofmap_rows) {
  return array_columns > ofmap_rows ? array_columns / ofmap_rows : 1;
}

/// Sums over the subgroups of all filter groups.
struct FilterSums {
  std::uint64_t groups = 0;
  std::uint64_t subgroups = 0;
  std::uint64_t sets = 0;
  std::uint64_t shelves = 0;       ///< on which the sets of a group stand
  std::uint64_t psum_packets = 0;  ///< of a position
  /// Filters of a set; fewer in the last sets of the filter groups, and of the last filter group.
  std::array<Blocks, 3> sizes{};
};

/// Sums over the channel groups.
struct ChannelSums {
  std::uint64_t groups = 0;
  std::uint64_t sets = 0;
  std::array<Blocks, 2> sizes{};  ///< channels of a set; fewer in the last one
};

/// Sums over the blocks of each loop of a layer.
struct LoopSums {
  std::uint64_t group_blocks = 0;
  std::uint64_t image_blocks = 0;
  const AxisSums& rows;
  const AxisSums& columns;
  const FilterSums& filters;
  const ChannelSums& channels;
};

/// MACs that zero gating suppresses when a share of the ifmap's words is zero; those on padding and
/// on inserted zeros always.
[[nodiscard]] std::uint64_t expected_gated_macs(const workloads::ConvolutionShape& shape,
                                                unsigned batch,
                                                const spec::AcceleratorSpec& accelerator,
                                                double ifmap_zeros);

/// Counts the accesses that a layer of the array makes. No pass is enumerated: a count is a product
/// of sums over the blocks of each loop (docs/machine.md, sections 2 and 7).
class ArrayCounter {
 public:
  /// `gated`: MACs that are suppressed.
  ArrayCounter(const workloads::ConvolutionShape& shape, unsigned batch,
               const spec::AcceleratorSpec& accelerator, std::uint64_t gated);

  /// Sets every counter of an access; none of time (`blocked`, `bank_conflict`).
  void count(const LoopSums& loops, const TileTraffic& traffic, ActivityCounts& counts) const;
  /// `mapping` is clipped.
  void count(const dataflow::row_stationary::Mapping& mapping,
             const workloads::ConvolutionShape& shape, const TileTraffic& traffic,
             ActivityCounts& counts) const;

 private:
  void count_ifmaps(const LoopSums& loops, ActivityCounts& counts) const;
  void count_filters(const LoopSums& loops, ActivityCounts& counts) const;
  void count_psums(const LoopSums& loops, ActivityCounts& counts) const;
  static void count_tiles(const TileTraffic& traffic, ActivityCounts& counts);
  [[nodiscard]] std::uint64_t filter_packets(const LoopSums& loops) const;

  std::uint64_t groups_;
  std::uint64_t filters_;    ///< of all groups
  std::uint64_t ifmaps_;     ///< planes of all images
  std::uint64_t weights_;    ///< of a filter row and column
  std::uint64_t positions_;  ///< of the ofmap, all images, one plane
  std::uint64_t batch_;
  std::uint64_t row_pairs_;      ///< of ofmap and filter rows
  std::uint64_t column_pairs_;   ///< of ofmap and filter columns
  std::uint64_t filter_packet_;  ///< words
  std::uint64_t psum_packet_;
  std::uint64_t array_rows_;
  unsigned array_columns_;
  bool reads_for_each_mac_;   ///< of the ifmap scratchpad
  std::uint64_t scan_chain_;  ///< bits
  std::uint64_t macs_;
  std::uint64_t gated_;
};

}  // namespace rowan::analytical
