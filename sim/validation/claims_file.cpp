// SPDX-License-Identifier: Apache-2.0
#include "sim/validation/claims_file.h"

#include <set>

#include "models/base/suggest.h"
#include "models/base/yaml_node.h"
#include "models/base/yaml_reader.h"

namespace rowan::sim {
namespace {
/// Far more than anything that is measured, and far from where doubles end.
constexpr double kLargest = 1e30;
}  // namespace

template <class V>
void describe(V& v, ClaimValue& s) {
  v.required().texts("plus", s.plus, "numbers that are added");
  v.texts("minus", s.minus, "numbers that are taken away");
  v.texts("over", s.over, "numbers whose sum divides");
  v.decimal("times", s.times, DecimalRange{-kLargest, kLargest}, "factor");
}

template <class V>
void describe(V& v, Claim& s) {
  v.required().text("id", s.id, "unique name");
  v.required().text("claim", s.claim, "what is claimed, one line");
  v.required().text("source", s.source, "paper and table");
  v.required().decimal("published", s.published, DecimalRange{-kLargest, kLargest},
                       "published value");
  v.required().text("unit", s.unit, "of the value");
  v.required().decimal("tolerance_percent", s.tolerance_percent, DecimalRange{0, 1000},
                       "of the published value");
  v.required().text("reason", s.reason, "for the tolerance");
  v.flag("seen", s.seen, "our value was known when the tolerance was set");
  v.text("miss", s.miss, "why it is missed, if it is");
  v.required().text("command", s.command, "of `commands`, which prints our value");
  v.required().section("value", s.value, "where our value stands in the JSON");
}

template <class V>
void describe(V& v, ClaimCommand& s) {
  v.required().text("run", s.run, "command line");
}

template <class V>
void describe(V& v, ClaimsFile& s) {
  v.schema("rowan.claims/1");
  v.text("preface", s.preface, "paragraph at the head of the page");
  v.required().map("commands", s.commands, "command lines that print JSON, by name");
  v.required().list("claims", s.claims, "what is claimed");
}

namespace {

ClaimsFile read(const YamlNode& root) {
  ClaimsFile file;
  YamlReader reader(root);
  reader.read(file);
  std::vector<std::string> commands;
  for (const auto& [name, command] : file.commands) commands.push_back(name);
  std::set<std::string> ids;
  for (std::size_t i = 0; i < file.claims.size(); ++i) {
    Claim& claim = file.claims[i];
    const std::string path = "claims[" + std::to_string(i) + "]";
    claim.location = root.nearest(path + ".id").location();
    if (claim.published == 0) {
      reader.fail(path + ".published", "nothing is a percentage off from 0");
    }
    if (claim.value.plus.empty()) reader.fail(path + ".value.plus", "names no number");
    if (!ids.insert(claim.id).second) {
      reader.fail(path + ".id", "'" + printable(claim.id) + "' stands twice");
    }
    if (file.commands.count(claim.command) == 0) {
      reader.fail(path + ".command", "'" + printable(claim.command) + "' is none of commands" +
                                         did_you_mean(claim.command, commands));
    }
  }
  return file;
}

}  // namespace

ClaimsFile load_claims(const std::string& path) { return read(YamlNode::load(path)); }

ClaimsFile parse_claims(const std::string& text, const std::string& file) {
  return read(YamlNode::parse(text, file));
}

}  // namespace rowan::sim
