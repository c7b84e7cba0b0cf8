// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/row_stationary/mapping.h"

#include <functional>
#include <ostream>
#include <string>

#include <gtest/gtest.h>

#include "tests/support/small_layer.h"

namespace rowan::dataflow::row_stationary {
namespace {

/// Two groups of 8 filters and 6 channels, 3 x 3, 7 x 7 ofmaps.
workloads::ConvolutionShape some_shape() {
  workloads::ConvolutionShape shape;
  shape.groups = 2;
  shape.filters = 16;
  shape.channels = 12;
  shape.height = 9;
  shape.width = 9;
  shape.kernel_height = 3;
  shape.kernel_width = 3;
  return shape;
}

Mapping some_mapping() {
  Mapping mapping;
  mapping.m = 8;
  mapping.n = 2;
  mapping.e = 4;
  mapping.f = 7;
  mapping.p = 4;
  mapping.q = 2;
  mapping.r = 2;
  mapping.t = 2;
  mapping.g = 2;
  mapping.filter_rows = 3;
  mapping.filter_columns = 3;
  return mapping;
}

/// Has room for some_mapping() in every respect.
spec::AcceleratorSpec some_accelerator() {
  spec::AcceleratorSpec accelerator;
  accelerator.array.rows = 12;
  accelerator.array.columns = 9;
  accelerator.pe.psum_bits = 16;
  return accelerator;
}

/// A limit of the platform and what some_mapping() needs of it.
struct Rule {
  const char* rule;
  std::uint64_t needed;
  std::uint64_t limit;  ///< the largest below `needed`
  std::function<void(spec::AcceleratorSpec&, std::uint64_t)> set_limit;
};

void PrintTo(const Rule& rule, std::ostream* out) { *out << rule.rule; }

class MappingRule : public testing::TestWithParam<Rule> {};

TEST_P(MappingRule, HoldsAtTheLimitAndNamesBothNumbersBeyondIt) {
  spec::AcceleratorSpec accelerator = some_accelerator();
  ASSERT_TRUE(check(some_mapping(), some_shape(), 2, accelerator).empty());
  GetParam().set_limit(accelerator, GetParam().needed);
  EXPECT_TRUE(check(some_mapping(), some_shape(), 2, accelerator).empty());

  GetParam().set_limit(accelerator, GetParam().limit);
  const auto broken = check(some_mapping(), some_shape(), 2, accelerator);
  ASSERT_EQ(broken.size(), 1U);
  EXPECT_EQ(broken[0].rule, GetParam().rule);
  const std::string& message = broken[0].message;
  EXPECT_EQ(message.rfind(std::string(GetParam().rule) + ": ", 0), 0U) << message;
  const auto ending = "= " + std::to_string(GetParam().needed) + " exceeds ";
  EXPECT_NE(message.find(ending), std::string::npos) << message;
  const auto limit = " = " + std::to_string(GetParam().limit);
  EXPECT_EQ(message.substr(message.size() - limit.size()), limit) << message;
}

unsigned narrow(std::uint64_t value) { return static_cast<unsigned>(value); }

// ifmap_spad: q 2 * 3 columns. filter_spad: p 4 * q 2 * 3. psum_spad: p 4. array_rows: a group of
// two chains of 4 columns takes a shelf of r 2 * 3 rows, 2 groups. filter_buffer: 2 groups * 8
// filters * 4 channels * 9. global_buffer: 6 * 9 words * 2 images * 2 groups * 4 channels = 864
// words in one bank of 2048, 2 * 4 * 7 * 2 groups * 2 sets = 224 psum rows in one of 512.
INSTANTIATE_TEST_SUITE_P(
    All, MappingRule,
    testing::Values(
        Rule{"ifmap_spad", 6, 5, [](auto& a, auto value) { a.pe.ifmap_spad.size = Words(value); }},
        Rule{"filter_spad", 24, 23,
             [](auto& a, auto value) { a.pe.filter_spad.size = Words(value); }},
        Rule{"psum_spad", 4, 3, [](auto& a, auto value) { a.pe.psum_spad.size = Words(value); }},
        Rule{"array_rows", 12, 11, [](auto& a, auto value) { a.array.rows = narrow(value); }},
        Rule{"filter_buffer", 576, 575,
             [](auto& a, auto value) {
               a.global_buffer.row_width = Bits(16);  // a word
               a.global_buffer.filter_banks = 1;
               a.global_buffer.bank_rows = narrow(value);
             }},
        Rule{"global_buffer", 2, 1,
             [](auto& a, auto value) { a.global_buffer.banks = narrow(value); }}),
    [](const auto& test) { return std::string(test.param.rule); });

TEST(Mapping, NeedsEveryBankTwiceWithDoubleBuffers) {
  spec::AcceleratorSpec accelerator = some_accelerator();
  accelerator.dram.overlap = spec::DramOverlap::kDoubleBuffer;
  accelerator.global_buffer.banks = 4;
  EXPECT_TRUE(check(some_mapping(), some_shape(), 2, accelerator).empty());
  accelerator.global_buffer.banks = 3;
  const auto broken = check(some_mapping(), some_shape(), 2, accelerator);
  ASSERT_EQ(broken.size(), 1U);
  EXPECT_EQ(broken[0].message,
            "global_buffer: 1 ifmap + 1 psum banks, twice for dram.overlap double_buffer, = 4 "
            "exceeds global_buffer.banks = 3");
}

/// IDs come in powers of two less one, so the mapping moves and the platform stays.
struct IdRule {
  const char* rule;
  unsigned needed;  ///< beyond the limit by one
  unsigned limit;   ///< 2^bits - 1
  void (*legal)(Mapping&, spec::AcceleratorSpec&);
  void (*broken)(Mapping&, spec::AcceleratorSpec&);
};

void PrintTo(const IdRule& rule, std::ostream* out) { *out << rule.rule; }

class MappingIdRule : public testing::TestWithParam<IdRule> {};

TEST_P(MappingIdRule, LeavesTheIdOfAllOnesFree) {
  Mapping mapping;
  mapping.e = 3;
  mapping.filter_rows = 1;
  spec::AcceleratorSpec accelerator;
  accelerator.array.rows = 12;
  accelerator.array.columns = 14;
  GetParam().legal(mapping, accelerator);
  EXPECT_TRUE(check(mapping, some_shape(), 1, accelerator).empty());
  GetParam().broken(mapping, accelerator);
  const auto broken = check(mapping, some_shape(), 1, accelerator);
  ASSERT_EQ(broken.size(), 1U);
  EXPECT_EQ(broken[0].rule, GetParam().rule);
  EXPECT_NE(broken[0].message.find("= " + std::to_string(GetParam().needed) + " exceeds "),
            std::string::npos)
      << broken[0].message;
  EXPECT_NE(broken[0].message.find("bits = " + std::to_string(GetParam().limit)), std::string::npos)
      << broken[0].message;
}

INSTANTIATE_TEST_SUITE_P(All, MappingIdRule,
                         testing::Values(
                             // A row ID per set.
                             IdRule{"ifmap_gin_row_ids", 4, 3,
                                    [](Mapping& m, spec::AcceleratorSpec& a) {
                                      a.ifmap_gin.row_id_bits = 2;
                                      m.r = 3;
                                    },
                                    [](Mapping& m, spec::AcceleratorSpec&) { m.r = 4; }},
                             // Ifmap rows 0 to R-1 + e-1: 3 + 5 - 1 = 7, then 8.
                             IdRule{"ifmap_gin_column_ids", 8, 7,
                                    [](Mapping& m, spec::AcceleratorSpec& a) {
                                      a.ifmap_gin.column_id_bits = 3;
                                      m.filter_rows = 3;
                                      m.e = 5;
                                    },
                                    [](Mapping& m, spec::AcceleratorSpec&) { m.e = 6; }},
                             // A row ID per set and filter row: 7 * 1, then 4 * 2.
                             IdRule{"filter_gin_row_ids", 4, 3,
                                    [](Mapping& m, spec::AcceleratorSpec& a) {
                                      a.filter_gin.row_id_bits = 2;
                                      m.r = 3;
                                    },
                                    [](Mapping& m, spec::AcceleratorSpec&) {
                                      m.r = 2;
                                      m.filter_rows = 2;
                                    }},
                             // A column ID per chain on a shelf: 3 of 3 columns, then 4.
                             IdRule{"filter_gin_column_ids", 4, 3,
                                    [](Mapping& m, spec::AcceleratorSpec& a) {
                                      a.filter_gin.column_id_bits = 2;
                                      m.m = 4;
                                      m.t = 3;
                                    },
                                    [](Mapping& m, spec::AcceleratorSpec&) { m.t = 4; }},
                             // The psum networks name every PE.
                             IdRule{"psum_gin_row_ids", 16, 15,
                                    [](Mapping&, spec::AcceleratorSpec& a) { a.array.rows = 15; },
                                    [](Mapping&, spec::AcceleratorSpec& a) { a.array.rows = 16; }},
                             IdRule{
                                 "psum_gin_column_ids", 16, 15,
                                 [](Mapping&, spec::AcceleratorSpec& a) { a.array.columns = 15; },
                                 [](Mapping&, spec::AcceleratorSpec& a) { a.array.columns = 16; }}),
                         [](const auto& test) { return std::string(test.param.rule); });

TEST(Mapping, ReportsEveryRuleThatIsBroken) {
  spec::AcceleratorSpec accelerator = some_accelerator();
  accelerator.pe.ifmap_spad.size = Words(5);
  accelerator.pe.psum_spad.size = Words(3);
  accelerator.array.rows = 11;
  const auto broken = check(some_mapping(), some_shape(), 2, accelerator);
  ASSERT_EQ(broken.size(), 3U);
  EXPECT_EQ(broken[0].message,
            "ifmap_spad: q * ((S-1)*D+1) words = 6 exceeds pe.ifmap_spad.size_words = 5");
  EXPECT_EQ(broken[1].rule, "psum_spad");
  EXPECT_EQ(broken[2].rule, "array_rows");
}

TEST(Mapping, HoldsTheGapsOfADilatedWindowInTheIfmapScratchpad) {
  workloads::ConvolutionShape shape = some_shape();
  shape.dilation = 2;
  spec::AcceleratorSpec accelerator = some_accelerator();
  accelerator.pe.ifmap_spad.size = Words(10);  // q 2 * ((3 - 1) * 2 + 1)
  EXPECT_TRUE(check(some_mapping(), shape, 2, accelerator).empty());
  accelerator.pe.ifmap_spad.size = Words(9);
  ASSERT_EQ(check(some_mapping(), shape, 2, accelerator).size(), 1U);
}

TEST(Mapping, IsLegalWhereNoRuleIsBroken) {
  Random random(17);
  unsigned legal = 0;
  constexpr unsigned kMappings = 20'000;
  for (unsigned i = 0; i < kMappings; ++i) {
    const auto draw = [&](unsigned least, unsigned most) {
      return static_cast<unsigned>(random.between(least, most));
    };
    const workloads::ConvolutionShape shape = support::random_shape(random);
    spec::AcceleratorSpec accelerator = support::small_accelerator(draw(1, 8), draw(1, 8));
    accelerator.pe.ifmap_spad.size = Words(draw(4, 12));
    accelerator.pe.filter_spad.size = Words(draw(10, 60));
    accelerator.pe.psum_spad.size = Words(draw(2, 6));
    accelerator.ifmap_gin.row_id_bits = draw(2, 4);
    accelerator.filter_gin.column_id_bits = draw(1, 4);
    accelerator.global_buffer.bank_rows = 16;
    accelerator.global_buffer.banks = draw(2, 20);
    accelerator.global_buffer.filter_banks = draw(1, 8);
    if (i % 2 == 0) accelerator.dram.overlap = spec::DramOverlap::kDoubleBuffer;
    Mapping mapping;
    for (unsigned Mapping::*letter :
         {&Mapping::m, &Mapping::n, &Mapping::e, &Mapping::f, &Mapping::p, &Mapping::q, &Mapping::r,
          &Mapping::t, &Mapping::g, &Mapping::filter_rows, &Mapping::filter_columns}) {
      mapping.*letter = draw(i % 50 == 0 ? 0 : 1, draw(1, 5));
    }
    const bool unbroken = check(mapping, shape, 3, accelerator).empty();
    ASSERT_EQ(is_legal(mapping, shape, 3, accelerator), unbroken) << "mapping " << i;
    if (unbroken) ++legal;
  }
  EXPECT_GT(legal, kMappings / 20);
  EXPECT_LT(legal, kMappings * 19 / 20);
}

TEST(Mapping, ExtentOfZeroIsIllegal) {
  for (unsigned Mapping::*letter :
       {&Mapping::m, &Mapping::n, &Mapping::e, &Mapping::f, &Mapping::p, &Mapping::q, &Mapping::r,
        &Mapping::t, &Mapping::g, &Mapping::filter_rows, &Mapping::filter_columns}) {
    Mapping mapping = some_mapping();
    mapping.*letter = 0;
    const auto broken = check(mapping, some_shape(), 2, some_accelerator());
    ASSERT_EQ(broken.size(), 1U);
    EXPECT_EQ(broken[0].rule, "extent");
  }
}

TEST(Clip, CutsEveryLetterToWhatThereIs) {
  Mapping all;
  for (unsigned Mapping::*letter :
       {&Mapping::m, &Mapping::n, &Mapping::e, &Mapping::f, &Mapping::p, &Mapping::q, &Mapping::r,
        &Mapping::t, &Mapping::g, &Mapping::filter_rows, &Mapping::filter_columns}) {
    all.*letter = 65536;
  }
  Mapping cut = clip(all, some_shape(), 3);
  EXPECT_EQ(cut.m, 8U);
  EXPECT_EQ(cut.n, 3U);
  EXPECT_EQ(cut.e, 7U);
  EXPECT_EQ(cut.f, 7U);
  EXPECT_EQ(cut.p, 8U);
  EXPECT_EQ(cut.q, 6U);
  EXPECT_EQ(cut.r, 1U);  // one set has all channels
  EXPECT_EQ(cut.t, 1U);  // one set has all filters
  EXPECT_EQ(cut.g, 2U);
  EXPECT_EQ(cut.filter_rows, 3U);
  EXPECT_EQ(cut.filter_columns, 3U);
  all.p = 3;
  all.q = 4;
  cut = clip(all, some_shape(), 3);
  EXPECT_EQ(cut.r, 2U);  // 4 + 2 channels
  EXPECT_EQ(cut.t, 3U);  // 3 + 3 + 2 filters
}

TEST(Clip, LeavesWhatFitsAsItIs) {
  const Mapping cut = clip(some_mapping(), some_shape(), 2);
  EXPECT_EQ(cut.m, 8U);
  EXPECT_EQ(cut.e, 4U);
  EXPECT_EQ(cut.r, 2U);
  EXPECT_EQ(cut.t, 2U);
}

TEST(Mapping, OfTheChipIsLegalOnIt) {
  for (const char* name : {"CONV1", "CONV2", "CONV3", "CONV4", "CONV5"}) {
    EXPECT_TRUE(check(support::alexnet_mapping(name), support::alexnet_layer(name).shape, 4,
                      support::eyeriss())
                    .empty())
        << name;
  }
}

}  // namespace
}  // namespace rowan::dataflow::row_stationary
