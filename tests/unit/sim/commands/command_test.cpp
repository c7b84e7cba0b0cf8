// SPDX-License-Identifier: Apache-2.0
#include "sim/commands/command.h"

#include <sstream>

#include <gtest/gtest.h>

#include "sim/commands/help.h"
#include "tests/support/input_error.h"

namespace rowan::sim {
namespace {

std::string error(const std::vector<std::string>& arguments) {
  return support::input_error([&] { return run_program(arguments); });
}

TEST(Commands, UnknownOnesAreErrorsWithTheNearest) {
  EXPECT_EQ(error({"rnu"}).rfind("unknown command 'rnu' (did you mean 'run'?)", 0), 0U);
  EXPECT_EQ(error({"--hepl"}), "unknown option '--hepl' (did you mean '--help'?)");
  EXPECT_EQ(error({}), "a command is missing; see rowan --help");
}

TEST(Commands, HelpInThePlaceOfAValueIsAMissingValue) {
  EXPECT_EQ(error({"run", "--seed", "--help"}), "--seed: a value is missing");
  EXPECT_EQ(error({"run", "--seed", "-h"}), "--seed: a value is missing");
}

class EveryCommand : public testing::TestWithParam<Command> {};

TEST_P(EveryCommand, HasHelpWithItsExampleInTheListAndOfItsOwn) {
  const Command& command = GetParam();
  EXPECT_NE(program_help().find(command.example), std::string::npos);
  EXPECT_NE(command_help(command).find(command.example), std::string::npos);
  for (const Option& option : command.options) {
    EXPECT_NE(command_help(command).find("--" + option.name), std::string::npos);
  }
}

TEST_P(EveryCommand, HasAnExampleThatParses) {
  const Command& command = GetParam();
  std::istringstream words(command.example);
  std::vector<std::string> arguments;
  for (std::string word; words >> word;) arguments.push_back(word);
  ASSERT_GE(arguments.size(), 2U);
  EXPECT_EQ(arguments[0], "rowan");
  EXPECT_EQ(arguments[1], command.name);
  EXPECT_NO_THROW(static_cast<void>(
      Arguments::parse({arguments.begin() + 2, arguments.end()}, command.options)));
}

TEST_P(EveryCommand, RejectsOptionsItDoesNotKnow) {
  EXPECT_EQ(error({GetParam().name, "--no-such"}).rfind("unknown option '--no-such'", 0), 0U);
}

TEST_P(EveryCommand, HasHelpWithin100Columns) {
  std::istringstream help(command_help(GetParam()));
  for (std::string line; std::getline(help, line);) EXPECT_LE(line.size(), 100U) << line;
}

INSTANTIATE_TEST_SUITE_P(Commands, EveryCommand, testing::ValuesIn(commands()),
                         [](const auto& command) { return std::string(command.param.name); });

}  // namespace
}  // namespace rowan::sim
