// SPDX-License-Identifier: Apache-2.0
//
// Single passes on array and global buffer alone, against the clocked model of the same layers
// (tests/support/clocked_machine.h) where passes follow each other's drain: the sum over a layer's
// passes of what a PE did, of what the networks counted, and every pass's time; and the psums that
// a pass leaves, against the functional executor.

#include "models/hardware/pass_bench.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "models/dataflow/row_stationary/dram_image.h"
#include "models/dataflow/row_stationary/layer_plan.h"
#include "models/dataflow/row_stationary/layer_schedule.h"
#include "models/functional/layer_execution.h"
#include "models/spec/derived.h"
#include "tests/support/clocked_machine.h"
#include "tests/support/forked.h"
#include "tests/support/random_case.h"

namespace rowan {
namespace {

namespace rs = dataflow::row_stationary;

constexpr PeActivity kOfPass[] = {PeActivity::kBusy,   PeActivity::kFilterLoad,
                                  PeActivity::kIfmap,  PeActivity::kAccumulatorHazard,
                                  PeActivity::kPsumIn, PeActivity::kPsumOut};
constexpr Counter kOfArray[] = {
    Counter::kFilterGinPacket, Counter::kFilterGinBlocked, Counter::kIfmapGinPacket,
    Counter::kIfmapGinBlocked, Counter::kPsumGinPacket,    Counter::kPsumGinBlocked,
    Counter::kGonPacket,       Counter::kGonWord,          Counter::kLocalNetworkBlocked};

/// The words of a pass's GON packets put into the psum tile it started from.
std::vector<arithmetic::Word> after(const std::vector<arithmetic::Word>& psums,
                                    const hardware::ObservedPass& pass, std::size_t row_words) {
  std::vector<arithmetic::Word> tile = psums;
  for (const auto& packet : pass.psums) {
    std::copy(packet.words.begin(), packet.words.end(),
              tile.begin() + static_cast<std::ptrdiff_t>(packet.row * row_words));
  }
  return tile;
}

/// Runs every pass of the case by itself; what differs, or nothing.
std::string differences_of(support::RandomCase test) {
  test.accelerator.controller.pass_transition = spec::PassTransition::kDrain;
  test.places = {};
  const auto tensors = support::make_random_tensors(test);
  const rs::LayerPlan plan(test.layer.shape, test.batch, test.mapping, test.accelerator);
  const auto image = rs::make_dram_image(plan, tensors.ifmap(), tensors.filters(),
                                         test.layer.network_input, test.places);
  functional::LayerWork work;
  work.schedule = std::make_shared<rs::LayerSchedule>(plan, image.layout);
  work.buffers = plan.buffers();
  work.mac = {{test.layer.product_shift, test.product_bits}, test.accelerator.pe.psum_bits};
  std::vector<std::uint8_t> memory = image.bytes;
  memory.resize(image.layout.bytes);
  std::vector<std::uint8_t> clocked_memory = memory;
  const support::ClockedResult clocked = support::ClockedMachine(test.accelerator)
                                             .run(*work.schedule, work.buffers, test.arithmetic(),
                                                  clocked_memory, support::Link::kReal);

  std::string out;
  const auto differ = [&](const std::string& what, std::uint64_t bench, std::uint64_t reference) {
    if (bench == reference) return;
    out += what + ": " + std::to_string(bench) + ", not " + std::to_string(reference) + "\n";
  };
  hardware::PassBench bench(test.accelerator);
  std::vector<PeCycles> pes(clocked.pes.size());
  ActivityCounts counts;
  std::vector<std::uint8_t> resident;
  std::vector<arithmetic::Word> left;
  for (std::uint64_t number = 0; number < clocked.drains.size(); ++number) {
    std::vector<std::uint8_t> before = memory;
    const auto state = functional::state_before(number, work, test.accelerator, before, resident);
    if (!state) return "there is no pass " + std::to_string(number);
    if (state->pass.shape->reads_psums && number > 0 && state->psums != left) {
      out += "pass " + std::to_string(number - 1) + " leaves other psums\n";
    }
    const hardware::ObservedPass pass =
        bench.run({state->pass.shape, work.buffers, work.mac, state->pass.psum_row, state->ifmap,
                   state->filters, state->psums});
    left = after(state->psums, pass, spec::psum_packet(test.accelerator).words.value());
    differ("drain of pass " + std::to_string(number), pass.drained,
           clocked.drains[number] - clocked.releases[number]);
    for (std::size_t i = 0; i < pes.size(); ++i) pes[i] += pass.pes[i];
    counts += pass.counts;
  }
  for (std::size_t i = 0; i < pes.size(); ++i) {
    for (const PeActivity activity : kOfPass) {
      differ("PE " + std::to_string(i) + " " + name_of(activity), pes[i][activity],
             clocked.pes[i][activity]);
    }
  }
  for (const Counter counter : kOfArray) {
    const CounterInfo& info = counter_table()[static_cast<std::size_t>(counter)];
    differ(std::string(info.component) + "." + info.action, counts[counter],
           clocked.counts[counter]);
  }
  return out.empty() ? out : test.describe() + "\n" + out;
}

TEST(PassBench, PassesByThemselvesAddUpToTheirLayer) {
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    const std::string found =
        support::run_forked([&] { return differences_of(support::make_random_case(seed)); });
    ASSERT_EQ(found.substr(0, 3000), "") << "seed " << seed;
  }
}

}  // namespace
}  // namespace rowan
