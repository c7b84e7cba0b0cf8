// SPDX-License-Identifier: Apache-2.0
//
// The analytical model of layers of the post-processing unit against the engine on random layers:
// counts of accesses are equal, cycles are close. The distribution of the errors is printed.

#include "models/analytical/unit_estimate.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/dataflow/post_processing/dram_image.h"
#include "models/dataflow/post_processing/layer_schedule.h"
#include "sim/engine/systemc_runner.h"
#include "tests/support/forked.h"
#include "tests/support/random_unit_case.h"
#include "tests/support/simulated_layer.h"
#include "tests/support/unit_reference.h"

namespace rowan {
namespace {

namespace unit = dataflow::post_processing;
using support::SimulatedLayer;

SimulatedLayer simulate(const support::RandomUnitCase& test, const unit::LayerPlan& plan,
                        const workloads::LayerTensors& tensors) {
  const std::string reply = support::run_forked([&] {
    const unit::DramImage image =
        unit::make_dram_image(plan, tensors, test.network_input, test.places);
    hardware::LayerJob job;
    job.schedule = std::make_shared<unit::LayerSchedule>(plan, image.layout);
    job.buffers = plan.buffers();
    sim::SystemcRunner runner(test.accelerator);
    runner.memory() = image.bytes;
    runner.memory().resize(image.layout.bytes);
    runner.resident() = image.resident;
    runner.resident().resize(image.layout.resident_bytes);
    const hardware::LayerActivity activity = runner.run(job);
    std::ostringstream out;
    out << activity.processing << " " << activity.total << " " << activity.passes;
    for (const CounterInfo& info : counter_table()) out << " " << activity.counts[info.counter];
    return out.str();
  });
  SimulatedLayer simulated;
  std::istringstream in(reply);
  in >> simulated.processing >> simulated.total >> simulated.passes;
  for (const CounterInfo& info : counter_table()) {
    std::uint64_t value = 0;
    in >> value;
    simulated.counts.add(info.counter, value);
  }
  if (in.fail()) throw std::runtime_error(reply);
  return simulated;
}

double share_of_zeros(const std::vector<workloads::Tensor>& tensors) {
  double zeros = 0;
  double words = 0;
  for (const workloads::Tensor& tensor : tensors) {
    zeros += static_cast<double>(std::count(tensor.data(), tensor.data() + tensor.size(), 0));
    words += static_cast<double>(tensor.size());
  }
  return zeros / words;
}

/// Relative errors of a quantity.
class Errors {
 public:
  void add(Cycles estimated, std::uint64_t simulated) {
    errors_.push_back(static_cast<double>(estimated.value()) / static_cast<double>(simulated) - 1);
  }
  [[nodiscard]] double percent_within(double percent) const {
    const auto within = std::count_if(errors_.begin(), errors_.end(), [percent](double error) {
      return std::abs(error) * 100 <= percent;
    });
    return 100 * static_cast<double>(within) / static_cast<double>(errors_.size());
  }
  void print(const char* what) {
    std::sort(errors_.begin(), errors_.end());
    std::printf("%s, %zu layers: error", what, errors_.size());
    for (const double quantile : {0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0}) {
      const auto at = static_cast<std::size_t>(quantile * static_cast<double>(errors_.size() - 1));
      std::printf(" %+.2f %%", errors_[at] * 100);
    }
    std::printf(
        " (least, 5 %%, 25 %%, median, 75 %%, 95 %%, most); equal: %.0f %% of them, within 1 %%: "
        "%.0f %%, 5 %%: %.0f %%\n",
        percent_within(0), percent_within(1), percent_within(5));
  }

 private:
  std::vector<double> errors_;
};

void expect_equal_counts(const ActivityCounts& estimated, const ActivityCounts& simulated) {
  for (const CounterInfo& info : counter_table()) {
    EXPECT_EQ(estimated[info.counter], simulated[info.counter])
        << info.component << "." << info.action;
  }
}

/// Errors of total cycles by `dram.overlap`.
struct TotalErrors {
  Errors none;
  Errors double_buffer;
  void add(const spec::AcceleratorSpec& accelerator, Cycles estimated, std::uint64_t simulated) {
    const bool once = accelerator.dram.overlap == spec::DramOverlap::kNone;
    (once ? none : double_buffer).add(estimated, simulated);
  }
  /// At least 90 % of the layers have errors within so many percent.
  void print_and_check(const std::string& what, double percent) {
    none.print((what + ", dram.overlap none").c_str());
    double_buffer.print((what + ", dram.overlap double_buffer").c_str());
    EXPECT_GE(none.percent_within(percent), 90);
    EXPECT_GE(double_buffer.percent_within(percent), 90);
  }
};

TEST(UnitEstimate, CountsWhatTheEngineCountsAndIsCloseInTime) {
  constexpr std::uint64_t kLayers = 1'000;
  TotalErrors from_words;
  TotalErrors from_shares;
  for (std::uint64_t seed = 1; seed <= kLayers; ++seed) {
    const support::RandomUnitCase test = support::make_random_unit_case(seed);
    SCOPED_TRACE(test.describe());
    const unit::LayerPlan plan = test.plan();
    const workloads::LayerTensors tensors = support::make_random_unit_tensors(test);
    const workloads::Tensor ofmap = support::reference_ofmap(plan.shape(), tensors);
    const SimulatedLayer simulated = simulate(test, plan, tensors);
    analytical::FmapAssumptions fmaps;
    fmaps.network_input = test.network_input;
    fmaps.places = test.places;
    fmaps.ifmap_zeros = share_of_zeros(tensors.inputs);
    fmaps.ofmap_zeros = share_of_zeros({ofmap});
    const analytical::Estimate exact = analytical::estimate(
        plan, fmaps, analytical::unit_fmap_bytes(plan, tensors.inputs, ofmap, fmaps));
    EXPECT_EQ(exact.passes, simulated.passes);
    EXPECT_EQ(exact.processing.value(), simulated.processing);
    expect_equal_counts(exact.counts, simulated.counts);
    from_words.add(test.accelerator, exact.total, simulated.total);
    const analytical::Estimate expected = analytical::estimate(plan, fmaps);
    EXPECT_EQ(expected.processing.value(), simulated.processing);
    from_shares.add(test.accelerator, expected.total, simulated.total);
  }
  from_words.print_and_check("total, bytes of the words", 1);
  from_shares.print_and_check("total, bytes of the shares of zeros", 5);
}

/// Sequences of tiles that come again and again, and transfers of many bursts: what the model does
/// not follow one by one.
TEST(UnitEstimate, IsCloseOnLayersOfManyTiles) {
  constexpr std::uint64_t kLayers = 300;
  TotalErrors errors;
  for (std::uint64_t seed = 1; seed <= kLayers; ++seed) {
    support::RandomUnitCase test = support::make_random_unit_case(seed);
    test.accelerator.dram.rlc = false;
    if (seed % 2 == 0) test.batch = 40;
    test.shape.channels *= 8;
    if (test.shape.second_channels > 0) test.shape.second_channels *= 8;
    if (seed % 3 == 0) test.accelerator.dram.burst = Bytes(16);
    while (test.accelerator.dram.burst.value() * 8 < test.accelerator.dram.link_width.value()) {
      test.accelerator.dram.burst = test.accelerator.dram.burst * 2;
    }
    for (;;) {  // what needs all channels together needs more room
      try {
        (void)test.plan();
        break;
      } catch (const std::exception&) {
        ++test.accelerator.global_buffer.banks;
        ++test.accelerator.global_buffer.filter_banks;
      }
    }
    SCOPED_TRACE(test.describe());
    const unit::LayerPlan plan = test.plan();
    const SimulatedLayer simulated = simulate(test, plan, support::make_random_unit_tensors(test));
    analytical::FmapAssumptions fmaps;
    fmaps.network_input = test.network_input;
    fmaps.places = test.places;
    const analytical::Estimate estimate = analytical::estimate(plan, fmaps);
    EXPECT_EQ(estimate.processing.value(), simulated.processing);
    expect_equal_counts(estimate.counts, simulated.counts);
    errors.add(test.accelerator, estimate.total, simulated.total);
  }
  errors.print_and_check("total, many tiles", 2);
}

unit::LayerShape shape_of(dataflow::UnitOperation operation, unsigned channels, unsigned height,
                          unsigned width) {
  unit::LayerShape shape;
  shape.operation = operation;
  shape.channels = channels;
  shape.height = height;
  shape.width = width;
  return shape;
}

unit::LayerShape pooling(unsigned channels, unsigned extent, unsigned window, unsigned stride,
                         unsigned padding) {
  unit::LayerShape shape = shape_of(dataflow::UnitOperation::kMaxPooling, channels, extent, extent);
  shape.window_height = shape.window_width = window;
  shape.stride = stride;
  shape.padding = padding;
  return shape;
}

/// Like those of networks, in smaller number: tiles of many bursts.
std::vector<unit::LayerShape> large_layers() {
  using dataflow::UnitOperation;
  std::vector<unit::LayerShape> shapes{
      pooling(4, 224, 2, 2, 0),
      pooling(12, 55, 3, 2, 0),
      shape_of(UnitOperation::kAddition, 32, 28, 28),
      shape_of(UnitOperation::kSoftmax, 4 * 64, 1, 64),
      shape_of(UnitOperation::kLayerNorm, 768, 1, 48),
      shape_of(UnitOperation::kTokens, 128, 14, 14),
  };
  for (unit::LayerShape& shape : shapes) {
    if (shape.operation == UnitOperation::kAddition) shape.second_channels = shape.channels;
    if (shape.operation == UnitOperation::kSoftmax) shape.groups = 4;
  }
  return shapes;
}

TEST(UnitEstimate, IsCloseOnLargeLayersOnEyeriss) {
  Errors from_words;
  Errors from_shares;
  std::uint64_t seed = 0;
  for (const unit::LayerShape& shape : large_layers()) {
    for (unsigned variant = 0; variant < 4; ++variant) {
      support::RandomUnitCase test;
      test.seed = ++seed;
      test.shape = shape;
      if ((variant & 1U) != 0) test.accelerator.dram.overlap = spec::DramOverlap::kDoubleBuffer;
      if ((variant & 2U) != 0) test.accelerator.dram.outstanding_bursts = 1;
      SCOPED_TRACE(test.describe());
      const unit::LayerPlan plan = test.plan();
      const workloads::LayerTensors tensors = support::make_random_unit_tensors(test);
      const SimulatedLayer simulated = simulate(test, plan, tensors);
      const workloads::Tensor ofmap = support::reference_ofmap(plan.shape(), tensors);
      analytical::FmapAssumptions fmaps;
      fmaps.ifmap_zeros = share_of_zeros(tensors.inputs);
      fmaps.ofmap_zeros = share_of_zeros({ofmap});
      const analytical::Estimate exact = analytical::estimate(
          plan, fmaps, analytical::unit_fmap_bytes(plan, tensors.inputs, ofmap, fmaps));
      EXPECT_EQ(exact.processing.value(), simulated.processing);
      expect_equal_counts(exact.counts, simulated.counts);
      from_words.add(exact.total, simulated.total);
      from_shares.add(analytical::estimate(plan, fmaps).total, simulated.total);
    }
  }
  from_words.print("total, large layers, bytes of the words");
  from_shares.print("total, large layers, bytes of the shares of zeros");
  EXPECT_GE(from_words.percent_within(0.5), 95);
  EXPECT_GE(from_shares.percent_within(5), 90);
}

}  // namespace
}  // namespace rowan
