// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/residency.h"

#include <algorithm>
#include <cstdint>

#include "models/base/units.h"
#include "models/spec/derived.h"
#include "workloads/network.h"

namespace rowan::sim {
namespace {

/// Whether `next` alone takes the ofmap of `layer`, as its first operand and as no other.
bool hands_on(const Request& request, const LayerRequest& layer, const LayerRequest& next) {
  const auto tensor = workloads::find_tensor(request.workload, request.layer(layer).name);
  if (request.workload.tensors[*tensor].consumers != std::vector<std::size_t>{next.position}) {
    return false;
  }
  const workloads::Layer& taker = request.layer(next);
  if (taker.kind == workloads::LayerKind::kAdd) return false;  // frames of both in every tile
  return taker.operands[0].tensor == *tensor &&
         std::count_if(taker.operands.begin(), taker.operands.end(),
                       [&](const auto& operand) { return operand.tensor == *tensor; }) == 1;
}

}  // namespace

unsigned ofmap_banks(const Request& request, const workloads::Layer& layer) {
  return static_cast<unsigned>(ceil_div(request.batch * layer.output.words(),
                                        spec::ifmap_words_per_bank(request.platform).value()));
}

spec::AcceleratorSpec platform_without(const spec::AcceleratorSpec& platform, unsigned banks) {
  spec::AcceleratorSpec rest = platform;
  rest.global_buffer.banks -= banks;
  return rest;
}

dataflow::FmapPlaces places_of(const Residency& resident) {
  const auto place = [](bool stays) {
    return stays ? dataflow::FmapPlace::kResident : dataflow::FmapPlace::kDram;
  };
  return {place(resident.ifmap), place(resident.ofmap)};
}

void decide_residency(Request& request, const DoesWithout& does_without) {
  for (LayerRequest& layer : request.layers) layer.resident = {};
  if (!request.platform.global_buffer.inter_layer_reuse) return;
  for (std::size_t i = 0; i + 1 < request.layers.size(); ++i) {
    LayerRequest& layer = request.layers[i];
    LayerRequest& next = request.layers[i + 1];
    if (!hands_on(request, layer, next)) continue;
    const std::uint64_t banks = ofmap_banks(request, request.layer(layer));
    if (banks + layer.resident.banks >= request.platform.global_buffer.banks) continue;
    const auto added = static_cast<unsigned>(banks);
    if (!does_without(layer, layer.resident.banks + added) || !does_without(next, added)) continue;
    layer.resident.ofmap = true;
    layer.resident.banks += added;
    next.resident.ifmap = true;
    next.resident.banks = added;
  }
}

}  // namespace rowan::sim
