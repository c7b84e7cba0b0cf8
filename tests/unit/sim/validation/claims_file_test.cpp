// SPDX-License-Identifier: Apache-2.0
#include "sim/validation/claims_file.h"

#include <gtest/gtest.h>

#include "tests/support/input_error.h"

namespace rowan::sim {
namespace {

std::string with_claim(const std::string& id, const std::string& command) {
  return R"(schema: rowan.claims/1
commands:
  one: {run: "rowan run"}
claims:
  - {id: )" +
         id + R"(, claim: speed, source: "a paper, Table I", published: 16.5, unit: ms,
     tolerance_percent: 5, reason: rounding, command: )" +
         command + R"(, value: {plus: [a.b], over: [c], times: 1e-6}}
)";
}

TEST(ClaimsFile, HasWhatAClaimNeeds) {
  const ClaimsFile file = parse_claims(with_claim("a.speed", "one"), "claims.yaml");
  ASSERT_EQ(file.claims.size(), 1U);
  const Claim& claim = file.claims[0];
  EXPECT_EQ(claim.id, "a.speed");
  EXPECT_EQ(claim.published, 16.5);
  EXPECT_EQ(claim.value.plus, std::vector<std::string>{"a.b"});
  EXPECT_TRUE(claim.value.minus.empty());
  EXPECT_EQ(claim.value.times, 1e-6);
  EXPECT_EQ(file.commands.at("one").run, "rowan run");
}

TEST(ClaimsFile, AnUnknownCommandIsAnErrorThatNamesTheNearest) {
  EXPECT_EQ(support::input_error([] { (void)parse_claims(with_claim("a", "onee"), "f.yaml"); }),
            "f.yaml:6:46: claims[0].command: 'onee' is none of commands (did you mean 'one'?)");
}

TEST(ClaimsFile, AClaimOfNothingIsAnError) {
  std::string text = with_claim("a", "one");
  EXPECT_EQ(support::input_error(
                [&] { return parse_claims(text.replace(text.find("16.5"), 4, "0"), "f.yaml"); }),
            "f.yaml:5:55: claims[0].published: nothing is a percentage off from 0");
  text = with_claim("a", "one");
  EXPECT_EQ(support::input_error(
                [&] { return parse_claims(text.replace(text.find("[a.b]"), 5, "[]"), "f.yaml"); }),
            "f.yaml:6:68: claims[0].value.plus: names no number");
}

TEST(ClaimsFile, AnIdThatStandsTwiceIsAnError) {
  std::string text = with_claim("a", "one");
  text += text.substr(text.find("  - {id"));
  EXPECT_EQ(support::input_error([&] { (void)parse_claims(text, "f.yaml"); }),
            "f.yaml:7:6: claims[1].id: 'a' stands twice");
}

}  // namespace
}  // namespace rowan::sim
