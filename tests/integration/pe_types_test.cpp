// SPDX-License-Identifier: Apache-2.0
//
// The networks of the zoo on every PE type, through the program: float networks, quantised to the
// type, every output word held to the golden operations.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "models/arithmetic/pe_type.h"
#include "tests/support/program.h"
#include "workloads/network_file.h"

namespace rowan {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

constexpr std::uint64_t kFewMacs = 1'000'000'000;

struct Case {
  std::string type;
  std::string network;
};

workloads::Network network_of(const std::string& name) {
  return workloads::load_network(ROWAN_SOURCE_DIR "/workloads/zoo/" + name + ".yaml");
}

/// Every network of the zoo, those of few MACs or the others, on every PE type.
std::vector<Case> cases(bool few_macs) {
  std::vector<Case> found;
  for (const auto& file : fs::directory_iterator(ROWAN_SOURCE_DIR "/workloads/zoo")) {
    if (file.path().extension() != ".yaml") continue;
    const std::string name = file.path().stem().string();
    std::uint64_t macs = 0;
    for (const workloads::Layer& layer : network_of(name).layers) macs += macs_per_image(layer);
    if ((macs <= kFewMacs) != few_macs) continue;
    for (const arithmetic::PeType& type : arithmetic::pe_types()) {
      found.push_back({type.name, name});
    }
  }
  return found;
}

std::string name_of(const testing::TestParamInfo<Case>& test) {
  return test.param.type + "_" + test.param.network;
}

void expect_golden_words(const std::string& type, const std::string& workload,
                         const workloads::Network& network) {
  const fs::path out = fs::temp_directory_path() / ("rowan_pe_types_" + std::to_string(getpid()));
  const support::ProgramRun run = support::run_program(
      ROWAN_EXECUTABLE, {"run", "--platform", "quidam_" + type, "--workload", workload, "--batch",
                         "1", "--tensors", "float", "--jobs", "1", "--out", out.string()});
  ASSERT_EQ(run.status, 0) << run.err;
  const Json result = Json::parse(std::ifstream(out / "result.json"));
  fs::remove_all(out);
  ASSERT_EQ(result["layers"].size(), network.layers.size());
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const Json& layer = result["layers"][i];
    EXPECT_EQ(layer["check"]["outputs_compared"], network.layers[i].output.words())
        << layer["name"];
    EXPECT_EQ(layer["check"]["mismatches"], 0U) << layer["name"];
  }
}

void expect_golden_words(const Case& which) {
  expect_golden_words(which.type, which.network, network_of(which.network));
}

class EveryPeType : public testing::TestWithParam<Case> {};

TEST_P(EveryPeType, GivesTheGoldenWordsOfANetwork) { expect_golden_words(GetParam()); }

INSTANTIATE_TEST_SUITE_P(Networks, EveryPeType, testing::ValuesIn(cases(true)), name_of);

TEST(PeTypes, GiveTheGoldenWordsOfAttention) {
  const std::string file = ROWAN_SOURCE_DIR "/tests/support/attention.yaml";
  for (const arithmetic::PeType& type : arithmetic::pe_types()) {
    SCOPED_TRACE(type.name);
    expect_golden_words(type.name, file, workloads::load_network(file));
  }
}

class EveryPeTypeNightly : public testing::TestWithParam<Case> {};

TEST_P(EveryPeTypeNightly, GivesTheGoldenWordsOfALargeNetwork) { expect_golden_words(GetParam()); }

INSTANTIATE_TEST_SUITE_P(Networks, EveryPeTypeNightly, testing::ValuesIn(cases(false)), name_of);

}  // namespace
}  // namespace rowan
