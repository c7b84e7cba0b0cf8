// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

#include "models/base/error.h"
#include "models/base/text.h"
#include "sim/commands/command.h"
#include "sim/commands/interrupt.h"
#include "sim/commands/kinds.h"
#include "sim/engine/catalogue.h"
#include "sim/report/claims_report.h"
#include "sim/report/output.h"

namespace rowan::sim {
namespace {

constexpr char kClaims[] = "validation/claims.yaml";

struct Format {
  const char* name;
  std::string (*report)(const ClaimsFile& file, const std::vector<ClaimOutcome>& outcomes);
};

/// The first one is the default.
constexpr Format kFormats[] = {
    {"table", claims_table}, {"json", claims_json}, {"markdown", claims_page}};

std::string text_of(const std::string& path) {
  std::error_code error;
  std::ifstream file(path, std::ios::binary);
  if (!file || !std::filesystem::is_regular_file(path, error))
    throw InputError(Location{path}, "", "cannot be read");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// Says on standard error what is no longer as `path` has it.
int check_page(const std::string& path, const std::string& page, const ClaimsFile& file,
               const std::vector<ClaimOutcome>& outcomes) {
  for (const std::string& id : lost_claims(page, outcomes)) {
    std::fprintf(stderr, "%s: claim %s held and does not any more\n", printable(path).c_str(),
                 printable(id).c_str());
  }
  if (page == claims_page(file, outcomes)) return kSuccess;
  std::fprintf(stderr, "%s is stale: rowan validate --format markdown writes another page\n",
               printable(path).c_str());
  return kCheckFailed;
}

}  // namespace

std::vector<Option> validate_options() {
  return {{"claims", "FILE",
           std::string(
               "what is claimed, and shell commands, which are run; by default the project's ") +
               kClaims},
          {"format", "table|json|markdown", "what to print; by default table"},
          {"check", "PAGE",
           "print nothing, and fail when the page is not what --format markdown prints: a claim "
           "that held no longer does, or the page is stale"}};
}

int validate_command(const Arguments& arguments) {
  arguments.require_words(0);
  const Format& format = choice_of(kFormats, arguments, "format");
  const auto page = arguments.name("check");
  if (page && arguments.has("format")) {
    throw InputError("--check: compares with what --format markdown prints; leave --format out");
  }
  exit_on_interrupt();
  // Before minutes of work.
  const std::string page_before = page ? text_of(*page) : std::string();
  const std::string folder = data_folder();
  const ClaimsFile file = load_claims(arguments.name("claims").value_or(folder + "/" + kClaims));
  const std::vector<ClaimOutcome> outcomes =
      validate(file, [&folder](const std::string& command) { return run_in(folder, command); });
  if (page) return check_page(*page, page_before, file, outcomes);
  print(format.report(file, outcomes));
  return kSuccess;
}

}  // namespace rowan::sim
