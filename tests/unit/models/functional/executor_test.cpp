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
using arithmetic::Overflow;
using arithmetic::PeType;
using arithmetic::ProductWindow;
using arithmetic::Word;
using Shape = std::shared_ptr<const dataflow::PassShape>;

const PeType& int16() { return arithmetic::pe_type("int16"); }

const std::vector<PeType>& integer_types() {
  static const std::vector<PeType> kTypes = [] {
    std::vector<PeType> types;
    for (const PeType& type : arithmetic::pe_types()) {
      if (type.numbers == arithmetic::Numbers::kInteger) types.push_back(type);
    }
    return types;
  }();
  return kTypes;
}

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
      support::Words words(*shape, arithmetic, random);
      support::Words expected = words;
      const auto counts = executor.execute(shape, words.pass());
      const auto expected_counts =
          support::interpret(*shape, plan.accelerator().array.columns, arithmetic, expected.pass());
      ASSERT_EQ(words.psums, expected.psums);
      ASSERT_EQ(counts.macs_on_zero, expected_counts.macs_on_zero);
    }
  }
}

std::string text(const PeType& type, const MacFormat& format) {
  return std::string(type.name) + ": product >> " + std::to_string(format.window.shift) + ", " +
         std::to_string(format.window.bits) + " bits; psums of " +
         std::to_string(format.psum_bits) +
         (format.overflow == Overflow::kSaturate ? ", saturating" : "");
}

class EveryKernel : public testing::TestWithParam<IntegerKernel> {
 protected:
  /// Of integers that wrap.
  static void expect_equal_for_any_widths(const row_stationary::LayerPlan& plan, Random& random) {
    const PeType& type = integer_types()[random.below(integer_types().size())];
    const Widths widths = draw_widths(random);
    const MacFormat format{widths.window, widths.psum_bits};
    SCOPED_TRACE(text(type, format));
    Executor executor(type, format, GetParam(), ordered_kernels().front());
    expect_equal(executor, {type, format}, plan, random);
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

class EveryOrderedKernel : public testing::TestWithParam<OrderedKernel> {
 protected:
  /// Of binary32, or of integers that saturate.
  static void expect_equal_in_order(const row_stationary::LayerPlan& plan, Random& random) {
    const bool floats = random.below(2) == 0;
    const PeType& type = floats ? arithmetic::pe_type("fp32")
                                : integer_types()[random.below(integer_types().size())];
    const Widths widths = draw_widths(random);
    const MacFormat format{widths.window, widths.psum_bits, Overflow::kSaturate};
    SCOPED_TRACE(text(type, format));
    Executor executor(type, format, integer_kernels().front(), GetParam());
    expect_equal(executor, {type, format}, plan, random);
  }
};

TEST_P(EveryOrderedKernel, DoesWhatThePesDoOnSmallArrays) {
  Random random(4);
  for (unsigned trial = 0; trial < 500; ++trial) {
    const support::MappedLayer layer = support::random_mapped_layer(random);
    SCOPED_TRACE(layer.text());
    expect_equal_in_order({layer.shape, layer.batch, layer.mapping, layer.accelerator}, random);
    if (HasFatalFailure()) return;
  }
}

TEST_P(EveryOrderedKernel, DoesWhatThePesDoOnLargeArrays) {
  Random random(6);
  for (unsigned trial = 0; trial < 60; ++trial) {
    const support::MappedLayer layer = draw_large_layer(random);
    SCOPED_TRACE(layer.text());
    expect_equal_in_order({layer.shape, layer.batch, layer.mapping, layer.accelerator}, random);
    if (HasFatalFailure()) return;
  }
}

INSTANTIATE_TEST_SUITE_P(OrderedKernels, EveryOrderedKernel, testing::ValuesIn(ordered_kernels()),
                         [](const auto& member) {
                           return std::string(member.param.instruction_set);
                         });

class EveryPeType : public testing::TestWithParam<PeType> {};

TEST_P(EveryPeType, CarriesOutPassesInItsOwnWidths) {
  Random random(7);
  for (const Overflow overflow : {Overflow::kWrap, Overflow::kSaturate}) {
    const MacFormat format{{0, GetParam().product_bits}, GetParam().psum_bits, overflow};
    SCOPED_TRACE(text(GetParam(), format));
    for (unsigned trial = 0; trial < 50; ++trial) {
      const support::MappedLayer layer = support::random_mapped_layer(random);
      SCOPED_TRACE(layer.text());
      Executor executor(GetParam(), format);
      const row_stationary::LayerPlan plan(layer.shape, layer.batch, layer.mapping,
                                           layer.accelerator);
      expect_equal(executor, {GetParam(), format}, plan, random);
      if (HasFatalFailure()) return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(PeTypes, EveryPeType, testing::ValuesIn(arithmetic::pe_types()),
                         [](const auto& member) { return std::string(member.param.name); });

TEST(Executor, CarriesOutThePassesOfAlexNetOnTheChip) {
  Random random(5);
  const MacFormat format{{11, 16}, 16};
  for (const char* name : {"CONV1", "CONV3"}) {
    SCOPED_TRACE(name);
    Executor executor(int16(), format);
    const row_stationary::LayerPlan plan(support::alexnet_layer(name).shape, 4,
                                         support::alexnet_mapping(name), support::eyeriss());
    expect_equal(executor, {int16(), format}, plan, random);
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

TEST(Executor, DecodesWeightsAndCountsProductsInUnitsOfTheSmallest) {
  // 2^-7 * 10 + 1 * 3, and -2^-7 * 10 - 2^-1 * 3, in units of 2^-7
  const std::vector<Word> ifmap{10, 3};
  const std::vector<Word> filters{7, -1, 0, -7};
  std::vector<Word> psums{7, 7};
  Executor executor(arithmetic::pe_type("lightpe1"), {{0, 16}, 20});
  executor.execute(one_pe(), {ifmap.data(), filters.data(), psums.data(), 2});
  EXPECT_EQ(psums, (std::vector<Word>{10 + 384, -10 - 192}));
}

TEST(Executor, GatesNoMacOfFloatingPoint) {
  // 0 * infinity + 1 * 1 is a NaN, 0 * 2 + 1 * 1.5 is not.
  const std::vector<Word> ifmap{0, 0x3f800000};
  const std::vector<Word> filters{0x7f800000, 0x40000000, 0x3f800000, 0x3fc00000};
  std::vector<Word> psums{7, 7};
  Executor executor(arithmetic::pe_type("fp32"), {});
  const auto words = dataflow::PassWords{ifmap.data(), filters.data(), psums.data(), 2};
  EXPECT_EQ(executor.execute(one_pe(), words).macs_on_zero, 0U);
  EXPECT_EQ(psums, (std::vector<Word>{0x7fc00000, 0x3fc00000}));
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
