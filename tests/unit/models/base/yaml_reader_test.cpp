// SPDX-License-Identifier: Apache-2.0
#include "models/base/yaml_reader.h"

#include <gtest/gtest.h>

#include "tests/support/described_kitchen.h"
#include "tests/support/input_error.h"

namespace rowan {
namespace {

using support::Heat;
using support::input_error;
using support::Kitchen;

const std::string kHead = "schema: rowan.kitchen/1\nname: mine\n";

Kitchen read_all(const std::string& text) {
  Kitchen kitchen;
  YamlReader(YamlNode::parse(text, "f.yaml")).read(kitchen);
  return kitchen;
}

/// Reads keys after the two required ones, which take lines 1 and 2.
Kitchen read(const std::string& text) { return read_all(kHead + text); }

std::string read_error(const std::string& text) {
  return input_error([&] { return read(text); });
}

/// Allows more than its field can hold.
struct Wide {
  unsigned& boards;
};
template <class V>
void describe(V& v, Wide& s) {
  v.number("boards", s.boards, Range{}, "");
}

TEST(YamlReader, LeavesFieldsWithoutKeyAtTheirDefaults) {
  const Kitchen kitchen = read("");
  EXPECT_EQ(kitchen.name, "mine");
  EXPECT_EQ(kitchen.plates, 8U);
  EXPECT_EQ(kitchen.share, 0.25);
  EXPECT_EQ(kitchen.clock, Kilohertz(60'500));
  EXPECT_TRUE(kitchen.lit);
  EXPECT_EQ(kitchen.heat, Heat::kElectric);
  EXPECT_EQ(kitchen.floor, "oak");
  EXPECT_EQ(kitchen.shelf.depth, Words(4));
  EXPECT_FALSE(kitchen.spare.has_value());
  EXPECT_TRUE(kitchen.rack.empty());
  EXPECT_TRUE(kitchen.cupboards.empty());
}

/// A lamp whose watts follow from its kind where the file leaves them out.
struct Lamp {
  std::string kind = "led";
  unsigned watts = 7;
};
template <class V>
void describe(V& v, Lamp& s) {
  v.choice("kind", s.kind, {"led", "bulb"}, "");
  v.set_defaults([&s] { s.watts = s.kind == "led" ? 5 : 60; });
  v.default_from("kind").number("watts", s.watts, Range{}, "");
}

TEST(YamlReader, SetsDefaultsThatFollowFromOtherKeys) {
  const auto watts = [](const std::string& text) {
    Lamp lamp;
    YamlReader(YamlNode::parse(text, "f.yaml")).read(lamp);
    return lamp.watts;
  };
  EXPECT_EQ(watts("kind: led\n"), 5U);
  EXPECT_EQ(watts("kind: bulb\n"), 60U);
  EXPECT_EQ(watts("{watts: 40, kind: bulb}\n"), 40U);
}

TEST(YamlReader, SetsFieldsOfEveryKind) {
  const Kitchen kitchen = read(
      "plates: 9\nshare: 0.5\nclock_mhz: 33.333\nlit: false\nheat: gas\nfloor: stone\n"
      "shelf: {depth_words: 64}\nspare: {boards: 1}\nrack: [{boards: 2}, {}]\n"
      "guests: [Ann, 12]\ncupboards: {blue: {boards: 5}}\n");
  EXPECT_EQ(kitchen.plates, 9U);
  EXPECT_EQ(kitchen.share, 0.5);
  EXPECT_EQ(kitchen.clock, Kilohertz(33'333));
  EXPECT_FALSE(kitchen.lit);
  EXPECT_EQ(kitchen.heat, Heat::kGas);
  EXPECT_EQ(kitchen.floor, "stone");
  EXPECT_EQ(kitchen.shelf.depth, Words(64));
  EXPECT_EQ(kitchen.shelf.boards, 3U);
  ASSERT_TRUE(kitchen.spare.has_value());
  EXPECT_EQ(kitchen.spare->boards, 1U);
  ASSERT_EQ(kitchen.rack.size(), 2U);
  EXPECT_EQ(kitchen.rack[0].boards, 2U);
  EXPECT_EQ(kitchen.rack[1].boards, 3U);
  EXPECT_EQ(kitchen.guests, (std::vector<std::string>{"Ann", "12"}));
  ASSERT_EQ(kitchen.cupboards.size(), 1U);
  EXPECT_EQ(kitchen.cupboards.at("blue").boards, 5U);
}

TEST(YamlReader, RefusesUnknownKeysWithASuggestion) {
  EXPECT_EQ(read_error("shelf:\n  board: 1\n"),
            "f.yaml:4:3: shelf.board: unknown key (did you mean 'boards'?)");
  EXPECT_EQ(read_error("shelf:\n  depth: 1\n"),
            "f.yaml:4:3: shelf.depth: unknown key (did you mean 'depth_words'?)");
  EXPECT_EQ(read_error("voltage: 1\n"), "f.yaml:3:1: voltage: unknown key");
  EXPECT_EQ(read_error("rack: [{boards: 1}, {bords: 1}]\n"),
            "f.yaml:3:22: rack[1].bords: unknown key (did you mean 'boards'?)");
}

TEST(YamlReader, RefusesMissingRequiredKeys) {
  EXPECT_EQ(input_error([] { return read_all("schema: rowan.kitchen/1\n"); }),
            "f.yaml:1:1: missing key 'name'");
  EXPECT_EQ(input_error([] { return read_all("name: mine\n"); }),
            "f.yaml:1:1: missing key 'schema'");
}

TEST(YamlReader, RequiresOneFieldOnly) { EXPECT_EQ(read_error(""), "no error"); }

TEST(YamlReader, RefusesAnotherSchema) {
  EXPECT_EQ(input_error([] { return read_all("schema: rowan.garden/1\nname: mine\n"); }),
            "f.yaml:1:1: schema: 'rowan.garden/1' is not one of rowan.kitchen/1");
}

TEST(YamlReader, RefusesWrongTypesAndValues) {
  EXPECT_EQ(read_error("plates: many\n"), "f.yaml:3:1: plates: must be a whole number, is 'many'");
  EXPECT_EQ(read_error("shelf: {depth_words: 65}\n"),
            "f.yaml:3:9: shelf.depth_words: 65 is not in 1 to 64");
  EXPECT_EQ(read_error("heat: wood\n"), "f.yaml:3:1: heat: 'wood' is not one of gas, electric");
  EXPECT_EQ(read_error("shelf: 3\n"),
            "f.yaml:3:1: shelf: must be a section of keys, is a single value");
  EXPECT_EQ(read_error("rack: {}\n"), "f.yaml:3:1: rack: must be a list, is a section of keys");
  EXPECT_EQ(read_error("guests: Ann\n"), "f.yaml:3:1: guests: must be a list, is a single value");
  EXPECT_EQ(read_error("guests: [[]]\n"), "f.yaml:3:10: guests[0]: must be text, is a list");
  EXPECT_EQ(read_error("rack: [3]\n"),
            "f.yaml:3:8: rack[0]: must be a section of keys, is a single value");
}

TEST(YamlReader, RefusesARootThatIsNoSection) {
  EXPECT_EQ(input_error([] { return read_all("- a\n- b\n"); }),
            "f.yaml:1:1: must be a section of keys, is a list");
}

TEST(YamlReader, NumbersDoNotExceedTheirField) {
  unsigned field = 0;
  YamlReader reader(YamlNode::parse("boards: 4294967296", "f.yaml"));
  Wide wide{field};
  EXPECT_EQ(input_error([&] { return reader.read(wide), 0; }),
            "f.yaml:1:1: boards: 4294967296 is not in 0 to 4294967295");
}

TEST(YamlReader, FailPointsToTheKeyOrWhatEnclosesIt) {
  const YamlReader reader(YamlNode::parse("shelf:\n  boards: 1\n", "f.yaml"));
  EXPECT_EQ(input_error([&] { return reader.fail("shelf.boards", "is bad"), 0; }),
            "f.yaml:2:3: shelf.boards: is bad");
  EXPECT_EQ(
      input_error([&] { return reader.fail("shelf.depth_words", "is bad"), 0; }),
      "f.yaml:1:1: shelf.depth_words: is bad; the file leaves shelf.depth_words at its default");
  EXPECT_EQ(input_error([&] { return reader.fail("plates", "is bad"), 0; }),
            "f.yaml:1:1: plates: is bad; the file leaves plates at its default");
}

TEST(YamlReader, FailTakesPathsRelativeToItsSection) {
  const YamlNode root = YamlNode::parse("a:\n  b: 1\n", "f.yaml");
  const YamlReader reader(root.entries()[0].second);
  EXPECT_EQ(input_error([&] { return reader.fail("b", "is bad"), 0; }), "f.yaml:2:3: a.b: is bad");
}

}  // namespace
}  // namespace rowan
