// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>

#include "sim/engine/request.h"
#include "workloads/tensor.h"

namespace rowan::sim {

/// Whether layers take what those before them made.
[[nodiscard]] bool is_chain(const Request& request);

/// Where the layers of a request get their operands: drawn, from files, or, in a chain and in a
/// quantised network (quantized() has made one), from the ofmaps that keep() was given.
class Operands {
 public:
  explicit Operands(const Request& request) : request_(request) {}

  /// In a chain, an ofmap that nobody gave is made by the golden operations, as are those that it
  /// needs. Throws InputError when a file cannot be read.
  [[nodiscard]] workloads::LayerTensors of(std::size_t position);
  /// Gives the ofmap of a layer; it is dropped unless there is a chain.
  void keep(std::size_t position, workloads::Tensor ofmap);

 private:
  [[nodiscard]] workloads::LayerTensors drawn(std::size_t position) const;
  /// What a layer has before its inputs are those of the network: parameters, and places for
  /// inputs.
  [[nodiscard]] workloads::LayerTensors given(std::size_t position) const;
  /// The network's input: quantised, or as its first consumer draws it.
  [[nodiscard]] workloads::Tensor drawn_input(const workloads::NetworkTensor& input) const;
  /// A tensor of the network: its input, or an ofmap.
  [[nodiscard]] const workloads::Tensor& tensor(std::size_t number);

  const Request& request_;
  std::map<std::size_t, workloads::Tensor> tensors_;  ///< by their number in the network
};

}  // namespace rowan::sim
