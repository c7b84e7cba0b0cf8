// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace rowan::analytical {

/// What a pass has of everything.
struct PassWork {
  unsigned images = 0;
  unsigned ofmap_rows = 0;
  unsigned ofmap_columns = 0;
  unsigned groups = 0;
  unsigned channels = 0;  ///< of each group
  unsigned filters = 0;   ///< of each group
  unsigned filter_rows = 0;
  unsigned filter_columns = 0;
  bool reads_psums = false;
  bool same_psums = false;  ///< as those of the pass before, where the two overlap

  /// PE rows' worth of filter words, all groups, channels and filters.
  [[nodiscard]] std::uint64_t filter_words() const {
    return std::uint64_t{groups} * channels * filters * filter_rows * filter_columns;
  }
  [[nodiscard]] std::uint64_t windows() const { return std::uint64_t{images} * ofmap_columns; }

  friend bool operator==(const PassWork& a, const PassWork& b) {
    return a.images == b.images && a.ofmap_rows == b.ofmap_rows &&
           a.ofmap_columns == b.ofmap_columns && a.groups == b.groups && a.channels == b.channels &&
           a.filters == b.filters && a.filter_rows == b.filter_rows &&
           a.filter_columns == b.filter_columns && a.reads_psums == b.reads_psums &&
           a.same_psums == b.same_psums;
  }
};

}  // namespace rowan::analytical
