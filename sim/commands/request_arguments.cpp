// SPDX-License-Identifier: Apache-2.0
#include "sim/commands/request_arguments.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

#include <sched.h>

#include "models/base/error.h"
#include "models/energy/action_counts.h"
#include "sim/engine/best_mappings.h"
#include "sim/report/output.h"

namespace rowan::sim {
namespace {

/// A way to fast-forward; the first one is the default.
struct FastForwardChoice {
  const char* name;
  hardware::Replay replay;
};
constexpr FastForwardChoice kFastForward[] = {{"on", hardware::Replay::kOn},
                                              {"off", hardware::Replay::kOff},
                                              {"verify", hardware::Replay::kVerify}};

hardware::Replay fast_forward_of(const Arguments& arguments) {
  std::vector<std::string> names;
  for (const FastForwardChoice& choice : kFastForward) names.emplace_back(choice.name);
  const std::string name = arguments.choice("fast-forward", names);
  for (const FastForwardChoice& choice : kFastForward) {
    if (name == choice.name) return choice.replay;
  }
  return kFastForward[0].replay;
}

constexpr std::uint64_t kMaxJobs = 1024;

/// Processor cores that this process may use.
std::uint64_t cores() {
  cpu_set_t set;
  if (::sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  return std::max(1, CPU_COUNT(&set));
}

}  // namespace

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

Option energy_option() {
  return {"energy", "NAME|FILES",
          "energy table: a name of `rowan list energy-tables`, or YAML files by comma, read as one "
          "(docs/energy.md); by default the platform's energy_table"};
}

Option action_counts_option() {
  return {
      "action-counts", "FILE",
      "where to write the counts of all layers for Accelergy, in the names of the energy table"};
}

void write_action_counts(const Arguments& arguments, const Request& request,
                         const LayerMeasures& total) {
  const auto path = arguments.name("action-counts");
  if (!path) return;
  const energy::Pricer pricer(*request.energy_table, request.platform);
  write_file(*path, energy::action_counts_yaml(pricer, total.counts, total.total));
}

std::vector<Option> request_options() {
  std::vector<Option> options = layer_options();
  options.push_back(
      {"mapping", "FILE",
       "mapping file; by default the published mapping of a named platform and network where there "
       "is one. A layer without a mapping gets the mapper's, as of `rowan map`"});
  options.push_back(objective_option());
  options.push_back(energy_option());
  return options;
}

std::vector<Option> float_options() {
  return {{"scale", "power_of_two|free",
           "scales of float tensors: powers of two (the default), or with eight steps an octave"},
          {"granularity", "layer|filter",
           "what has a weight scale of its own with float tensors; by default a layer"},
          {"floats", "DIR",
           "folder of the float network's numbers, binary32: input.npy, LAYER.filters.npy, "
           "LAYER.parameters.npy; by default they are drawn at random"},
          {"seed", "S", "seed of the random operands, 0 to 18446744073709551615; by default 1"}};
}

std::vector<Option> simulation_options() {
  std::vector<Option> options = request_options();
  for (const Option& option : float_options()) options.push_back(option);
  options.insert(
      options.end(),
      {{"tensors", "seeded|chain|float|DIR",
        "where operands come from: words drawn at random (the default for 16-bit integers), the "
        "layers before (parameters drawn), a float network that is quantised (the default for all "
        "other PE types; docs/quantisation.md), or words in files of a folder: LAYER.ifmap.npy, "
        "LAYER.ifmap2.npy where a layer takes two, LAYER.filters.npy on the array, "
        "LAYER.parameters.npy of layer_norm and tokens; integers, or numpy.float32 for fp32"},
       {"fast-forward", "on|off|verify",
        "replay passes whose time is known (the default), simulate all, or simulate a share of the "
        "known ones and compare; results are the same"},
       {"jobs", "N",
        "processes that simulate layers side by side, 1 to " + std::to_string(kMaxJobs) +
            "; by default one per core; results are the same"}});
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

void require_energy_table(const Arguments& arguments, const Request& request) {
  if (!arguments.has("action-counts") || request.energy_table) return;
  throw InputError("--action-counts: needs an energy table for its names; give --energy");
}

RequestNames request_names(const Arguments& arguments) {
  RequestNames names = layer_names(arguments);
  names.mapping = arguments.name("mapping");
  names.objective = arguments.choice("objective", objective_names());
  names.energy = arguments.name("energy");
  return names;
}

void take_float_options(const Arguments& arguments, RequestNames& names) {
  names.scale = arguments.value("scale");
  names.granularity = arguments.value("granularity");
  names.floats = arguments.name("floats");
  names.seed =
      arguments.number("seed", 0, std::numeric_limits<std::uint64_t>::max()).value_or(names.seed);
}

RequestNames simulation_names(const Arguments& arguments) {
  RequestNames names = request_names(arguments);
  names.tensors = arguments.name("tensors");
  take_float_options(arguments, names);
  names.fast_forward = fast_forward_of(arguments);
  names.jobs = static_cast<unsigned>(arguments.number("jobs", 1, kMaxJobs).value_or(cores()));
  return names;
}

}  // namespace rowan::sim
