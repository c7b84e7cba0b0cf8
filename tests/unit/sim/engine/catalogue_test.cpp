// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/catalogue.h"

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "models/spec/platform_file.h"
#include "tests/support/input_error.h"
#include "workloads/network_file.h"

namespace rowan::sim {
namespace {

TEST(Catalogue, NamesArePlainWordsAndFilesHaveASlashOrTheSuffix) {
  EXPECT_TRUE(is_name("eyeriss"));
  EXPECT_TRUE(is_name("v1.5"));
  EXPECT_FALSE(is_name("eyeriss.yaml"));
  EXPECT_FALSE(is_name("./eyeriss"));
}

TEST(Catalogue, ANameStandsForAFileThatExists) {
  EXPECT_TRUE(std::filesystem::exists(file_of(kPlatforms, "eyeriss")));
  EXPECT_TRUE(std::filesystem::exists(file_of(kWorkloads, "alexnet")));
}

TEST(Catalogue, AFileStandsForItself) {
  EXPECT_EQ(file_of(kPlatforms, "somewhere/else.yaml"), "somewhere/else.yaml");
}

TEST(Catalogue, UnknownNameIsAnErrorWithTheNearestAndTheList) {
  const std::string error = support::input_error([] { return file_of(kPlatforms, "eyeris"); });
  EXPECT_NE(error.find("unknown platform 'eyeris' (did you mean 'eyeriss'?); there are: "),
            std::string::npos)
      << error;
  EXPECT_EQ(error.find('\n'), std::string::npos);
}

TEST(Catalogue, PublishedMappingIsForNamesAlone) {
  EXPECT_NE(published_mapping_file("eyeriss", "alexnet"), "");
  EXPECT_EQ(published_mapping_file("./eyeriss.yaml", "alexnet"), "");
  EXPECT_EQ(published_mapping_file("eyeriss", "alexnet.yaml"), "");
  EXPECT_EQ(published_mapping_file("eyeriss", "nothing"), "");
}

class EveryPlatform : public testing::TestWithParam<std::string> {};

TEST_P(EveryPlatform, ReadsAndIsNamedLikeItsFile) {
  EXPECT_EQ(spec::load_platform(file_of(kPlatforms, GetParam())).name, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Catalogue, EveryPlatform, testing::ValuesIn(names_in(kPlatforms)));

class EveryWorkload : public testing::TestWithParam<std::string> {};

TEST_P(EveryWorkload, ReadsAndIsNamedLikeItsFile) {
  EXPECT_EQ(workloads::load_network(file_of(kWorkloads, GetParam())).name, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Catalogue, EveryWorkload, testing::ValuesIn(names_in(kWorkloads)));

}  // namespace
}  // namespace rowan::sim
