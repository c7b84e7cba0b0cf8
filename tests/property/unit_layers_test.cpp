// SPDX-License-Identifier: Apache-2.0
//
// Layers of the post-processing unit: the engine against the clocked model of the same machine on
// random accelerators and layers (every word in DRAM and of resident fmaps, every cycle, every
// counter, every PE), and both against the layer's arithmetic on whole tensors, the tests' own and
// the golden operation's.

#include <iostream>
#include <map>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "models/dataflow/post_processing/dram_image.h"
#include "models/dataflow/post_processing/layer_plan.h"
#include "models/dataflow/post_processing/layer_schedule.h"
#include "sim/engine/systemc_runner.h"
#include "tests/support/clocked_machine.h"
#include "tests/support/differences.h"
#include "tests/support/forked.h"
#include "tests/support/random_unit_case.h"
#include "tests/support/unit_reference.h"
#include "workloads/golden.h"

namespace rowan {
namespace {

namespace unit = dataflow::post_processing;

/// The hard things that occurred, a line each, an empty line, then the differences.
std::string run_both(const support::RandomUnitCase& test) {
  const workloads::LayerTensors tensors = support::make_random_unit_tensors(test);
  const unit::LayerPlan plan = test.plan();
  const unit::DramImage image =
      unit::make_dram_image(plan, tensors, test.network_input, test.places);
  std::vector<std::uint8_t> memory = image.bytes;
  memory.resize(image.layout.bytes);
  std::vector<std::uint8_t> resident = image.resident;
  resident.resize(image.layout.resident_bytes);

  hardware::LayerJob job;
  job.schedule = std::make_shared<unit::LayerSchedule>(plan, image.layout);
  job.buffers = plan.buffers();
  sim::SystemcRunner runner(test.accelerator);
  runner.memory() = memory;
  runner.resident() = resident;
  const hardware::LayerActivity engine = runner.run(job);

  support::LayerArithmetic arithmetic;
  arithmetic.relu = false;
  const support::ClockedResult clocked =
      support::ClockedMachine(test.accelerator)
          .run(*job.schedule, job.buffers, arithmetic, memory, resident, support::Link::kReal);
  support::Differences differences;
  differences.compare(engine, clocked);
  for (std::size_t pe = 0; pe < engine.pes.size(); ++pe) {
    differences.compare("PE " + std::to_string(pe) + ", idle against all",
                        engine.pes[pe][PeActivity::kIdle], engine.total.value());
  }
  if (runner.memory() != memory) differences.note("words in DRAM differ");
  if (runner.resident() != resident) differences.note("resident words differ");
  const workloads::Tensor expected = support::reference_ofmap(plan.shape(), tensors);
  const bool ofmap_stays = test.places.ofmap == dataflow::FmapPlace::kResident;
  if (!(unit::read_ofmap(plan, image.layout, ofmap_stays ? resident : memory) == expected)) {
    differences.note("the ofmap differs from the arithmetic on whole tensors");
  }
  const auto layer = support::layer_of(test);
  if (layer) {
    if (!(workloads::golden::layer(*layer, tensors, {}) == expected)) {
      differences.note("the ofmap differs from the golden operation");
    }
    const unit::LayerPlan of_layer(unit::layer_shape(*layer), test.batch, test.accelerator);
    differences.compare("tiles of the network's layer", of_layer.tile_count(), plan.tile_count());
  }
  std::string reply;
  for (const auto& [name, occurred] : support::hard_things_of(test, clocked)) {
    reply += (occurred ? "1" : "0") + name + "\n";
  }
  const std::string text = differences.text();
  return reply + "\n" + (text.empty() ? "" : test.describe() + text);
}

void expect_no_difference(std::uint64_t first_seed, std::uint64_t count) {
  std::map<std::string, unsigned> hard_things;
  unsigned different = 0;
  for (std::uint64_t seed = first_seed; seed < first_seed + count && different < 5; ++seed) {
    const std::string reply =
        support::run_forked([&] { return run_both(support::make_random_unit_case(seed)); });
    const std::size_t end = reply.find("\n\n");
    ASSERT_NE(end, std::string::npos) << "seed " << seed << "\n" << reply;
    std::istringstream lines(reply.substr(0, end));
    for (std::string line; std::getline(lines, line);) {
      hard_things[line.substr(1)] += line[0] == '1' ? 1 : 0;
    }
    const std::string differences = reply.substr(end + 2);
    if (differences.empty()) continue;
    ++different;
    ADD_FAILURE() << differences.substr(0, 4000);
  }
  for (const auto& [name, cases] : hard_things) {
    std::cout << cases << "  " << name << "\n";
    EXPECT_GT(cases, 0U) << name;
  }
}

TEST(UnitLayers, AgreeWithTheClockedModelAtRandom) { expect_no_difference(1, 1'000); }

TEST(UnitLayers, AgreeWithTheClockedModelAtRandomManyTimesNightly) {
  expect_no_difference(100'000, 10'000);
}

}  // namespace
}  // namespace rowan
