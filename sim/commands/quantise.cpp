// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "sim/commands/command.h"
#include "sim/commands/interrupt.h"
#include "sim/commands/request_arguments.h"
#include "sim/engine/golden_ofmap.h"
#include "sim/engine/resolve.h"
#include "sim/engine/resolve_tensors.h"
#include "sim/report/output.h"
#include "sim/report/quantisation_report.h"
#include "workloads/quantized_run.h"

namespace rowan::sim {

std::vector<Option> quantise_options() {
  std::vector<Option> options = layer_options();
  for (const Option& option : float_options()) options.push_back(option);
  options.push_back({"format", "table|json", "what to print; by default table"});
  return options;
}

int quantise_command(const Arguments& arguments) {
  arguments.require_words(0);
  const bool json = arguments.choice("format", {"table", "json"}) == "json";
  exit_on_interrupt();
  RequestNames names = layer_names(arguments);
  take_float_options(arguments, names);
  names.tensors = "float";
  Request request = resolve_layers(names);
  request.seed = names.seed;
  resolve_tensors(names, request);
  const Request words = quantized(request);
  const auto runs =
      workloads::run_quantized(*words.quantized, golden_arithmetic(words), [](std::size_t) {});
  print(json ? quantisation_json(words, runs) : quantisation_table(words, runs));
  return kSuccess;
}

}  // namespace rowan::sim
