// SPDX-License-Identifier: Apache-2.0
#include "workloads/network.h"

#include <algorithm>
#include <stdexcept>

#include "models/base/error.h"

namespace rowan::workloads {
namespace {

Extents extents_of(const FmapShape& shape, std::size_t images) {
  return {images, shape.channels, shape.height, shape.width};
}

template <class Named>
std::optional<std::size_t> position_of(const std::vector<Named>& all, const std::string& name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
  if (found == all.end()) return std::nullopt;
  return static_cast<std::size_t>(found - all.begin());
}

}  // namespace

void settle(Network& network) {
  if (const auto fault = find_fault(network)) {
    throw InputError("network " + network.name + ": " + fault->path + ": " + fault->message);
  }
}

std::optional<std::size_t> find_layer(const Network& network, const std::string& name) {
  return position_of(network.layers, name);
}

std::optional<std::size_t> find_tensor(const Network& network, const std::string& name) {
  return position_of(network.tensors, name);
}

Extents parameter_extents(const Layer& layer) {
  switch (layer.kind) {
    case LayerKind::kConvolution:
    case LayerKind::kFullyConnected:
      return filter_extents(layer.shape);
    case LayerKind::kLayerNorm:
      return {layer.output.channels, 2, 1, 1};
    case LayerKind::kTokens:
      return {layer.output.channels, 1, 1, layer.output.width};
    case LayerKind::kMatmul:
    case LayerKind::kPooling:
    case LayerKind::kRelu:
    case LayerKind::kAdd:
    case LayerKind::kSoftmax:
    case LayerKind::kGelu:
    case LayerKind::kSelect:
      return {};
  }
  return {};
}

Extents operand_extents(const Layer& layer, std::size_t operand, std::size_t images) {
  if (operand == 0 && on_array(layer)) return ifmap_extents(layer.shape, images);
  return extents_of(layer.operands.at(operand).shape, images);
}

std::size_t operand_count(LayerKind kind) {
  return kind == LayerKind::kMatmul || kind == LayerKind::kAdd ? 2 : 1;
}

Extents ofmap_extents(const Layer& layer, std::size_t images) {
  return on_array(layer) ? psum_extents(layer.shape, images) : extents_of(layer.output, images);
}

}  // namespace rowan::workloads
