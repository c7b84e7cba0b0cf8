// SPDX-License-Identifier: Apache-2.0
//
// The networks of the zoo on Eyeriss, through the program: whole, in samples, and whatever way the
// work is done. A network that is added to the zoo is tested with the others.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <ostream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "tests/support/program.h"
#include "workloads/layer_kinds.h"
#include "workloads/network_file.h"

namespace rowan {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Words = std::vector<std::string>;

/// What `rowan list workloads` has: a line that begins in its third column begins with a name.
Words networks() {
  const std::string table = support::run_program(ROWAN_EXECUTABLE, {"list", "workloads"}).out;
  std::istringstream lines(table.substr(table.find("---")));
  Words names;
  std::string line;
  std::getline(lines, line);  // the rest of the rule
  while (std::getline(lines, line)) {
    if (line.size() > 2 && line[2] != ' ') names.push_back(line.substr(2, line.find(' ', 2) - 2));
  }
  return names;
}

workloads::Network network_of(const std::string& name) {
  return workloads::load_network(ROWAN_SOURCE_DIR "/workloads/zoo/" + name + ".yaml");
}

std::string joined(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

/// Of each kind the first, the middle and the last layer.
Words sample_of(const workloads::Network& network) {
  std::map<workloads::LayerKind, Words> names;
  for (const workloads::Layer& layer : network.layers) names[layer.kind].push_back(layer.name);
  std::set<std::string> chosen;
  for (const auto& [kind, of_kind] : names) {
    chosen.insert({of_kind.front(), of_kind[of_kind.size() / 2], of_kind.back()});
  }
  Words sample;
  for (const workloads::Layer& layer : network.layers) {
    if (chosen.count(layer.name) > 0) sample.push_back(layer.name);
  }
  return sample;
}

/// The result.json and layers.csv of a run in one process, if `more` does not say otherwise.
struct Files {
  std::string json;
  std::string csv;
};

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

Files run_files(const std::string& network, const Words& more) {
  const fs::path out =
      fs::temp_directory_path() / ("rowan_networks_test_" + std::to_string(getpid()));
  Words words{"run", "--platform", "eyeriss", "--workload", network, "--out", out.string()};
  words.insert(words.end(), more.begin(), more.end());
  if (std::find(more.begin(), more.end(), "--jobs") == more.end()) {
    words.insert(words.end(), {"--jobs", "1"});
  }
  const support::ProgramRun run = support::run_program(ROWAN_EXECUTABLE, words);
  EXPECT_EQ(run.status, 0) << network << " " << joined(more) << ": " << run.err;
  EXPECT_EQ(run.err, "");
  Files files{content(out / "result.json"), content(out / "layers.csv")};
  fs::remove_all(out);
  return files;
}

Json run(const std::string& network, const Words& more) {
  return Json::parse(run_files(network, more).json);
}

/// What is no sum of whole numbers, and cannot be compared as one.
bool is_ratio(const std::string& key) {
  return key == "utilization" || key == "nonzero_psum_percent" || key == "first_mismatch" ||
         key == "time_ms" || key == "energy";
}

/// Adds the whole numbers of `layer` to those of `sum`.
void add(const Json& layer, Json& sum) {
  for (auto& [key, value] : sum.items()) {
    if (is_ratio(key)) continue;
    if (value.is_object()) {
      add(layer[key], value);
    } else {
      value = value.get<std::uint64_t>() + layer[key].get<std::uint64_t>();
    }
  }
}

void clear(Json& sum) {
  for (auto& [key, value] : sum.items()) {
    if (is_ratio(key)) continue;
    if (value.is_object()) {
      clear(value);
    } else {
      value = 0;
    }
  }
}

void expect_sums(const Json& result) {
  Json sum = result["total"];
  clear(sum);
  for (const Json& layer : result["layers"]) add(layer, sum);
  EXPECT_EQ(sum, result["total"]);
}

/// Energies of the layers add up to the network's, component by component, and those of the
/// components to the layer's.
void expect_energy_sums(const Json& result) {
  std::map<std::string, double> sums;
  const auto parts_of = [](const Json& energy) {
    double sum = 0;
    for (const auto& component : energy["components"]) sum += component["energy"].get<double>();
    return sum;
  };
  for (const Json& layer : result["layers"]) {
    const Json& energy = layer["energy"];
    EXPECT_DOUBLE_EQ(parts_of(energy), energy["total"].get<double>());
    for (const auto& [name, component] : energy["components"].items()) {
      sums[name] += component["energy"].get<double>();
    }
  }
  const Json& total = result["total"]["energy"];
  for (const auto& [name, component] : total["components"].items()) {
    EXPECT_DOUBLE_EQ(sums[name], component["energy"].get<double>()) << name;
  }
  EXPECT_NEAR(parts_of(total) / total["total"].get<double>(), 1, 1e-12);
}

/// Every layer is there, took time and traffic, and gave the golden words.
void expect_layers(const Json& result, const workloads::Network& network, const Words& names) {
  ASSERT_EQ(result["layers"].size(), names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    const Json& layer = result["layers"][i];
    SCOPED_TRACE(names[i]);
    ASSERT_EQ(layer["name"], names[i]);
    const workloads::Layer& expected = network.layers[*find_layer(network, names[i])];
    const std::uint64_t batch = result["batch"].get<std::uint64_t>();
    EXPECT_EQ(layer["kind"], workloads::name_of(expected.kind));
    EXPECT_EQ(layer["macs"], batch * macs_per_image(expected));
    EXPECT_GT(layer["passes"], 0U);
    EXPECT_GT(layer["cycles"]["processing"], 0U);
    EXPECT_GT(layer["dram_bytes"]["ifmap"], 0U);
    EXPECT_GT(layer["dram_bytes"]["ofmap"], 0U);
    EXPECT_GT(layer["glb_bytes"], 0U);
    EXPECT_EQ(layer["check"]["outputs_compared"], batch * expected.output.words());
    EXPECT_EQ(layer["check"]["mismatches"], 0U);
  }
  expect_sums(result);
  expect_energy_sums(result);
}

void expect_whole_chain(const std::string& name) {
  const workloads::Network network = network_of(name);
  Words names;
  for (const workloads::Layer& layer : network.layers) names.push_back(layer.name);
  expect_layers(run(name, {"--tensors", "chain", "--batch", "1"}), network, names);
}

// Whole networks.

class Network : public testing::TestWithParam<std::string> {};

std::string name_of(const testing::TestParamInfo<std::string>& test) { return test.param; }

TEST_P(Network, GivesTheGoldenWordsInASampleOfEveryKindOfLayer) {
  const workloads::Network network = network_of(GetParam());
  const Words sample = sample_of(network);
  expect_layers(run(GetParam(), {"--batch", "1", "--layers", joined(sample)}), network, sample);
}

TEST_P(Network, NightlyGivesTheGoldenWordsFromEndToEnd) { expect_whole_chain(GetParam()); }

INSTANTIATE_TEST_SUITE_P(Zoo, Network, testing::ValuesIn(networks()), name_of);

class SmallNetwork : public testing::TestWithParam<std::string> {};

TEST_P(SmallNetwork, GivesTheGoldenWordsFromEndToEnd) { expect_whole_chain(GetParam()); }

INSTANTIATE_TEST_SUITE_P(Zoo, SmallNetwork,
                         testing::Values("resnet20", "vgg16_cifar10", "mobilenet_v1"), name_of);

// Fast-forward.

/// The lines of layers.csv without the columns that say what was replayed.
std::string without_fast_forward(const std::string& csv) {
  std::istringstream lines(csv);
  std::vector<bool> kept;
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream cells(line + ",");
    Words row;
    for (std::string cell; std::getline(cells, cell, ',');) row.push_back(cell);
    if (kept.empty()) {
      for (const std::string& head : row) kept.push_back(head.rfind("fast_forward.", 0) != 0);
    }
    EXPECT_EQ(row.size(), kept.size());
    for (std::size_t i = 0; i < row.size(); ++i) {
      if (kept[i]) text += row[i] + ",";
    }
    text += "\n";
  }
  return text;
}

Json without_fast_forward(Json result) {
  for (Json& layer : result["layers"]) layer.erase("fast_forward");
  result["total"].erase("fast_forward");
  return result;
}

std::uint64_t fast_forwarded(const Json& measures, const std::string& field) {
  return measures["fast_forward"][field].get<std::uint64_t>();
}

/// Nothing but what was replayed tells one run from the other, and that adds up.
void expect_equal_but_for_fast_forward(const Files& a, const Files& b) {
  EXPECT_EQ(without_fast_forward(a.csv), without_fast_forward(b.csv));
  const Json one = Json::parse(a.json);
  const Json other = Json::parse(b.json);
  EXPECT_EQ(without_fast_forward(one), without_fast_forward(other));
  for (std::size_t i = 0; i < one["layers"].size(); ++i) {
    for (const std::string what : {"cycles", "outputs"}) {
      EXPECT_EQ(fast_forwarded(one["layers"][i], what + "_simulated") +
                    fast_forwarded(one["layers"][i], what + "_replayed"),
                fast_forwarded(other["layers"][i], what + "_simulated") +
                    fast_forwarded(other["layers"][i], what + "_replayed"))
          << one["layers"][i]["name"] << " " << what;
    }
  }
}

/// What is run on and off, and verified.
struct Job {
  const char* test;
  const char* network;
  const char* batch;
  const char* layers;

  [[nodiscard]] Files run(const std::string& fast_forward) const {
    return run_files(network,
                     {"--batch", batch, "--layers", layers, "--fast-forward", fast_forward});
  }
};

void expect_verified(const Job& job) {
  const Files verified = job.run("verify");
  expect_equal_but_for_fast_forward(job.run("on"), verified);
  const Json total = Json::parse(verified.json)["total"];
  EXPECT_GT(fast_forwarded(total, "passes_verified"), 0U);
  EXPECT_GT(fast_forwarded(total, "passes_replayed"), 0U);
}

void PrintTo(const Job& job, std::ostream* out) { *out << job.test; }

class FastForward : public testing::TestWithParam<Job> {};

std::string name_of_job(const testing::TestParamInfo<Job>& test) { return test.param.test; }

TEST_P(FastForward, ChangesNothingButWhatWasReplayed) {
  const Files on = GetParam().run("on");
  const Files off = GetParam().run("off");
  expect_equal_but_for_fast_forward(on, off);
  EXPECT_GT(fast_forwarded(Json::parse(on.json)["total"], "passes_replayed"), 0U);
  EXPECT_EQ(fast_forwarded(Json::parse(off.json)["total"], "passes_replayed"), 0U);
  EXPECT_EQ(fast_forwarded(Json::parse(off.json)["total"], "cycles_replayed"), 0U);
  EXPECT_EQ(fast_forwarded(Json::parse(off.json)["total"], "outputs_replayed"), 0U);
}

INSTANTIATE_TEST_SUITE_P(Networks, FastForward,
                         testing::Values(Job{"alexnet", "alexnet", "4", "*"},
                                         Job{"resnet20", "resnet20", "1", "*"},
                                         Job{"mobilenet_v1", "mobilenet_v1", "1", "*"},
                                         Job{"vgg16_convolutions", "vgg16", "1", "CONV*"}),
                         name_of_job);

class Verification : public testing::TestWithParam<Job> {};

TEST_P(Verification, FindsNothing) { expect_verified(GetParam()); }

INSTANTIATE_TEST_SUITE_P(Networks, Verification,
                         testing::Values(Job{"alexnet_convolutions", "alexnet", "4", "CONV*"},
                                         Job{"resnet20", "resnet20", "1", "*"}),
                         name_of_job);

TEST_P(Network, NightlyVerificationFindsNothing) {
  expect_verified({"", GetParam().c_str(), "1", "*"});
}

// Jobs.

TEST(Jobs, HoweverManyGiveTheSameBytes) {
  for (const std::string tensors : {"seeded", "chain"}) {
    const auto files = [&](const std::string& jobs) {
      return run_files("resnet20", {"--tensors", tensors, "--jobs", jobs});
    };
    const Files one = files("1");
    EXPECT_EQ(Json::parse(one.json)["tensors"], tensors);
    for (const std::string jobs : {"2", "7"}) {
      const Files several = files(jobs);
      EXPECT_EQ(several.json, one.json) << jobs << " jobs, " << tensors;
      EXPECT_EQ(several.csv, one.csv) << jobs << " jobs, " << tensors;
    }
  }
}

}  // namespace
}  // namespace rowan
