// SPDX-License-Identifier: Apache-2.0
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "models/base/error.h"
#include "models/base/text.h"
#include "models/functional/layer_execution.h"
#include "models/rtl/check.h"
#include "models/rtl/sources.h"
#include "sim/commands/command.h"
#include "sim/commands/interrupt.h"
#include "sim/commands/request_arguments.h"
#include "sim/engine/catalogue.h"
#include "sim/engine/machine_layer.h"
#include "sim/engine/operands.h"
#include "sim/engine/pass_images.h"
#include "sim/engine/resolve.h"
#include "sim/report/output.h"
#include "sim/report/output_directory.h"
#include "workloads/layer_kinds.h"
#include "workloads/layer_selection.h"

namespace rowan::sim {
namespace {

constexpr char kDefaultWorkload[] = "alexnet";
constexpr char kDefaultLayer[] = "CONV3";

constexpr char kConfiguration[] = "images/configuration.hex";
constexpr char kPsums[] = "images/psums.hex";
constexpr char kCounters[] = "images/counters.hex";

/// Throws InputError, as the one option of this command has it, when no layer has such a name.
void require_layer(const workloads::Network& network, const std::string& name) {
  try {
    static_cast<void>(workloads::select_layers(network, name));
  } catch (const InputError& error) {
    throw InputError(std::string("--layer: ") + error.what());
  }
}

/// The one layer of the request.
RequestNames pass_names(const Arguments& arguments) {
  RequestNames names;
  names.platform = arguments.required_name("platform");
  names.workload = arguments.name("workload").value_or(kDefaultWorkload);
  if (const auto batch = arguments.number("batch", 1, kMaxBatch)) {
    names.batch = static_cast<unsigned>(*batch);
  }
  names.mapping = arguments.name("mapping");
  names.seed =
      arguments.number("seed", 0, std::numeric_limits<std::uint64_t>::max()).value_or(names.seed);
  const Request known = resolve_layers(names);
  rtl::require_supported(known.platform);
  names.layers = arguments.name("layer");
  if (names.layers) require_layer(known.workload, *names.layers);
  if (!names.layers && !arguments.has("workload")) names.layers = kDefaultLayer;
  for (const LayerRequest& layer : known.layers) {
    if (names.layers) break;
    if (workloads::on_array(known.layer(layer))) names.layers = known.layer(layer).name;
  }
  if (!names.layers) {
    throw InputError("--workload: no layer of " + printable(known.workload.name) +
                     " runs on the array");
  }
  return names;
}

Request one_layer_request(const Arguments& arguments) {
  Request request = resolve(pass_names(arguments));
  if (request.layers.size() != 1) {
    throw InputError("--layer: " + std::to_string(request.layers.size()) +
                     " layers have such a name; a pass is of one");
  }
  const workloads::Layer& layer = request.layer(request.layers.front());
  if (!workloads::on_array(layer)) {
    throw InputError("--layer: " + printable(layer.name) +
                     " runs on the post-processing unit, which is no part of the RTL");
  }
  return request;
}

functional::PassState state_of(const Request& request, MachineLayer& machine,
                               std::uint64_t number) {
  functional::LayerWork work;
  work.schedule = machine.job.schedule;
  work.buffers = machine.job.buffers;
  work.mac = machine.job.mac;
  work.post_processing = machine.job.post_processing;
  auto state =
      functional::state_before(number, work, request.platform, machine.memory, machine.resident);
  if (state) return std::move(*state);
  throw InputError("--pass: layer " + request.layer(request.layers.front()).name + " has no pass " +
                   std::to_string(number));
}

/// What the images hold, for the README.
std::string pass_text(const Request& request, std::uint64_t number, const PassImages& images) {
  const LayerRequest& layer = request.layers.front();
  return "`images/` holds pass " + std::to_string(number) + " of layer " +
         printable(request.layer(layer).name) + " of " + printable(request.workload.name) +
         ", batch " + std::to_string(request.batch) + ", seed " + std::to_string(request.seed) +
         " (mapping: " + name_of(layer.source) + "):\n" + std::to_string(images.words) +
         " psum words leave the array in " + std::to_string(images.cycles) + " cycles.";
}

/// The pass on the SystemC modules. Throws InputError with the layer's name when the RTL's
/// registers cannot describe it.
PassImages images_of(const Request& request, const MachineLayer& machine,
                     const functional::PassState& state) {
  hardware::PassBench bench(request.platform);
  try {
    return make_pass_images(bench, request.platform, machine.job.buffers, machine.job.mac, state);
  } catch (const InputError& error) {
    throw InputError("layer " + printable(request.layer(request.layers.front()).name) + ": " +
                     error.what());
  }
}

/// The files but the images.
std::vector<OutputFile> source_files(const Request& request, const rtl::TableSizes& tables,
                                     const std::string& pass) {
  std::vector<OutputFile> files;
  for (auto& file :
       rtl::source_files(data_folder() + "/models/rtl", request.platform, tables, pass)) {
    files.push_back({std::move(file.name), std::move(file.content)});
  }
  return files;
}

/// Makes sure, before any work, that the folder can be written.
OutputDirectory output_directory(const std::string& path, const Request& request) {
  std::vector<std::string> names{kConfiguration, kPsums, kCounters};
  std::uint64_t bytes = 0;
  for (const OutputFile& file : source_files(request, {}, "")) {
    names.push_back(file.name);
    bytes += file.content.size();
  }
  const InterruptsHeld held;
  return OutputDirectory(path, names, bytes);
}

void write(const OutputDirectory& directory, std::vector<OutputFile> files, PassImages images) {
  files.push_back({kConfiguration, std::move(images.configuration)});
  files.push_back({kPsums, std::move(images.psums)});
  files.push_back({kCounters, std::move(images.counters)});
  const InterruptsHeld held;
  directory.write(files);
}

}  // namespace

std::vector<Option> rtl_options() {
  return {
      {"platform", "NAME|FILE", "accelerator: a name of `rowan list platforms`, or a YAML file"},
      {"out", "DIR", "folder to write, replacing an earlier one"},
      {"workload", "NAME|FILE",
       std::string("network of the pass; by default ") + kDefaultWorkload + ", its " +
           kDefaultLayer},
      {"layer", "NAME", "layer of the pass; by default the first one on the array"},
      {"pass", "K", "which pass of the layer, from 0; by default 0"},
      {"batch", "N", "images; by default the network's default_batch"},
      {"mapping", "FILE",
       "mapping file; by default the published mapping where there is one, else the mapper's"},
      {"seed", "S", "seed of the random operands; by default 1"},
  };
}

int rtl_command(const Arguments& arguments) {
  arguments.require_words(0);
  const std::string out = arguments.required_name("out");
  const std::uint64_t number =
      arguments.number("pass", 0, std::numeric_limits<std::uint32_t>::max()).value_or(0);
  exit_on_interrupt();
  const Request resolved = one_layer_request(arguments);
  const OutputDirectory directory = output_directory(out, resolved);
  const Request request = quantized(resolved);
  const LayerRequest& layer = request.layers.front();
  Operands operands(request);
  MachineLayer machine = make_machine_layer(request, layer, operands.of(layer.position));
  const functional::PassState state = state_of(request, machine, number);
  PassImages images = images_of(request, machine, state);
  const std::string text = pass_text(request, number, images);
  write(directory, source_files(request, rtl::fitted({}, *state.pass.shape), text),
        std::move(images));
  print(text + "\n");
  return kSuccess;
}

}  // namespace rowan::sim
