// SPDX-License-Identifier: Apache-2.0
#include "sim/report/claims_report.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace rowan::sim {
namespace {

ClaimsFile file() {
  ClaimsFile claims;
  claims.commands["one"].run = "rowan run";
  return claims;
}

ClaimOutcome outcome(const std::string& id, double ours) {
  Claim claim;
  claim.id = id;
  claim.claim = "speed of " + id;
  claim.published = 0.0029;
  claim.unit = "ms";
  claim.tolerance_percent = 5;
  claim.command = "one";
  return {claim, ours};
}

TEST(ClaimsReport, AMissStaysInTheTable) {
  const std::string table = claims_table(file(), {outcome("a", 0.0029), outcome("b", 0.0035)});
  EXPECT_NE(table.find("b      0.0029  0.0035  ms    +20.7 %        5 %  MISS\n"),
            std::string::npos)
      << table;
  EXPECT_NE(table.find("1 of 2 claims hold, 1 of the 2 not seen before\n"), std::string::npos)
      << table;
}

TEST(ClaimsReport, JsonHasEveryClaim) {
  const auto json = nlohmann::json::parse(claims_json(file(), {outcome("a", 0.0029)}));
  EXPECT_EQ(json["claims"][0]["name"], "a");
  EXPECT_EQ(json["claims"][0]["command"], "rowan run");
  EXPECT_EQ(json["claims"][0]["holds"], true);
}

TEST(ClaimsReport, AClaimThatHeldAndIsMissedNowIsLost) {
  const std::string page = claims_page(file(), {outcome("a", 0.0029), outcome("b", 1)});
  EXPECT_EQ(lost_claims(page, {outcome("a", 1), outcome("b", 1), outcome("c", 1)}),
            std::vector<std::string>{"a"});
  EXPECT_TRUE(lost_claims(page, {outcome("a", 0.0029), outcome("b", 0.0029)}).empty());
}

}  // namespace
}  // namespace rowan::sim
