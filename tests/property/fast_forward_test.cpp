// SPDX-License-Identifier: Apache-2.0
//
// Verification of replayed passes: that it finds what an incomplete key lets slip through, and
// nothing otherwise. That replayed runs are exact is held by clocked_reference_test.cpp.

#include <iostream>

#include <gtest/gtest.h>

#include "models/arithmetic/pe_type.h"
#include "models/dataflow/row_stationary/dram_image.h"
#include "models/dataflow/row_stationary/layer_plan.h"
#include "models/dataflow/row_stationary/layer_schedule.h"
#include "models/functional/executor.h"
#include "sim/engine/systemc_runner.h"
#include "tests/support/forked.h"
#include "tests/support/random_case.h"

namespace rowan {
namespace {

namespace row_stationary = dataflow::row_stationary;

using ShortenKey = std::function<std::string(const std::string& key)>;

/// What verification says about a random case: passes replayed and verified, or the failure.
struct Verdict {
  std::uint64_t replayed = 0;
  std::uint64_t verified = 0;
  bool failed = false;
};

Verdict verify(const support::RandomCase& test, const ShortenKey& shorten_key) {
  const std::string reply = support::run_forked([&] {
    const auto tensors = support::make_random_tensors(test);
    const row_stationary::LayerPlan plan(test.layer.shape, test.batch, test.mapping,
                                         test.accelerator);
    const auto image = row_stationary::make_dram_image(plan, tensors.ifmap(), tensors.filters(),
                                                       test.layer.network_input);
    const support::LayerArithmetic arithmetic = test.arithmetic();
    hardware::LayerJob job;
    job.schedule = std::make_shared<row_stationary::LayerSchedule>(plan, image.layout);
    job.buffers = plan.buffers();
    job.product = {arithmetic.product_shift, arithmetic.product_bits};
    job.post_processing = {arithmetic.relu, arithmetic.ofmap_shift, arithmetic.activation_bits};
    job.fast_forward.replay = hardware::Replay::kVerify;
    job.fast_forward.executor = std::make_shared<functional::Executor>(
        arithmetic::pe_type(test.accelerator.pe.type), job.product, test.accelerator.pe.psum_bits);
    job.fast_forward.shorten_key = shorten_key;
    sim::SystemcRunner runner(test.accelerator);
    runner.memory() = image.bytes;
    runner.memory().resize(image.layout.bytes);
    try {
      const auto activity = runner.run(job).fast_forward;
      return std::to_string(activity.passes_replayed) + " " +
             std::to_string(activity.passes_verified) + " 0";
    } catch (const HardwareError&) {
      return std::string("0 0 1");
    }
  });
  Verdict verdict;
  std::istringstream(reply) >> verdict.replayed >> verdict.verified >> verdict.failed;
  return verdict;
}

/// Cases of the generator with one kind of transition.
std::vector<support::RandomCase> cases(spec::PassTransition transition, std::size_t count) {
  std::vector<support::RandomCase> found;
  for (std::uint64_t seed = 500'000; found.size() < count; ++seed) {
    support::RandomCase test = support::make_random_case(seed);
    if (test.accelerator.controller.pass_transition == transition) found.push_back(test);
  }
  return found;
}

// A key is eight bytes of the shape, eight of the wait for psums, eight of the bank phase, then the
// image of the state (Array::key_of()).
constexpr std::size_t kImage = 24;

std::size_t failures(spec::PassTransition transition, const ShortenKey& shorten_key) {
  std::size_t failed = 0;
  std::uint64_t replayed = 0;
  std::uint64_t verified = 0;
  for (const support::RandomCase& test : cases(transition, 60)) {
    const Verdict verdict = verify(test, shorten_key);
    failed += verdict.failed ? 1 : 0;
    replayed += verdict.replayed;
    verified += verdict.verified;
  }
  std::cout << failed << " of 60 fail; " << replayed << " passes replayed, " << verified
            << " verified in the others\n";
  return failed;
}

TEST(Verification, FindsNothingWithWholeKeys) {
  EXPECT_EQ(failures(spec::PassTransition::kDrain, {}), 0U);
  EXPECT_EQ(failures(spec::PassTransition::kOverlap, {}), 0U);
}

TEST(Verification, FindsAKeyWithoutTheShape) {
  EXPECT_GT(
      failures(spec::PassTransition::kDrain, [](const std::string& key) { return key.substr(8); }),
      10U);
}

TEST(Verification, FindsAKeyWithoutTheState) {
  EXPECT_GT(failures(spec::PassTransition::kOverlap,
                     [](const std::string& key) { return key.substr(0, kImage); }),
            3U);
}

}  // namespace
}  // namespace rowan
