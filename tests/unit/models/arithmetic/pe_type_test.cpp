// SPDX-License-Identifier: Apache-2.0
#include "models/arithmetic/pe_type.h"

#include <set>
#include <stdexcept>

#include <gtest/gtest.h>

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

INSTANTIATE_TEST_SUITE_P(PeTypes, EveryPeType, testing::ValuesIn(pe_types()),
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
