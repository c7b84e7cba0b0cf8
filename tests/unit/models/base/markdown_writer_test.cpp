// SPDX-License-Identifier: Apache-2.0
#include "models/base/markdown_writer.h"

#include <gtest/gtest.h>

#include "tests/support/described_kitchen.h"

namespace rowan {
namespace {

TEST(MarkdownWriter, WritesARowPerKeyWithDefaultRangeAndMeaning) {
  EXPECT_EQ(MarkdownWriter::write<support::Kitchen>(),
            "| key | default | range | meaning |\n"
            "|---|---|---|---|\n"
            "| `schema` | required | `rowan.kitchen/1` | format and version of the file |\n"
            "| `name` | required | text | of the kitchen |\n"
            "| `plates` | `8` | 0 to 18446744073709551615 | plates in it |\n"
            "| `share` | `0.25` | 0 to 1 | of the rent |\n"
            "| `clock_mhz` | `60.5` | 1 to 1000 | its clock |\n"
            "| `lit` | `true` | `true`, `false` | whether the light is on |\n"
            "| `heat` | `electric` | `gas`, `electric` | of the stove |\n"
            "| `floor` | `oak` | `oak`, `stone` | what one stands on |\n"
            "| `shelf` |  | section | over the stove |\n"
            "| `shelf.depth_words` | `4` | 1 to 64 | capacity |\n"
            "| `shelf.boards` | `3` | 0 to 9 | boards of a shelf |\n"
            "| `spare` |  | section, optional | in the cellar |\n"
            "| `spare.depth_words` | `4` | 1 to 64 | capacity |\n"
            "| `spare.boards` | `3` | 0 to 9 | boards of a shelf |\n"
            "| `rack` |  | list of sections | from the left |\n"
            "| `rack[].depth_words` | `4` | 1 to 64 | capacity |\n"
            "| `rack[].boards` | `3` | 0 to 9 | boards of a shelf |\n"
            "| `guests` |  | list of texts | by name |\n"
            "| `cupboards` |  | sections by name | by colour |\n"
            "| `cupboards.NAME.depth_words` | `4` | 1 to 64 | capacity |\n"
            "| `cupboards.NAME.boards` | `3` | 0 to 9 | boards of a shelf |\n");
}

TEST(MarkdownWriter, TakesTheDefaultsFromTheValue) {
  support::Shelf shelf;
  shelf.boards = 7;
  EXPECT_NE(MarkdownWriter::write(shelf).find("| `boards` | `7` |"), std::string::npos);
}

/// The lamp's watts follow from its kind where the file leaves them out.
struct Lamp {
  std::string kind = "led";
  unsigned watts = 5;
};
template <class V>
void describe(V& v, Lamp& s) {
  v.choice("kind", s.kind, {"led", "bulb"}, "of light");
  v.set_defaults([&s] { s.watts = s.kind == "led" ? 5 : 60; });
  v.default_from("kind").number("watts", s.watts, Range{1, 100}, "power");
}

TEST(MarkdownWriter, SaysWhereADefaultFollowsFromAnotherKey) {
  EXPECT_EQ(MarkdownWriter::write<Lamp>(),
            "| key | default | range | meaning |\n"
            "|---|---|---|---|\n"
            "| `kind` | `led` | `led`, `bulb` | of light |\n"
            "| `watts` | by `kind` | 1 to 100 | power |\n");
}

TEST(MarkdownWriter, KeepsTheTableWhole) {
  support::Kitchen kitchen;
  kitchen.floor = "oak|elm\nash";
  EXPECT_NE(MarkdownWriter::write(kitchen).find("| `oak\\|elm ash` |"), std::string::npos);
}

}  // namespace
}  // namespace rowan
