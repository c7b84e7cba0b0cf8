// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "sim/engine/request.h"
#include "sim/engine/result.h"

namespace rowan::sim {

/// What a run is doing.
struct Progress {
  std::string layer;
  std::size_t number = 0;  ///< of the layer, from 1
  std::size_t count = 0;   ///< layers in all
  const char* step = "";   ///< such as "simulating"
};

using ProgressCallback = std::function<void(const Progress&)>;

/// Simulates the layers, one after the other or in `request.jobs` processes side by side, and
/// checks their outputs. Once per process: SystemC cannot elaborate twice.
///
/// Throws HardwareError when the simulated hardware cannot go on, InputError when a tensor file
/// cannot be read or a layer not be quantised, WorkerError when a worker is lost.
[[nodiscard]] Result run(const Request& request, const ProgressCallback& progress);

}  // namespace rowan::sim
