// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/analytical/pass_work.h"

namespace rowan::analytical {

/// What a layer and its mapping say about every pass.
struct PassPattern {
  unsigned p = 1;  ///< filters of a PE
  unsigned q = 1;  ///< channels of a PE
  unsigned stride = 1;
  unsigned dilation = 1;
  std::uint64_t filter_packet = 1;  ///< words
  std::uint64_t psum_packet = 1;
};

/// The part of a pass that stands for all of it: a few columns of PEs, the first and the last on
/// the buses among them, and the first windows of the first images. Tells what these take from the
/// buses, and the places of their packets among all others (docs/machine.md, section 2).
class PassOutline {
 public:
  struct Column {
    unsigned chain = 0;  ///< group * filter sets + filter set
    unsigned group = 0;
    unsigned filter_set = 0;
    unsigned ofmap_row = 0;
    unsigned filters = 0;
    std::uint64_t psum_packets = 0;  ///< of a window
  };
  /// PE `column * chain_height + h`, h from the bottom of the chain.
  struct Pe {
    std::uint32_t column = 0;
    unsigned set = 0;
    unsigned filter_row = 0;
    unsigned channels = 0;
  };
  /// PEs of the columns that take a packet together.
  struct Receivers {
    std::uint64_t place = 0;  ///< among the packets of a step
    std::uint32_t begin = 0;  ///< in `receivers`
    std::uint32_t end = 0;
  };
  /// A filter row of a chain: its PEs stand at one height of columns begin to end - 1.
  struct FilterRow {
    unsigned chain = 0;
    unsigned set = 0;
    unsigned row = 0;
    std::uint64_t words = 0;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    std::uint32_t height = 0;
    std::uint64_t place = 0;  ///< among the rows while all of them have packets
  };

  /// Lays out a pass; keeps its memory from one to the next.
  void lay_out(const PassPattern& pattern, const PassWork& work);

  // What is followed.
  std::vector<Column> columns;
  std::vector<Pe> pes;
  std::uint32_t chain_height = 0;
  std::uint64_t images = 0;          ///< that are followed
  std::uint64_t windows = 0;         ///< of an image that are followed
  std::uint64_t image_columns = 0;   ///< of the ifmap, used by these windows
  std::vector<std::uint32_t> taps;   ///< [windows][S] used column
  std::vector<std::uint32_t> freed;  ///< [windows] used columns that no later window takes
  /// A step of the ifmap bus is a channel of a used column. [0]: channels that every set has, [1]:
  /// those that the last one lacks.
  std::vector<Receivers> ifmap[2];
  std::uint64_t ifmap_packets[2] = {0, 0};  ///< of a step
  std::uint64_t column_packets = 0;         ///< of a used column
  unsigned common_channels = 0;
  unsigned most_channels = 0;
  std::vector<std::uint32_t> receivers;
  std::vector<FilterRow> filter_rows;
  std::uint64_t most_filter_packets = 0;   ///< of a row
  std::uint64_t least_filter_packets = 0;  ///< of a row: up to here all rows have packets
  std::uint64_t rest_psum_packets = 0;     ///< of a column of the last filter set, if that has less
  std::uint64_t most_psum_packets = 0;     ///< of a column in a window
  std::uint64_t window_psum_packets = 0;   ///< of all columns

  /// Place of a filter packet among those of all rows with this index; that of chain `chains()` is
  /// their number.
  [[nodiscard]] std::uint64_t filter_place(std::uint64_t packet, const FilterRow& row) const;
  [[nodiscard]] std::uint64_t filter_packets_of(std::uint64_t packet) const;
  /// Place of a psum packet among those of a window.
  [[nodiscard]] std::uint64_t psum_place(std::uint64_t packet, const Column& column) const;

 private:
  void choose_windows();
  void choose_columns();
  void place_pes();
  void plan_windows();
  void plan_ifmap();
  void plan_filters();
  [[nodiscard]] unsigned channels_of(unsigned set) const;
  [[nodiscard]] std::uint64_t filter_packets(unsigned filters, unsigned channels) const;
  [[nodiscard]] std::uint64_t rows_with(std::uint64_t packet, unsigned filters,
                                        unsigned sets) const;

  PassPattern pattern_;
  PassWork work_;
  unsigned sets_ = 0;
  unsigned filter_sets_ = 0;
  unsigned full_filter_sets_ = 0;
  std::vector<std::uint64_t> chosen_;
  std::vector<std::uint32_t> used_;  ///< rows or columns
};

}  // namespace rowan::analytical
