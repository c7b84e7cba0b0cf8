// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/layer_estimate.h"

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

analytical::Estimate array_estimate(const Request& request, const LayerRequest& layer,
                                    const spec::AcceleratorSpec& platform) {
  const workloads::ArrayShape array = workloads::array_shape(request.layer(layer), request.batch);
  return analytical::estimate(*layer.mapping, array.shape, array.images, platform,
                              assumptions_of(request, layer));
}

}  // namespace

analytical::Estimate estimate_of(const Request& request, const LayerRequest& layer) {
  if (!layer.mapping) {
    return analytical::estimate(unit_plan(request, layer), assumptions_of(request, layer));
  }
  return array_estimate(request, layer, platform_without(request.platform, layer.resident.banks));
}

analytical::Estimate estimate_of(const Request& request, const LayerRequest& layer_request,
                                 const workloads::LayerTensors& operands,
                                 const workloads::Tensor& ofmap) {
  const analytical::FmapAssumptions fmaps = assumptions_of(request, layer_request);
  if (!layer_request.mapping) {
    const auto plan = unit_plan(request, layer_request);
    return analytical::estimate(plan, fmaps,
                                analytical::unit_fmap_bytes(plan, operands.inputs, ofmap, fmaps));
  }
  const workloads::Layer& layer = request.layer(layer_request);
  const spec::AcceleratorSpec platform =
      platform_without(request.platform, layer_request.resident.banks);
  analytical::Estimate estimate = array_estimate(request, layer_request, platform);
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
