// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "models/base/error.h"

namespace rowan::sim {

/// A number made of numbers in a JSON document, see validation/claims.yaml:
/// (sum of plus - sum of minus) / (sum of over, 1 when there are none) * times.
struct ClaimValue {
  std::vector<std::string> plus;  ///< paths, see value_at()
  std::vector<std::string> minus;
  std::vector<std::string> over;
  double times = 1;
};

/// What somebody published, and how Rowan's own value comes about.
struct Claim {
  std::string id;      ///< unique, such as "alexnet.conv1.power"
  std::string claim;   ///< one line
  std::string source;  ///< paper, table
  double published = 0;
  std::string unit;
  double tolerance_percent = 0;  ///< of the published value, upwards and downwards
  std::string reason;            ///< for the tolerance
  bool seen = false;             ///< our value was known when the tolerance was set
  std::string miss;              ///< why it is missed, if it is
  std::string command;           ///< key of ClaimsFile::commands
  ClaimValue value;
  Location location;  ///< of the claim in its file
};

/// A command line that prints JSON.
struct ClaimCommand {
  std::string run;
};

/// Claims and the commands that they need, schema `rowan.claims/1`.
struct ClaimsFile {
  std::string preface;  ///< of the page
  std::map<std::string, ClaimCommand> commands;
  std::vector<Claim> claims;
};

/// Throws InputError with file, line, column and key path: also for an ID that stands twice, and a
/// command that is not there.
[[nodiscard]] ClaimsFile load_claims(const std::string& path);
/// Reads a text; `file` is the name in messages. Throws as load_claims() does.
[[nodiscard]] ClaimsFile parse_claims(const std::string& text, const std::string& file);

}  // namespace rowan::sim
