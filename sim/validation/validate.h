// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/validation/claims_file.h"

namespace rowan::sim {

/// A claim and what Rowan says.
struct ClaimOutcome {
  Claim claim;
  double ours = 0;

  /// (ours - published) in percent of the published value.
  [[nodiscard]] double difference_percent() const;
  [[nodiscard]] bool holds() const;
};

/// Runs a command line and returns what it prints. Throws InputError when it fails.
using CommandRunner = std::function<std::string(const std::string& command)>;

/// Runs every command that a claim needs, once, in the order of the claims. Throws InputError at
/// the claim whose command prints no JSON, or not the value.
[[nodiscard]] std::vector<ClaimOutcome> validate(const ClaimsFile& file, const CommandRunner& run);

/// Runs a command line in `folder` by the shell, which finds this program under the name `rowan`
/// and in the variable ROWAN; its messages pass. Throws InputError when its exit status is not 0.
[[nodiscard]] std::string run_in(const std::string& folder, const std::string& command);

}  // namespace rowan::sim
