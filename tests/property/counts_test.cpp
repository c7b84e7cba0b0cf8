// SPDX-License-Identifier: Apache-2.0
//
// Counts in closed form against the engine's, on random layers, mappings and accelerators: every
// counter of an access is equal. Where a count depends on the words, counts_of() has it exactly and
// estimate() what is expected.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/analytical/coded_fmaps.h"
#include "models/analytical/estimate.h"
#include "models/dataflow/row_stationary/dram_image.h"
#include "models/dataflow/row_stationary/layer_plan.h"
#include "models/dataflow/row_stationary/layer_schedule.h"
#include "models/functional/layer_execution.h"
#include "models/spec/derived.h"
#include "tests/support/access_counts.h"
#include "tests/support/random_case.h"
#include "tests/support/simulated_layer.h"

namespace rowan {
namespace {

using support::access_differences;

constexpr std::uint64_t kCases = 1'000;

/// By the functional executor, which other tests hold to references.
workloads::Tensor ofmap_of(const support::RandomCase& test,
                           const workloads::LayerTensors& tensors) {
  namespace rs = dataflow::row_stationary;
  const rs::LayerPlan plan(test.layer.shape, test.batch, test.mapping, test.accelerator);
  const rs::DramImage image =
      rs::make_dram_image(plan, tensors.ifmap(), tensors.filters(), test.layer.network_input, {});
  functional::LayerWork work;
  work.schedule = std::make_shared<rs::LayerSchedule>(plan, image.layout);
  work.buffers = plan.buffers();
  work.mac = spec::mac_format(test.accelerator.pe, test.layer.product_shift);
  const arithmetic::PeType& type = arithmetic::pe_type(test.accelerator.pe.type);
  work.post_processing = {test.layer.relu, test.layer.ofmap_shift, type.activation_bits,
                          type.numbers};
  std::vector<std::uint8_t> memory = image.bytes;
  memory.resize(image.layout.bytes);
  (void)functional::run_layer(work, test.accelerator, memory);
  return rs::read_ofmap(plan, image.layout, memory);
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
    const support::RandomCase test = support::make_random_case_of_any_type(seed);
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
