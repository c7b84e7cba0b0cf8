// SPDX-License-Identifier: Apache-2.0
//
// Verification of replayed passes: that it finds what an incomplete key lets slip through, and
// nothing otherwise. That replayed runs are exact is held by clocked_reference_test.cpp.

#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "models/arithmetic/pe_type.h"
#include "models/dataflow/row_stationary/dram_image.h"
#include "models/dataflow/row_stationary/layer_plan.h"
#include "models/dataflow/row_stationary/layer_schedule.h"
#include "models/functional/executor.h"
#include "models/spec/derived.h"
#include "sim/engine/systemc_runner.h"
#include "tests/support/forked.h"
#include "tests/support/random_case.h"
#include "tests/support/sanitizer.h"
#include "tests/support/small_layer.h"

namespace rowan {
namespace {

namespace row_stationary = dataflow::row_stationary;

/// What a test makes of a job that is right.
using Spoil = std::function<void(hardware::LayerJob&)>;

/// What verification says about a random case: passes replayed and verified, or the failure.
struct Verdict {
  std::uint64_t replayed = 0;
  std::uint64_t verified = 0;
  bool failed = false;
};

Verdict verify(const support::RandomCase& test, const Spoil& spoil) {
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
    job.mac = spec::mac_format(test.accelerator.pe, arithmetic.product_shift);
    job.post_processing = {arithmetic.relu, arithmetic.ofmap_shift, arithmetic.activation_bits,
                           arithmetic::pe_type(test.accelerator.pe.type).numbers};
    job.fast_forward.replay = hardware::Replay::kVerify;
    job.fast_forward.executor = std::make_shared<functional::Executor>(
        arithmetic::pe_type(test.accelerator.pe.type), job.mac);
    if (spoil) spoil(job);
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
    support::RandomCase test = support::make_random_case_of_any_type(seed);
    if (test.accelerator.controller.pass_transition == transition) found.push_back(test);
  }
  return found;
}

// A key is eight bytes of the shape, eight of the wait for psums, eight of the bank phase, then the
// image of the state (Array::key_of()).
constexpr std::size_t kImage = 24;

std::size_t failures(spec::PassTransition transition, const Spoil& spoil) {
  std::size_t failed = 0;
  std::uint64_t replayed = 0;
  std::uint64_t verified = 0;
  for (const support::RandomCase& test : cases(transition, 60)) {
    const Verdict verdict = verify(test, spoil);
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

// Whether a pass is released in the cycle in which the one before drains, or later, is up to DRAM.
// The psums of the pass before can be read one cycle after the drain.
TEST(Verification, FindsNothingWhereAPassIsReleasedWithADrain) {
  support::RandomCase test;
  test.accelerator = support::eyeriss();
  test.accelerator.dram.overlap = spec::DramOverlap::kDoubleBuffer;
  test.accelerator.controller.pass_transition = spec::PassTransition::kOverlap;
  test.layer.name = "FC";
  test.layer.shape.channels = 64;
  test.layer.shape.filters = 10;
  test.layer.seeded.ifmap_zeros_percent = 0;
  test.mapping.m = 10;
  test.mapping.p = 2;
  test.mapping.q = 2;
  test.mapping.r = 4;
  test.mapping.t = 5;
  std::uint64_t replayed = 0;
  for (unsigned latency_ns = 0; latency_ns < 80; latency_ns += 5) {
    SCOPED_TRACE(latency_ns);
    test.accelerator.dram.latency = Nanoseconds(latency_ns);
    const Verdict verdict = verify(test, {});
    EXPECT_FALSE(verdict.failed);
    replayed += verdict.replayed;
  }
  EXPECT_GT(replayed, 0U);
}

Spoil shorten_keys(std::function<std::string(const std::string&)> shorten) {
  return [shorten = std::move(shorten)](hardware::LayerJob& job) {
    job.fast_forward.shorten_key = shorten;
  };
}

TEST(Verification, FindsAKeyWithoutTheShape) {
  if (support::kAddressSanitizer) GTEST_SKIP() << support::kExceptionOnMainStack;
  EXPECT_GT(failures(spec::PassTransition::kDrain,
                     shorten_keys([](const std::string& key) { return key.substr(8); })),
            10U);
}

TEST(Verification, FindsAKeyWithoutTheState) {
  if (support::kAddressSanitizer) GTEST_SKIP() << support::kExceptionOnMainStack;
  EXPECT_GT(failures(spec::PassTransition::kOverlap,
                     shorten_keys([](const std::string& key) { return key.substr(0, kImage); })),
            3U);
}

/// An executor whose results are changed by `edit`.
class SpoiltExecutor final : public dataflow::PassExecutor {
 public:
  using Edit = std::function<void(const dataflow::PassWords&, dataflow::DataCounts&)>;
  SpoiltExecutor(std::shared_ptr<dataflow::PassExecutor> original, Edit edit)
      : original_(std::move(original)), edit_(std::move(edit)) {}
  dataflow::DataCounts execute(const std::shared_ptr<const dataflow::PassShape>& shape,
                               const dataflow::PassWords& words) override {
    dataflow::DataCounts counts = original_->execute(shape, words);
    edit_(words, counts);
    return counts;
  }

 private:
  std::shared_ptr<dataflow::PassExecutor> original_;
  Edit edit_;
};

Spoil spoil_executor(SpoiltExecutor::Edit edit) {
  return [edit = std::move(edit)](hardware::LayerJob& job) {
    job.fast_forward.executor = std::make_shared<SpoiltExecutor>(job.fast_forward.executor, edit);
  };
}

TEST(Verification, FindsAnExecutorThatMakesOtherPsums) {
  if (support::kAddressSanitizer) GTEST_SKIP() << support::kExceptionOnMainStack;
  EXPECT_GT(failures(spec::PassTransition::kDrain,
                     spoil_executor([](const dataflow::PassWords& words, dataflow::DataCounts&) {
                       words.psums[0] ^= 1;
                     })),
            30U);
}

TEST(Verification, FindsAnExecutorThatCountsOtherZeros) {
  if (support::kAddressSanitizer) GTEST_SKIP() << support::kExceptionOnMainStack;
  EXPECT_GT(failures(spec::PassTransition::kDrain,
                     spoil_executor([](const dataflow::PassWords&, dataflow::DataCounts& counts) {
                       ++counts.macs_on_zero;
                     })),
            10U);  // where MACs are gated
}

/// A schedule whose shapes say that there is one more MAC than the PEs do.
class MiscountedMacs final : public dataflow::Schedule {
 public:
  explicit MiscountedMacs(std::unique_ptr<dataflow::Schedule> original)
      : MiscountedMacs(std::move(original), std::make_shared<Shapes>()) {}
  [[nodiscard]] std::unique_ptr<Schedule> restart() const override {
    return std::unique_ptr<Schedule>(new MiscountedMacs(original_->restart(), shapes_));
  }
  bool next(dataflow::Step& step) override {
    if (!original_->next(step)) return false;
    if (auto* pass = std::get_if<dataflow::Pass>(&step)) {
      auto& shape = (*shapes_)[pass->shape];
      if (!shape) {
        auto copy = std::make_shared<dataflow::PassShape>(*pass->shape);
        ++copy->macs;
        shape = std::move(copy);
      }
      pass->shape = shape;
    }
    return true;
  }

 private:
  using Shape = std::shared_ptr<const dataflow::PassShape>;
  using Shapes = std::map<Shape, Shape>;
  MiscountedMacs(std::unique_ptr<dataflow::Schedule> original, std::shared_ptr<Shapes> shapes)
      : original_(std::move(original)), shapes_(std::move(shapes)) {}

  std::unique_ptr<dataflow::Schedule> original_;
  std::shared_ptr<Shapes> shapes_;
};

TEST(Verification, FindsAShapeThatCountsOtherMacs) {
  if (support::kAddressSanitizer) GTEST_SKIP() << support::kExceptionOnMainStack;
  EXPECT_GT(failures(spec::PassTransition::kDrain,
                     [](hardware::LayerJob& job) {
                       job.schedule = std::make_shared<MiscountedMacs>(job.schedule->restart());
                     }),
            30U);
}

}  // namespace
}  // namespace rowan
