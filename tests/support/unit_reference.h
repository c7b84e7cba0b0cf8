// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "models/dataflow/post_processing/layer_shape.h"
#include "workloads/tensor.h"

namespace rowan::support {

/// Ofmap [N][C][out_height][out_width] of a whole layer, untiled; operands and parameters as
/// post_processing::make_dram_image() takes them. Words have 16 bits.
[[nodiscard]] workloads::Tensor reference_ofmap(
    const dataflow::post_processing::LayerShape& shape,
    const std::vector<const workloads::Tensor*>& operands, const workloads::Tensor& parameters);

}  // namespace rowan::support
