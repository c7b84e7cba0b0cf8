// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

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

}  // namespace rowan::workloads
