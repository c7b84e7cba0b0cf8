// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "workloads/float_layer.h"
#include "workloads/float_tensors.h"
#include "workloads/network.h"

namespace rowan::workloads {

/// What a network makes of its input in real numbers: the reference of quantised ones.
struct FloatRun {
  /// By their number in the network: the input and every ofmap, [N][C][H][W]; nothing for
  /// parameters.
  std::vector<RealTensor> tensors;
  std::vector<SumPeaks> peaks;  ///< by the position of the layer; nothing off the array
};

/// Computes all layers of a settled network. Throws InputError when a file cannot be read, or when
/// a number grows beyond binary32.
[[nodiscard]] FloatRun run_float(const Network& network, std::size_t images,
                                 const FloatSource& source);

}  // namespace rowan::workloads
