// SPDX-License-Identifier: Apache-2.0
#include "sim/commands/arguments.h"

#include <gtest/gtest.h>

#include "tests/support/input_error.h"

namespace rowan::sim {
namespace {

const std::vector<Option>& options() {
  static const std::vector<Option> kOptions{
      {"batch", "N", ""}, {"layers", "PATTERNS", ""}, {"no-check", "", ""}};
  return kOptions;
}

Arguments parse(const std::vector<std::string>& arguments) {
  return Arguments::parse(arguments, options());
}

std::string error(const std::vector<std::string>& arguments) {
  return support::input_error([&] { return parse(arguments); });
}

TEST(Arguments, TakesOptionsFlagsAndWordsInAnyOrder) {
  const Arguments arguments = parse({"one", "--batch", "3", "--no-check", "two", "--layers=A,B"});
  EXPECT_EQ(arguments.words(), (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(arguments.value("batch"), "3");
  EXPECT_EQ(arguments.value("layers"), "A,B");
  EXPECT_TRUE(arguments.has("no-check"));
  EXPECT_FALSE(parse({}).has("no-check"));
  EXPECT_FALSE(parse({}).value("batch"));
}

TEST(Arguments, UnknownOptionIsAnErrorWithTheNearest) {
  EXPECT_EQ(error({"--bach", "3"}), "unknown option '--bach' (did you mean '--batch'?)");
  EXPECT_EQ(error({"--bach=3"}), "unknown option '--bach' (did you mean '--batch'?)");
  EXPECT_EQ(error({"--zzz"}), "unknown option '--zzz'");
  EXPECT_EQ(error({"-b"}), "unknown option '-b'");
}

TEST(Arguments, OptionsAreNotAbbreviated) {
  EXPECT_EQ(error({"--lay", "A"}).rfind("unknown option '--lay'", 0), 0U);
}

TEST(Arguments, MissingValueIsAnError) {
  EXPECT_EQ(error({"--batch"}), "--batch: a value is missing");
  EXPECT_EQ(error({"--batch", "--layers", "A"}), "--batch: a value is missing");
  EXPECT_EQ(error({"--batch", "--help"}), "--batch: a value is missing");
  EXPECT_EQ(error({"--layers", "-h"}), "--layers: a value is missing");
  EXPECT_EQ(error({"--batch="}), "--batch: a value is missing");
}

TEST(Arguments, AFlagTakesNoValue) {
  EXPECT_EQ(error({"--no-check=1"}), "--no-check: takes no value");
  EXPECT_EQ(error({"--no-check="}), "--no-check: takes no value");
}

TEST(Arguments, RepeatedOptionIsAnError) {
  EXPECT_EQ(error({"--batch", "1", "--batch", "2"}), "--batch: is given twice");
  EXPECT_EQ(error({"--no-check", "--no-check"}), "--no-check: is given twice");
}

TEST(Arguments, NumbersAreDigitsWithinTheirRange) {
  const auto number = [](const std::string& text) {
    return support::input_error([&] { return parse({"--batch", text}).number("batch", 1, 10); });
  };
  EXPECT_EQ(parse({"--batch", "10"}).number("batch", 1, 10), 10U);
  EXPECT_EQ(parse({}).number("batch", 1, 10), std::nullopt);
  for (const char* text : {"x", "-1", "+1", "1.0", "1x", " 1", "0x1"}) {
    EXPECT_EQ(number(text), "--batch: '" + std::string(text) + "' is not a whole number");
  }
  EXPECT_EQ(number("0"), "--batch: 0 is out of range, 1 to 10");
  EXPECT_EQ(number("11"), "--batch: 11 is out of range, 1 to 10");
  EXPECT_EQ(number("99999999999999999999"),
            "--batch: 99999999999999999999 is out of range, 1 to 10");
}

TEST(Arguments, ChoicesAreNamedInTheError) {
  const auto choice = [](const std::vector<std::string>& arguments) {
    return parse(arguments).choice("layers", {"table", "json"});
  };
  EXPECT_EQ(choice({}), "table");
  EXPECT_EQ(choice({"--layers", "json"}), "json");
  EXPECT_EQ(support::input_error([&] {
              return choice({"--layers", "jsn"});
            }),
            "--layers: 'jsn' is not one of table, json (did you mean 'json'?)");
}

TEST(Arguments, WordsAndRequiredOptionsAreCounted) {
  EXPECT_EQ(support::input_error([] {
              parse({"a", "b"}).require_words(1);
              return 0;
            }),
            "unexpected argument 'b'");
  EXPECT_EQ(support::input_error([] { return parse({}).required_name("batch"); }),
            "--batch: is missing");
}

TEST(Arguments, NamesAreNotEmpty) {
  EXPECT_EQ(parse({"--layers", "A"}).name("layers"), "A");
  EXPECT_EQ(parse({}).name("layers"), std::nullopt);
  for (const bool required : {false, true}) {
    EXPECT_EQ(support::input_error([&] {
                const Arguments arguments = parse({"--layers", ""});
                return required ? arguments.required_name("layers") : *arguments.name("layers");
              }),
              "--layers: the name is empty");
  }
}

}  // namespace
}  // namespace rowan::sim
