// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "models/analytical/loop_nest/nest_file.h"
#include "models/base/error.h"
#include "sim/commands/command.h"
#include "sim/commands/request_arguments.h"
#include "sim/engine/estimation.h"
#include "sim/engine/resolve.h"
#include "sim/report/estimate_report.h"
#include "sim/report/loop_nest_report.h"
#include "sim/report/output.h"

namespace rowan::sim {
namespace {

enum class Form { kTable, kJson };

std::string layers_report(const Arguments& arguments, Form form) {
  const Request request = resolve(request_names(arguments));
  require_energy_table(arguments, request);
  const Estimation estimation = estimate(request);
  write_action_counts(arguments, request, estimation.total());
  return form == Form::kJson ? estimate_json(estimation) : estimate_table(estimation);
}

std::string loop_nest_report(const Arguments& arguments, const std::string& path, Form form) {
  for (const Option& option : estimate_options()) {
    if (option.name != "loop-nest" && option.name != "format" && arguments.has(option.name)) {
      throw InputError("--" + option.name + ": a loop nest has a problem and levels of its own");
    }
  }
  const auto counts = analytical::loop_nest::count(analytical::loop_nest::load_loop_nest(path));
  return form == Form::kJson ? loop_nest_json(counts) : loop_nest_table(counts);
}

}  // namespace

std::vector<Option> estimate_options() {
  std::vector<Option> options = request_options();
  options.insert(options.end(),
                 {{"loop-nest", "FILE",
                   "instead of layers on a platform: reads, fills and updates of a general loop "
                   "nest, as Timeloop counts them (docs/loop_nest.md)"},
                  action_counts_option(),
                  {"format", "table|json", "what to print; by default table"}});
  return options;
}

int estimate_command(const Arguments& arguments) {
  arguments.require_words(0);
  const Form form =
      arguments.choice("format", {"table", "json"}) == "json" ? Form::kJson : Form::kTable;
  const auto nest = arguments.name("loop-nest");
  print(nest ? loop_nest_report(arguments, *nest, form) : layers_report(arguments, form));
  return kSuccess;
}

}  // namespace rowan::sim
