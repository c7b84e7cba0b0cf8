// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "sim/engine/request.h"
#include "workloads/accumulation_order.h"
#include "workloads/golden.h"
#include "workloads/tensor.h"

/// The golden operations as a request needs them.
namespace rowan::sim {

/// What the platform computes with.
[[nodiscard]] workloads::golden::Arithmetic golden_arithmetic(const Request& request);

/// The order in which the platform adds up the psums of a layer, that of the mapping with which the
/// request runs it. A layer that it does not run has no mapping: its psums are added up as in one
/// pass with all filter rows, columns and channels of a group in one PE set. Nothing where the
/// order does not matter.
[[nodiscard]] workloads::AccumulationOrder golden_order(const Request& request,
                                                        std::size_t position);

/// The ofmap [N][C][H][W] of the layer at a position of the network, by the golden operations.
[[nodiscard]] workloads::Tensor golden_ofmap(
    const Request& request, std::size_t position, const workloads::LayerTensors& operands,
    workloads::golden::SumStatistics* statistics = nullptr);

}  // namespace rowan::sim
