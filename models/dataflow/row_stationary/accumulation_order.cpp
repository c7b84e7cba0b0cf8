// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/row_stationary/accumulation_order.h"

#include <algorithm>
#include <vector>

namespace rowan::dataflow::row_stationary {
namespace {

/// From `begin` to before `end`.
struct Range {
  unsigned begin;
  unsigned end;
};

/// `extent` elements, `step` at a time, the last range with what is left.
std::vector<Range> cut(Range whole, unsigned step) {
  std::vector<Range> ranges;
  for (unsigned begin = whole.begin; begin < whole.end; begin += step) {
    ranges.push_back({begin, std::min(begin + step, whole.end)});
  }
  return ranges;
}

/// What a PE adds up in a pass.
std::vector<workloads::Tap> chunk_of(Range channels, unsigned row, Range columns) {
  std::vector<workloads::Tap> taps;
  for (unsigned column = columns.begin; column < columns.end; ++column) {
    for (unsigned channel = channels.begin; channel < channels.end; ++channel) {
      taps.push_back({channel, row, column});
    }
  }
  return taps;
}

}  // namespace

workloads::AccumulationOrder accumulation_order(const Mapping& mapping,
                                                const workloads::ConvolutionShape& shape) {
  workloads::AccumulationOrder order;
  for (const Range group : cut({0, shape.channels_per_group()}, mapping.q * mapping.r)) {
    for (const Range rows : cut({0, shape.kernel_height}, mapping.filter_rows)) {
      for (const Range columns : cut({0, shape.kernel_width}, mapping.filter_columns)) {
        for (const Range set : cut(group, mapping.q)) {
          for (unsigned row = rows.end; row-- > rows.begin;) {
            order.push_back(chunk_of(set, row, columns));
          }
        }
      }
    }
  }
  return order;
}

}  // namespace rowan::dataflow::row_stationary
