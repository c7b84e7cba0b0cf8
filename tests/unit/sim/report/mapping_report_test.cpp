// SPDX-License-Identifier: Apache-2.0
#include "sim/report/mapping_report.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "models/dataflow/row_stationary/mapping_file.h"
#include "tests/unit/sim/sample_result.h"

namespace rowan::sim {
namespace {

TEST(MappingReport, YamlReadsBackTheSame) {
  Request request = sample_request();
  request.layers[1].mapping->e = 7;
  const auto file = dataflow::row_stationary::parse_mappings(mapping_yaml(request), "mapping.yaml");
  EXPECT_EQ(file.platform, "tiny");
  ASSERT_EQ(file.layers.size(), 2U);
  EXPECT_EQ(file.layers.at("A").mapping.e, 1U);
  EXPECT_EQ(file.layers.at("B").mapping.e, 7U);
}

TEST(MappingReport, YamlLeavesOutLayersWithoutAMapping) {
  Request request = sample_request();
  request.layers[0].mapping.reset();
  const auto file = dataflow::row_stationary::parse_mappings(mapping_yaml(request), "mapping.yaml");
  ASSERT_EQ(file.layers.size(), 1U);
  EXPECT_EQ(file.layers.count("B"), 1U);
}

TEST(MappingReport, TableHasARowForEachCandidateAndNamesTheLayerOnce) {
  const Request request = sample_request();
  mapper::Candidate candidate;
  candidate.estimate.total = Cycles(2000);
  candidate.estimate.processing = Cycles(1500);
  candidate.estimate.bounds.psum_bus = Cycles(1000);
  candidate.estimate.counts.add(Counter::kDramOfmapWrite, 4096);
  candidate.estimate.binding = analytical::Bound::kPsumBus;
  mapper::SearchResult found;
  found.best = {candidate, candidate};
  found.considered = 12345;
  const std::string text = search_table(request, "latency", {found, found});
  EXPECT_EQ(text.rfind("net on tiny, batch 2, objective latency", 0), 0U) << text;
  const auto count = [&](const std::string& part) {
    unsigned times = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) {
      ++times;
    }
    return times;
  };
  EXPECT_EQ(count("2,000"), 4U) << text;
  EXPECT_EQ(count("1,500"), 4U);
  EXPECT_EQ(count("psum_bus"), 4U);
  EXPECT_EQ(count("50.0"), 4U);
  EXPECT_EQ(count("0.004"), 4U);
  EXPECT_EQ(count("12,345"), 2U);
  EXPECT_EQ(count("\n  A "), 1U);
}

}  // namespace
}  // namespace rowan::sim
