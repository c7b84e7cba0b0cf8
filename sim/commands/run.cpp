// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/base/error.h"
#include "models/base/text.h"
#include "sim/commands/command.h"
#include "sim/commands/interrupt.h"
#include "sim/commands/kinds.h"
#include "sim/commands/progress_line.h"
#include "sim/commands/request_arguments.h"
#include "sim/report/csv_report.h"
#include "sim/report/json_report.h"
#include "sim/report/output.h"
#include "sim/report/output_directory.h"
#include "sim/report/terminal_report.h"

namespace rowan::sim {
namespace {

/// A form of the result on standard output.
struct Format {
  const char* name;
  std::string (*report)(const Result& result);
};

/// The first one is the default.
constexpr Format kFormats[] = {
    {"table", terminal_report}, {"json", json_report}, {"csv", csv_report}};

/// A file of the output folder.
struct Page {
  const char* name;
  std::string (*report)(const Result& result);
};

constexpr Page kPages[] = {{"result.json", json_report}, {"layers.csv", csv_report}};

/// About what the files of a result take, rather too much.
std::uint64_t expected_bytes(const Request& request) {
  constexpr std::uint64_t kFixed = 64 * 1024;
  constexpr std::uint64_t kPerLayer = 8 * 1024;
  return kFixed + kPerLayer * request.layers.size() + canonical_json(request).size();
}

OutputDirectory output_directory(const std::string& path, const Request& request) {
  std::vector<std::string> names;
  for (const Page& page : kPages) names.emplace_back(page.name);
  const InterruptsHeld held;
  return OutputDirectory(path, names, expected_bytes(request));
}

void write_pages(const OutputDirectory& directory, const Result& result) {
  std::vector<OutputFile> files;
  for (const Page& page : kPages) files.push_back({page.name, page.report(result)});
  const InterruptsHeld held;
  directory.write(files);
}

RequestNames run_names(const Arguments& arguments) {
  RequestNames names = simulation_names(arguments);
  if (arguments.has("no-check")) names.check = Check::kNone;
  return names;
}

}  // namespace

std::vector<Option> run_options() {
  std::vector<Option> options = simulation_options();
  options.insert(
      options.end(),
      {{"out", "DIR",
        "folder for result.json and layers.csv; replaced if it is empty or holds an earlier "
        "result"},
       {"format", "table|json|csv", "what to print; by default table"},
       action_counts_option(),
       {"no-check", "", "leave out the comparison with the golden operations"}});
  return options;
}

int run_command(const Arguments& arguments) {
  arguments.require_words(0);
  const Format& format = choice_of(kFormats, arguments, "format");
  exit_on_interrupt();
  const Request request = resolve(run_names(arguments));
  require_energy_table(arguments, request);
  std::optional<OutputDirectory> directory;
  const auto out = arguments.name("out");
  if (out) directory = output_directory(*out, request);

  const Result result = run_with_progress(request);
  const std::string report = format.report(result);
  try {
    if (directory) write_pages(*directory, result);
    write_action_counts(arguments, request, result.total());
  } catch (const InputError&) {
    print(report);  // not to lose what has been simulated
    throw;
  }
  try {
    print(report);
  } catch (const InputError& error) {
    if (!out) throw;
    throw InputError(std::string(error.what()) + "; the results are in '" + printable(*out) + "'");
  }
  const auto check = result.total().check;
  return check && check->mismatches > 0 ? kCheckFailed : kSuccess;
}

}  // namespace rowan::sim
