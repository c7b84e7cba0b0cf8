// SPDX-License-Identifier: Apache-2.0
#include "sim/validation/validate.h"

#include <gtest/gtest.h>

#include "models/base/error.h"

namespace rowan::sim {
namespace {

Claim claim_of(const std::string& id, double published, double tolerance) {
  Claim claim;
  claim.id = id;
  claim.published = published;
  claim.tolerance_percent = tolerance;
  claim.command = "one";
  claim.value.plus = {id};
  return claim;
}

ClaimsFile file_of(std::vector<Claim> claims) {
  ClaimsFile file;
  file.commands["one"].run = "print";
  file.claims = std::move(claims);
  return file;
}

TEST(Validate, RunsACommandOnce) {
  int runs = 0;
  const auto outcomes = validate(file_of({claim_of("a", 1, 0), claim_of("b", 2, 0)}),
                                 [&runs](const std::string& command) {
                                   EXPECT_EQ(command, "print");
                                   ++runs;
                                   return std::string(R"({"a": 1, "b": 3})");
                                 });
  EXPECT_EQ(runs, 1);
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_TRUE(outcomes[0].holds());
  EXPECT_FALSE(outcomes[1].holds());
  EXPECT_EQ(outcomes[1].difference_percent(), 50);
}

TEST(Validate, HoldsUpToTheToleranceOnBothSides) {
  EXPECT_TRUE((ClaimOutcome{claim_of("a", 100, 5), 105}.holds()));
  EXPECT_TRUE((ClaimOutcome{claim_of("a", 100, 5), 95}.holds()));
  EXPECT_FALSE((ClaimOutcome{claim_of("a", 100, 5), 105.01}.holds()));
  EXPECT_FALSE((ClaimOutcome{claim_of("a", 100, 5), 94.99}.holds()));
}

TEST(Validate, WhatIsNoJsonOrHasNoValueIsAnError) {
  const ClaimsFile file = file_of({claim_of("a", 1, 0)});
  for (const char* printed : {"no", R"({"b": 1})"}) {
    EXPECT_THROW((void)validate(file, [&](const std::string&) { return std::string(printed); }),
                 InputError);
  }
}

TEST(RunIn, RunsInTheFolderAndSaysWhenACommandFails) {
  EXPECT_EQ(run_in("/", "pwd"), "/\n");
  EXPECT_EQ(run_in("/", "test -x \"$ROWAN\" && echo there"), "there\n");
  EXPECT_THROW((void)run_in("/", "false"), InputError);
}

}  // namespace
}  // namespace rowan::sim
