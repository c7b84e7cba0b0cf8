// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/golden_ofmap.h"

#include <algorithm>

#include "models/arithmetic/pe_type.h"
#include "models/dataflow/row_stationary/accumulation_order.h"
#include "workloads/array_operands.h"

namespace rowan::sim {
namespace {

using dataflow::row_stationary::Mapping;

/// All of a group in one PE set.
Mapping in_one_pass(const workloads::ConvolutionShape& shape) {
  Mapping mapping;
  mapping.q = shape.channels_per_group();
  mapping.filter_rows = shape.kernel_height;
  mapping.filter_columns = shape.kernel_width;
  return mapping;
}

}  // namespace

workloads::golden::Arithmetic golden_arithmetic(const Request& request) {
  const spec::PeSpec& pe = request.platform.pe;
  return {&arithmetic::pe_type(pe.type), pe.product_bits, pe.psum_bits, pe.psum_overflow};
}

workloads::AccumulationOrder golden_order(const Request& request, std::size_t position) {
  const workloads::Layer& layer = request.workload.layers[position];
  if (!workloads::on_array(layer) || !is_ordered(golden_arithmetic(request))) return {};
  const workloads::ConvolutionShape shape = array_shape(layer, request.batch).shape;
  const auto run = std::find_if(request.layers.begin(), request.layers.end(),
                                [&](const LayerRequest& of) { return of.position == position; });
  const bool mapped = run != request.layers.end() && run->mapping;
  return accumulation_order(mapped ? *run->mapping : in_one_pass(shape), shape);
}

workloads::Tensor golden_ofmap(const Request& request, std::size_t position,
                               const workloads::LayerTensors& operands,
                               workloads::golden::SumStatistics* statistics) {
  return workloads::golden::layer(request.workload.layers[position], operands,
                                  golden_arithmetic(request), golden_order(request, position),
                                  statistics);
}

}  // namespace rowan::sim
