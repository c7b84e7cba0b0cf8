// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "sim/engine/best_mappings.h"
#include "sim/engine/request.h"

namespace rowan::sim {

[[nodiscard]] inline workloads::Layer convolution_layer(const std::string& name, unsigned filters,
                                                        unsigned kernel) {
  workloads::Layer layer;
  layer.name = name;
  layer.shape.filters = filters;
  layer.shape.kernel_height = kernel;
  layer.shape.kernel_width = kernel;
  layer.product_shift = 8;
  layer.seeded.filter_max = 255;
  return layer;
}

[[nodiscard]] inline workloads::Layer unit_layer(const std::string& name,
                                                 workloads::LayerKind kind) {
  workloads::Layer layer;
  layer.name = name;
  layer.kind = kind;
  return layer;
}

/// All layers of a network on the default platform, with the mapper's mappings.
[[nodiscard]] inline Request request_of(workloads::Network network) {
  Request request;
  request.platform.name = "default";
  request.workload = std::move(network);
  settle(request.workload);
  MappingSearch search(request, mapper::kObjectives[0]);
  for (std::size_t i = 0; i < request.workload.layers.size(); ++i) {
    LayerRequest layer;
    layer.position = i;
    const workloads::Layer& settled = request.workload.layers[i];
    if (workloads::on_array(settled)) layer.mapping = search.of(settled).best.front().mapping;
    request.layers.push_back(layer);
  }
  return request;
}

/// Input 3 x 8 x 8; `first` gives 4 x 6 x 6; `pool`, 4 x 3 x 3, and `wide`, which has 3 x 3 windows
/// of all of them, take it; `last` adds what both give.
[[nodiscard]] inline Request small_request(TensorSource tensors) {
  workloads::Network network;
  network.name = "small";
  network.input = {3, 8, 8};
  workloads::Layer pool = unit_layer("pool", workloads::LayerKind::kPooling);
  workloads::Layer wide = convolution_layer("wide", 4, 4);
  wide.inputs = {"first"};
  workloads::Layer last = unit_layer("last", workloads::LayerKind::kAdd);
  last.inputs = {"pool", "wide"};
  network.layers = {convolution_layer("first", 4, 3), pool, wide, last};
  Request request = request_of(std::move(network));
  request.batch = 2;
  request.tensors = tensors;
  return request;
}

}  // namespace rowan::sim
