// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/array.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "tests/unit/models/hardware/small_system.h"

namespace rowan::hardware {
namespace {

using dataflow::MulticastId;
using dataflow::PassShape;
using testbench::has;
using testbench::System;

/// 3 x 3 filters on a full 3 x 3 array: two passes, on channels 0 and 1, the second reads psums.
support::MappedLayer two_passes() {
  support::MappedLayer mapped;
  mapped.shape.channels = 2;
  mapped.shape.filters = 4;
  mapped.shape.height = 5;
  mapped.shape.width = 5;
  mapped.shape.kernel_height = 3;
  mapped.shape.kernel_width = 3;
  mapped.mapping.m = 4;
  mapped.mapping.p = 4;
  mapped.mapping.e = 3;
  mapped.mapping.f = 3;
  mapped.mapping.filter_rows = 3;
  mapped.mapping.filter_columns = 3;
  mapped.accelerator = support::small_accelerator(3, 3);
  return mapped;
}

/// What becomes of the layer when its pass shapes are changed.
std::string failure_of(System& system, const support::SmallLayer& layer,
                       const testbench::EditedSchedule::Edit& edit) {
  LayerJob job = testbench::job_of(layer);
  job.schedule = std::make_shared<testbench::EditedSchedule>(layer.schedule->restart(), edit);
  system.memory() = layer.memory();
  return testbench::run(system, job);
}

struct Broken : testing::Test {
  support::SmallLayer layer{two_passes(), 3};
  System system{"one", two_passes().accelerator};
};

TEST_F(Broken, OnlyWhenTheScheduleIs) {
  EXPECT_EQ(failure_of(system, layer, [](PassShape&) {}), "");
  EXPECT_TRUE(testbench::ofmap(system, layer) == layer.ofmap);
}

TEST_F(Broken, FilterPacketMissing) {
  const std::string failure =
      failure_of(system, layer, [](PassShape& pass) { pass.filter.step.pop_back(); });
  EXPECT_TRUE(has(failure, "deadlock: pass 0 cannot go on\n")) << failure;
  // 12 words a row in packets of 4, the last one to row 2.
  EXPECT_TRUE(has(failure,
                  "one_accelerator.array.pe_2_0: pass 0: filter word 8 of 12 in "
                  "filter_fifo_2_0 (empty)\n"))
      << failure;
  EXPECT_TRUE(has(failure,
                  "one_accelerator.array.pe_1_0: pass 0: image 0, window 0: psum 0: a "
                  "word in psum_in_fifo_1_0 (empty)\n"))
      << failure;
  EXPECT_TRUE(has(failure,
                  "one_accelerator.array.gon: pass 0: a packet in "
                  "one_accelerator.array.psum_out_fifo_0_0 (empty)\n"))
      << failure;
}

TEST_F(Broken, PsumPacketMissing) {
  // Windows of 4 psums; 24 slots hold those of both passes: the words are left over.
  const std::string failure =
      failure_of(system, layer, [](PassShape& pass) { pass.psum_out.step.pop_back(); });
  EXPECT_TRUE(has(failure, "psum_out_fifo_0_2")) << failure;
}

TEST_F(Broken, PsumPacketTooMany) {
  const std::string failure = failure_of(system, layer, [](PassShape& pass) {
    pass.psum_out.step.push_back(pass.psum_out.step.front());
    pass.psum_out.bases = {0, 1, 2};  // within the tile
  });
  EXPECT_TRUE(has(failure, "deadlock: pass 0 cannot go on\n")) << failure;
  EXPECT_TRUE(has(failure,
                  "one_accelerator.array.gon: pass 0: a packet in "
                  "one_accelerator.array.psum_out_fifo_0_"))
      << failure;
}

TEST_F(Broken, PsumsFromTheGlobalBufferMissing) {
  const std::string failure = failure_of(system, layer, [](PassShape& pass) {
    pass.psum_in.step.clear();
    pass.psum_in.bases.clear();
  });
  EXPECT_TRUE(has(failure, "deadlock: pass 1 cannot go on\n")) << failure;
  for (const char* column : {"0", "1", "2"}) {
    EXPECT_TRUE(has(failure, std::string("one_accelerator.array.pe_2_") + column +
                                 ": pass 1: image 0, window 0: psum 0: a word in psum_in_fifo_2_" +
                                 column + " (empty)\n"))
        << failure;
  }
}

TEST_F(Broken, IfmapPacketsOfARowMissing) {
  // Row 2 of the tile is that of PEs (2, 0), (1, 1), (0, 2).
  const std::string failure = failure_of(system, layer, [](PassShape& pass) {
    auto& step = pass.ifmap.step;
    const MulticastId row = pass.pes[2].ifmap_id;
    step.erase(std::remove_if(step.begin(), step.end(),
                              [&](const dataflow::Packet& packet) { return packet.id == row; }),
               step.end());
  });
  EXPECT_TRUE(has(failure, "deadlock: pass 0 cannot go on\n")) << failure;
  for (const char* pe : {"2_0", "1_1", "0_2"}) {
    EXPECT_TRUE(has(failure, std::string("one_accelerator.array.pe_") + pe +
                                 ": pass 0: image 0, window 0: ifmap word 0 of the window in "
                                 "ifmap_fifo_" +
                                 pe + " (empty)\n"))
        << failure;
  }
  EXPECT_FALSE(has(failure, "pe_2_2: pass 0: image 0, window 0: ifmap")) << failure;
}

TEST_F(Broken, IfmapPacketTooMany) {
  EXPECT_NE(failure_of(system, layer,
                       [](PassShape& pass) { pass.ifmap.step.push_back(pass.ifmap.step.front()); }),
            "");
}

TEST_F(Broken, FilterPacketTooMany) {
  EXPECT_NE(
      failure_of(system, layer,
                 [](PassShape& pass) { pass.filter.step.push_back(pass.filter.step.back()); }),
      "");
}

TEST_F(Broken, PsumPacketsFromTheGlobalBufferTooMany) {
  EXPECT_NE(failure_of(system, layer,
                       [](PassShape& pass) {
                         if (pass.reads_psums) {
                           pass.psum_in.step.push_back(pass.psum_in.step.front());
                         }
                       }),
            "");
}

TEST_F(Broken, PacketThatNobodyTakes) {
  const std::string failure = failure_of(system, layer, [](PassShape& pass) {
    pass.ifmap.step.front().id = {7, 7};
  });
  EXPECT_EQ(failure, "one_accelerator.array.ifmap_gin: no PE has the IDs (7, 7) of a packet");
}

TEST_F(Broken, PsumPacketThatNobodyGives) {
  const std::string failure = failure_of(system, layer, [](PassShape& pass) {
    pass.psum_out.step.front().id = {7, 7};
  });
  EXPECT_EQ(failure, "one_accelerator.array.gon: no PE has the IDs (7, 7) of a packet");
}

TEST_F(Broken, PsumRowOutsideTheTile) {
  const std::string failure =
      failure_of(system, layer, [](PassShape& pass) { pass.psum_out.step.front().address = 1000; });
  EXPECT_EQ(failure, "one_accelerator.global_buffer: psum row 1000 lies outside the layer's banks");
}

TEST_F(Broken, NothingInTheLayerAfterIt) {
  const std::string failure =
      failure_of(system, layer, [](PassShape& pass) { pass.filter.step.pop_back(); });
  ASSERT_NE(failure, "");
  EXPECT_EQ(testbench::run(system, layer), "");
  EXPECT_TRUE(testbench::ofmap(system, layer) == layer.ofmap);
}

TEST(BrokenWithOnePortedBanks, FilterPacketMissing) {
  support::MappedLayer mapped = two_passes();
  mapped.accelerator.global_buffer.psum_bank_ports = 1;
  const support::SmallLayer layer(mapped, 3);
  System system("one", mapped.accelerator);
  const std::string failure = failure_of(system, layer, [](PassShape& pass) {
    if (pass.reads_psums) pass.filter.step.pop_back();
  });
  EXPECT_TRUE(has(failure, "deadlock: pass 1 cannot go on\n")) << failure;
  EXPECT_TRUE(has(failure, "filter word 8 of 12 in filter_fifo_2_0 (empty)")) << failure;
}

TEST(BrokenWhilePassesOverlap, PsumsFromTheGlobalBufferMissing) {
  support::MappedLayer mapped = two_passes();
  mapped.accelerator.controller.pass_transition = spec::PassTransition::kOverlap;
  mapped.shape.channels = 4;
  const support::SmallLayer layer(mapped, 3);
  System system("one", mapped.accelerator);
  const std::string failure = failure_of(system, layer, [](PassShape& pass) {
    if (pass.reads_psums) pass.psum_in.step.pop_back();
  });
  EXPECT_TRUE(has(failure, "deadlock: pass 1 cannot go on\n")) << failure;
  EXPECT_TRUE(has(failure, "psum_in_fifo_2_2 (empty)")) << failure;
}

/// An executor that does nothing.
class NoExecutor final : public dataflow::PassExecutor {
 public:
  dataflow::DataCounts execute(const std::shared_ptr<const PassShape>& /*shape*/,
                               const dataflow::PassWords& /*words*/) override {
    return {};
  }
};

TEST(BrokenWhenReplayed, PsumRowOutsideTheTile) {
  const auto shape = testbench::one_pe_pass(2, 2, false);
  // The last pass is replayed as the first, but elsewhere.
  LayerJob job =
      testbench::job_of(testbench::one_tile_layer(2, {shape, shape, shape}, {0, 1, 9}, 2),
                        testbench::buffer_plan(2, 2));
  job.fast_forward.replay = Replay::kOn;
  job.fast_forward.executor = std::make_shared<NoExecutor>();
  System system("one", testbench::one_pe_accelerator());
  system.memory().resize(256);
  EXPECT_EQ(testbench::run(system, job),
            "one_accelerator.global_buffer: psum row 9 lies outside the layer's banks");
}

}  // namespace
}  // namespace rowan::hardware
