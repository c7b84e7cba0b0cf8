// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "models/dataflow/row_stationary/mapping_file.h"
#include "tests/support/yaml_mutator.h"

namespace rowan::dataflow::row_stationary {
namespace {

constexpr const char* kMappings =
    "schema: rowan.mapping/1\n"
    "description: two layers\n"
    "platform: eyeriss\n"
    "workload: alexnet\n"
    "layers:\n"
    "  CONV1: {m: 96, n: 1, e: 7, p: 16, q: 1, r: 1, t: 2}\n"
    "  CONV2:\n"
    "    m: 64\n"
    "    n: 1\n"
    "    e: 27\n"
    "    f: 27\n"
    "    p: 16\n"
    "    q: 2\n"
    "    r: 1\n"
    "    t: 1\n"
    "    g: 1\n"
    "    filter_rows: 5\n"
    "    filter_columns: 5\n";

void fuzz(std::uint64_t seed, int cases) {
  const std::string written = dump(parse_mappings(kMappings, "mappings"));
  support::fuzz_yaml_reader({kMappings, written}, seed, cases,
                            [](const std::string& text, const std::string& file) {
                              const MappingFile mappings = parse_mappings(text, file);
                              // What is accepted can be written down and read again.
                              const std::string again = dump(mappings);
                              ASSERT_EQ(dump(parse_mappings(again, "dump")), again);
                            });
}

TEST(MappingFuzz, AMutatedMappingIsReadOrRefusedInOneLine) { fuzz(1, 10'000); }

TEST(MappingFuzz, AMutatedMappingIsReadOrRefusedInOneLineNightly) { fuzz(2, 300'000); }

}  // namespace
}  // namespace rowan::dataflow::row_stationary
