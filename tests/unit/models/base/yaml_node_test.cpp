// SPDX-License-Identifier: Apache-2.0
#include "models/base/yaml_node.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/input_error.h"

namespace rowan {
namespace {

using support::input_error;

YamlNode parse(const std::string& text) { return YamlNode::parse(text, "f.yaml"); }

/// Value of key `a` in a mapping of it alone.
YamlNode value(const std::string& text) { return parse("a: " + text).entries().front().second; }

std::string parse_error(const std::string& text) {
  return input_error([&] { return parse(text); });
}

std::string number_error(const std::string& text, Range range = {}) {
  return input_error([&] { return value(text).number(range); });
}

std::string decimal_error(const std::string& text, DecimalRange range) {
  return input_error([&] { return value(text).decimal(range); });
}

std::string frequency_error(const std::string& text) {
  return input_error([&] { return value(text).frequency_mhz({1, 1000}); });
}

/// A file in the folder of temporary files, removed at the end.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content)
      : path_(testing::TempDir() + "rowan_yaml_node_test_" +
              testing::UnitTest::GetInstance()->current_test_info()->name() + ".yaml") {
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

TEST(YamlNode, GivesEntriesAndItemsInTheOrderOfTheFile) {
  const YamlNode root = parse("b: 1\na: [x, y]\n");
  ASSERT_EQ(root.kind(), YamlNode::Kind::kMapping);
  const auto entries = root.entries();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].first, "b");
  EXPECT_EQ(entries[1].first, "a");
  const auto items = entries[1].second.items();
  ASSERT_EQ(items.size(), 2U);
  EXPECT_EQ(items[0].text(), "x");
  EXPECT_EQ(items[1].text(), "y");
}

TEST(YamlNode, KnowsItsPathAndThePlaceOfItsKey) {
  const YamlNode root = parse("top:\n  list:\n    - {name: x}\n    - name: y\n");
  const YamlNode top = root.entries()[0].second;
  const YamlNode list = top.entries()[0].second;
  const YamlNode name = list.items()[1].entries()[0].second;
  EXPECT_EQ(root.path(), "");
  EXPECT_EQ(list.path(), "top.list");
  EXPECT_EQ(list.location().line, 2);
  EXPECT_EQ(list.location().column, 3);
  EXPECT_EQ(name.path(), "top.list[1].name");
  EXPECT_EQ(name.location().file, "f.yaml");
  EXPECT_EQ(name.location().line, 4);
  EXPECT_EQ(name.location().column, 7);
}

TEST(YamlNode, NearestIsTheValueAtAPathOrWhatEnclosesIt) {
  const YamlNode root = parse("a:\n  b: [{c: 1}]\n  bb: 2\n");
  EXPECT_EQ(root.nearest("a.bb").path(), "a.bb");
  EXPECT_EQ(root.nearest("a.b[0].c").path(), "a.b[0].c");
  EXPECT_EQ(root.nearest("a.b[0].d").path(), "a.b[0]");
  EXPECT_EQ(root.nearest("a.bbb").path(), "a");
  EXPECT_EQ(root.nearest("x.y").path(), "");
}

TEST(YamlNode, NearestFindsKeysWithDots) {
  const YamlNode root = parse("conv1: {p: 1}\nconv1.1: {p: 2}\n");
  EXPECT_EQ(root.nearest("conv1.1").location().line, 2);
  EXPECT_EQ(root.nearest("conv1.1.p").location().line, 2);
  EXPECT_EQ(root.nearest("conv1.p").location().line, 1);
}

TEST(YamlNode, FailNamesPlaceAndPath) {
  EXPECT_EQ(input_error([] {
              return parse("a:\n  b: 1").entries()[0].second.entries()[0].second.fail("is bad"), 0;
            }),
            "f.yaml:2:3: a.b: is bad");
}

TEST(YamlNode, ReadsWholeNumbersInTheirRange) {
  EXPECT_EQ(value("0").number(), 0U);
  EXPECT_EQ(value("1").number({1, 8}), 1U);
  EXPECT_EQ(value("8").number({1, 8}), 8U);
  EXPECT_EQ(value("18446744073709551615").number(), 18446744073709551615U);
}

TEST(YamlNode, RefusesNumbersOutOfRangeWithBothBounds) {
  EXPECT_EQ(number_error("0", {1, 8}), "f.yaml:1:1: a: 0 is not in 1 to 8");
  EXPECT_EQ(number_error("9", {1, 8}), "f.yaml:1:1: a: 9 is not in 1 to 8");
  EXPECT_EQ(number_error("-1", {0, 8}), "f.yaml:1:1: a: -1 is not in 0 to 8");
  EXPECT_EQ(number_error("18446744073709551616"),
            "f.yaml:1:1: a: 18446744073709551616 is not in 0 to 18446744073709551615");
}

TEST(YamlNode, RefusesWhatIsNoWholeNumber) {
  for (const char* text : {"x", "1.0", "1e3", "0x10", "+1", "1_000", "--1", "-x", "1 2", "~x"}) {
    EXPECT_EQ(number_error(text),
              std::string("f.yaml:1:1: a: must be a whole number, is '") + text + "'");
  }
  EXPECT_EQ(number_error("010"),
            "f.yaml:1:1: a: must be a whole number without leading zeros, is '010'");
  EXPECT_EQ(number_error("'1'"), "f.yaml:1:1: a: must be a whole number, without quotes");
  EXPECT_EQ(number_error("''"), "f.yaml:1:1: a: must be a whole number, without quotes");
  EXPECT_EQ(number_error("[1]"), "f.yaml:1:1: a: must be a whole number, is a list");
  EXPECT_EQ(number_error("{b: 1}"), "f.yaml:1:1: a: must be a whole number, is a section of keys");
  EXPECT_EQ(number_error(""), "f.yaml:1:1: a: must be a whole number, is nothing");
}

TEST(YamlNode, ReadsDecimalNumbersInTheirRange) {
  EXPECT_EQ(value("0.1").decimal({0, 1}), 0.1);
  EXPECT_EQ(value("1").decimal({0, 1}), 1.0);
  EXPECT_EQ(value("+2.5e-1").decimal({0, 1}), 0.25);
  EXPECT_EQ(value("-0.5").decimal({-1, 1}), -0.5);
  EXPECT_EQ(decimal_error("1.5", {0, 1}), "f.yaml:1:1: a: 1.5 is not in 0 to 1");
  EXPECT_EQ(decimal_error("1e999", {0, 0.5}), "f.yaml:1:1: a: 1e999 is not in 0 to 0.5");
}

TEST(YamlNode, RefusesWhatIsNoDecimalNumber) {
  for (const char* text : {"x", "nan", "inf", "0x1p3", "1.2.3", "1,5", ".", "+-1", "+"}) {
    EXPECT_EQ(decimal_error(text, {0, 1}),
              std::string("f.yaml:1:1: a: must be a decimal number, is '") + text + "'");
  }
}

TEST(YamlNode, ReadsFrequenciesToTheKilohertz) {
  EXPECT_EQ(value("200").frequency_mhz({1, 1000}), Kilohertz(200'000));
  EXPECT_EQ(value("60.5").frequency_mhz({1, 1000}), Kilohertz(60'500));
  EXPECT_EQ(value("33.333").frequency_mhz({1, 1000}), Kilohertz(33'333));
  EXPECT_EQ(value("1000.000").frequency_mhz({1, 1000}), Kilohertz(1'000'000));
}

TEST(YamlNode, RefusesOtherFrequencies) {
  for (const char* text : {"33.3333", "x", "1.", ".5", "-1", "1e3", "1.2.3"}) {
    EXPECT_EQ(
        frequency_error(text),
        std::string("f.yaml:1:1: a: must be a frequency in MHz with at most three decimals, is '") +
            text + "'");
  }
  EXPECT_EQ(frequency_error("0.999"), "f.yaml:1:1: a: 0.999 is not in 1 to 1000");
  EXPECT_EQ(frequency_error("1000.001"), "f.yaml:1:1: a: 1000.001 is not in 1 to 1000");
  EXPECT_EQ(frequency_error("99999999999999999999"),
            "f.yaml:1:1: a: 99999999999999999999 is not in 1 to 1000");
}

TEST(YamlNode, ReadsFlags) {
  EXPECT_TRUE(value("true").flag());
  EXPECT_FALSE(value("false").flag());
  EXPECT_EQ(input_error([] { return value("yes").flag(); }),
            "f.yaml:1:1: a: must be true or false, is 'yes'");
}

TEST(YamlNode, ReadsChoices) {
  EXPECT_EQ(value("stone").choice({"oak", "stone"}), 1U);
  EXPECT_EQ(input_error([] {
              return value("sand").choice({"oak", "stone"});
            }),
            "f.yaml:1:1: a: 'sand' is not one of oak, stone");
}

TEST(YamlNode, RefusesTheWrongKindOfValue) {
  EXPECT_EQ(input_error([] { return value("[]").text(); }),
            "f.yaml:1:1: a: must be text, is a list");
  EXPECT_EQ(input_error([] { return value("x").entries(); }),
            "f.yaml:1:1: a: must be a section of keys, is a single value");
  EXPECT_EQ(input_error([] { return value("{b: 1}").items(); }),
            "f.yaml:1:1: a: must be a list, is a section of keys");
}

TEST(YamlNode, RefusesDuplicateKeysInOneMappingOnly) {
  EXPECT_EQ(parse_error("s:\n  a: 1\n  b: 2\n  a: 3\n"), "f.yaml:4:3: s.a: duplicate key");
  EXPECT_EQ(parse_error("s: {a: 1}\nt: {a: 2}\n"), "no error");
}

TEST(YamlNode, RefusesBrokenYamlWithItsPlace) {
  EXPECT_EQ(parse_error("a: [1, 2"), "f.yaml:1:4: is not valid YAML: this '[' has no ']'");
  EXPECT_EQ(parse_error("a: {b: 1,\n  c: 2\n"),
            "f.yaml:1:4: is not valid YAML: this '{' has no '}'");
  EXPECT_EQ(parse_error("a: 1\n  b: 2\n").substr(0, 31), "f.yaml:2:4: is not valid YAML: ");
}

TEST(YamlNode, RefusesAQuotedTextWithoutItsEnd) {
  const std::string at_b = "f.yaml:2:1: is not valid YAML: a quoted text after this has no end";
  for (const std::string quote : {"\"", "'"}) {
    for (const char* end : {"", "\n", "\n\n", "\r\n", "\n  \n", " ", "\n\t\n", "\nc: 1\nd: 2\n"}) {
      EXPECT_EQ(parse_error("a: 1\nb: " + quote + "half speed" + end), at_b) << quote << end;
    }
    EXPECT_EQ(parse_error("- 1\n- " + quote + "x\n").substr(0, 31),
              "f.yaml:1:3: is not valid YAML: ");
    EXPECT_NE(parse_error(quote + "x\n"), "no error");
    EXPECT_NE(parse_error("a: [" + quote + "x\n"), "no error");
    EXPECT_NE(parse_error("a: 1\n" + quote + "x\n"), "no error");
  }
  EXPECT_EQ(parse_error("a: 1\nb: \"x\\\n"), at_b);
  EXPECT_EQ(parse_error("a: 1\nb: \"x\\\n\n"), at_b);
  EXPECT_NE(parse_error("a: 1\nb: \"x\\"), "no error");
}

TEST(YamlNode, ReadsQuotedAndBlockTextsOfSeveralLines) {
  EXPECT_EQ(value("\"x\n  y\n\n  z\"\n").text(), "x y\nz");
  EXPECT_EQ(value("'x\n  y'").text(), "x y");
  EXPECT_EQ(value("\"x\\\n  y\"\n").text(), "xy");
  EXPECT_EQ(value("|\n  x\n  y\n").text(), "x\ny\n");
  EXPECT_EQ(value("|+\n  x\n\n").text(), "x\n\n");
  EXPECT_EQ(value("|-\n  x\n\n").text(), "x");
  EXPECT_EQ(value(">\n  x\n  y\n").text(), "x y\n");
  EXPECT_EQ(value("x\n  y\n\n").text(), "x y");
  EXPECT_EQ(value("x # comment").text(), "x");
  EXPECT_EQ(value("x\n...\n").text(), "x");
}

TEST(YamlNode, NamesATabInTheIndentation) {
  EXPECT_EQ(parse_error("a:\n\tb: 1\n\tc: 2\n").substr(10),
            ": is not valid YAML: a tab in the indentation; only blanks indent");
}

TEST(YamlNode, RefusesEmptyTexts) {
  EXPECT_EQ(parse_error(""), "f.yaml: is empty");
  EXPECT_EQ(parse_error("\n# only a comment\n"), "f.yaml: is empty");
  EXPECT_EQ(parse_error("---\n"), "f.yaml: is empty");
}

TEST(YamlNode, RefusesWhatConfigurationDoesNotNeed) {
  EXPECT_EQ(parse_error("a: &x 1\n"), "f.yaml:1:4: anchors are not supported");
  EXPECT_EQ(parse_error("a: &x [*x]\n"), "f.yaml:1:4: anchors are not supported");
  EXPECT_EQ(parse_error("a: !!int 1\n"), "f.yaml:1:4: tags are not supported");
  EXPECT_EQ(parse_error("a: 1\n---\nb: 1\n"), "f.yaml: has more than one YAML document");
  EXPECT_EQ(parse_error("[a]: 1\n"), "f.yaml:1:1: a key must be text");
  EXPECT_EQ(parse_error("? {a: 1}\n: 1\n"), "f.yaml:1:3: a key must be text");
}

TEST(YamlNode, RefusesDeepNesting) {
  EXPECT_EQ(parse_error("a: " + std::string(31, '[') + std::string(31, ']')), "no error");
  EXPECT_EQ(parse_error("a: " + std::string(32, '[') + std::string(32, ']')),
            "f.yaml:1:35: nested more than 32 deep");
  EXPECT_NE(parse_error(std::string(1'000'000, '[')), "no error");
}

TEST(YamlNode, RefusesTooManyValues) {
  std::string text = "[";
  for (int i = 0; i < 100'000; ++i) text += "1,";
  EXPECT_EQ(parse_error(text + "]"), "f.yaml:1:200000: more than 100000 values");
}

TEST(YamlNode, RefusesTextsAboveOneMebibyte) {
  const std::string line = "# comment\n";
  std::string text = "a: 1\n";
  while (text.size() + line.size() <= (std::size_t{1} << 20U)) text += line;
  text.resize(std::size_t{1} << 20U, '#');
  EXPECT_EQ(parse_error(text), "no error");
  EXPECT_EQ(parse_error(text + "#"), "f.yaml: is larger than 1048576 bytes");
}

TEST(YamlNode, RefusesBytesThatAreNoText) {
  using namespace std::string_literals;
  EXPECT_EQ(parse_error("a: 1\nb: \x04\n"), "f.yaml:2:4: control characters are not allowed");
  EXPECT_EQ(parse_error("a: \x7f\n"), "f.yaml:1:4: control characters are not allowed");
  EXPECT_EQ(parse_error("a: \0\n"s), "f.yaml:1:4: control characters are not allowed");
  EXPECT_EQ(parse_error("\xff\xfe"
                        "a"),
            "f.yaml:1:1: is not UTF-8 text");
  for (const char* bytes : {"\x80", "\xc0\x80", "\xc3", "\xc3(", "\xe0\x80\x80", "\xed\xa0\x80",
                            "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80"}) {
    EXPECT_EQ(parse_error(bytes), "f.yaml:1:1: is not UTF-8 text");
  }
}

TEST(YamlNode, RefusesControlCharactersBeyondAsciiAndThoseOfEscapes) {
  for (const char* bytes :
       {"\xc2\x85", "\xc2\x9b", "\xe2\x80\xa8", "\xe2\x80\xae", "\xe2\x81\xa9"}) {
    EXPECT_EQ(parse_error(std::string("a: x") + bytes),
              "f.yaml:1:5: control characters are not allowed");
  }
  for (const char* escape : {"\\x1b", "\\x7f", "\\N", "\\L", "\\u202e", "\\0", "\\r"}) {
    EXPECT_EQ(parse_error(std::string("a: \"x") + escape + "\"\n"),
              "f.yaml:1:4: a: control characters are not allowed");
  }
  EXPECT_EQ(parse_error("\"x\\ny\": 1\n"),
            "f.yaml:1:1: x\\x0ay: control characters are not allowed");
  EXPECT_EQ(value("\"x\\n\\ty\"").text(), "x\n\ty");
}

TEST(YamlNode, ReadsTextBeyondAscii) {
  EXPECT_EQ(value("µs, 名, 𝛼").text(), "µs, 名, 𝛼");
  EXPECT_EQ(parse("\xef\xbb\xbf"
                  "a: 1")
                .entries()[0]
                .first,
            "a");
}

TEST(YamlNode, LoadsFiles) {
  const TemporaryFile file("a: 1\r\nb: x\r\n");
  const YamlNode root = YamlNode::load(file.path());
  EXPECT_EQ(root.entries()[0].second.number(), 1U);
  EXPECT_EQ(root.entries()[1].second.text(), "x");
  EXPECT_EQ(root.location().file, file.path());
}

TEST(YamlNode, RefusesMissingFilesFoldersAndEmptyOrLargeFiles) {
  const auto load_error = [](const std::string& path) {
    return input_error([&] { return YamlNode::load(path); });
  };
  EXPECT_EQ(load_error("no/such.yaml"),
            "no/such.yaml: cannot be opened: No such file or directory");
  EXPECT_EQ(load_error("."), ".: is a directory, not a file");
  const TemporaryFile empty("");
  EXPECT_EQ(load_error(empty.path()), empty.path() + ": is empty");
}

TEST(YamlNode, RefusesPipesAndDevices) {
  const auto load_error = [](const std::string& path) {
    return input_error([&] { return YamlNode::load(path); });
  };
  EXPECT_EQ(load_error("/dev/null"), "/dev/null: is not a file");
  EXPECT_EQ(load_error("/dev/zero"), "/dev/zero: is not a file");
  const std::string pipe =
      testing::TempDir() + "rowan_yaml_node_test_pipe_" + std::to_string(getpid());
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(load_error(pipe), pipe + ": is not a file");
  std::filesystem::remove(pipe);
}

TEST(YamlNode, FileThatCannotBeLookedAtIsRefusedWithTheReason) {
  const std::string long_name(300, 'x');
  EXPECT_EQ(input_error([&] { return YamlNode::load(long_name); }),
            long_name + ": cannot be opened: File name too long");
}

}  // namespace
}  // namespace rowan
