// SPDX-License-Identifier: Apache-2.0
#include "sim/commands/command.h"

#include <algorithm>

#include "models/base/error.h"
#include "models/base/suggest.h"
#include "models/base/text.h"
#include "sim/commands/help.h"
#include "sim/report/output.h"

namespace rowan::sim {
namespace {

const Command& command_of(const std::string& name) {
  std::vector<std::string> names;
  for (const Command& command : commands()) {
    if (name == command.name) return command;
    names.emplace_back(command.name);
  }
  std::string list;
  for (const std::string& known : names) list += (list.empty() ? "" : ", ") + known;
  throw InputError("unknown command '" + printable(name) + "'" + did_you_mean(name, names) +
                   "; there are: " + list);
}

bool is_help(const std::string& argument) { return argument == "--help" || argument == "-h"; }

/// Whether the arguments ask for help: `--help` in the place of an option's value does not.
bool wants_help(const std::vector<std::string>& arguments, const Command& command) {
  const auto takes_value = [&](const std::string& argument) {
    return std::any_of(command.options.begin(), command.options.end(), [&](const Option& option) {
      return argument == "--" + option.name && !option.value.empty();
    });
  };
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (is_help(arguments[i]) && (i == 0 || !takes_value(arguments[i - 1]))) return true;
  }
  return false;
}

}  // namespace

const std::vector<Command>& commands() {
  static const std::vector<Command> kCommands{
      {"run", "simulate layers of a network on a platform",
       "--platform NAME|FILE --workload NAME|FILE [OPTION...]",
       "rowan run --platform eyeriss --workload alexnet --layers CONV3 --out results",
       run_options(), run_command},
      {"map", "look for the best mapping of each layer, without simulating",
       "--platform NAME|FILE --workload NAME|FILE [OPTION...]",
       "rowan map --platform eyeriss --workload alexnet --format yaml --out mapping.yaml",
       map_options(), map_command},
      {"estimate",
       "cycles, counts and energy of layers by the analytical model, without simulating",
       "--platform NAME|FILE --workload NAME|FILE [OPTION...]",
       "rowan estimate --platform eyeriss --workload vgg16", estimate_options(), estimate_command},
      {"quantise", "what a PE type's words make of a float network, without simulating",
       "--platform NAME|FILE --workload NAME|FILE [OPTION...]",
       "rowan quantise --platform quidam_int8 --workload resnet20 --granularity filter",
       quantise_options(), quantise_command},
      {"compare", "the cycle model and the analytical model side by side, and why they differ",
       "--platform NAME|FILE --workload NAME|FILE [OPTION...]",
       "rowan compare --platform eyeriss --workload resnet20", compare_options(), compare_command},
      {"rtl", "the machine as Verilog, with a pass of a layer that checks it",
       "--platform NAME|FILE --out DIR [OPTION...]",
       "rowan rtl --platform eyeriss --workload alexnet --layer CONV3 --out rtl", rtl_options(),
       rtl_command},
      {"validate", "compare with what others published", "[OPTION...]",
       "rowan validate --format markdown", validate_options(), validate_command},
      {"list",
       "names that can be used",
       "platforms|workloads|energy-tables|pe-types",
       "rowan list platforms",
       {},
       list_command},
      {"show",
       "a platform, network or mapping as a file, with every key; the rows of an energy table",
       "platform|workload|energy-table NAME|FILE, or mapping OPTION...",
       "rowan show mapping --platform eyeriss --workload alexnet --format table", show_options(),
       show_command},
      {"docs",
       "pages of the documentation that the program writes",
       "platform-reference|workload-reference|result-schema",
       "rowan docs platform-reference",
       {},
       docs_command},
      {"help",
       "what a command does, and its options",
       "[COMMAND]",
       "rowan help run",
       {},
       help_command},
  };
  return kCommands;
}

int run_program(const std::vector<std::string>& arguments) {
  if (arguments.empty()) throw InputError("a command is missing; see rowan --help");
  const std::string& first = arguments.front();
  const std::vector<std::string> rest(arguments.begin() + 1, arguments.end());
  if (is_help(first)) {
    print(program_help());
    return kSuccess;
  }
  if (first == "--version") {
    if (!rest.empty()) throw InputError("unexpected argument '" + printable(rest.front()) + "'");
    print(version_line());
    return kSuccess;
  }
  if (first.size() > 1 && first[0] == '-') {
    throw InputError("unknown option '" + printable(first) + "'" +
                     did_you_mean(first, {"--help", "--version"}));
  }
  const Command& command = command_of(first);
  if (wants_help(rest, command)) {
    print(command_help(command));
    return kSuccess;
  }
  return command.run(Arguments::parse(rest, command.options));
}

int help_command(const Arguments& arguments) {
  arguments.require_words(1);
  print(arguments.words().empty() ? program_help()
                                  : command_help(command_of(arguments.words().front())));
  return kSuccess;
}

}  // namespace rowan::sim
