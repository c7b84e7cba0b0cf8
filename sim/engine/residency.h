// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "models/dataflow/schedule.h"
#include "models/spec/accelerator_spec.h"
#include "sim/engine/request.h"
#include "workloads/layer.h"

/// Which ofmaps stay in the global buffer for the next layer (docs/machine.md, section 11).
namespace rowan::sim {

/// Whole banks of the GLB that the ofmap of all images fills.
[[nodiscard]] unsigned ofmap_banks(const Request& request, const workloads::Layer& layer);

/// The platform with so many banks fewer, at most all of them.
[[nodiscard]] spec::AcceleratorSpec platform_without(const spec::AcceleratorSpec& platform,
                                                     unsigned banks);

[[nodiscard]] dataflow::FmapPlaces places_of(const Residency& resident);

/// Whether a layer has a legal mapping, or tiles, on the request's platform with so many banks
/// fewer.
using DoesWithout = std::function<bool(const LayerRequest& layer, unsigned banks)>;

/// Sets `resident` of the request's layers, one ofmap after the other in the network's order.
/// Nothing is resident on a platform without inter_layer_reuse.
void decide_residency(Request& request, const DoesWithout& does_without);

}  // namespace rowan::sim
