// SPDX-License-Identifier: Apache-2.0
//
// The closed form of a loop nest against going through the nest, on random ones.

#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/analytical/loop_nest/count.h"
#include "models/analytical/loop_nest/nest_file.h"
#include "tests/support/enumerated_nest.h"

namespace rowan::analytical::loop_nest {
namespace {

std::string text_of(const NestCounts& counts) {
  std::string text = std::to_string(counts.macs) + " MACs, " + std::to_string(counts.units) +
                     " units, " + std::to_string(counts.cycles.value()) + " cycles\n";
  for (const auto& row : rows(counts)) {
    for (const std::string& cell : row) text += cell + ' ';
    text += '\n';
  }
  return text;
}

void compare(std::uint64_t seed, unsigned nests) {
  Random random(seed);
  for (unsigned i = 0; i < nests; ++i) {
    const Nest nest = support::random_nest(random);
    ASSERT_EQ(text_of(count(nest)), text_of(support::enumerate(nest))) << dump(nest);
  }
}

TEST(LoopNest, CountsAreThoseOfAnEnumeration) { compare(1, 5'000); }

TEST(LoopNest, CountsAreThoseOfAnEnumerationNightly) { compare(2, 200'000); }

}  // namespace
}  // namespace rowan::analytical::loop_nest
