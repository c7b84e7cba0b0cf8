// SPDX-License-Identifier: Apache-2.0
//
// The engine, with every pass simulated, with known passes replayed, and with replays verified,
// against the clocked model of the same machine (tests/support/clocked_machine.h) on random
// accelerators, layers and mappings: every word in DRAM and of resident fmaps, every cycle, every
// counter, every PE.

#include <cstring>
#include <iostream>

#include <gtest/gtest.h>

#include "models/base/random.h"
#include "models/dataflow/row_stationary/accumulation_order.h"
#include "models/dataflow/row_stationary/dram_image.h"
#include "models/dataflow/row_stationary/layer_plan.h"
#include "models/dataflow/row_stationary/layer_schedule.h"
#include "models/functional/executor.h"
#include "models/spec/derived.h"
#include "sim/engine/systemc_runner.h"
#include "tests/support/clocked_machine.h"
#include "tests/support/differences.h"
#include "tests/support/forked.h"
#include "tests/support/random_case.h"
#include "workloads/golden.h"
#include "workloads/golden_fp32.h"

namespace rowan {
namespace {

namespace row_stationary = dataflow::row_stationary;

/// Passes of a case that were replayed, or verified, by what they follow.
struct ReplayedPasses {
  std::uint64_t after_drain = 0;
  std::uint64_t after_overlap = 0;
  std::uint64_t verified = 0;

  void add(const hardware::FastForwardActivity& activity, spec::PassTransition transition) {
    const bool drain = transition == spec::PassTransition::kDrain;
    (drain ? after_drain : after_overlap) += activity.passes_replayed;
    verified += activity.passes_verified;
  }
};

struct Outcome {
  std::string differences;
  support::HardThings hard_things;
  ReplayedPasses replayed;
};

struct Mode {
  const char* name;
  hardware::Replay replay;
};
constexpr Mode kModes[] = {{"every pass simulated", hardware::Replay::kOff},
                           {"known passes replayed", hardware::Replay::kOn},
                           {"replays verified", hardware::Replay::kVerify}};

workloads::Tensor golden_ofmap(const support::RandomCase& test, const workloads::Layer& layer,
                               const workloads::LayerTensors& tensors) {
  namespace golden = workloads::golden;
  const spec::PeSpec& pe = test.accelerator.pe;
  const arithmetic::PeType& type = arithmetic::pe_type(pe.type);
  const workloads::ConvolutionShape& shape = test.layer.shape;
  const workloads::Tensor psums =
      golden::convolution(shape, tensors.ifmap(), tensors.filters(), test.layer.product_shift,
                          {&type, pe.product_bits, pe.psum_bits, pe.psum_overflow},
                          row_stationary::accumulation_order(
                              row_stationary::clip(test.mapping, shape, test.batch), shape));
  if (type.numbers == arithmetic::Numbers::kInteger) {
    return golden::ofmap(psums, layer, type.activation_bits);
  }
  return golden::fp32::ofmap(psums, layer);
}

/// Every third case has a shift of its own for each filter.
workloads::Layer with_filter_shifts(const support::RandomCase& test) {
  workloads::Layer layer = test.layer;
  if (test.seed % 3 != 0) return layer;
  Random random(test.seed);
  for (unsigned filter = 0; filter < layer.shape.filters; ++filter) {
    layer.filter_shifts.push_back(static_cast<unsigned>(random.below(9)));
  }
  return layer;
}

Outcome run_both(const support::RandomCase& test) {
  constexpr hardware::SimulationOrder kOrders[] = {hardware::SimulationOrder::kForward,
                                                   hardware::SimulationOrder::kReverse,
                                                   hardware::SimulationOrder::kShuffled};
  const workloads::Layer layer = with_filter_shifts(test);
  const auto tensors = support::make_random_tensors(test);
  const row_stationary::LayerPlan plan(layer.shape, test.batch, test.mapping, test.accelerator);
  const auto image = row_stationary::make_dram_image(plan, tensors.ifmap(), tensors.filters(),
                                                     layer.network_input, test.places);
  std::vector<std::uint8_t> memory = image.bytes;
  memory.resize(image.layout.bytes);
  std::vector<std::uint8_t> resident = image.resident;
  resident.resize(image.layout.resident_bytes);

  support::LayerArithmetic arithmetic = test.arithmetic();
  arithmetic.filter_shifts = layer.filter_shifts;
  hardware::LayerJob job;
  job.schedule = std::make_shared<row_stationary::LayerSchedule>(plan, image.layout);
  job.buffers = plan.buffers();
  job.mac = spec::mac_format(test.accelerator.pe, arithmetic.product_shift);
  const arithmetic::PeType& type = arithmetic::pe_type(test.accelerator.pe.type);
  job.post_processing = {arithmetic.relu, arithmetic.ofmap_shift, arithmetic.activation_bits,
                         type.numbers, layer.filter_shifts};

  job.fast_forward.executor = std::make_shared<functional::Executor>(type, job.mac);
  std::vector<std::uint8_t> clocked_memory = memory;
  std::vector<std::uint8_t> clocked_resident = resident;
  const support::ClockedResult clocked =
      support::ClockedMachine(test.accelerator)
          .run(*job.schedule, job.buffers, arithmetic, clocked_memory, clocked_resident,
               support::Link::kReal);
  const workloads::Tensor golden = golden_ofmap(test, layer, tensors);

  if (test.seed % 4 == 0) job.fast_forward.most_bytes = 1;  // keeps one pass at a time

  Outcome outcome;
  sim::SystemcRunner runner(test.accelerator, kOrders[test.seed % 3]);
  for (const Mode& mode : kModes) {
    runner.memory() = memory;
    runner.resident() = resident;
    job.fast_forward.replay = mode.replay;
    const hardware::LayerActivity engine = runner.run(job);
    support::Differences differences;
    differences.compare(engine, clocked);
    if (runner.memory() != clocked_memory) differences.note("words in DRAM differ");
    if (runner.resident() != clocked_resident) differences.note("resident words differ");
    const bool ofmap_stays = test.places.ofmap == dataflow::FmapPlace::kResident;
    const auto ofmap = row_stationary::read_ofmap(
        plan, image.layout, ofmap_stays ? runner.resident() : runner.memory());
    if (!(ofmap == golden)) {
      differences.note("ofmap differs from the golden convolution");
    }
    if (!differences.text().empty()) {
      outcome.differences += std::string(" ") + mode.name + "\n" + differences.text();
    }
    outcome.replayed.add(engine.fast_forward, test.accelerator.controller.pass_transition);
  }
  if (!outcome.differences.empty()) outcome.differences = test.describe() + outcome.differences;
  outcome.hard_things.add(test, clocked);
  return outcome;
}

/// Runs the cases of the seeds and prints how often each hard thing occurred.
void expect_no_difference(std::uint64_t first_seed, std::uint64_t count) {
  support::HardThings hard_things;
  ReplayedPasses replayed;
  unsigned different = 0;
  for (std::uint64_t seed = first_seed; seed < first_seed + count && different < 5; ++seed) {
    const std::string reply = support::run_forked([&] {
      const Outcome outcome = run_both(support::make_random_case_of_any_type(seed));
      std::string bytes = outcome.hard_things.serialized();
      bytes.append(reinterpret_cast<const char*>(&outcome.replayed), sizeof outcome.replayed);
      return bytes + outcome.differences;
    });
    const std::size_t counts = support::HardThings::kSerializedSize;
    ASSERT_GE(reply.size(), counts + sizeof(ReplayedPasses)) << "seed " << seed << "\n" << reply;
    hard_things += support::HardThings::deserialized(reply.substr(0, counts));
    ReplayedPasses of_case;
    std::memcpy(&of_case, reply.data() + counts, sizeof of_case);
    replayed.after_drain += of_case.after_drain;
    replayed.after_overlap += of_case.after_overlap;
    replayed.verified += of_case.verified;
    const std::string differences = reply.substr(counts + sizeof of_case);
    if (differences.empty()) continue;
    ++different;
    ADD_FAILURE() << "seed " << seed << "\n" << differences.substr(0, 4000);
  }
  hard_things.print(std::cout);
  EXPECT_TRUE(hard_things.all_occurred());
  std::cout << "replayed passes: " << replayed.after_drain << " with drain, "
            << replayed.after_overlap << " with overlap; verified: " << replayed.verified << "\n";
  EXPECT_GT(replayed.after_drain, count);
  EXPECT_GT(replayed.after_overlap, 0U);
  EXPECT_GT(replayed.verified, count / 4);
}

TEST(ClockedReference, AgreesWithTheEngineOnRandomLayers) { expect_no_difference(1, 2'000); }

TEST(ClockedReference, AgreesWithTheEngineOnManyRandomLayersNightly) {
  expect_no_difference(100'000, 20'000);
}

}  // namespace
}  // namespace rowan
