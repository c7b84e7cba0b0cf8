// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/layer_estimate.h"

#include <algorithm>

#include "models/analytical/coded_fmaps.h"
#include "models/analytical/unit_estimate.h"
#include "sim/engine/machine_layer.h"
#include "sim/engine/residency.h"
#include "workloads/array_operands.h"

namespace rowan::sim {
namespace {

analytical::FmapAssumptions assumptions_of(const Request& request, const LayerRequest& layer) {
  analytical::FmapAssumptions fmaps = analytical::assumptions_of(request.layer(layer));
  fmaps.places = places_of(layer.resident);
  return fmaps;
}

double share_of_zeros(const workloads::Tensor& tensor) {
  if (tensor.size() == 0) return 0;
  const auto zeros = std::count(tensor.data(), tensor.data() + tensor.size(), 0);
  return static_cast<double>(zeros) / static_cast<double>(tensor.size());
}

analytical::Estimate array_estimate(const Request& request, const LayerRequest& layer,
                                    const spec::AcceleratorSpec& platform,
                                    const analytical::FmapAssumptions& fmaps) {
  const workloads::ArrayShape array = workloads::array_shape(request.layer(layer), request.batch);
  return analytical::estimate(*layer.mapping, array.shape, array.images, platform, fmaps);
}

}  // namespace

analytical::Estimate estimate_of(const Request& request, const LayerRequest& layer) {
  if (!layer.mapping) {
    return analytical::estimate(unit_plan(request, layer), assumptions_of(request, layer));
  }
  return array_estimate(request, layer, platform_without(request.platform, layer.resident.banks),
                        assumptions_of(request, layer));
}

analytical::Estimate estimate_of(const Request& request, const LayerRequest& layer_request,
                                 const workloads::LayerTensors& operands,
                                 const workloads::Tensor& ofmap) {
  analytical::FmapAssumptions fmaps = assumptions_of(request, layer_request);
  if (!layer_request.mapping) {
    const auto plan = unit_plan(request, layer_request);
    return analytical::estimate(plan, fmaps,
                                analytical::unit_fmap_bytes(plan, operands.inputs, ofmap, fmaps));
  }
  const workloads::Layer& layer = request.layer(layer_request);
  const spec::AcceleratorSpec platform =
      platform_without(request.platform, layer_request.resident.banks);
  fmaps.ifmap_zeros = share_of_zeros(operands.ifmap());
  fmaps.ofmap_zeros = share_of_zeros(ofmap);
  analytical::Estimate estimate = array_estimate(request, layer_request, platform, fmaps);
  const workloads::ArrayShape array = workloads::array_shape(layer, request.batch);
  const workloads::Tensor ifmap =
      operands.ifmap().reshaped(workloads::ifmap_extents(array.shape, array.images));
  const workloads::Tensor results =
      ofmap.reshaped(workloads::psum_extents(array.shape, array.images));
  estimate.counts = analytical::counts_of(*layer_request.mapping, array.shape, platform,
                                          {ifmap, results, fmaps.network_input, fmaps.places});
  return estimate;
}

}  // namespace rowan::sim
