// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sim/commands/arguments.h"

namespace rowan::sim {

/// Exit status of the program.
inline constexpr int kSuccess = 0;
inline constexpr int kCheckFailed = 1;  ///< outputs differ from the golden operations
inline constexpr int kInputError = 2;
inline constexpr int kInternalError = 70;
inline constexpr int kInterrupted = 130;

/// A subcommand; a row of commands().
struct Command {
  const char* name;
  const char* summary;  ///< one line
  const char* usage;    ///< what follows the name
  const char* example;
  std::vector<Option> options;
  int (*run)(const Arguments& arguments);  ///< exit status; throws InputError, HardwareError
};

/// All of them, one row each.
[[nodiscard]] const std::vector<Command>& commands();

/// What the program does with its arguments (without its name). Returns the exit status; throws
/// InputError and HardwareError.
[[nodiscard]] int run_program(const std::vector<std::string>& arguments);

// The functions and options of the rows, each in its file.
[[nodiscard]] std::vector<Option> run_options();
[[nodiscard]] int run_command(const Arguments& arguments);
[[nodiscard]] std::vector<Option> map_options();
[[nodiscard]] int map_command(const Arguments& arguments);
[[nodiscard]] int list_command(const Arguments& arguments);
[[nodiscard]] std::vector<Option> show_options();
[[nodiscard]] int show_command(const Arguments& arguments);
[[nodiscard]] std::vector<Option> quantise_options();
[[nodiscard]] int quantise_command(const Arguments& arguments);
[[nodiscard]] std::vector<Option> estimate_options();
[[nodiscard]] int estimate_command(const Arguments& arguments);
[[nodiscard]] std::vector<Option> compare_options();
[[nodiscard]] int compare_command(const Arguments& arguments);
[[nodiscard]] std::vector<Option> rtl_options();
[[nodiscard]] int rtl_command(const Arguments& arguments);
[[nodiscard]] std::vector<Option> validate_options();
[[nodiscard]] int validate_command(const Arguments& arguments);
[[nodiscard]] int docs_command(const Arguments& arguments);
[[nodiscard]] int help_command(const Arguments& arguments);

}  // namespace rowan::sim
