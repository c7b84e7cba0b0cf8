// SPDX-License-Identifier: Apache-2.0
#include "sim/commands/request_arguments.h"

#include <string>

#include "sim/engine/best_mappings.h"

namespace rowan::sim {

std::vector<Option> layer_options() {
  return {
      {"platform", "NAME|FILE", "accelerator: a name of `rowan list platforms`, or a YAML file"},
      {"workload", "NAME|FILE", "network: a name of `rowan list workloads`, or a YAML file"},
      {"batch", "N",
       "images, 1 to " + std::to_string(kMaxBatch) + "; by default the network's default_batch"},
      {"layers", "PATTERNS",
       "layers to take, by comma; * stands for any text, ? for any character; by default all"},
  };
}

Option objective_option() {
  std::string choices;
  std::string meaning = "what the mapper looks for: ";
  for (const mapper::Objective& objective : mapper::kObjectives) {
    const std::string name = objective.name;
    meaning += (choices.empty() ? "the least " : "; ") + name + " (" + objective.meaning + ")";
    choices += (choices.empty() ? "" : "|") + name;
  }
  return {"objective", choices, meaning + "; by default " + mapper::kObjectives[0].name};
}

std::vector<Option> request_options() {
  std::vector<Option> options = layer_options();
  options.push_back(
      {"mapping", "FILE",
       "mapping file; by default the published mapping of a named platform and network where there "
       "is one. A layer without a mapping gets the mapper's, as of `rowan map`"});
  options.push_back(objective_option());
  return options;
}

RequestNames layer_names(const Arguments& arguments) {
  RequestNames names;
  names.platform = arguments.required_name("platform");
  names.workload = arguments.required_name("workload");
  if (const auto batch = arguments.number("batch", 1, kMaxBatch)) {
    names.batch = static_cast<unsigned>(*batch);
  }
  names.layers = arguments.value("layers");
  return names;
}

RequestNames request_names(const Arguments& arguments) {
  RequestNames names = layer_names(arguments);
  names.mapping = arguments.name("mapping");
  names.objective = arguments.choice("objective", objective_names());
  return names;
}

}  // namespace rowan::sim
