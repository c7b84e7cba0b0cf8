// SPDX-License-Identifier: Apache-2.0
#include "sim/validation/claim_value.h"

#include <stdexcept>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace rowan::sim {
namespace {

const nlohmann::ordered_json& document() {
  static const nlohmann::ordered_json kDocument = nlohmann::ordered_json::parse(R"({
    "layers": [{"name": "A", "ms": {"total": 2.5}}, {"name": "B", "ms": {"total": 4}}],
    "batch": 4, "text": "x", "nothing": 0, "none": []})");
  return kDocument;
}

std::string error_of(const std::string& path) {
  try {
    (void)value_at(document(), path);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(ClaimValue, APathGoesByKeysAndNames) {
  EXPECT_EQ(value_at(document(), "batch"), 4);
  EXPECT_EQ(value_at(document(), "layers.B.ms.total"), 4);
}

TEST(ClaimValue, AStarAddsAllElements) {
  EXPECT_EQ(value_at(document(), "layers.*.ms.total"), 6.5);
}

TEST(ClaimValue, WhatIsNotThereIsNamedWithTheNearest) {
  EXPECT_EQ(error_of("layers.A.ms.totl"),
            "no 'totl' for 'layers.A.ms.totl' (did you mean 'total'?)");
  EXPECT_EQ(error_of("text"), "'text' is no number");
  EXPECT_EQ(error_of("layers"), "'layers' is no number");
  EXPECT_EQ(error_of("batch.*"), "nothing for * of 'batch.*'");
  EXPECT_EQ(error_of("none.*"), "nothing for * of 'none.*'");
  EXPECT_EQ(error_of("batch."), "'batch.' ends in a dot");
}

TEST(ClaimValue, AddsTakesAwayDividesAndScales) {
  ClaimValue value;
  value.plus = {"layers.*.ms.total"};
  value.minus = {"layers.A.ms.total"};
  value.over = {"batch"};
  value.times = 10;
  EXPECT_EQ(evaluate(value, document()), 10);
}

TEST(ClaimValue, DividesNothingByZero) {
  ClaimValue value;
  value.plus = {"batch"};
  value.over = {"nothing"};
  EXPECT_THROW((void)evaluate(value, document()), std::invalid_argument);
}

}  // namespace
}  // namespace rowan::sim
