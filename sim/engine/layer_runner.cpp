// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/layer_runner.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "models/base/error.h"
#include "sim/engine/golden_ofmap.h"
#include "sim/engine/layer_estimate.h"
#include "sim/engine/machine_layer.h"
#include "workloads/golden_deviation.h"

namespace rowan::sim {
namespace {

LayerMeasures measures_of(const hardware::LayerActivity& activity) {
  LayerMeasures measures;
  measures.macs = activity.macs;
  measures.passes = activity.passes;
  measures.processing = activity.processing;
  measures.total = activity.total;
  measures.counts = activity.counts;
  for (const PeCycles& pe : activity.pes) measures.pe_cycles += pe;
  measures.fast_forward = activity.fast_forward;
  return measures;
}

PeCycles busiest_of(const std::vector<PeCycles>& pes) {
  return *std::max_element(pes.begin(), pes.end(), [](const PeCycles& a, const PeCycles& b) {
    return a[PeActivity::kBusy] < b[PeActivity::kBusy];
  });
}

}  // namespace

LayerRunner::Outcome LayerRunner::run(const LayerRequest& layer_request,
                                      const workloads::LayerTensors& operands,
                                      const Report& report) {
  const workloads::Layer& layer = request_.layer(layer_request);
  report("preparing");
  MachineLayer machine = make_machine_layer(request_, layer_request, operands);
  report("simulating");
  runner_.memory() = std::move(machine.memory);
  runner_.resident() = std::move(machine.resident);
  const hardware::LayerActivity activity = simulate(layer.name, machine.job);

  Outcome outcome;
  outcome.ofmap = machine.read_ofmap(runner_.memory(), runner_.resident());
  outcome.result.name = layer.name;
  outcome.result.request = layer_request;
  outcome.result.active_pes = activity.active_pes;
  outcome.result.ofmap_hash = hash_of(outcome.ofmap);
  outcome.result.measures = measures_of(activity);
  outcome.result.busiest_pe = busiest_of(activity.pes);
  if (request_.with_estimates) {
    outcome.result.estimate = estimate_of(request_, layer_request, operands, outcome.ofmap);
  }
  if (request_.quantized) {
    outcome.result.noise =
        request_.quantized->noise(layer_request.position, operands, outcome.ofmap);
  }
  if (request_.check == Check::kGolden) {
    report("checking");
    outcome.result.measures.check = check(layer_request.position, operands, outcome.ofmap);
  }
  return outcome;
}

hardware::LayerActivity LayerRunner::simulate(const std::string& name,
                                              const hardware::LayerJob& job) {
  try {
    return runner_.run(job);
  } catch (const HardwareError& error) {
    throw HardwareError("layer " + name + ": " + error.what());
  }
}

OfmapCheck LayerRunner::check(std::size_t position, const workloads::LayerTensors& operands,
                              const workloads::Tensor& ofmap) const {
  const workloads::Layer& layer = request_.workload.layers[position];
  workloads::golden::SumStatistics statistics;
  const workloads::Tensor expected = golden_ofmap(request_, position, operands, &statistics);
  OfmapCheck check = compare(layer.name, expected, ofmap);
  check.psums = statistics.psums;
  check.nonzero_psums = statistics.nonzero;
  check.wrapped_psums = statistics.wrapped;
  check.saturated_sums = statistics.saturated_sums;
  check.saturated = statistics.saturated;
  // Of floating-point words there is no unit of the last place.
  if (golden_arithmetic(request_).type->numbers == arithmetic::Numbers::kFloat) return check;
  if (const auto real = workloads::golden::real_ofmap(layer, operands)) {
    check.deviation = workloads::golden::deviation(ofmap, *real);
  }
  return check;
}

}  // namespace rowan::sim
