// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "workloads/layer.h"
#include "workloads/tensor.h"

namespace rowan::workloads {

/// The name by which layers take the network's input; no layer has it.
inline constexpr char kNetworkInput[] = "input";

/// What a tensor is to its network.
enum class TensorRole {
  kInput,
  kActivation,
  kParameter,
  kOutput,  ///< an ofmap that no layer takes
};

/// A tensor that layers write or read.
struct NetworkTensor {
  std::string name;  ///< "input", the layer that makes it, or "LAYER:filters", "LAYER:parameters"
  TensorRole role = TensorRole::kActivation;
  Extents extents{};  ///< of one image [1][C][H][W], or of parameters
  bool may_be_negative = true;
  std::optional<std::size_t> producer;  ///< position of a layer; none for input and parameters
  std::vector<std::size_t> consumers;   ///< positions of layers, in order, each once
};

/// A network: a graph of layers. `layers` is in a topological order, every layer after those whose
/// ofmaps it takes.
struct Network {
  std::string name;
  std::string description;
  unsigned default_batch = 1;
  FmapShape input;
  std::vector<Layer> layers;
  /// The input, then each layer's parameters, if it has any, and its ofmap.
  std::vector<NetworkTensor> tensors;
};

/// Why layers do not make a network.
struct NetworkFault {
  std::string path;  ///< of the key that is wrong, such as `layers[2].filters`
  std::string message;
};

/// Settles what follows from the layers and the input: `inputs` that are empty, operands, shapes,
/// `network_input` and the tensors. The first fault, or nothing: a layer that takes what is no
/// earlier layer, another number of operands than its kind, operands whose shapes do not fit, a
/// tensor or a number of MACs that is too large, two layers of one name.
[[nodiscard]] std::optional<NetworkFault> find_fault(Network& network);
/// The same; throws InputError with the fault.
void settle(Network& network);

/// Position of a layer; nothing when there is none of that name.
[[nodiscard]] std::optional<std::size_t> find_layer(const Network& network,
                                                    const std::string& name);
/// Position of a tensor; nothing when there is none of that name.
[[nodiscard]] std::optional<std::size_t> find_tensor(const Network& network,
                                                     const std::string& name);

/// Extents of a layer's parameters: filters [M][C per group][R][S] of a convolution or fully
/// connected layer, [C][2][1][1] gains and offsets of a layer norm, [C][1][1][1 + H W] of tokens
/// (first the class token's column, then what is added); all 0 for a layer that has none.
[[nodiscard]] Extents parameter_extents(const Layer& layer);
/// Extents of an activation operand, [N][C][H][W].
[[nodiscard]] Extents operand_extents(const Layer& layer, std::size_t operand, std::size_t images);
/// Activation operands of a kind: 2 for matmul and add, else 1.
[[nodiscard]] std::size_t operand_count(LayerKind kind);
/// Extents of the ofmap, [N][C][H][W].
[[nodiscard]] Extents ofmap_extents(const Layer& layer, std::size_t images);

}  // namespace rowan::workloads
