// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include <systemc>

#include "models/arithmetic/pe_type.h"
#include "models/base/activity.h"
#include "models/dataflow/schedule.h"
#include "models/hardware/array.h"
#include "models/hardware/global_buffer.h"
#include "models/hardware/layer_clock.h"
#include "models/hardware/simulation_order.h"
#include "models/spec/accelerator_spec.h"

namespace rowan::hardware {

/// A pass with all the words that it works on.
struct PassWork {
  std::shared_ptr<const dataflow::PassShape> shape;
  dataflow::BufferPlan buffers;           ///< of its layer
  arithmetic::MacFormat mac;              ///< of its layer
  std::uint32_t psum_row = 0;             ///< Pass::psum_row
  std::vector<arithmetic::Word> ifmap;    ///< its ifmap tile, `buffers.ifmap_words` at most
  std::vector<arithmetic::Word> filters;  ///< its filter block, in bus order
  /// [rows][words of a psum packet] its psum tile before the pass, `buffers.psum_rows` at most.
  std::vector<arithmetic::Word> psums;
};

/// What the array did in a pass. Cycles are counted from the release.
struct ObservedPass {
  struct Packet {
    Stamp cycle = 0;        ///< in which the GON issued it
    std::uint32_t row = 0;  ///< of the psum tile
    std::vector<arithmetic::Word> words;
  };
  std::vector<Packet> psums;  ///< in order
  Stamp drained = 0;
  std::vector<PeCycles> pes;  ///< [rows][columns]; up to the drain
  ActivityCounts counts;      ///< of array and networks
};

/// Array and global buffer alone, for single passes: no DRAM, no controller, every pass released in
/// cycle 0 with all its words in the buffer.
///
/// Made before the SystemC simulation starts; one pass after the other.
class PassBench {
 public:
  explicit PassBench(const spec::AcceleratorSpec& spec,
                     SimulationOrder order = SimulationOrder::kForward);

  /// Throws HardwareError for a deadlock, a broken invariant, and words that the buffer has no room
  /// for.
  [[nodiscard]] ObservedPass run(const PassWork& work);

 private:
  void fill(const PassWork& work);

  LayerClock clock_;
  GlobalBuffer buffer_;
  Array array_;
};

}  // namespace rowan::hardware
