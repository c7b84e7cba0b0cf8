// SPDX-License-Identifier: Apache-2.0
#include "workloads/quantized_run.h"

#include <utility>

#include "workloads/accumulation_order.h"
#include "workloads/array_operands.h"

namespace rowan::workloads {
std::vector<QuantizedLayerRun> run_quantized(
    const QuantizedNetwork& quantized, const golden::Arithmetic& arithmetic,
    const std::function<void(std::size_t position)>& started) {
  const Network& network = quantized.network();
  std::vector<Tensor> tensors(network.tensors.size());
  tensors[*find_tensor(network, kNetworkInput)] = quantized.input();
  std::vector<QuantizedLayerRun> runs;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    started(i);
    const Layer& layer = network.layers[i];
    LayerTensors operands;
    for (std::size_t operand = 0; operand < layer.operands.size(); ++operand) {
      operands.inputs.push_back(tensors[layer.operands[operand].tensor]);
    }
    operands.parameters = quantized.parameters(i);
    AccumulationOrder order;
    if (on_array(layer) && golden::is_ordered(arithmetic)) {
      const auto images = static_cast<unsigned>(operands.ifmap().extents()[0]);
      order = natural_order(array_shape(layer, images).shape);
    }
    QuantizedLayerRun run;
    Tensor ofmap = golden::layer(layer, operands, arithmetic, order, &run.statistics);
    run.noise = quantized.noise(i, operands, ofmap);
    runs.push_back(run);
    tensors[*find_tensor(network, layer.name)] = std::move(ofmap);
  }
  return runs;
}

}  // namespace rowan::workloads
