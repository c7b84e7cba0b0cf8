// SPDX-License-Identifier: Apache-2.0
#include "workloads/float_network.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "models/base/error.h"

namespace rowan::workloads {
namespace {

void require_range(const Layer& layer, const RealTensor& ofmap) {
  constexpr double kMost = std::numeric_limits<float>::max();
  const bool fits = std::all_of(ofmap.data(), ofmap.data() + ofmap.size(),
                                [](double x) { return std::abs(x) <= kMost; });
  if (fits) return;
  throw InputError("layer " + layer.name + ": its float ofmap has numbers beyond binary32");
}

}  // namespace

FloatRun run_float(const Network& network, std::size_t images, const FloatSource& source) {
  FloatRun run;
  run.tensors.resize(network.tensors.size());
  run.peaks.resize(network.layers.size());
  const FloatTensor input = float_input(network, images, source);
  RealTensor& first = run.tensors[*find_tensor(network, kNetworkInput)];
  first = RealTensor(input.extents());
  std::copy(input.data(), input.data() + input.size(), first.data());
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const Layer& layer = network.layers[i];
    FloatOperands operands;
    for (const Operand& operand : layer.operands) {
      operands.inputs.push_back(&run.tensors[operand.tensor]);
    }
    operands.parameters = float_parameters(network, i, source);
    RealTensor ofmap = float_layer(layer, operands, &run.peaks[i]);
    require_range(layer, ofmap);
    run.tensors[*find_tensor(network, layer.name)] = std::move(ofmap);
  }
  return run;
}

}  // namespace rowan::workloads
