// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/commands/command.h"

namespace rowan::sim {

/// Every command with its summary and an example.
[[nodiscard]] std::string program_help();
/// Usage, options and example of a command.
[[nodiscard]] std::string command_help(const Command& command);
/// `rowan 0.1.0 (revision)`
[[nodiscard]] std::string version_line();

}  // namespace rowan::sim
