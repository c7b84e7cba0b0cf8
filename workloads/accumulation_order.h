// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "workloads/layer.h"

namespace rowan::workloads {

/// A product of a psum: the filter word of this channel (within the group), row and column, and the
/// ifmap word under it.
struct Tap {
  unsigned channel = 0;
  unsigned row = 0;
  unsigned column = 0;
  friend bool operator==(const Tap& a, const Tap& b) {
    return a.channel == b.channel && a.row == b.row && a.column == b.column;
  }
};

/// In what order the products of a psum are added up, the same for every psum of a convolution.
///
/// Each chunk, what one PE adds up in one pass, is summed from 0 in its order. The first chunk's
/// sum stands; every later one is added to what came before it. Where the order does not matter
/// there may be no chunks; otherwise every tap stands in one of them.
using AccumulationOrder = std::vector<std::vector<Tap>>;

/// As products stand in a filter: channel by channel, row by row, in one chunk.
[[nodiscard]] inline AccumulationOrder natural_order(const ConvolutionShape& shape) {
  AccumulationOrder order(1);
  for (unsigned channel = 0; channel < shape.channels_per_group(); ++channel) {
    for (unsigned row = 0; row < shape.kernel_height; ++row) {
      for (unsigned column = 0; column < shape.kernel_width; ++column) {
        order.front().push_back({channel, row, column});
      }
    }
  }
  return order;
}

}  // namespace rowan::workloads
