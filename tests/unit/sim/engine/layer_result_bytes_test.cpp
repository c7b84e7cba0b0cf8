// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/layer_result_bytes.h"

#include <stdexcept>

#include <gtest/gtest.h>

#include "sim/report/json_report.h"
#include "tests/unit/sim/sample_result.h"

namespace rowan::sim {
namespace {

/// A result in which no two numbers are the same.
LayerResult distinct_result() {
  std::uint64_t next = 1000;
  LayerResult result;
  result.active_pes = static_cast<std::uint32_t>(++next);
  result.ofmap_hash = "0123456789abcdef";
  LayerMeasures& measures = result.measures;
  measures.macs = ++next;
  measures.passes = ++next;
  measures.processing = Cycles(++next);
  measures.total = Cycles(++next);
  for (const CounterInfo& row : counter_table()) measures.counts.add(row.counter, ++next);
  for (std::size_t i = 0; i < kPeActivityCount; ++i) {
    measures.pe_cycles.add(static_cast<PeActivity>(i), ++next);
  }
  measures.fast_forward = {++next, ++next, ++next, ++next, Cycles(++next), Cycles(++next)};
  OfmapCheck check;
  check.compared = ++next;
  check.mismatches = ++next;
  check.psums = ++next;
  check.nonzero_psums = ++next;
  check.wrapped_psums = ++next;
  check.saturated_sums = ++next;
  check.saturated = ++next;
  check.first = Mismatch{"layer", {++next, ++next, ++next, ++next}, -7, 8};
  check.deviation = workloads::golden::Deviation{0.75, -3.5};
  measures.check = check;
  result.noise = workloads::LayerNoise{{11.5, 2.5}, {12.5, 3.5}, {13.5, 4.5}};
  return result;
}

/// Everything that a report shows of a layer, and its other counts.
std::string shown(const LayerResult& layer) {
  Result result = sample_result();
  result.layers = {layer};
  result.layers[0].name = "layer";
  result.layers[0].request = result.request.layers[0];
  const auto& check = layer.measures.check;
  return json_report(result) +
         (check ? std::to_string(check->psums) + " " + std::to_string(check->nonzero_psums) : "");
}

LayerResult sent(const LayerResult& result) {
  LayerResult received;
  from_bytes(to_bytes(result), received);
  return received;
}

TEST(LayerResultBytes, CarryEveryField) {
  const LayerResult result = distinct_result();
  EXPECT_EQ(shown(sent(result)), shown(result));
}

TEST(LayerResultBytes, CarryWhatIsMissing) {
  LayerResult result = distinct_result();
  result.measures.check->first.reset();
  EXPECT_EQ(shown(sent(result)), shown(result));
  result.measures.check->deviation.reset();
  EXPECT_EQ(shown(sent(result)), shown(result));
  result.measures.check.reset();
  EXPECT_EQ(shown(sent(result)), shown(result));
  EXPECT_FALSE(sent(result).measures.check);
  result.noise.reset();
  EXPECT_EQ(shown(sent(result)), shown(result));
}

TEST(LayerResultBytes, LeaveNothingOfWhatWasThere) {
  LayerResult received = distinct_result();
  const LayerResult empty;
  from_bytes(to_bytes(empty), received);
  EXPECT_EQ(shown(received), shown(empty));
}

TEST(LayerResultBytes, LeaveNameAndRequestAlone) {
  LayerResult received;
  received.name = "kept";
  received.request.position = 3;
  from_bytes(to_bytes(distinct_result()), received);
  EXPECT_EQ(received.name, "kept");
  EXPECT_EQ(received.request.position, 3U);
}

TEST(LayerResultBytes, ThatEndEarlyAreRefused) {
  const std::string bytes = to_bytes(distinct_result());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    LayerResult received;
    EXPECT_THROW(from_bytes(bytes.substr(0, size), received), std::invalid_argument) << size;
  }
}

TEST(LayerResultBytes, ThatGoOnAreRefused) {
  LayerResult received;
  EXPECT_THROW(from_bytes(to_bytes(distinct_result()) + "x", received), std::invalid_argument);
}

}  // namespace
}  // namespace rowan::sim
