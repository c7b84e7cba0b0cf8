// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "models/base/activity.h"
#include "models/dataflow/row_stationary/mapping.h"
#include "models/dataflow/schedule.h"
#include "models/spec/accelerator_spec.h"
#include "workloads/layer.h"
#include "workloads/seeded_tensors.h"

namespace rowan::support {

/// What the engine says about a layer.
struct SimulatedLayer {
  std::uint64_t processing = 0;  ///< cycles
  std::uint64_t total = 0;
  std::uint64_t passes = 0;
  std::uint64_t macs = 0;
  ActivityCounts counts;
};

/// Runs a layer in the SystemC engine, in a process of its own.
[[nodiscard]] SimulatedLayer simulate(const workloads::Layer& layer, unsigned batch,
                                      const dataflow::row_stationary::Mapping& mapping,
                                      const spec::AcceleratorSpec& accelerator,
                                      const workloads::LayerTensors& tensors,
                                      dataflow::FmapPlaces places = {});

}  // namespace rowan::support
