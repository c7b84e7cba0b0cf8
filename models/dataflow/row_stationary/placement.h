// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "models/dataflow/row_stationary/mapping.h"

namespace rowan::dataflow::row_stationary {

/// Where chains of PE sets stand in the array, and the multicast IDs of their PEs (docs/machine.md,
/// section 2).
///
/// A chain is r stacked sets; it is named by its group within the pass and its filter set. A chain
/// wider than the array is cut into segments. All chains of a pass share one geometry, that of the
/// mapping; remainders use a part of it.
class Placement {
 public:
  /// `mapping` is clipped.
  Placement(const Mapping& mapping, const workloads::ConvolutionShape& shape,
            unsigned array_columns);

  struct Chain {
    unsigned group = 0;
    unsigned filter_set = 0;
  };
  struct Position {
    unsigned row = 0;
    unsigned column = 0;
  };

  /// PE of a filter row and an ofmap row (column of the set), when the pass has `filter_rows` rows.
  [[nodiscard]] Position pe(Chain chain, unsigned set, unsigned filter_row, unsigned filter_rows,
                            unsigned ofmap_row) const;

  struct Id {
    unsigned row = 0;
    unsigned column = 0;
  };
  /// ID of an ifmap row of the tile (filter_row * D + ofmap_row * U), the same in all chains of a
  /// group.
  [[nodiscard]] Id ifmap_id(unsigned group, unsigned set, unsigned ifmap_row) const;
  /// ID of a filter row, the same in all segments and columns.
  [[nodiscard]] Id filter_id(Chain chain, unsigned set, unsigned filter_row) const;

  /// Array rows that the mapping needs.
  [[nodiscard]] std::uint64_t rows_needed() const;
  /// Largest IDs that the mapping needs.
  [[nodiscard]] Id largest_ifmap_id() const;
  [[nodiscard]] Id largest_filter_id() const;
  /// Segments into which a chain is cut.
  [[nodiscard]] unsigned segments() const { return segments_; }

 private:
  [[nodiscard]] unsigned shelf(Chain chain) const;
  [[nodiscard]] unsigned slot(Chain chain) const;

  Mapping mapping_;
  unsigned stride_;
  unsigned dilation_;
  unsigned array_columns_;
  unsigned segments_;
  unsigned chains_per_shelf_;
  unsigned groups_per_shelf_;  ///< at least 1
  unsigned shelves_per_group_;
  unsigned ifmap_rows_;     ///< row IDs of one set
  unsigned ifmap_columns_;  ///< column IDs of one group
};

}  // namespace rowan::dataflow::row_stationary
