// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/analytical/estimate.h"
#include "sim/engine/request.h"
#include "workloads/tensor.h"

namespace rowan::sim {

/// What the analytical model says of a layer. Compressed fmaps take what zeros at random would
/// take, in the shares of the network file.
[[nodiscard]] analytical::Estimate estimate_of(const Request& request, const LayerRequest& layer);

/// The same with the words known: counts are exact, and cycles those of fmaps with their shares of
/// zeros.
[[nodiscard]] analytical::Estimate estimate_of(const Request& request, const LayerRequest& layer,
                                               const workloads::LayerTensors& operands,
                                               const workloads::Tensor& ofmap);

}  // namespace rowan::sim
