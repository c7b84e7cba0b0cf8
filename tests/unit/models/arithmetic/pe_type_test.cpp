// SPDX-License-Identifier: Apache-2.0
#include "models/arithmetic/pe_type.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/base/random.h"

namespace rowan::arithmetic {
namespace {

TEST(PeTypes, HaveUniqueNames) {
  std::set<std::string> names;
  for (const PeType& type : pe_types()) EXPECT_TRUE(names.insert(type.name).second) << type.name;
  EXPECT_EQ(names.count("int16"), 1U);
}

TEST(PeTypes, AreFoundByName) {
  EXPECT_EQ(pe_type("int16").activation_bits, 16U);
  EXPECT_EQ(pe_type("int16").weight_bits, 16U);
  EXPECT_THROW(static_cast<void>(pe_type("int12")), std::out_of_range);
}

TEST(PeTypes, NamesStayValidAcrossCalls) { EXPECT_EQ(&pe_type("int16"), &pe_types().front()); }

TEST(PeTypes, HaveTheWidthsAndLatenciesOfThePublishedTable) {
  // docs/machine.md, section 5
  struct Row {
    const char* name;
    unsigned activation_bits, weight_bits, product_bits, psum_bits, multiply, accumulate;
  };
  for (const Row& row : {Row{"int16", 16, 16, 32, 32, 1, 2}, Row{"int8", 8, 8, 16, 24, 1, 2},
                         Row{"int4", 4, 4, 8, 16, 1, 2}, Row{"lightpe1", 8, 4, 16, 20, 1, 2},
                         Row{"lightpe2", 8, 8, 17, 20, 1, 2}, Row{"fp32", 32, 32, 32, 32, 2, 3}}) {
    const PeType& type = pe_type(row.name);
    EXPECT_EQ(type.activation_bits, row.activation_bits) << row.name;
    EXPECT_EQ(type.weight_bits, row.weight_bits) << row.name;
    EXPECT_EQ(type.product_bits, row.product_bits) << row.name;
    EXPECT_EQ(type.psum_bits, row.psum_bits) << row.name;
    EXPECT_EQ(type.multiply_latency, row.multiply) << row.name;
    EXPECT_EQ(type.accumulate_latency, row.accumulate) << row.name;
  }
}

TEST(PeTypes, TakeActivationsForTheNearestWeights) {
  // x / 128 of lightpe1, 96 of which is as near to 1 as to 1/2; x / 64 of lightpe2.
  const std::vector<std::pair<Word, double>> one_term{
      {0, 1.0 / 128}, {1, 1.0 / 128}, {-1, -1.0 / 128}, {3, 4.0 / 128}, {-3, -4.0 / 128},
      {50, 0.5},      {95, 0.5},      {96, 1},          {127, 1},       {-128, -1},
  };
  const std::vector<std::pair<Word, double>> two_terms{
      {0, 1.0 / 64}, {1, 1.0 / 64}, {-5, -5.0 / 64}, {7, 8.0 / 64}, {96, 1.5},
      {100, 1.5},    {112, 2},      {127, 2},        {-128, -2},
  };
  for (const auto& [name, numbers] :
       {std::pair("lightpe1", one_term), std::pair("lightpe2", two_terms)}) {
    const PeType& type = pe_type(name);
    for (const auto& [activation, number] : numbers) {
      Word word = activation;
      make_weights(type, &word, 1);
      EXPECT_EQ(type.weight_value(word), number) << name << " " << activation;
    }
  }
  EXPECT_EQ(activation_fraction_bits(pe_type("lightpe1")), 7);
  EXPECT_EQ(activation_fraction_bits(pe_type("lightpe2")), 6);
}

TEST(PeTypes, TakeActivationsAsTheyAreWhereWeightsAreNoCodes) {
  for (const char* name : {"int16", "int8", "int4", "fp32"}) {
    const PeType& type = pe_type(name);
    EXPECT_EQ(activation_fraction_bits(type), 0) << name;
    for (const Word activation : {-8, -1, 0, 3, 7}) {
      Word word = activation;
      make_weights(type, &word, 1);
      EXPECT_EQ(word, activation) << name;
    }
  }
}

class EveryPeType : public testing::TestWithParam<PeType> {};

TEST_P(EveryPeType, HasWidthsThatAWordHolds) {
  for (const unsigned bits : {GetParam().activation_bits, GetParam().weight_bits}) {
    EXPECT_GE(bits, 1U);
    EXPECT_LE(bits, 32U);
  }
  EXPECT_STRNE(GetParam().description, "");
}

TEST_P(EveryPeType, AWindowOfNoWordsIsZero) {
  Word psums[2] = {7, 7};
  GetParam().mac_window(nullptr, 0, nullptr, 2, MacFormat{}, psums);
  EXPECT_EQ(psums[0], 0);
  EXPECT_EQ(psums[1], 0);
}

TEST_P(EveryPeType, NearestWeightsAreWeightsThatStandForThemselves) {
  Random random(1);
  for (unsigned trial = 0; trial < 1000; ++trial) {
    const double value = static_cast<double>(random.between(-100000, 100000)) / 1024;
    const Word word = GetParam().nearest_weight(value);
    EXPECT_EQ(wrap(word, GetParam().weight_bits), word);
    EXPECT_EQ(GetParam().nearest_weight(GetParam().weight_value(word)), word);
  }
}

TEST_P(EveryPeType, TheFastestWindowIsTheFirstAndTheBaselineIsAlwaysThere) {
  EXPECT_EQ(GetParam().mac_window, GetParam().mac_windows.front().mac_window);
  EXPECT_STREQ(GetParam().mac_windows.back().instruction_set, "baseline");
}

INSTANTIATE_TEST_SUITE_P(PeTypes, EveryPeType, testing::ValuesIn(pe_types()),
                         [](const auto& member) { return std::string(member.param.name); });

// ---- integers ----

std::vector<PeType> integer_types() {
  std::vector<PeType> types;
  for (const PeType& type : pe_types()) {
    if (type.numbers == Numbers::kInteger) types.push_back(type);
  }
  return types;
}

/// All words of `bits` bits, sign-extended.
std::vector<Word> all_words(unsigned bits) {
  std::vector<Word> words;
  for (std::int64_t word = 0; word < std::int64_t{1} << bits; ++word) {
    words.push_back(wrap(word, bits));
  }
  return words;
}

/// The integer that a psum word of `format` becomes of `sum`.
std::int64_t defined_psum(std::int64_t sum, const MacFormat& format) {
  const std::int64_t end = std::int64_t{1} << (format.psum_bits - 1);
  if (format.overflow == Overflow::kSaturate) return std::min(std::max(sum, -end), end - 1);
  std::int64_t kept = sum % (2 * end);
  if (kept < -end) kept += 2 * end;
  if (kept >= end) kept -= 2 * end;
  return kept;
}

class EveryIntegerType : public testing::TestWithParam<PeType> {
 protected:
  /// What a product counts, from the number that the weight stands for: doubles hold all of them.
  static std::int64_t defined_product(Word activation, Word weight) {
    const double units = std::ldexp(GetParam().weight_value(weight),
                                    static_cast<int>(GetParam().weight_fraction_bits));
    EXPECT_EQ(units, std::floor(units));
    return static_cast<std::int64_t>(activation * units);
  }

  static std::vector<Word> defined_window(const std::vector<Word>& ifmap,
                                          const std::vector<Word>& filters, std::size_t psum_count,
                                          const MacFormat& format) {
    std::vector<Word> psums;
    for (std::size_t k = 0; k < psum_count; ++k) {
      std::int64_t sum = 0;
      for (std::size_t i = 0; i < ifmap.size(); ++i) {
        const std::int64_t product = defined_product(ifmap[i], filters[i * psum_count + k]);
        const auto shifted = static_cast<std::int64_t>(std::floor(
            std::ldexp(static_cast<double>(product), -static_cast<int>(format.window.shift))));
        const MacFormat cut{{}, format.window.bits, Overflow::kWrap};
        sum = defined_psum(sum + defined_psum(shifted, cut), format);
      }
      psums.push_back(static_cast<Word>(sum));
    }
    return psums;
  }

  /// By every instruction set, which must agree.
  static std::vector<Word> window(const std::vector<Word>& ifmap, const std::vector<Word>& filters,
                                  std::size_t psum_count, const MacFormat& format) {
    constexpr std::size_t kGuards = 16;
    std::vector<Word> psums;
    for (const CompiledMac& mac : GetParam().mac_windows) {
      std::vector<Word> made(psum_count + kGuards, 12345);
      mac.mac_window(ifmap.data(), ifmap.size(), filters.data(), psum_count, format, made.data());
      for (std::size_t i = 0; i < kGuards; ++i) EXPECT_EQ(made[psum_count + i], 12345);
      made.resize(psum_count);
      if (psums.empty()) psums = made;
      EXPECT_EQ(made, psums) << mac.instruction_set;
    }
    return psums;
  }

  static MacFormat draw_format(Random& random) {
    MacFormat format;
    format.window = {static_cast<unsigned>(random.below(32)),
                     static_cast<unsigned>(random.between(1, 32))};
    if (random.below(2) == 0) format.window = {0, GetParam().product_bits};
    format.psum_bits = static_cast<unsigned>(random.between(1, 32));
    format.overflow = random.below(2) == 0 ? Overflow::kWrap : Overflow::kSaturate;
    return format;
  }
};

TEST_P(EveryIntegerType, MultipliesEveryWeightAsItsValueSays) {
  const std::vector<Word> weights = all_words(GetParam().weight_bits);
  const auto most = static_cast<Word>((std::int64_t{1} << (GetParam().activation_bits - 1)) - 1);
  std::vector<Word> activations{0, 1, -1, 2, -2, most, -most, -most - 1, most / 2, -most / 3};
  if (GetParam().activation_bits <= 8) activations = all_words(GetParam().activation_bits);
  // Wide enough for each product, and one window for all of them.
  const MacFormat format{{0, GetParam().product_bits}, 32, Overflow::kWrap};
  for (const Word activation : activations) {
    const std::vector<Word> products = window({activation}, weights, weights.size(), format);
    for (std::size_t k = 0; k < weights.size(); ++k) {
      ASSERT_EQ(products[k], defined_product(activation, weights[k]))
          << activation << " times the weight " << weights[k];
    }
  }
}

TEST_P(EveryIntegerType, ItsLargestWeightIsAPowerOfTwo) {
  // activation_fraction_bits() counts on it.
  double largest = 0;
  for (const Word word : all_words(GetParam().weight_bits)) {
    largest = std::max(largest, std::abs(GetParam().weight_value(word)));
  }
  EXPECT_EQ(largest, std::exp2(std::ilogb(largest)));
}

TEST_P(EveryIntegerType, ItsProductBitsHoldEveryProductAndNoFewerDo) {
  const std::vector<Word> weights = all_words(GetParam().weight_bits);
  const Word end =
      wrap(std::int64_t{1} << (GetParam().activation_bits - 1), GetParam().activation_bits);
  std::int64_t least = 0;
  std::int64_t most = 0;
  for (const Word activation : {end, -end - 1}) {
    for (const Word weight : weights) {
      least = std::min(least, defined_product(activation, weight));
      most = std::max(most, defined_product(activation, weight));
    }
  }
  const std::int64_t range = std::int64_t{1} << (GetParam().product_bits - 1);
  EXPECT_TRUE(-range <= least && most < range);
  EXPECT_TRUE(least < -range / 2 || most >= range / 2);
}

TEST_P(EveryIntegerType, AddsWindowsAsDefinedInAnyFormat) {
  Random random(2);
  const auto draw = [&](unsigned bits) {
    return wrap(static_cast<std::int64_t>(random.below(std::uint64_t{1} << bits)), bits);
  };
  for (std::size_t psum_count = 1; psum_count <= 40; ++psum_count) {
    for (unsigned repeat = 0; repeat < 25; ++repeat) {
      std::vector<Word> ifmap(random.below(34));
      std::vector<Word> filters(ifmap.size() * psum_count);
      for (Word& word : ifmap) word = draw(GetParam().activation_bits);
      for (Word& word : filters) word = draw(GetParam().weight_bits);
      const MacFormat format = draw_format(random);
      ASSERT_EQ(window(ifmap, filters, psum_count, format),
                defined_window(ifmap, filters, psum_count, format))
          << psum_count << " psums of " << format.psum_bits << " bits, "
          << (format.overflow == Overflow::kWrap ? "wrapping" : "saturating") << ", window of "
          << format.window.bits << " bits from " << format.window.shift;
    }
  }
}

TEST_P(EveryIntegerType, AddsPsumsAsDefined) {
  Random random(3);
  for (unsigned trial = 0; trial < 10000; ++trial) {
    const MacFormat format = draw_format(random);
    const auto draw = [&] {
      return wrap(static_cast<std::int64_t>(random.below(std::uint64_t{1} << 32)),
                  format.psum_bits);
    };
    const Word incoming = draw();
    const Word own = draw();
    ASSERT_EQ(GetParam().add_psums(incoming, own, format),
              defined_psum(std::int64_t{incoming} + own, format));
  }
}

/// Doubles that a rounding can get wrong: borders between neighbours, and numbers next to them.
std::vector<double> hard_values(const std::vector<double>& sorted) {
  std::vector<double> values{0.0, -0.0, 1e-300, -1e-300, 1e300, -1e300};
  const double infinity = std::numeric_limits<double>::infinity();
  values.push_back(infinity);
  values.push_back(-infinity);
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const double border = i + 1 < sorted.size() ? (sorted[i] + sorted[i + 1]) / 2 : sorted[i] * 1.5;
    for (const double x : {sorted[i], border}) {
      values.push_back(x);
      values.push_back(std::nextafter(x, infinity));
      values.push_back(std::nextafter(x, -infinity));
    }
  }
  return values;
}

TEST_P(EveryIntegerType, FindsTheNearestOfAllWeights) {
  std::vector<double> sorted;
  for (const Word word : all_words(GetParam().weight_bits)) {
    sorted.push_back(GetParam().weight_value(word));
  }
  std::sort(sorted.begin(), sorted.end());
  sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
  for (const double value : hard_values(sorted)) {
    // Borders between neighbours are doubles, so that this comparison is exact.
    const auto above = std::lower_bound(sorted.begin(), sorted.end(), value);
    double expected;
    if (above == sorted.begin()) {
      expected = sorted.front();
    } else if (above == sorted.end()) {
      expected = sorted.back();
    } else {
      const double high = *above;
      const double low = *(above - 1);
      const double border = (low + high) / 2;
      expected = value > border || (value == border && high > 0) ? high : low;
    }
    ASSERT_EQ(GetParam().weight_value(GetParam().nearest_weight(value)), expected) << value;
  }
}

TEST_P(EveryIntegerType, TakesNoNumberForTheWeightNearestToZero) {
  EXPECT_EQ(GetParam().nearest_weight(std::numeric_limits<double>::quiet_NaN()),
            GetParam().nearest_weight(0.0));
  EXPECT_EQ(GetParam().nearest_weight(-std::numeric_limits<double>::quiet_NaN()),
            GetParam().nearest_weight(0.0));
  EXPECT_EQ(GetParam().nearest_weight(-0.0), GetParam().nearest_weight(0.0));
}

INSTANTIATE_TEST_SUITE_P(PeTypes, EveryIntegerType, testing::ValuesIn(integer_types()),
                         [](const auto& member) { return std::string(member.param.name); });

TEST(Wrap, IsTwosComplement) {
  EXPECT_EQ(wrap(32767, 16), 32767);
  EXPECT_EQ(wrap(32768, 16), -32768);
  EXPECT_EQ(wrap(-32769, 16), 32767);
  EXPECT_EQ(wrap(65536, 16), 0);
  EXPECT_EQ(wrap(1, 1), -1);
  EXPECT_EQ(wrap(2147483648, 32), INT32_MIN);
}

}  // namespace
}  // namespace rowan::arithmetic
