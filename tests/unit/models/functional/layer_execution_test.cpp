// SPDX-License-Identifier: Apache-2.0
#include "models/functional/layer_execution.h"

#include <string>

#include <gtest/gtest.h>

#include "models/base/error.h"
#include "tests/support/random_case.h"
#include "tests/support/small_layer.h"
#include "workloads/golden.h"
#include "workloads/seeded_tensors.h"

namespace rowan::functional {
namespace {

namespace golden = workloads::golden;
namespace row_stationary = dataflow::row_stationary;
using workloads::Tensor;

/// MACs of a layer on zeros, padding included: all but those that a layer of ones adds up to.
std::uint64_t macs_on_zero(const workloads::ConvolutionShape& shape, const Tensor& ifmap,
                           const Tensor& filters) {
  Tensor marks = ifmap;
  Tensor ones = filters;
  for (std::size_t i = 0; i < marks.size(); ++i) marks.data()[i] = marks.data()[i] == 0 ? 0 : 1;
  for (std::size_t i = 0; i < ones.size(); ++i) ones.data()[i] = 1;
  const Tensor sums = golden::convolution(shape, marks, ones, 0, 32, 32);
  std::uint64_t macs = shape.macs_per_image() * ifmap.extents()[0];
  for (std::size_t i = 0; i < sums.size(); ++i) macs -= static_cast<std::uint64_t>(sums.data()[i]);
  return macs;
}

struct Outcome {
  Tensor ofmap;
  LayerCounts counts;
};

Outcome run(const row_stationary::LayerPlan& plan, const workloads::Layer& layer,
            const workloads::LayerTensors& tensors, unsigned product_bits,
            dataflow::FmapPlaces places) {
  const row_stationary::DramImage image = row_stationary::make_dram_image(
      plan, tensors.ifmap(), tensors.filters(), layer.network_input, places);
  LayerWork work;
  work.schedule = std::make_shared<row_stationary::LayerSchedule>(plan, image.layout);
  work.buffers = plan.buffers();
  work.mac = {{layer.product_shift, product_bits}, plan.accelerator().pe.psum_bits};
  work.post_processing = {layer.relu, layer.ofmap_shift};
  work.post_processing.channel_shifts = layer.filter_shifts;
  std::vector<std::uint8_t> memory = image.bytes;
  memory.resize(image.layout.bytes);
  std::vector<std::uint8_t> resident = image.resident;
  resident.resize(image.layout.resident_bytes);
  const LayerCounts counts = run_layer(work, plan.accelerator(), memory, resident);
  const bool stays = places.ofmap == dataflow::FmapPlace::kResident;
  return {row_stationary::read_ofmap(plan, image.layout, stays ? resident : memory), counts};
}

void expect_golden(const row_stationary::LayerPlan& plan, const workloads::Layer& layer,
                   const workloads::LayerTensors& tensors, unsigned product_bits,
                   dataflow::FmapPlaces places = {}) {
  const Outcome outcome = run(plan, layer, tensors, product_bits, places);
  const Tensor psums =
      golden::convolution(plan.shape(), tensors.ifmap(), tensors.filters(), layer.product_shift,
                          product_bits, plan.accelerator().pe.psum_bits);
  ASSERT_EQ(outcome.ofmap, golden::ofmap(psums, layer, 16));
  EXPECT_EQ(outcome.counts.passes, plan.pass_count());
  EXPECT_EQ(outcome.counts.macs, plan.shape().macs_per_image() * plan.batch());
  EXPECT_EQ(outcome.counts.macs_on_zero,
            macs_on_zero(plan.shape(), tensors.ifmap(), tensors.filters()));
}

TEST(LayerExecution, GivesTheGoldenOfmapOfRandomCases) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const support::RandomCase test = support::make_random_case(seed);
    SCOPED_TRACE(test.describe());
    const row_stationary::LayerPlan plan(test.layer.shape, test.batch, test.mapping,
                                         test.accelerator);
    expect_golden(plan, test.layer, support::make_random_tensors(test), test.product_bits,
                  test.places);
    if (HasFatalFailure()) return;
  }
}

TEST(LayerExecution, ShiftsEachFilterByItsOwn) {
  Random random(1);
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    support::RandomCase test = support::make_random_case(seed);
    SCOPED_TRACE(test.describe());
    for (unsigned filter = 0; filter < test.layer.shape.filters; ++filter) {
      test.layer.filter_shifts.push_back(static_cast<unsigned>(random.below(8)));
    }
    const row_stationary::LayerPlan plan(test.layer.shape, test.batch, test.mapping,
                                         test.accelerator);
    expect_golden(plan, test.layer, support::make_random_tensors(test), test.product_bits,
                  test.places);
    if (HasFatalFailure()) return;
  }
}

TEST(LayerExecution, GivesTheGoldenOfmapOfALayerOfAlexNet) {
  const workloads::Layer layer = support::alexnet_layer("CONV5");
  const row_stationary::LayerPlan plan(layer.shape, 4, support::alexnet_mapping("CONV5"),
                                       support::eyeriss());
  expect_golden(plan, layer, workloads::seeded_tensors(1, layer, 4, 16, 16), 16);
}

/// A filter of 1 x 1 on one PE, its ofmap 3 words; `steps` of the layer.
class OnePe : public testing::Test {
 protected:
  OnePe() {
    layer_.shape.width = 3;
    layer_.relu = false;
    mapping_.f = 3;
  }
  std::vector<arithmetic::Word> ofmap(std::vector<arithmetic::Word> ifmap) {
    const row_stationary::LayerPlan plan(layer_.shape, 1, mapping_,
                                         support::small_accelerator(1, 1));
    workloads::LayerTensors tensors{{Tensor(workloads::ifmap_extents(layer_.shape, 1))},
                                    Tensor(workloads::filter_extents(layer_.shape))};
    std::copy(ifmap.begin(), ifmap.end(), tensors.ifmap().data());
    tensors.filters().data()[0] = 1;
    const Outcome outcome = run(plan, layer_, tensors, 16, {});
    return {outcome.ofmap.data(), outcome.ofmap.data() + outcome.ofmap.size()};
  }
  workloads::Layer layer_;
  row_stationary::Mapping mapping_;
};

using Words = std::vector<arithmetic::Word>;

TEST_F(OnePe, OfmapWordsAreRoundedToNearestHalvesUp) {
  layer_.ofmap_shift = 2;
  EXPECT_EQ(ofmap({5, 6, -6}), (Words{1, 2, -1}));  // 1.25, 1.5, -1.5
}

TEST_F(OnePe, ReluClearsNegativePsums) {
  layer_.relu = true;
  EXPECT_EQ(ofmap({5, 0, -1}), (Words{5, 0, 0}));
}

class Refused : public OnePe {
 protected:
  Refused()
      : plan_(layer_.shape, 1, mapping_, support::small_accelerator(1, 1)),
        image_(row_stationary::make_dram_image(
            plan_, Tensor(workloads::ifmap_extents(layer_.shape, 1)),
            Tensor(workloads::filter_extents(layer_.shape)), true)) {
    work_.schedule = std::make_shared<row_stationary::LayerSchedule>(plan_, image_.layout);
    work_.buffers = plan_.buffers();
  }
  std::string complaint(std::size_t bytes) {
    std::vector<std::uint8_t> memory = image_.bytes;
    memory.resize(bytes);
    try {
      run_layer(work_, plan_.accelerator(), memory);
    } catch (const HardwareError& error) {
      return error.what();
    }
    return "nothing";
  }
  const row_stationary::LayerPlan plan_;
  row_stationary::DramImage image_;
  LayerWork work_;
};

TEST_F(Refused, AccessesBeyondTheMemory) {
  EXPECT_EQ(complaint(image_.layout.bytes), "nothing");
  // The ofmap tile, of words that may all be zeros, is one code word long; then the ifmap tile.
  EXPECT_EQ(complaint(image_.layout.ofmap_tiles[0].address),
            "functional executor: an access beyond the memory");
  EXPECT_EQ(complaint(8), "functional executor: an access beyond the memory");
}

TEST_F(Refused, AnIfmapTileLargerThanItsBuffer) {
  work_.buffers.ifmap_words = 2;
  EXPECT_EQ(complaint(image_.layout.bytes),
            "functional executor: an ifmap tile is larger than its buffer");
}

TEST_F(Refused, APassBeyondItsPsumTile) {
  work_.buffers.psum_rows = 2;
  EXPECT_EQ(complaint(image_.layout.bytes),
            "functional executor: a pass goes beyond the psum tile");
}

}  // namespace
}  // namespace rowan::functional
