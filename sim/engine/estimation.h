// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "models/analytical/estimate.h"
#include "sim/engine/request.h"
#include "sim/engine/result.h"

namespace rowan::sim {

struct EstimatedLayer {
  std::string name;
  LayerRequest request;
  analytical::Estimate estimate;

  /// What a run would measure, as far as the model tells.
  [[nodiscard]] LayerMeasures measures() const;
};

/// What the analytical model says of a request: a value.
struct Estimation {
  Request request;
  std::vector<EstimatedLayer> layers;

  [[nodiscard]] LayerMeasures total() const;
};

/// Nothing is simulated, and there are no tensors.
[[nodiscard]] Estimation estimate(const Request& request);

}  // namespace rowan::sim
