// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/base/describe.h"
#include "workloads/layer.h"

namespace rowan::workloads {

/// The names of kinds in files and messages.
inline constexpr Choice<LayerKind> kLayerKinds[] = {
    {"convolution", LayerKind::kConvolution},
    {"fully_connected", LayerKind::kFullyConnected},
    {"matmul", LayerKind::kMatmul},
    {"pooling", LayerKind::kPooling},
    {"relu", LayerKind::kRelu},
    {"add", LayerKind::kAdd},
    {"softmax", LayerKind::kSoftmax},
    {"layer_norm", LayerKind::kLayerNorm},
    {"gelu", LayerKind::kGelu},
    {"tokens", LayerKind::kTokens},
    {"select", LayerKind::kSelect},
};

[[nodiscard]] inline const char* name_of(LayerKind kind) {
  return detail::name_in(kLayerKinds, kind);
}

}  // namespace rowan::workloads
