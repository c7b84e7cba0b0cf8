// SPDX-License-Identifier: Apache-2.0
#include "sim/commands/request_arguments.h"

#include <string>

namespace rowan::sim {

std::vector<Option> request_options() {
  return {
      {"platform", "NAME|FILE", "accelerator: a name of `rowan list platforms`, or a YAML file"},
      {"workload", "NAME|FILE", "network: a name of `rowan list workloads`, or a YAML file"},
      {"batch", "N",
       "images, 1 to " + std::to_string(kMaxBatch) + "; by default the network's default_batch"},
      {"layers", "PATTERNS",
       "layers to take, by comma; * stands for any text, ? for any character; by default all"},
      {"mapping", "FILE",
       "mapping file; by default the published mapping of a named platform and network where there "
       "is one. A layer without a mapping gets a default one"},
  };
}

RequestNames request_names(const Arguments& arguments) {
  RequestNames names;
  names.platform = arguments.required_name("platform");
  names.workload = arguments.required_name("workload");
  if (const auto batch = arguments.number("batch", 1, kMaxBatch)) {
    names.batch = static_cast<unsigned>(*batch);
  }
  names.layers = arguments.value("layers");
  names.mapping = arguments.name("mapping");
  return names;
}

}  // namespace rowan::sim
