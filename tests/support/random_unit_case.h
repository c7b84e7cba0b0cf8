// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "models/dataflow/post_processing/layer_plan.h"
#include "models/spec/accelerator_spec.h"
#include "tests/support/clocked_machine.h"
#include "workloads/tensor.h"

namespace rowan::support {

/// A small accelerator and a layer of its post-processing unit, drawn from a seed.
struct RandomUnitCase {
  std::uint64_t seed = 0;
  spec::AcceleratorSpec accelerator;
  dataflow::post_processing::LayerShape shape;
  unsigned batch = 1;
  bool network_input = false;
  dataflow::FmapPlaces places;  ///< global_buffer.banks are those that resident fmaps leave

  [[nodiscard]] dataflow::post_processing::LayerPlan plan() const {
    return {shape, batch, accelerator};
  }
  /// All that defines the case, for a failure message.
  [[nodiscard]] std::string describe() const;
};

/// Accelerators of make_random_case(), their buffers often as small as the layer permits.
[[nodiscard]] RandomUnitCase make_random_unit_case(std::uint64_t seed);

[[nodiscard]] workloads::LayerTensors make_random_unit_tensors(const RandomUnitCase& test);

/// The case's layer as a network has it; nothing where no network can, for a window of its own
/// height and width.
[[nodiscard]] std::optional<workloads::Layer> layer_of(const RandomUnitCase& test);

/// What makes a case hard, by name: whether it occurred.
[[nodiscard]] std::map<std::string, bool> hard_things_of(const RandomUnitCase& test,
                                                         const ClockedResult& result);

}  // namespace rowan::support
