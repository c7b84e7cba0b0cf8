// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <tuple>
#include <vector>

#include "models/dataflow/pass.h"
#include "models/dataflow/row_stationary/mapping.h"

namespace rowan::dataflow::row_stationary {

/// What a pass has of everything: the mapping's extents, or less in a remainder.
struct PassExtents {
  unsigned images = 0;
  unsigned ofmap_rows = 0;
  unsigned ofmap_columns = 0;
  unsigned groups = 0;
  unsigned channels = 0;  ///< of each group
  unsigned filters = 0;   ///< of each group
  unsigned filter_rows = 0;
  unsigned filter_columns = 0;
  bool reads_psums = false;

  [[nodiscard]] auto key() const {
    return std::make_tuple(images, ofmap_rows, ofmap_columns, groups, channels, filters,
                           filter_rows, filter_columns, reads_psums);
  }
  friend bool operator<(const PassExtents& a, const PassExtents& b) { return a.key() < b.key(); }
};

/// Rows and columns of an ifmap tile's planes.
struct TilePlane {
  unsigned rows = 0;
  unsigned columns = 0;
};
[[nodiscard]] TilePlane tile_plane(const PassExtents& extents,
                                   const workloads::ConvolutionShape& shape);

/// Filters of a pass that set `filter_set` of a group computes.
[[nodiscard]] unsigned filters_of_set(const PassExtents& extents, const Mapping& mapping,
                                      unsigned filter_set);
/// Channels of a pass that set `set` of a chain computes.
[[nodiscard]] unsigned channels_of_set(const PassExtents& extents, const Mapping& mapping,
                                       unsigned set);

/// A packet of the filter bus: words first_word to first_word + words - 1 of a filter row's
/// scratchpad image.
struct FilterPacket {
  unsigned group = 0;
  unsigned filter_set = 0;
  unsigned set = 0;
  unsigned filter_row = 0;
  unsigned first_word = 0;
  unsigned words = 0;
};

/// Every filter packet of a pass in bus order: packet index, group, filter set, set, filter row.
[[nodiscard]] std::vector<FilterPacket> filter_packets(const PassExtents& extents,
                                                       const Mapping& mapping,
                                                       unsigned packet_words);

/// Makes the shapes of a layer's passes. `mapping` is clipped and legal.
class PassBuilder {
 public:
  PassBuilder(const Mapping& mapping, const workloads::ConvolutionShape& shape,
              const spec::AcceleratorSpec& accelerator);

  [[nodiscard]] std::shared_ptr<const PassShape> build(const PassExtents& extents) const;

 private:
  void program_pes(const PassExtents& extents, PassShape& pass) const;
  void order_filters(const PassExtents& extents, PassShape& pass) const;
  void order_ifmaps(const PassExtents& extents, PassShape& pass) const;
  void order_psums(const PassExtents& extents, PassShape& pass) const;

  Mapping mapping_;
  workloads::ConvolutionShape shape_;
  unsigned array_rows_;
  unsigned array_columns_;
  unsigned filter_packet_words_;
  unsigned psum_packet_words_;
};

}  // namespace rowan::dataflow::row_stationary
