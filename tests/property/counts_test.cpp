// SPDX-License-Identifier: Apache-2.0
//
// Counts in closed form against the engine's, on random layers, mappings and accelerators: every
// counter of an access is equal. Where a count depends on the words, counts_of() has it exactly and
// estimate() what is expected.

#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "models/analytical/coded_fmaps.h"
#include "models/analytical/estimate.h"
#include "tests/support/access_counts.h"
#include "tests/support/random_case.h"
#include "tests/support/simulated_layer.h"
#include "workloads/golden.h"

namespace rowan {
namespace {

using support::access_differences;

constexpr std::uint64_t kCases = 1'000;

workloads::Tensor ofmap_of(const support::RandomCase& test,
                           const workloads::LayerTensors& tensors) {
  const workloads::Tensor psums = workloads::golden::convolution(
      test.layer.shape, tensors.ifmap(), tensors.filters(), test.layer.product_shift,
      test.accelerator.pe.product_bits, test.accelerator.pe.psum_bits);
  return workloads::golden::ofmap(psums, test.layer, 16);
}

/// Whether estimate() has an expectation: lengths of coded fmaps.
bool is_expected(const support::RandomCase& test, Counter counter) {
  const bool coded = test.accelerator.dram.rlc;
  const bool coded_ifmap =
      coded && !test.layer.network_input && test.places.ifmap == dataflow::FmapPlace::kDram;
  const bool coded_ofmap = coded && test.places.ofmap == dataflow::FmapPlace::kDram;
  switch (counter) {
    case Counter::kRlcDecode:
    case Counter::kDramIfmapRead:
      return coded_ifmap;
    case Counter::kRlcEncode:
    case Counter::kDramOfmapWrite:
      return coded_ofmap;
    case Counter::kDramBurst:
      return coded_ifmap || coded_ofmap;
    default:
      return false;
  }
}

TEST(Counts, OfAccessesAreThoseOfTheEngine) {
  for (std::uint64_t seed = 1; seed <= kCases; ++seed) {
    const support::RandomCase test = support::make_random_case(seed);
    SCOPED_TRACE(test.describe());
    const workloads::LayerTensors tensors = support::make_random_tensors(test);
    const ActivityCounts simulated = support::simulate(test.layer, test.batch, test.mapping,
                                                       test.accelerator, tensors, test.places)
                                         .counts;

    const workloads::Tensor ofmap = ofmap_of(test, tensors);
    const ActivityCounts counts =
        analytical::counts_of(test.mapping, test.layer.shape, test.accelerator,
                              {tensors.ifmap(), ofmap, test.layer.network_input, test.places});
    ASSERT_EQ(access_differences(counts, simulated), "");

    analytical::FmapAssumptions fmaps = analytical::assumptions_of(test.layer);
    fmaps.places = test.places;
    const analytical::Estimate estimate =
        analytical::estimate(test.mapping, test.layer.shape, test.batch, test.accelerator, fmaps);
    const auto left_out = [&](Counter counter) { return is_expected(test, counter); };
    ASSERT_EQ(estimate.passes, simulated[Counter::kControllerPass]);
    ASSERT_EQ(estimate.macs, support::ungated(simulated)[Counter::kMacCompute]);
    ASSERT_EQ(access_differences(support::ungated(estimate.counts), support::ungated(simulated),
                                 left_out),
              "");
  }
}

}  // namespace
}  // namespace rowan
