// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/base/describe.h"
#include "models/base/units.h"

/// A struct with a field of every kind that describe() knows: what the tests of its visitors read
/// and write.
namespace rowan::support {

enum class Heat { kGas, kElectric };
inline constexpr Choice<Heat> kHeats[] = {{"gas", Heat::kGas}, {"electric", Heat::kElectric}};

struct Shelf {
  Words depth{4};
  unsigned boards = 3;
};

struct Kitchen {
  std::string name;
  std::uint64_t plates = 8;
  double share = 0.25;
  Kilohertz clock{60'500};
  bool lit = true;
  Heat heat = Heat::kElectric;
  std::string floor = "oak";
  Shelf shelf;
  std::optional<Shelf> spare;
  std::vector<Shelf> rack;
  std::vector<std::string> guests;
  std::map<std::string, Shelf> cupboards;
};

template <class V>
void describe(V& v, Shelf& s) {
  v.number("depth_words", s.depth, Range{1, 64}, "capacity");
  v.number("boards", s.boards, Range{0, 9}, "boards of a shelf");
}

template <class V>
void describe(V& v, Kitchen& s) {
  v.schema("rowan.kitchen/1");
  v.required().text("name", s.name, "of the kitchen");
  v.number("plates", s.plates, Range{}, "plates in it");
  v.decimal("share", s.share, DecimalRange{0, 1}, "of the rent");
  v.frequency_mhz("clock_mhz", s.clock, Range{1, 1000}, "its clock");
  v.flag("lit", s.lit, "whether the light is on");
  v.choice("heat", s.heat, kHeats, "of the stove");
  v.choice("floor", s.floor, {"oak", "stone"}, "what one stands on");
  v.section("shelf", s.shelf, "over the stove");
  v.optional("spare", s.spare, "in the cellar");
  v.list("rack", s.rack, "from the left");
  v.texts("guests", s.guests, "by name");
  v.map("cupboards", s.cupboards, "by colour");
}

}  // namespace rowan::support
