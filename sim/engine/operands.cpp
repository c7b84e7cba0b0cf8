// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/operands.h"

#include <stdexcept>
#include <utility>
#include <vector>

#include "models/arithmetic/pe_type.h"
#include "sim/engine/golden_ofmap.h"
#include "workloads/network.h"
#include "workloads/npy.h"
#include "workloads/seeded_tensors.h"

namespace rowan::sim {

bool is_chain(const Request& request) {
  switch (request.tensors) {
    case TensorSource::kSeeded:
    case TensorSource::kDirectory:
      return false;
    case TensorSource::kChain:
    case TensorSource::kFloat:
      return true;
  }
  return false;
}

workloads::LayerTensors Operands::drawn(std::size_t position) const {
  const arithmetic::PeType& type = arithmetic::pe_type(request_.platform.pe.type);
  return workloads::seeded_tensors(request_.seed, request_.workload.layers[position],
                                   request_.batch, type.activation_bits, type.weight_bits);
}

workloads::LayerTensors Operands::given(std::size_t position) const {
  if (request_.tensors != TensorSource::kFloat) return drawn(position);
  if (!request_.quantized) throw std::logic_error("float tensors that nobody has quantised");
  workloads::LayerTensors operands;
  operands.inputs.resize(request_.workload.layers[position].operands.size());
  operands.parameters = request_.quantized->parameters(position);
  return operands;
}

workloads::LayerTensors Operands::of(std::size_t position) {
  const workloads::Layer& layer = request_.workload.layers[position];
  switch (request_.tensors) {
    case TensorSource::kSeeded:
      return drawn(position);
    case TensorSource::kDirectory:
      return workloads::read_layer_tensors(request_.tensor_directory, layer, request_.batch,
                                           arithmetic::pe_type(request_.platform.pe.type));
    case TensorSource::kChain:
    case TensorSource::kFloat:
      break;
  }
  workloads::LayerTensors operands = given(position);
  for (std::size_t i = 0; i < operands.inputs.size(); ++i) {
    operands.inputs[i] = tensor(layer.operands[i].tensor);
  }
  return operands;
}

workloads::Tensor Operands::drawn_input(const workloads::NetworkTensor& input) const {
  if (request_.quantized) return request_.quantized->input();
  const std::size_t position = input.consumers.front();
  const auto& operands = request_.workload.layers[position].operands;
  std::size_t taken = 0;
  while (&request_.workload.tensors[operands[taken].tensor] != &input) ++taken;
  return std::move(drawn(position).inputs[taken]);
}

const workloads::Tensor& Operands::tensor(std::size_t number) {
  // Not by recursion: a network may be deeper than the stack.
  std::vector<std::size_t> wanted{number};
  while (!wanted.empty()) {
    const std::size_t next = wanted.back();
    const workloads::NetworkTensor& tensor = request_.workload.tensors[next];
    if (tensors_.count(next) != 0) {
      wanted.pop_back();
    } else if (!tensor.producer) {
      tensors_[next] = drawn_input(tensor);
    } else {
      const workloads::Layer& layer = request_.workload.layers[*tensor.producer];
      for (const workloads::Operand& operand : layer.operands) {
        if (tensors_.count(operand.tensor) == 0) wanted.push_back(operand.tensor);
      }
      if (wanted.back() != next) continue;
      tensors_[next] = golden_ofmap(request_, *tensor.producer, of(*tensor.producer));
    }
  }
  return tensors_.at(number);
}

void Operands::keep(std::size_t position, workloads::Tensor ofmap) {
  if (!is_chain(request_)) return;
  const std::string& name = request_.workload.layers[position].name;
  tensors_[*workloads::find_tensor(request_.workload, name)] = std::move(ofmap);
}

}  // namespace rowan::sim
