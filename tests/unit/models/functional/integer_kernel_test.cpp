// SPDX-License-Identifier: Apache-2.0
#include "models/functional/integer_kernel.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "models/base/random.h"

namespace rowan::functional {
namespace {

using arithmetic::Word;

/// Operands of random words at random places, and what their sums should be, modulo 2^32.
template <class Lane>
class Case {
 public:
  Case(unsigned lanes, std::size_t rows, std::size_t columns, arithmetic::ProductWindow window,
       Random& random)
      : lanes_(lanes), window_(window) {
    constexpr std::size_t kWords = 300;
    for (std::size_t i = 0; i < kWords; ++i) {
      scalar_words_.push_back(static_cast<Word>(random.between(-32768, 32767)));
      vectors_.push_back(static_cast<Lane>(random.between(-32768, 32767)));
      const auto halves = (static_cast<std::uint32_t>(scalar_words_[i]) & 0xffffU) * 0x10001U;
      scalars_.push_back(sizeof(Lane) == 2 ? static_cast<std::int32_t>(halves) : scalar_words_[i]);
    }
    const auto place = [&] { return static_cast<std::uint32_t>(random.below(kWords / 2 - 32)); };
    for (std::size_t i = 0; i < rows; ++i) rows_.push_back(place());
    for (std::size_t i = 0; i < columns; ++i) columns_.push_back(place());
    for (std::size_t i = random.below(12); i > 0; --i) taps_.push_back({place(), place()});
  }

  /// Sums of the kernel, with a guard behind each row.
  [[nodiscard]] std::vector<Lane> run(void (*kernel)(const ProductSums<Lane>&)) const {
    std::vector<Lane> sums(rows_.size() * stride(), kGuard);
    ProductSums<Lane> product;
    product.scalars = scalars_.data();
    product.vectors = vectors_.data();
    product.rows = rows_.data();
    product.row_count = rows_.size();
    product.columns = columns_.data();
    product.column_count = columns_.size();
    product.taps = taps_.data();
    product.tap_count = taps_.size();
    product.sums = sums.data();
    product.row_stride = stride();
    product.window = window_;
    kernel(product);
    return sums;
  }

  [[nodiscard]] std::vector<Lane> expected() const {
    std::vector<Lane> sums(rows_.size() * stride(), kGuard);
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      for (std::size_t c = 0; c < columns_.size(); ++c) {
        for (std::size_t lane = 0; lane < lanes_; ++lane) {
          sums[r * stride() + c * lanes_ + lane] = sum(rows_[r], columns_[c] + lane);
        }
      }
    }
    return sums;
  }

 private:
  static constexpr Lane kGuard = 12345;

  [[nodiscard]] std::size_t stride() const { return columns_.size() * lanes_ + 1; }
  [[nodiscard]] Lane sum(std::size_t scalar, std::size_t vector) const {
    std::int64_t sum = 0;
    for (const TapOffset& tap : taps_) {
      const std::int64_t product = std::int64_t{scalar_words_[scalar + tap.scalar]} *
                                   std::int64_t{vectors_[vector + tap.vector]};
      sum += arithmetic::wrap(product >> window_.shift, window_.bits);
    }
    return static_cast<Lane>(arithmetic::wrap(sum, 8 * sizeof(Lane)));
  }

  std::size_t lanes_;
  arithmetic::ProductWindow window_;
  std::vector<Word> scalar_words_;
  std::vector<std::int32_t> scalars_;  ///< as the kernel wants them
  std::vector<Lane> vectors_;
  std::vector<std::uint32_t> rows_;
  std::vector<std::uint32_t> columns_;
  std::vector<TapOffset> taps_;
};

class EveryIntegerKernel : public testing::TestWithParam<IntegerKernel> {
 protected:
  template <class Lane>
  static void expect_definition(void (*kernel)(const ProductSums<Lane>&), unsigned lanes,
                                unsigned least_bits) {
    Random random(1);
    for (std::size_t rows = 1; rows <= 20; ++rows) {
      for (std::size_t columns = 1; columns <= 5; ++columns) {
        for (unsigned shift = 0; shift < 32; ++shift) {
          const auto bits = static_cast<unsigned>(random.between(least_bits, 32));
          const Case<Lane> test(lanes, rows, columns, {shift, bits}, random);
          ASSERT_EQ(test.run(kernel), test.expected())
              << rows << " x " << columns << ", window of " << bits << " bits from " << shift;
        }
      }
    }
  }
};

TEST_P(EveryIntegerKernel, WideSumsEqualTheDefinition) {
  expect_definition(GetParam().wide, GetParam().wide_lanes, 1);
}

TEST_P(EveryIntegerKernel, NarrowSumsEqualTheDefinition) {
  if (GetParam().narrow == nullptr) return;  // the wide one does for all
  expect_definition(GetParam().narrow, GetParam().narrow_lanes, 16);
}

INSTANTIATE_TEST_SUITE_P(IntegerKernels, EveryIntegerKernel, testing::ValuesIn(integer_kernels()),
                         [](const auto& member) {
                           return std::string(member.param.instruction_set);
                         });

TEST(IntegerKernels, TheBaselineIsAlwaysThereAndTheLast) {
  EXPECT_STREQ(integer_kernels().back().instruction_set, "baseline");
}

}  // namespace
}  // namespace rowan::functional
