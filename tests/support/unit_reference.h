// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/dataflow/post_processing/layer_shape.h"
#include "workloads/tensor.h"

namespace rowan::support {

/// Ofmap [N][C][out_height][out_width] of a whole layer, untiled. Words have 16 bits.
[[nodiscard]] workloads::Tensor reference_ofmap(const dataflow::post_processing::LayerShape& shape,
                                                const workloads::LayerTensors& tensors);

}  // namespace rowan::support
