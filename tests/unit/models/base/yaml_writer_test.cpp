// SPDX-License-Identifier: Apache-2.0
#include "models/base/yaml_writer.h"

#include <gtest/gtest.h>

#include "models/base/random.h"
#include "models/base/yaml_reader.h"
#include "tests/support/described_kitchen.h"

namespace rowan {
namespace {

using support::Heat;
using support::Kitchen;
using support::Shelf;

Kitchen read(const std::string& text) {
  Kitchen kitchen;
  YamlReader(YamlNode::parse(text, "f.yaml")).read(kitchen);
  return kitchen;
}

TEST(YamlWriter, WritesEveryKeyWithMeaningAndRange) {
  Kitchen kitchen;
  kitchen.name = "mine";
  EXPECT_EQ(YamlWriter::write(kitchen),
            "schema: rowan.kitchen/1\n"
            "name: mine  # of the kitchen\n"
            "plates: 8  # plates in it [0 to 18446744073709551615]\n"
            "share: 0.25  # of the rent [0 to 1]\n"
            "clock_mhz: 60.5  # its clock [1 to 1000]\n"
            "lit: true  # whether the light is on [true, false]\n"
            "heat: electric  # of the stove [gas, electric]\n"
            "floor: oak  # what one stands on [oak, stone]\n"
            "shelf:  # over the stove\n"
            "  depth_words: 4  # capacity [1 to 64]\n"
            "  boards: 3  # boards of a shelf [0 to 9]\n"
            "rack:  # from the left\n"
            "  []\n"
            "guests: []  # by name\n"
            "cupboards:  # by colour\n"
            "  {}\n");
}

TEST(YamlWriter, WritesOptionalSectionsListsAndMaps) {
  Kitchen kitchen;
  kitchen.spare = Shelf{Words(1), 1};
  kitchen.rack = {Shelf{Words(2), 2}, Shelf{Words(3), 3}};
  kitchen.guests = {"Ann", "12"};
  kitchen.cupboards = {{"blue", Shelf{Words(5), 5}}};
  const std::string text = YamlWriter::write(kitchen);
  EXPECT_EQ(text.substr(text.find("spare:")),
            "spare:  # in the cellar\n"
            "  depth_words: 1  # capacity [1 to 64]\n"
            "  boards: 1  # boards of a shelf [0 to 9]\n"
            "rack:  # from the left\n"
            "  - depth_words: 2  # capacity [1 to 64]\n"
            "    boards: 2  # boards of a shelf [0 to 9]\n"
            "  - depth_words: 3  # capacity [1 to 64]\n"
            "    boards: 3  # boards of a shelf [0 to 9]\n"
            "guests: [Ann, \"12\"]  # by name\n"
            "cupboards:  # by colour\n"
            "  blue:\n"
            "    depth_words: 5  # capacity [1 to 64]\n"
            "    boards: 5  # boards of a shelf [0 to 9]\n");
}

TEST(YamlWriter, WhatItWritesReadsBackEqual) {
  Random random(1);
  const auto shelf = [&] {
    return Shelf{Words(random.below(64) + 1), static_cast<unsigned>(random.below(10))};
  };
  for (int i = 0; i < 200; ++i) {
    Kitchen kitchen;
    for (std::uint64_t letters = random.below(6); letters > 0; --letters) {
      kitchen.name += random.below(8) == 0 ? '\n' : static_cast<char>(random.between(32, 126));
    }
    kitchen.plates = random.bits();
    kitchen.share = static_cast<double>(random.below(1'000'000)) / 999'999.0;
    kitchen.clock = Kilohertz(random.below(999'000) + 1000);
    kitchen.lit = random.below(2) == 0;
    kitchen.heat = random.below(2) == 0 ? Heat::kGas : Heat::kElectric;
    kitchen.floor = random.below(2) == 0 ? "oak" : "stone";
    kitchen.shelf = shelf();
    if (random.below(2) == 0) kitchen.spare = shelf();
    for (std::uint64_t shelves = random.below(4); shelves > 0; --shelves)
      kitchen.rack.push_back(shelf());
    for (std::uint64_t guests = random.below(4); guests > 0; --guests) {
      kitchen.guests.emplace_back(guests, static_cast<char>(random.between(32, 126)));
    }
    for (std::uint64_t shelves = random.below(4); shelves > 0; --shelves) {
      kitchen.cupboards.emplace(std::string("no ") + static_cast<char>(random.between(32, 126)),
                                shelf());
    }
    const std::string text = YamlWriter::write(kitchen);
    const Kitchen back = read(text);
    EXPECT_EQ(YamlWriter::write(back), text);
    EXPECT_EQ(back.name, kitchen.name);
    EXPECT_EQ(back.share, kitchen.share);
    EXPECT_EQ(back.clock, kitchen.clock);
    EXPECT_EQ(back.heat, kitchen.heat);
    EXPECT_EQ(back.spare.has_value(), kitchen.spare.has_value());
    EXPECT_EQ(back.rack.size(), kitchen.rack.size());
    EXPECT_EQ(back.guests, kitchen.guests);
    EXPECT_EQ(back.cupboards.size(), kitchen.cupboards.size());
  }
}

TEST(YamlText, QuotesWhatWouldNotReadBackAsTheSameText) {
  EXPECT_EQ(yaml_text("eyeriss"), "eyeriss");
  EXPECT_EQ(yaml_text("two words"), "two words");
  EXPECT_EQ(yaml_text(""), "\"\"");
  EXPECT_EQ(yaml_text("true"), "\"true\"");
  EXPECT_EQ(yaml_text("No"), "\"No\"");
  EXPECT_EQ(yaml_text("12"), "\"12\"");
  EXPECT_EQ(yaml_text("a: b"), "\"a: b\"");
  EXPECT_EQ(yaml_text("a # b"), "\"a # b\"");
  EXPECT_EQ(yaml_text("end "), "\"end \"");
  EXPECT_EQ(yaml_text("say \"x\\y\""), "\"say \\\"x\\\\y\\\"\"");
  EXPECT_EQ(yaml_text("a\nb"), "\"a\\x0ab\"");
}

}  // namespace
}  // namespace rowan
