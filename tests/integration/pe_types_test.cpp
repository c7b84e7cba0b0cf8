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

/// The second operand of a matmul is an ofmap, and no PE type with weight codes of its own takes
/// one.
bool has_matmul_of_codes(const Case& which, const workloads::Network& network) {
  return arithmetic::pe_type(which.type).weight_fraction_bits > 0 &&
         std::any_of(network.layers.begin(), network.layers.end(),
                     [](const auto& layer) { return layer.kind == workloads::LayerKind::kMatmul; });
}

void expect_golden_words(const Case& which) {
  const workloads::Network network = network_of(which.network);
  const fs::path out = fs::temp_directory_path() / ("rowan_pe_types_" + std::to_string(getpid()));
  const support::ProgramRun run = support::run_program(
      ROWAN_EXECUTABLE,
      {"run", "--platform", "quidam_" + which.type, "--workload", which.network, "--batch", "1",
       "--tensors", "float", "--jobs", "1", "--out", out.string()});
  if (has_matmul_of_codes(which, network)) {
    EXPECT_EQ(run.status, 2);
    EXPECT_NE(run.err.find("cannot carry out a matmul"), std::string::npos) << run.err;
    return;
  }
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

class EveryPeType : public testing::TestWithParam<Case> {};

TEST_P(EveryPeType, GivesTheGoldenWordsOfANetwork) { expect_golden_words(GetParam()); }

INSTANTIATE_TEST_SUITE_P(Networks, EveryPeType, testing::ValuesIn(cases(true)), name_of);

class EveryPeTypeNightly : public testing::TestWithParam<Case> {};

TEST_P(EveryPeTypeNightly, GivesTheGoldenWordsOfALargeNetwork) { expect_golden_words(GetParam()); }

INSTANTIATE_TEST_SUITE_P(Networks, EveryPeTypeNightly, testing::ValuesIn(cases(false)), name_of);

}  // namespace
}  // namespace rowan
