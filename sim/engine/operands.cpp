// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/operands.h"

#include <algorithm>
#include <utility>

#include "models/arithmetic/pe_type.h"
#include "workloads/network.h"
#include "workloads/npy.h"
#include "workloads/seeded_tensors.h"

namespace rowan::sim {

workloads::golden::WordWidths word_widths(const Request& request) {
  const spec::PeSpec& pe = request.platform.pe;
  return {arithmetic::pe_type(pe.type).activation_bits, pe.product_bits, pe.psum_bits};
}

workloads::LayerTensors Operands::drawn(std::size_t position) const {
  const arithmetic::PeType& type = arithmetic::pe_type(request_.platform.pe.type);
  return workloads::seeded_tensors(request_.seed, request_.workload.layers[position],
                                   request_.batch, type.activation_bits, type.weight_bits);
}

workloads::LayerTensors Operands::of(std::size_t position) {
  const workloads::Layer& layer = request_.workload.layers[position];
  switch (request_.tensors) {
    case TensorSource::kSeeded:
      return drawn(position);
    case TensorSource::kDirectory: {
      const arithmetic::PeType& type = arithmetic::pe_type(request_.platform.pe.type);
      return workloads::read_layer_tensors(request_.tensor_directory, layer, request_.batch,
                                           type.activation_bits, type.weight_bits);
    }
    case TensorSource::kChain:
      break;
  }
  workloads::LayerTensors operands = drawn(position);
  for (std::size_t i = 0; i < operands.inputs.size(); ++i) {
    operands.inputs[i] = tensor(layer.operands[i].tensor);
  }
  return operands;
}

const workloads::Tensor& Operands::tensor(std::size_t number) {
  const auto found = tensors_.find(number);
  if (found != tensors_.end()) return found->second;
  const workloads::NetworkTensor& wanted = request_.workload.tensors[number];
  if (!wanted.producer) {
    // The network's input, as its first consumer draws it.
    const std::size_t position = wanted.consumers.front();
    const auto& operands = request_.workload.layers[position].operands;
    const auto taken = std::find_if(operands.begin(), operands.end(),
                                    [&](const auto& operand) { return operand.tensor == number; });
    workloads::LayerTensors first = drawn(position);
    return tensors_[number] =
               std::move(first.inputs[static_cast<std::size_t>(taken - operands.begin())]);
  }
  const workloads::Layer& layer = request_.workload.layers[*wanted.producer];
  return tensors_[number] =
             workloads::golden::layer(layer, of(*wanted.producer), word_widths(request_));
}

void Operands::keep(std::size_t position, workloads::Tensor ofmap) {
  if (request_.tensors != TensorSource::kChain) return;
  const std::string& name = request_.workload.layers[position].name;
  tensors_[*workloads::find_tensor(request_.workload, name)] = std::move(ofmap);
}

}  // namespace rowan::sim
