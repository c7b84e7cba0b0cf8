// SPDX-License-Identifier: Apache-2.0
#include "sim/validation/validate.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <system_error>

#include <nlohmann/json.hpp>
#include <sys/wait.h>

#include "models/base/text.h"
#include "sim/validation/claim_value.h"

namespace rowan::sim {
namespace {

using Json = nlohmann::ordered_json;

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// Makes this program the `rowan` of a shell, and of the scripts in validation/.
void put_program_into_environment() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  const char* before = std::getenv("PATH");
  const std::string folder = program.parent_path().string() + ":";
  const std::string path = before == nullptr ? std::string() : before;
  if (path.rfind(folder, 0) != 0) ::setenv("PATH", (folder + path).c_str(), 1);
  ::setenv("ROWAN", program.c_str(), 1);
}

Json document_of(const std::string& printed, const std::string& command) {
  try {
    return Json::parse(printed);
  } catch (const Json::exception&) {
    throw InputError("'" + printable(command) + "' prints no JSON");
  }
}

}  // namespace

double ClaimOutcome::difference_percent() const {
  return 100 * (ours - claim.published) / std::abs(claim.published);
}

bool ClaimOutcome::holds() const {
  // A hair above the tolerance is the arithmetic's, not the model's.
  constexpr double kRounding = 1e-9;
  return std::abs(ours - claim.published) <=
         std::abs(claim.published) * (claim.tolerance_percent / 100 + kRounding);
}

std::vector<ClaimOutcome> validate(const ClaimsFile& file, const CommandRunner& run) {
  std::map<std::string, Json> documents;
  std::vector<ClaimOutcome> outcomes;
  for (const Claim& claim : file.claims) {
    const auto [entry, is_new] = documents.try_emplace(claim.command);
    if (is_new) {
      const std::string& command = file.commands.at(claim.command).run;
      entry->second = document_of(run(command), command);
    }
    try {
      outcomes.push_back({claim, evaluate(claim.value, entry->second)});
    } catch (const std::invalid_argument& error) {
      throw InputError(claim.location, claim.id, error.what());
    }
  }
  return outcomes;
}

std::string run_in(const std::string& folder, const std::string& command) {
  put_program_into_environment();
  std::FILE* pipe = ::popen(("cd " + quoted(folder) + " && " + command).c_str(), "r");
  if (pipe == nullptr) throw InputError("cannot start '" + printable(command) + "'");
  std::string printed;
  std::array<char, 65536> buffer{};
  for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    printed.append(buffer.data(), n);
  }
  const int status = ::pclose(pipe);
  if (status == -1 || !WIFEXITED(status)) {
    throw InputError("'" + printable(command) + "' was ended by a signal");
  }
  if (WEXITSTATUS(status) != 0) {
    throw InputError("'" + printable(command) + "' failed with exit status " +
                     std::to_string(WEXITSTATUS(status)));
  }
  return printed;
}

}  // namespace rowan::sim
