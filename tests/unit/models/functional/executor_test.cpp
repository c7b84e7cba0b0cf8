// SPDX-License-Identifier: Apache-2.0
#include "models/functional/executor.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/base/error.h"
#include "tests/support/pass_interpreter.h"
#include "tests/support/random_case.h"
#include "tests/support/small_layer.h"

namespace rowan::functional {
namespace {

namespace row_stationary = dataflow::row_stationary;
using arithmetic::MacFormat;
using arithmetic::PeType;
using arithmetic::ProductWindow;
using arithmetic::Word;
using Shape = std::shared_ptr<const dataflow::PassShape>;

const PeType& int16() { return arithmetic::pe_type("int16"); }

struct Widths {
  ProductWindow window;
  unsigned psum_bits = 16;
};

/// Those of the chip about as often as any others.
Widths draw_widths(Random& random) {
  const auto shift = static_cast<unsigned>(random.below(32));
  switch (random.below(4)) {
    case 0:
      return {{shift, 16}, 16};
    case 1:
      return {{0, 32}, 16};
    case 2:
      return {{shift, 32}, 32};
    default:
      return {{shift, static_cast<unsigned>(random.between(1, 32))},
              static_cast<unsigned>(random.between(1, 32))};
  }
}

/// A layer with more filters, windows and PEs than those of support::random_mapped_layer().
support::MappedLayer draw_large_layer(Random& random) {
  const auto between = [&](unsigned lo, unsigned hi) {
    return static_cast<unsigned>(random.between(lo, hi));
  };
  for (;;) {
    support::MappedLayer drawn;
    drawn.shape.groups = random.below(3) == 0 ? between(2, 6) : 1;
    drawn.shape.filters = drawn.shape.groups * (random.below(4) == 0 ? 1 : between(8, 130));
    drawn.shape.channels = drawn.shape.groups * between(1, 6);
    drawn.shape.kernel_height = drawn.shape.kernel_width = between(1, 3);
    drawn.shape.stride = between(1, 2);
    drawn.shape.padding = between(0, 1);
    drawn.shape.height = drawn.shape.width = between(3, 40);
    drawn.batch = between(1, 2);
    drawn.accelerator = support::small_accelerator(12, 14);
    drawn.accelerator.psum_gin.width = Bits(random.below(2) == 0 ? 64 : 16 * between(1, 9));
    drawn.accelerator.gon.width = drawn.accelerator.psum_gin.width;
    row_stationary::Mapping& mapping = drawn.mapping;
    mapping.m = 130;
    mapping.n = between(1, 2);
    mapping.e = between(1, 14);
    mapping.f = between(1, 40);
    mapping.p = between(1, 24);
    mapping.q = between(1, 4);
    mapping.r = between(1, 4);
    mapping.t = between(1, 6);
    mapping.g = between(1, 6);
    mapping.filter_rows = mapping.filter_columns = 3;
    if (row_stationary::check(mapping, drawn.shape, drawn.batch, drawn.accelerator).empty()) {
      return drawn;
    }
  }
}

/// One executor against the interpreter, on all shapes of a layer; each twice, so that the second
/// finds what the first compiled.
void expect_equal(Executor& executor, const support::Arithmetic& arithmetic,
                  const row_stationary::LayerPlan& plan, Random& random) {
  for (const Shape& shape : support::shapes_of(plan)) {
    for (unsigned time = 0; time < 2; ++time) {
      support::Words words(*shape, arithmetic.format.psum_bits, random);
      support::Words expected = words;
      const auto counts = executor.execute(shape, words.pass());
      const auto expected_counts =
          support::interpret(*shape, plan.accelerator().array.columns, arithmetic, expected.pass());
      ASSERT_EQ(words.psums, expected.psums);
      ASSERT_EQ(counts.macs_on_zero, expected_counts.macs_on_zero);
    }
  }
}

class EveryKernel : public testing::TestWithParam<IntegerKernel> {
 protected:
  static void expect_equal_for_any_widths(const row_stationary::LayerPlan& plan, Random& random) {
    const Widths widths = draw_widths(random);
    SCOPED_TRACE("product >> " + std::to_string(widths.window.shift) + ", " +
                 std::to_string(widths.window.bits) + " bits; psums of " +
                 std::to_string(widths.psum_bits));
    const MacFormat format{widths.window, widths.psum_bits};
    Executor executor(int16(), format, GetParam());
    expect_equal(executor, {support::mac_window, format}, plan, random);
  }
};

TEST_P(EveryKernel, DoesWhatThePesDoOnSmallArrays) {
  Random random(1);
  for (unsigned trial = 0; trial < 500; ++trial) {
    const support::MappedLayer layer = support::random_mapped_layer(random);
    SCOPED_TRACE(layer.text());
    expect_equal_for_any_widths({layer.shape, layer.batch, layer.mapping, layer.accelerator},
                                random);
    if (HasFatalFailure()) return;
  }
}

TEST_P(EveryKernel, DoesWhatThePesDoInRandomCases) {
  Random random(2);
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const support::RandomCase test = support::make_random_case(seed);
    SCOPED_TRACE(test.describe());
    expect_equal_for_any_widths({test.layer.shape, test.batch, test.mapping, test.accelerator},
                                random);
    if (HasFatalFailure()) return;
  }
}

TEST_P(EveryKernel, DoesWhatThePesDoOnLargeArrays) {
  Random random(3);
  for (unsigned trial = 0; trial < 60; ++trial) {
    const support::MappedLayer layer = draw_large_layer(random);
    SCOPED_TRACE(layer.text());
    expect_equal_for_any_widths({layer.shape, layer.batch, layer.mapping, layer.accelerator},
                                random);
    if (HasFatalFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(IntegerKernels, EveryKernel, testing::ValuesIn(integer_kernels()),
                         [](const auto& member) {
                           return std::string(member.param.instruction_set);
                         });

/// Integers that stop at the ends of their range: sums depend on the order of additions.
void saturating_mac_window(const Word* ifmap, std::size_t words, const Word* filters,
                           std::size_t psum_count, const MacFormat& format, Word* psums) {
  const std::int64_t most = (std::int64_t{1} << (format.psum_bits - 1)) - 1;
  for (std::size_t k = 0; k < psum_count; ++k) {
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < words; ++i) {
      sum += std::int64_t{filters[i * psum_count + k]} * ifmap[i];
      sum = std::min(std::max(sum, -most - 1), most);
    }
    psums[k] = static_cast<Word>(sum);
  }
}

TEST(Executor, KeepsTheOrderOfAdditionsOfAnotherPeType) {
  PeType type = int16();
  type.mac_window = saturating_mac_window;
  Random random(4);
  for (unsigned trial = 0; trial < 100; ++trial) {
    const support::MappedLayer layer = support::random_mapped_layer(random);
    SCOPED_TRACE(layer.text());
    Executor executor(type, {{}, 24});
    const row_stationary::LayerPlan plan(layer.shape, layer.batch, layer.mapping,
                                         layer.accelerator);
    expect_equal(executor, {saturating_mac_window, {{}, 24}}, plan, random);
    if (HasFatalFailure()) return;
  }
}

TEST(Executor, CarriesOutThePassesOfAlexNetOnTheChip) {
  Random random(5);
  const ProductWindow window{11, 16};
  for (const char* name : {"CONV1", "CONV3"}) {
    SCOPED_TRACE(name);
    Executor executor(int16(), {window, 16});
    const row_stationary::LayerPlan plan(support::alexnet_layer(name).shape, 4,
                                         support::alexnet_mapping(name), support::eyeriss());
    expect_equal(executor, {support::mac_window, {window, 16}}, plan, random);
  }
}

/// 1 x 1 filters on one PE: one image, one window, two channels, two filters.
std::shared_ptr<dataflow::PassShape> one_pe() {
  support::MappedLayer layer;
  layer.shape.filters = 2;
  layer.shape.channels = 2;
  layer.mapping.m = layer.mapping.p = layer.mapping.q = 2;
  layer.accelerator = support::small_accelerator(1, 1);
  const row_stationary::LayerPlan plan(layer.shape, layer.batch, layer.mapping, layer.accelerator);
  return std::make_shared<dataflow::PassShape>(*support::shapes_of(plan).at(0));
}

TEST(Executor, AddsTheProductsOfAWindow) {
  // psum 0: 3*10 + 5*0, psum 1: 4*10 + 6*0; two MACs meet the zero.
  const std::vector<Word> ifmap{10, 0};
  const std::vector<Word> filters{3, 4, 5, 6};
  std::vector<Word> psums{7, 7};
  const auto words = dataflow::PassWords{ifmap.data(), filters.data(), psums.data(), 2};
  Executor executor(int16(), {{0, 16}, 16});
  EXPECT_EQ(executor.execute(one_pe(), words).macs_on_zero, 2U);
  EXPECT_EQ(psums, (std::vector<Word>{30, 40}));
}

TEST(Executor, NamesTheShapeThatItCannotCarryOut) {
  Executor executor(int16(), {{0, 16}, 16});
  const auto shape = one_pe();
  shape->pes[0].sink = dataflow::PsumSink::kLocal;
  try {
    executor.execute(shape, {});
    FAIL();
  } catch (const HardwareError& error) {
    EXPECT_STREQ(error.what(),
                 "functional executor: pass shape of 1 PEs, 4 MACs: a psum link has one end only");
  }
}

}  // namespace
}  // namespace rowan::functional
