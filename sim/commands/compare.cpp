// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "sim/commands/command.h"
#include "sim/commands/interrupt.h"
#include "sim/commands/progress_line.h"
#include "sim/commands/request_arguments.h"
#include "sim/engine/resolve.h"
#include "sim/report/comparison_report.h"
#include "sim/report/output.h"

namespace rowan::sim {

std::vector<Option> compare_options() {
  std::vector<Option> options = simulation_options();
  options.push_back({"format", "table|json", "what to print; by default table"});
  return options;
}

int compare_command(const Arguments& arguments) {
  arguments.require_words(0);
  const bool json = arguments.choice("format", {"table", "json"}) == "json";
  exit_on_interrupt();
  RequestNames names = simulation_names(arguments);
  names.check = Check::kNone;
  Request request = resolve(names);
  request.with_estimates = true;
  const Result result = run_with_progress(request);
  print(json ? comparison_json(result) : comparison_table(result));
  return kSuccess;
}

}  // namespace rowan::sim
