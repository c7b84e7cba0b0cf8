// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/yaml_mutator.h"
#include "workloads/network_file.h"

namespace rowan {
namespace {

/// A layer of every kind.
constexpr char kEveryKind[] = R"(schema: rowan.workload/2
name: every_kind
input: {channels: 8, height: 6, width: 6}
layers:
  - {name: CONV, kind: convolution, filters: 8, kernel: {height: 3, width: 3}, padding: 1, groups: 2, relu: false}
  - {name: POOL, kind: pooling, pooling: max, size: 3, stride: 2, padding: 1}
  - {name: SHORT, kind: pooling, inputs: [input], pooling: average, size: 1, stride: 2}
  - {name: ADD, kind: add, inputs: [POOL, SHORT], relu: false, ofmap_shift_bits: 1}
  - {name: TOKENS, kind: tokens}
  - {name: NORM, kind: layer_norm, ofmap_fraction_bits: 8, gain_fraction_bits: 8}
  - {name: SCORES, kind: matmul, inputs: [NORM, NORM], heads: 2, transpose: true, product_shift_bits: 8}
  - {name: SOFTMAX, kind: softmax, groups: 2, fraction_bits: 8, ofmap_fraction_bits: 15}
  - {name: CONTEXT, kind: matmul, inputs: [SOFTMAX, NORM], heads: 2, transpose: false, product_shift_bits: 12}
  - {name: GELU, kind: gelu, fraction_bits: 8}
  - {name: SELECT, kind: select, column: 3}
  - {name: RELU, kind: relu, seeded: {ifmap_max: 100}}
  - {name: FC, kind: fully_connected, filters: 4}
)";

/// Every layer has operands and an ofmap that fit.
void expect_settled(const workloads::Network& network) {
  for (const workloads::Layer& layer : network.layers) {
    ASSERT_EQ(layer.operands.size(), operand_count(layer.kind));
    const auto ofmap = find_tensor(network, layer.name);
    ASSERT_TRUE(ofmap.has_value());
    ASSERT_EQ(network.tensors[*ofmap].extents, ofmap_extents(layer, 1));
    ASSERT_GT(layer.output.words(), 0U);
  }
}

void fuzz(std::uint64_t seed, int cases) {
  const workloads::Network every_kind = workloads::parse_network(kEveryKind, "network");
  std::vector<std::string> files{kEveryKind, workloads::dump_network(every_kind)};
  for (const std::string& file : support::yaml_files("workloads/zoo")) {
    if (file.size() < 5000) files.push_back(file);
  }
  support::fuzz_yaml_reader(
      files, seed, cases, [](const std::string& text, const std::string& file) {
        const workloads::Network network = workloads::parse_network(text, file);
        expect_settled(network);
        // What is accepted can be written down and read again.
        const std::string dump = workloads::dump_network(network);
        ASSERT_EQ(workloads::dump_network(workloads::parse_network(dump, "dump")), dump);
      });
}

TEST(NetworkFuzz, AMutatedNetworkIsReadOrRefusedInOneLine) { fuzz(1, 10'000); }

TEST(NetworkFuzz, AMutatedNetworkIsReadOrRefusedInOneLineNightly) { fuzz(2, 300'000); }

}  // namespace
}  // namespace rowan
