// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "workloads/golden.h"
#include "workloads/quantized_network.h"

namespace rowan::workloads {

/// What the golden operations make of a layer of a quantised network.
struct QuantizedLayerRun {
  LayerNoise noise;
  golden::SumStatistics statistics;
};

/// Carries out all layers by the golden operations, each on the words of those before it. Where the
/// order of a sum matters, it is channel by channel, row by row: a mapping may have another one.
/// `started` is told the position of each layer.
[[nodiscard]] std::vector<QuantizedLayerRun> run_quantized(
    const QuantizedNetwork& quantized, const golden::Arithmetic& arithmetic,
    const std::function<void(std::size_t position)>& started);

}  // namespace rowan::workloads
