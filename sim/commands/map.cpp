// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "models/base/error.h"
#include "sim/commands/command.h"
#include "sim/commands/request_arguments.h"
#include "sim/engine/best_mappings.h"
#include "sim/engine/resolve.h"
#include "sim/report/mapping_report.h"
#include "sim/report/output.h"

namespace rowan::sim {
namespace {

constexpr std::uint64_t kMostBest = 1000;

}  // namespace

std::vector<Option> map_options() {
  std::vector<Option> options = layer_options();
  options.insert(
      options.end(),
      {objective_option(),
       energy_option(),
       {"best", "K",
        "table: so many mappings of each layer, the best first, 1 to " + std::to_string(kMostBest) +
            "; by default 1"},
       {"whole-rows", "",
        "only mappings whose passes have whole ofmap rows, as the published ones"},
       {"format", "table|yaml", "a table (the default), or a mapping file for run --mapping"},
       {"out", "FILE", "where to write it, replacing what is there; by default it is printed"}});
  return options;
}

int map_command(const Arguments& arguments) {
  arguments.require_words(0);
  const bool yaml = arguments.choice("format", {"table", "yaml"}) == "yaml";
  if (yaml && arguments.has("best")) {
    throw InputError("--best: a mapping file has one mapping for a layer");
  }
  const auto keep = arguments.number("best", 1, kMostBest).value_or(1);
  const mapper::Objective& objective =
      objective_of(arguments.choice("objective", objective_names()));
  RequestNames names = layer_names(arguments);
  names.energy = arguments.name("energy");
  Request request = resolve_layers(names);
  auto& layers = request.layers;
  layers.erase(std::remove_if(layers.begin(), layers.end(),
                              [&](const LayerRequest& layer) {
                                return !workloads::on_array(request.layer(layer));
                              }),
               layers.end());
  if (layers.empty()) {
    throw InputError("--layers: none of them runs on the array, so none has a mapping");
  }
  MappingSearch search(request, objective,
                       {static_cast<std::size_t>(keep), arguments.has("whole-rows")});
  std::vector<mapper::SearchResult> found;
  for (LayerRequest& layer : layers) {
    found.push_back(search.of(request.layer(layer)));
    layer.mapping = found.back().best.front().mapping;
  }
  const std::string report =
      yaml ? mapping_yaml(request) : search_table(request, objective.name, found);
  if (const auto path = arguments.name("out")) {
    write_file(*path, report);
  } else {
    print(report);
  }
  return kSuccess;
}

}  // namespace rowan::sim
