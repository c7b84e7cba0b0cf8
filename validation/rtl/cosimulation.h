// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/rtl/sources.h"
#include "models/spec/accelerator_spec.h"
#include "validation/rtl/rtl_case.h"
#include "validation/rtl/verilated_model.h"

/// The Verilog machine, simulated by Verilator, beside the SystemC modules.
namespace rowan::validation {

/// Its files, as `rowan rtl` writes them.
[[nodiscard]] std::vector<rtl::SourceFile> sources_of(const RtlConfiguration& configuration);
/// Throws what VerilatedModel throws.
[[nodiscard]] VerilatedModel verilated(const RtlConfiguration& configuration);

/// Passes drawn from the seeds `first`, `first` + 1, ...
struct Seeds {
  std::uint64_t first = 1;
  std::uint64_t count = 1;
};

/// What was compared, and what differed.
struct Comparison {
  std::uint64_t passes = 0;
  std::uint64_t passes_on_psums = 0;  ///< that begin with psums of other passes
  std::uint64_t words = 0;            ///< that left the array, each with its cycle
  std::uint64_t cycles = 0;           ///< to the drain, in sum
  std::uint64_t counters = 0;      ///< cycles by cause of every PE, packets and blocked cycles of
                                   ///< the networks
  std::uint64_t buffer_words = 0;  ///< psums in the global buffer, after the pass
  /// Of a pass each: the case, and pass_check's words or those of what went wrong.
  std::vector<std::string> differences;
};

/// Random passes of random layers for `configuration`, on `model` and on SystemC modules of
/// `expected`; ends after five passes that differ. One that either side cannot carry out differs.
/// SIGINT and SIGTERM wait for the end of a pass. Throws what random_rtl_case() throws.
[[nodiscard]] Comparison compare(const VerilatedModel& model, const RtlConfiguration& configuration,
                                 const spec::AcceleratorSpec& expected, Seeds seeds);

}  // namespace rowan::validation
