// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/engine.h"

#include <memory>
#include <utility>

#include "models/functional/layer_execution.h"
#include "sim/engine/layer_result_bytes.h"
#include "sim/engine/layer_runner.h"
#include "sim/engine/machine_layer.h"
#include "sim/engine/operands.h"
#include "sim/engine/worker_pool.h"

namespace rowan::sim {
namespace {

Progress progress_of(const Request& request, std::size_t index, const char* step) {
  return {request.layer(request.layers[index]).name, index + 1, request.layers.size(), step};
}

std::vector<LayerResult> run_in_turn(const Request& request, const ProgressCallback& progress) {
  std::vector<LayerResult> results;
  Operands operands(request);
  LayerRunner runner(request);
  for (std::size_t i = 0; i < request.layers.size(); ++i) {
    const LayerRequest& layer = request.layers[i];
    LayerRunner::Outcome outcome =
        runner.run(layer, operands.of(layer.position),
                   [&](const char* step) { progress(progress_of(request, i, step)); });
    operands.keep(layer.position, std::move(outcome.ofmap));
    results.push_back(std::move(outcome.result));
  }
  return results;
}

/// The words of a chain, which do not depend on time: they let layers be timed side by side.
void execute_chain(const Request& request, const ProgressCallback& progress, Operands& operands) {
  for (std::size_t i = 0; i + 1 < request.layers.size(); ++i) {
    const LayerRequest& layer = request.layers[i];
    progress(progress_of(request, i, "computing"));
    MachineLayer machine = make_machine_layer(request, layer, operands.of(layer.position));
    const hardware::LayerJob& job = machine.job;
    functional::run_layer({job.schedule, job.buffers, job.mac, job.post_processing},
                          request.platform, machine.memory, machine.resident);
    operands.keep(layer.position, machine.read_ofmap(machine.memory, machine.resident));
  }
}

std::vector<LayerResult> run_side_by_side(const Request& request,
                                          const ProgressCallback& progress) {
  Operands operands(request);
  if (is_chain(request)) execute_chain(request, progress, operands);
  std::unique_ptr<LayerRunner> runner;  // of a worker, made with its first layer
  WorkerTasks tasks;
  tasks.count = request.layers.size();
  tasks.run = [&](std::size_t i) {
    if (!runner) runner = std::make_unique<LayerRunner>(request);
    const LayerRequest& layer = request.layers[i];
    return to_bytes(runner->run(layer, operands.of(layer.position), [](const char*) {}).result);
  };
  tasks.name = [&](std::size_t i) { return "layer " + request.layer(request.layers[i]).name; };
  tasks.started = [&](std::size_t i) { progress(progress_of(request, i, "simulating")); };
  tasks.ended = [](std::size_t) {};
  const std::vector<std::string> bytes = run_in_workers(request.jobs, tasks);

  std::vector<LayerResult> results(request.layers.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    results[i].name = request.layer(request.layers[i]).name;
    results[i].request = request.layers[i];
    from_bytes(bytes[i], results[i]);
  }
  return results;
}

}  // namespace

Result run(const Request& request, const ProgressCallback& progress) {
  Result result;
  result.request = request;
  if (request.tensors == TensorSource::kFloat && !request.layers.empty()) {
    progress(progress_of(request, 0, "quantising"));
  }
  const Request words = quantized(request);
  const bool several = request.jobs > 1 && request.layers.size() > 1;
  result.layers = several ? run_side_by_side(words, progress) : run_in_turn(words, progress);
  return result;
}

}  // namespace rowan::sim
