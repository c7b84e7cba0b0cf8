// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "models/dataflow/schedule.h"
#include "models/functional/layer_execution.h"
#include "models/hardware/pass_bench.h"
#include "models/spec/accelerator_spec.h"

namespace rowan::sim {

/// The files of images/ (docs/rtl.md, section 4) for a pass: what the host writes, and what the
/// SystemC modules make of it.
struct PassImages {
  std::string configuration;
  std::string psums;
  std::string counters;
  std::uint64_t words = 0;   ///< psum words that leave the array
  std::uint64_t cycles = 0;  ///< from the release to the drain
};

/// Runs the pass on `bench`, an array of `spec`. `buffers` and `mac` are its layer's.
///
/// Throws InputError for a pass that the RTL's registers cannot describe.
[[nodiscard]] PassImages make_pass_images(hardware::PassBench& bench,
                                          const spec::AcceleratorSpec& spec,
                                          const dataflow::BufferPlan& buffers,
                                          const arithmetic::MacFormat& mac,
                                          const functional::PassState& state);

}  // namespace rowan::sim
