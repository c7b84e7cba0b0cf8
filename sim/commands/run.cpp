// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <sched.h>

#include "models/base/error.h"
#include "models/base/text.h"
#include "sim/commands/command.h"
#include "sim/commands/interrupt.h"
#include "sim/commands/progress_line.h"
#include "sim/commands/request_arguments.h"
#include "sim/engine/engine.h"
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

const Format& format_of(const Arguments& arguments) {
  std::vector<std::string> names;
  for (const Format& format : kFormats) names.emplace_back(format.name);
  const std::string name = arguments.choice("format", names);
  for (const Format& format : kFormats) {
    if (name == format.name) return format;
  }
  return kFormats[0];
}

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

Result run_showing_progress(const Request& request) {
  const ProgressLine line;
  return run(request, [&line](const Progress& progress) { line.show(progress); });
}

RequestNames run_names(const Arguments& arguments) {
  RequestNames names = request_names(arguments);
  names.tensors = arguments.name("tensors").value_or(names.tensors);
  names.seed =
      arguments.number("seed", 0, std::numeric_limits<std::uint64_t>::max()).value_or(names.seed);
  if (arguments.has("no-check")) names.check = Check::kNone;
  names.fast_forward = fast_forward_of(arguments);
  names.jobs = static_cast<unsigned>(arguments.number("jobs", 1, kMaxJobs).value_or(cores()));
  return names;
}

}  // namespace

std::vector<Option> run_options() {
  std::vector<Option> options = request_options();
  options.insert(
      options.end(),
      {{"tensors", "seeded|chain|DIR",
        "where operands come from: drawn at random (the default), the layers before (parameters "
        "drawn), or files of a folder: LAYER.ifmap.npy, LAYER.ifmap2.npy where a layer takes two, "
        "LAYER.filters.npy on the array, LAYER.parameters.npy of layer_norm and tokens"},
       {"seed", "S", "seed of the random operands, 0 to 18446744073709551615; by default 1"},
       {"out", "DIR",
        "folder for result.json and layers.csv; replaced if it is empty or holds an earlier "
        "result"},
       {"format", "table|json|csv", "what to print; by default table"},
       {"no-check", "", "leave out the comparison with the golden operations"},
       {"fast-forward", "on|off|verify",
        "replay passes whose time is known (the default), simulate all, or simulate a share of the "
        "known ones and compare; results are the same"},
       {"jobs", "N",
        "processes that simulate layers side by side, 1 to " + std::to_string(kMaxJobs) +
            "; by default one per core; results are the same"}});
  return options;
}

int run_command(const Arguments& arguments) {
  arguments.require_words(0);
  const Format& format = format_of(arguments);
  exit_on_interrupt();
  const Request request = resolve(run_names(arguments));
  std::optional<OutputDirectory> directory;
  const auto out = arguments.name("out");
  if (out) directory = output_directory(*out, request);

  const Result result = run_showing_progress(request);
  const std::string report = format.report(result);
  try {
    if (directory) write_pages(*directory, result);
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
