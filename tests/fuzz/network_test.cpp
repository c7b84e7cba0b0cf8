// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/yaml_mutator.h"
#include "workloads/network_file.h"

namespace rowan {
namespace {

void fuzz(std::uint64_t seed, int cases) {
  std::vector<std::string> files = support::yaml_files("workloads/zoo");
  files.push_back(workloads::dump_network(workloads::parse_network(files.front(), "network")));
  support::fuzz_yaml_reader(
      files, seed, cases, [](const std::string& text, const std::string& file) {
        const workloads::Network network = workloads::parse_network(text, file);
        // What is accepted can be written down and read again.
        const std::string dump = workloads::dump_network(network);
        ASSERT_EQ(workloads::dump_network(workloads::parse_network(dump, "dump")), dump);
      });
}

TEST(NetworkFuzz, AMutatedNetworkIsReadOrRefusedInOneLine) { fuzz(1, 10'000); }

TEST(NetworkFuzz, AMutatedNetworkIsReadOrRefusedInOneLineNightly) { fuzz(2, 300'000); }

}  // namespace
}  // namespace rowan
