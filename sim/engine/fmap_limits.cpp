// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/fmap_limits.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "models/base/error.h"
#include "models/base/text.h"

namespace rowan::sim {
namespace {

/// By position: whether the layer's ofmap is computed on the way to the chosen layers'.
std::vector<bool> computed_layers(const Request& request) {
  const workloads::Network& network = request.workload;
  if (request.tensors == TensorSource::kFloat) {
    return std::vector<bool>(network.layers.size(), true);
  }
  std::vector<bool> computed(network.layers.size(), false);
  if (request.tensors != TensorSource::kChain) return computed;
  for (const LayerRequest& layer : request.layers) computed[layer.position] = true;
  // A layer takes only what layers before it have made.
  for (std::size_t i = network.layers.size(); i-- > 0;) {
    if (!computed[i]) continue;
    for (const workloads::Operand& operand : network.layers[i].operands) {
      const auto& producer = network.tensors[operand.tensor].producer;
      if (producer) computed[*producer] = true;
    }
  }
  return computed;
}

}  // namespace

void require_room_for_layer(const workloads::Layer& layer, unsigned batch, const std::string& key) {
  std::uint64_t words = layer.output.words();
  for (const workloads::Operand& operand : layer.operands) {
    words = std::max(words, operand.shape.words());
  }
  if (workloads::on_array(layer)) {
    const workloads::ConvolutionShape& s = layer.shape;
    words = std::max(words, std::uint64_t{s.channels} * s.padded_height() * s.padded_width());
  }
  words *= batch;
  if (words <= kMaxFmapWords) return;
  throw InputError(key + ": " + std::to_string(batch) + " images make " + std::to_string(words) +
                   " words in an fmap of layer " + printable(layer.name) + "; at most " +
                   std::to_string(kMaxFmapWords) + " are allowed");
}

void require_room_for_network(const Request& request) {
  const workloads::Network& network = request.workload;
  const std::vector<bool> computed = computed_layers(request);
  std::uint64_t words = 0;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    if (!computed[i]) continue;
    require_room_for_layer(network.layers[i], request.batch, "--batch");
    words += network.layers[i].output.words() * request.batch;
  }
  if (words <= kMaxNetworkWords) return;
  throw InputError("--batch: " + std::to_string(request.batch) + " images make " +
                   std::to_string(words) + " words in all ofmaps of " + printable(network.name) +
                   "; at most " + std::to_string(kMaxNetworkWords) +
                   " are allowed with --tensors " + name_of(request.tensors) +
                   ", which computes layers that are not chosen, too");
}

}  // namespace rowan::sim
