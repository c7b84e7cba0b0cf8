// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/estimation.h"

#include "sim/engine/layer_estimate.h"

namespace rowan::sim {

LayerMeasures EstimatedLayer::measures() const {
  LayerMeasures measures;
  measures.macs = estimate.macs;
  measures.passes = estimate.passes;
  measures.processing = estimate.processing;
  measures.total = estimate.total;
  measures.counts = estimate.counts;
  return measures;
}

LayerMeasures Estimation::total() const {
  LayerMeasures sum;
  for (const EstimatedLayer& layer : layers) sum += layer.measures();
  return sum;
}

Estimation estimate(const Request& request) {
  Estimation estimation;
  estimation.request = request;
  for (const LayerRequest& layer : request.layers) {
    estimation.layers.push_back({request.layer(layer).name, layer, estimate_of(request, layer)});
  }
  return estimation;
}

}  // namespace rowan::sim
