// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "models/arithmetic/floating_point.h"
#include "models/arithmetic/pe_type.h"
#include "models/base/random.h"

namespace rowan::arithmetic {
namespace {

const PeType& fp32() { return pe_type("fp32"); }

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kLeast = std::numeric_limits<float>::denorm_min();
constexpr float kMost = std::numeric_limits<float>::max();

/// The window of one psum, on numbers.
Word window(const std::vector<float>& ifmap, const std::vector<float>& filters) {
  std::vector<Word> activations;
  std::vector<Word> weights;
  for (const float x : ifmap) activations.push_back(bits_of(x));
  for (const float x : filters) weights.push_back(bits_of(x));
  Word psum = 77;
  fp32().mac_window(activations.data(), activations.size(), weights.data(), 1, {}, &psum);
  return psum;
}

Word sum(float a, float b) { return fp32().add_psums(bits_of(a), bits_of(b), {}); }

/// The one NaN, or the bits of a number that a double held exactly or rounds once.
Word rounded(double exact) {
  const auto number = static_cast<float>(exact);
  return std::isnan(number) ? 0x7fc00000 : bits_of(number);
}

/// Any bits, with ends and specials of the format more often.
Word draw(Random& random) {
  static const std::vector<float> kSpecial{0.0F,   -0.0F,   kInfinity, -kInfinity,
                                           kLeast, -kLeast, kMost,     -kMost,
                                           1.0F,   -1.0F,   0x1p-126F, 0x1p-75F};
  if (random.below(4) == 0) return bits_of(kSpecial[random.below(kSpecial.size())]);
  if (random.below(2) == 0) {  // of like size, so that sums and products round
    return bits_of(static_cast<float>(random.between(-(1 << 24), 1 << 24)) * 0x1p-20F);
  }
  return static_cast<Word>(static_cast<std::uint32_t>(random.below(std::uint64_t{1} << 32)));
}

TEST(Fp32, RoundsTheProductBeforeItIsAdded) {
  // (1 + 2^-12)^2 = 1 + 2^-11 + 2^-24: the last term is half a unit, rounded away to even. Fused,
  // it would stay beside -(1 + 2^-11).
  const float x = 1.0F + 0x1p-12F;
  EXPECT_EQ(window({1.0F, x}, {-(1.0F + 0x1p-11F), x}), bits_of(0.0F));
}

TEST(Fp32, RoundsHalvesToEven) {
  EXPECT_EQ(sum(0x1p24F, 1.0F), bits_of(0x1p24F));
  EXPECT_EQ(sum(0x1p24F + 2.0F, 1.0F), bits_of(0x1p24F + 4.0F));
}

TEST(Fp32, AddsInTheOrderOfTheWindow) {
  EXPECT_EQ(window({0x1p24F, 1.0F, -0x1p24F}, {1, 1, 1}), bits_of(0.0F));
  EXPECT_EQ(window({0x1p24F, -0x1p24F, 1.0F}, {1, 1, 1}), bits_of(1.0F));
}

TEST(Fp32, KeepsSubnormals) {
  EXPECT_EQ(window({kLeast}, {1.0F}), 1);
  EXPECT_EQ(window({0x1p-75F}, {0x1p-74F}), 1);
  EXPECT_EQ(window({0x1p-75F}, {0x1p-75F}), 0);  // half of the least, to even
  EXPECT_EQ(sum(kLeast, kLeast), 2);
}

TEST(Fp32, ASumOfAWindowBeginsWithPositiveZero) {
  EXPECT_EQ(window({-0.0F}, {1.0F}), 0);
  EXPECT_EQ(window({0.0F}, {-1.0F}), 0);
  EXPECT_EQ(sum(-0.0F, -0.0F), INT32_MIN);
  EXPECT_EQ(sum(-0.0F, 0.0F), 0);
}

TEST(Fp32, OverflowsToInfinityAndMakesOneNan) {
  EXPECT_EQ(window({kMost}, {2.0F}), 0x7f800000);
  EXPECT_EQ(window({kMost, kMost}, {1.0F, 1.0F}), 0x7f800000);
  EXPECT_EQ(window({0.0F}, {kInfinity}), kNan);
  EXPECT_EQ(window({kInfinity, kInfinity}, {1.0F, -1.0F}), kNan);
  EXPECT_EQ(sum(kInfinity, -kInfinity), kNan);
  EXPECT_EQ(fp32().add_psums(static_cast<Word>(0xff812345U), 0, {}), kNan);
  EXPECT_EQ(window({float_of(static_cast<Word>(0xffffffffU)), 1.0F}, {1.0F, 1.0F}), kNan);
}

TEST(Fp32, EveryWindowIsRoundedAsInDoublesOnceForEachOperation) {
  // A double holds a product of binary32 numbers; rounding a double's sum of two gives the sum's
  // rounding (53 >= 2 * 24 + 2 bits).
  Random random(1);
  for (std::size_t psum_count = 1; psum_count <= 40; ++psum_count) {
    for (unsigned repeat = 0; repeat < 50; ++repeat) {
      std::vector<Word> ifmap(random.below(14));
      std::vector<Word> filters(ifmap.size() * psum_count);
      for (Word& word : ifmap) word = draw(random);
      for (Word& word : filters) word = draw(random);
      std::vector<Word> psums(psum_count + 16, 12345);
      const CompiledMac& mac = fp32().mac_windows[repeat % fp32().mac_windows.size()];
      mac.mac_window(ifmap.data(), ifmap.size(), filters.data(), psum_count, {}, psums.data());
      for (std::size_t k = 0; k < psum_count; ++k) {
        Word expected = 0;
        for (std::size_t i = 0; i < ifmap.size(); ++i) {
          const Word product =
              rounded(double{float_of(ifmap[i])} * double{float_of(filters[i * psum_count + k])});
          expected = rounded(double{float_of(expected)} + double{float_of(product)});
        }
        ASSERT_EQ(psums[k], expected)
            << mac.instruction_set << ": psum " << k << " of " << psum_count;
        ASSERT_EQ(fp32().add_psums(psums[k], ifmap.empty() ? 0 : ifmap[0], {}),
                  rounded(double{float_of(psums[k])} +
                          double{ifmap.empty() ? 0.0F : float_of(ifmap[0])}));
      }
      for (std::size_t i = 0; i < 16; ++i) ASSERT_EQ(psums[psum_count + i], 12345);
    }
  }
}

TEST(Fp32, TheFormatsOfIntegersDoNotMatter) {
  const Word activation = bits_of(3.0F);
  const Word weight = bits_of(-7.5F);
  Word psum = 0;
  fp32().mac_window(&activation, 1, &weight, 1, {{5, 3}, 4, Overflow::kSaturate}, &psum);
  EXPECT_EQ(psum, bits_of(-22.5F));
  EXPECT_EQ(fp32().add_psums(psum, psum, {{5, 3}, 4, Overflow::kSaturate}), bits_of(-45.0F));
}

TEST(Fp32, NearestWeightsRoundAsTheFormatDoes) {
  EXPECT_EQ(fp32().nearest_weight(0.1), bits_of(0.1F));
  EXPECT_EQ(fp32().nearest_weight(-0.0), INT32_MIN);
  EXPECT_EQ(fp32().nearest_weight(1 + 0x1p-24), bits_of(1.0F));  // halves to even
  EXPECT_EQ(fp32().nearest_weight(1 + 0x3p-24), bits_of(1.0F + 0x1p-22F));
  EXPECT_EQ(fp32().nearest_weight(0x1p-149), 1);
  EXPECT_EQ(fp32().nearest_weight(1e300), 0x7f800000);
  EXPECT_EQ(fp32().nearest_weight(std::numeric_limits<double>::quiet_NaN()), kNan);
  EXPECT_EQ(fp32().weight_value(bits_of(0.1F)), double{0.1F});
}

}  // namespace
}  // namespace rowan::arithmetic
