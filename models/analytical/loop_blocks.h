// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "workloads/layer.h"

/// The blocks of a layer's loops, equal ones together: what a closed form sums over.
namespace rowan::analytical {

/// Blocks of equal size.
struct Blocks {
  unsigned size = 0;
  std::uint64_t count = 0;
};

/// `total` cut into pieces of `each`: the whole ones, and the rest if there is one.
[[nodiscard]] std::vector<Blocks> cut(unsigned total, unsigned each);

/// Blocks of a loop over which psums accumulate: the first one starts them.
struct SumBlocks {
  unsigned size = 0;
  bool first = false;
  std::uint64_t count = 0;
};
[[nodiscard]] std::vector<SumBlocks> cut_sum(unsigned total, unsigned each);

/// Along the rows, or the columns: a block of ofmap positions under a fold of the filter.
struct AxisBlocks {
  unsigned outputs = 0;      ///< ofmap rows
  unsigned taps = 0;         ///< filter rows
  bool first = false;        ///< the first fold
  std::uint64_t extent = 0;  ///< rows of an ifmap tile
  std::uint64_t loaded = 0;  ///< of these, rows of the ifmap: neither padding nor inserted
  std::uint64_t count = 0;
};

/// What an axis of a layer is made of.
struct Axis {
  unsigned outputs = 1;  ///< of the ofmap
  unsigned taps = 1;     ///< of the filter
  unsigned inputs = 1;   ///< of the ifmap, without padding and inserted zeros
  unsigned padding = 0;  ///< before the first
  unsigned stride = 1;
  unsigned dilation = 1;
  unsigned input_dilation = 1;
};
[[nodiscard]] Axis row_axis(const workloads::ConvolutionShape& shape);
[[nodiscard]] Axis column_axis(const workloads::ConvolutionShape& shape);

/// One block of `outputs` positions under one fold of `taps` taps, or what is left of them.
[[nodiscard]] AxisBlocks axis_block(const Axis& axis, unsigned outputs, unsigned taps,
                                    std::uint64_t block, unsigned fold);
[[nodiscard]] std::vector<AxisBlocks> cut_axis(const Axis& axis, unsigned outputs, unsigned taps);

/// Filter groups of equal size, and the subgroups of each.
struct FilterGroups {
  unsigned filters = 0;
  std::uint64_t count = 0;
  std::vector<Blocks> subgroups;
};
[[nodiscard]] std::vector<FilterGroups> cut_filters(unsigned total, unsigned each,
                                                    unsigned subgroup);

/// Different values of a * stride + b * dilation for a < outputs and b < taps: the rows, or
/// columns, of an ifmap tile that are used.
[[nodiscard]] std::uint64_t positions_used(std::uint64_t outputs, std::uint64_t taps,
                                           unsigned stride, unsigned dilation);

}  // namespace rowan::analytical
