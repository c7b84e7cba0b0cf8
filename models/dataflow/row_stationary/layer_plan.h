// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/dataflow/row_stationary/mapping.h"
#include "models/dataflow/row_stationary/pass_builder.h"
#include "models/dataflow/schedule.h"

namespace rowan::dataflow::row_stationary {

/// Position in the loops of a layer, outermost first.
struct LoopIndex {
  unsigned group = 0;          ///< of g groups
  unsigned image = 0;          ///< of n images
  unsigned strip = 0;          ///< of e ofmap rows
  unsigned column = 0;         ///< of f ofmap columns
  unsigned filter_group = 0;   ///< of m filters
  unsigned channel_group = 0;  ///< of q * r channels
  unsigned fold_row = 0;       ///< of filter_rows filter rows
  unsigned fold_column = 0;    ///< of filter_columns filter columns
  unsigned subgroup = 0;       ///< of p * t filters, within the filter group
};

/// First element and length of a block of a loop.
struct Block {
  unsigned begin = 0;
  unsigned size = 0;
};

/// A layer under a mapping: the extents of every loop and, for a loop index, which part of the
/// layer it is. A value; the schedule and the memory image both read it.
class LayerPlan {
 public:
  /// Throws InputError with the broken rules when the mapping is not legal.
  LayerPlan(const workloads::ConvolutionShape& shape, unsigned batch, const Mapping& mapping,
            const spec::AcceleratorSpec& accelerator);

  [[nodiscard]] const workloads::ConvolutionShape& shape() const { return shape_; }
  [[nodiscard]] unsigned batch() const { return batch_; }
  /// Clipped to the layer.
  [[nodiscard]] const Mapping& mapping() const { return mapping_; }
  [[nodiscard]] const spec::AcceleratorSpec& accelerator() const { return accelerator_; }
  /// Iterations of every loop; those of `subgroup` for a whole filter group.
  [[nodiscard]] const LoopIndex& loops() const { return loops_; }
  [[nodiscard]] const BufferPlan& buffers() const { return buffers_; }

  [[nodiscard]] Block groups(const LoopIndex& i) const;
  [[nodiscard]] Block images(const LoopIndex& i) const;
  [[nodiscard]] Block ofmap_rows(const LoopIndex& i) const;
  [[nodiscard]] Block ofmap_columns(const LoopIndex& i) const;
  [[nodiscard]] Block filter_group(const LoopIndex& i) const;  ///< within a group
  [[nodiscard]] Block filters(const LoopIndex& i) const;       ///< of the subgroup, within a group
  [[nodiscard]] Block channels(const LoopIndex& i) const;      ///< within a group
  [[nodiscard]] Block filter_rows(const LoopIndex& i) const;
  [[nodiscard]] Block filter_columns(const LoopIndex& i) const;
  /// Subgroups of this filter group.
  [[nodiscard]] unsigned subgroups(const LoopIndex& i) const;
  /// True in the first pass over a psum tile.
  [[nodiscard]] static bool starts_psums(const LoopIndex& i);

  [[nodiscard]] PassExtents extents(const LoopIndex& i) const;
  /// Plane of the ifmap tile, and which words of it the ifmap fills (none when the tile lies in the
  /// padding or between words).
  [[nodiscard]] PlaneWindow tile_window(const LoopIndex& i) const;
  /// Rows and columns of the ifmap, without padding and inserted zeros, that fill the tile.
  [[nodiscard]] Block tile_rows(const LoopIndex& i) const;
  [[nodiscard]] Block tile_columns(const LoopIndex& i) const;

  /// Sequence numbers in the layer's tables (DramLayout).
  [[nodiscard]] std::size_t ifmap_tile_index(const LoopIndex& i) const;
  [[nodiscard]] std::size_t filter_block_index(const LoopIndex& i) const;
  [[nodiscard]] std::size_t ofmap_tile_index(const LoopIndex& i) const;
  [[nodiscard]] std::size_t ifmap_tile_count() const;
  [[nodiscard]] std::size_t filter_block_count() const;
  [[nodiscard]] std::size_t ofmap_tile_count() const;

  /// First psum row of a subgroup within the psum tile.
  [[nodiscard]] std::uint32_t psum_row(const LoopIndex& i) const;
  /// Psum tile of the filter group: planes in the order image, group, filter.
  [[nodiscard]] std::shared_ptr<const PsumTileShape> psum_tile(const LoopIndex& i) const;

  /// Passes of the layer.
  [[nodiscard]] std::uint64_t pass_count() const;

 private:
  /// What a stretch of a padded axis has of the ifmap's rows, or columns.
  struct Overlap {
    unsigned skipped = 0;  ///< zeros before the first of them
    Block part;            ///< of the ifmap's `extent`
  };
  [[nodiscard]] Overlap overlap(unsigned begin, unsigned size, unsigned extent) const;
  [[nodiscard]] Overlap row_overlap(const LoopIndex& i) const;
  [[nodiscard]] Overlap column_overlap(const LoopIndex& i) const;

  workloads::ConvolutionShape shape_;
  unsigned batch_;
  Mapping mapping_;
  spec::AcceleratorSpec accelerator_;
  LoopIndex loops_;
  BufferPlan buffers_;
};

/// Moves to the next pass; false after the last.
[[nodiscard]] bool advance(const LayerPlan& plan, LoopIndex& index);

}  // namespace rowan::dataflow::row_stationary
