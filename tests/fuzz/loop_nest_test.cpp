// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <gtest/gtest.h>

#include "models/analytical/loop_nest/count.h"
#include "models/analytical/loop_nest/nest_file.h"
#include "tests/support/yaml_mutator.h"

namespace rowan::analytical::loop_nest {
namespace {

constexpr const char* kNest =
    "schema: rowan.loop_nest/1\n"
    "description: two levels\n"
    "source: by hand\n"
    "problem: {N: 2, M: 8, C: 3, P: 6, Q: 5, R: 3, S: 3, Wstride: 2, Hdilation: 2}\n"
    "levels:\n"
    "  - {name: DRAM, keeps: [Weights, Inputs, Outputs], temporal: N2 M2 P3}\n"
    "  - name: glb\n"
    "    keeps: [Inputs, Outputs]\n"
    "    temporal: C3 P2\n"
    "    spatial: Q5 S3\n"
    "  - {name: spad, keeps: [Outputs], temporal: R3 M4}\n";

void fuzz(std::uint64_t seed, int cases) {
  const std::string written = dump(parse_loop_nest(kNest, "nest"));
  support::fuzz_yaml_reader({kNest, written}, seed, cases,
                            [](const std::string& text, const std::string& file) {
                              const Nest nest = parse_loop_nest(text, file);
                              // What is accepted can be counted, written down and read again.
                              ASSERT_GT(count(nest).macs, 0U);
                              const std::string again = dump(nest);
                              ASSERT_EQ(dump(parse_loop_nest(again, "dump")), again);
                            });
}

TEST(LoopNestFuzz, AMutatedNestIsReadOrRefusedInOneLine) { fuzz(1, 10'000); }

TEST(LoopNestFuzz, AMutatedNestIsReadOrRefusedInOneLineNightly) { fuzz(2, 300'000); }

}  // namespace
}  // namespace rowan::analytical::loop_nest
