// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "models/dataflow/pass.h"
#include "models/hardware/block.h"

namespace rowan::hardware {

/// Leave to carry out a pass: what the controller hands to every block of the array. Its cycles
/// follow docs/machine.md, section 4.
struct PassTicket {
  dataflow::Pass pass;
  Stamp configured = 0;  ///< K: cycles before it are configuration, for the layer's first pass
  Stamp idle_until = 0;  ///< a PE that had no part in the previous pass is idle before this cycle
  Stamp earliest = 0;    ///< release if nothing waited for DRAM
  Stamp release = 0;     ///< no block starts on the pass before this cycle
  bool after_previous = false;   ///< the pass before works on the same psum rows
  std::uint32_t ifmap_base = 0;  ///< of its tile, in words of the ifmap banks
  unsigned psum_buffer = 0;      ///< which buffer holds its psum tile
  std::uint32_t psum_base = 0;   ///< of its tile, in psum rows
};

using TicketPtr = std::shared_ptr<const PassTicket>;

}  // namespace rowan::hardware
