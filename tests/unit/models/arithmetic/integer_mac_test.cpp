// SPDX-License-Identifier: Apache-2.0
#include "models/arithmetic/integer_mac.h"

#include <gtest/gtest.h>

#include "models/base/random.h"

namespace rowan::arithmetic {
namespace {

/// The definition, one product after the other.
std::vector<Word> reference(const std::vector<Word>& ifmap, const std::vector<Word>& filters,
                            std::size_t psum_count, ProductWindow window, unsigned psum_bits) {
  std::vector<Word> psums(psum_count, 0);
  for (std::size_t i = 0; i < ifmap.size(); ++i) {
    for (std::size_t k = 0; k < psum_count; ++k) {
      const std::int64_t product = std::int64_t{filters[i * psum_count + k]} * ifmap[i];
      const Word kept = wrap(product >> window.shift, window.bits);
      psums[k] = wrap(std::int64_t{psums[k]} + kept, psum_bits);
    }
  }
  return psums;
}

class EveryIntegerMac : public testing::TestWithParam<IntegerMac> {
 protected:
  static std::vector<Word> run(const std::vector<Word>& ifmap, const std::vector<Word>& filters,
                               std::size_t psum_count, ProductWindow window, unsigned psum_bits) {
    constexpr std::size_t kGuards = 16;
    std::vector<Word> psums(psum_count + kGuards, 12345);
    GetParam().mac_window(ifmap.data(), ifmap.size(), filters.data(), psum_count,
                          {window, psum_bits}, psums.data());
    for (std::size_t i = 0; i < kGuards; ++i) EXPECT_EQ(psums[psum_count + i], 12345);
    psums.resize(psum_count);
    return psums;
  }
};

TEST_P(EveryIntegerMac, AddsTheProductsOfAWindow) {
  // psum 0: 1*10 + 2*20, psum 1: 3*10 - 4*20
  EXPECT_EQ(run({10, 20}, {1, 3, 2, -4}, 2, {0, 16}, 16), (std::vector<Word>{50, -50}));
}

TEST_P(EveryIntegerMac, ShiftsEachProductTowardsMinusInfinity) {
  // 7 >> 1 = 3 and -7 >> 1 = -4, each before it is added
  EXPECT_EQ(run({1, 1}, {7, 7}, 1, {1, 16}, 16), (std::vector<Word>{6}));
  EXPECT_EQ(run({1, 1}, {-7, -7}, 1, {1, 16}, 16), (std::vector<Word>{-8}));
}

TEST_P(EveryIntegerMac, CutsEachProductToItsWindow) {
  // 100 in 7 bits is -28, 27 is 27
  EXPECT_EQ(run({100, 27}, {1, 1}, 1, {0, 7}, 16), (std::vector<Word>{-1}));
}

TEST_P(EveryIntegerMac, WrapsTheSum) {
  EXPECT_EQ(run({30000, 30000}, {1, 1}, 1, {0, 16}, 16), (std::vector<Word>{60000 - 65536}));
  EXPECT_EQ(run({30000, 30000}, {1, 1}, 1, {0, 16}, 17), (std::vector<Word>{60000}));
}

TEST_P(EveryIntegerMac, TakesTheExtremesOf16Bits) {
  EXPECT_EQ(run({-32768, -32768}, {-32768, -32768}, 1, {0, 32}, 32),
            (std::vector<Word>{INT32_MIN}));
  EXPECT_EQ(run({-32768}, {32767}, 1, {0, 32}, 32), (std::vector<Word>{-1073709056}));
  EXPECT_EQ(run({-32768}, {-32768}, 1, {15, 16}, 16), (std::vector<Word>{-32768}));
}

TEST_P(EveryIntegerMac, EqualsTheDefinitionForAnyCountAndWidth) {
  Random random(1);
  for (std::size_t psum_count = 1; psum_count <= 40; ++psum_count) {
    for (int repeat = 0; repeat < 25; ++repeat) {
      std::vector<Word> ifmap(random.below(34));
      std::vector<Word> filters(ifmap.size() * psum_count);
      for (Word& word : ifmap) word = static_cast<Word>(random.between(-32768, 32767));
      for (Word& word : filters) word = static_cast<Word>(random.between(-32768, 32767));
      const ProductWindow window{static_cast<unsigned>(random.below(32)),
                                 static_cast<unsigned>(random.between(1, 32))};
      const auto psum_bits = static_cast<unsigned>(random.between(1, 32));
      ASSERT_EQ(run(ifmap, filters, psum_count, window, psum_bits),
                reference(ifmap, filters, psum_count, window, psum_bits))
          << psum_count << " psums of " << psum_bits << " bits, window of " << window.bits
          << " bits from " << window.shift;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(IntegerMacs, EveryIntegerMac, testing::ValuesIn(integer_macs()),
                         [](const auto& member) {
                           return std::string(member.param.instruction_set);
                         });

TEST(IntegerMacs, TheFastestComesFirstAndTheBaselineIsAlwaysThere) {
  EXPECT_EQ(integer_mac_window(), integer_macs().front().mac_window);
  EXPECT_STREQ(integer_macs().back().instruction_set, "baseline");
}

}  // namespace
}  // namespace rowan::arithmetic
