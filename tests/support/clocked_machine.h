// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/base/activity.h"
#include "models/dataflow/schedule.h"
#include "models/spec/accelerator_spec.h"
#include "tests/support/clocked_dram.h"
#include "tests/support/clocked_pe.h"

namespace rowan::support {

/// What a layer took. Cycles are counted from the layer's start.
struct ClockedResult {
  /// Until the last store has ended; with the ideal link, until the last drain.
  std::uint64_t total = 0;
  /// With the ideal link, from the end of the configuration to the last drain.
  std::uint64_t processing = 0;
  std::vector<PeCycles> pes;  ///< [rows][columns]; each adds up to `total`
  ActivityCounts counts;
  std::vector<std::uint64_t> releases;  ///< [passes] cycle
  std::vector<std::uint64_t> drains;    ///< [passes] cycle of the last write
  std::uint64_t most_passes_under_way = 0;
  /// Passes that read psums and were released before the one before had drained, which wrote the
  /// same psum rows, or others.
  std::uint64_t overlapped_on_same_rows = 0;
  std::uint64_t overlapped_on_other_rows = 0;
  std::uint64_t loads_without_bytes = 0;  ///< ifmap tiles without a word of the ifmap
};

/// The machine of docs/machine.md as a synchronous circuit: in every core cycle each block computes
/// its next state from the states at the cycle's beginning. Nothing is skipped and nothing runs
/// ahead. The oracle of the SystemC engine; shares no code with it.
class ClockedMachine {
 public:
  explicit ClockedMachine(const spec::AcceleratorSpec& spec) : spec_(spec) {}

  /// Runs a layer on `dram_memory` [bytes from address 0], which must hold the ofmaps' space and
  /// gets the ofmaps. Reads the schedule from its beginning. Throws HardwareError when nothing
  /// moves any more or an invariant is broken.
  [[nodiscard]] ClockedResult run(const dataflow::Schedule& schedule,
                                  const dataflow::BufferPlan& plan,
                                  const LayerArithmetic& arithmetic,
                                  std::vector<std::uint8_t>& dram_memory, Link link) const;
  /// The same with `resident` [bytes from address 0], the fmaps that stay in the GLB.
  [[nodiscard]] ClockedResult run(const dataflow::Schedule& schedule,
                                  const dataflow::BufferPlan& plan,
                                  const LayerArithmetic& arithmetic,
                                  std::vector<std::uint8_t>& dram_memory,
                                  std::vector<std::uint8_t>& resident, Link link) const;

 private:
  [[nodiscard]] ClockedResult simulate(const dataflow::Schedule& schedule,
                                       const dataflow::BufferPlan& plan,
                                       const LayerArithmetic& arithmetic,
                                       std::vector<std::uint8_t>& dram_memory,
                                       std::vector<std::uint8_t>& resident, Link link) const;

  spec::AcceleratorSpec spec_;
};

}  // namespace rowan::support
