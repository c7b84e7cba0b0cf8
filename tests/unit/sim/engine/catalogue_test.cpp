// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/catalogue.h"

#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>
#include <unistd.h>

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

TEST(Catalogue, DataIsFoundAboveTheProgramWhenTheTreeWasMoved) {
  namespace fs = std::filesystem;
  const fs::path top =
      fs::temp_directory_path() / ("rowan_catalogue_test_" + std::to_string(getpid()));
  const auto make_catalogues = [](const fs::path& folder) {
    fs::create_directories(folder / "platforms");
    fs::create_directories(folder / "workloads/zoo");
  };
  make_catalogues(top / "built");
  make_catalogues(top / "moved");
  make_catalogues(top / "usr/share/rowan");
  fs::create_directories(top / "elsewhere");
  const auto found = [&](const char* built_in, const char* executable) {
    return find_data_folder((top / built_in).string(), (top / executable).string());
  };
  EXPECT_EQ(found("built", "moved/build/release/rowan"), top / "built");
  EXPECT_EQ(found("gone", "moved/build/release/rowan"), top / "moved");
  EXPECT_EQ(found("gone", "moved/rowan"), top / "moved");
  EXPECT_EQ(found("gone", "usr/bin/rowan"), top / "usr/share/rowan");
  const std::string error = support::input_error([&] { return found("gone", "elsewhere/rowan"); });
  EXPECT_EQ(error.rfind((top / "gone").string() + ": holds no platforms and workloads/zoo", 0), 0U)
      << error;
  EXPECT_EQ(error.find('\n'), std::string::npos);
  fs::remove_all(top);
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
