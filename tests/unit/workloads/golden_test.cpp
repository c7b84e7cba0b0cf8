// SPDX-License-Identifier: Apache-2.0
#include "workloads/golden.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace rowan::workloads {
namespace {

using arithmetic::Word;

Tensor tensor_of(const Extents& extents, std::initializer_list<Word> words) {
  Tensor tensor(extents);
  EXPECT_EQ(tensor.size(), words.size());
  std::copy(words.begin(), words.end(), tensor.data());
  return tensor;
}

std::vector<Word> words_of(const Tensor& tensor) {
  return {tensor.data(), tensor.data() + tensor.size()};
}

ConvolutionShape one_channel(unsigned height, unsigned width, unsigned kernel_height,
                             unsigned kernel_width) {
  ConvolutionShape shape;
  shape.height = height;
  shape.width = width;
  shape.kernel_height = kernel_height;
  shape.kernel_width = kernel_width;
  return shape;
}

/// A 1 x 1 convolution of two channels: one psum from two products.
Word two_products(Word ifmap0, Word ifmap1, Word filter0, Word filter1, unsigned product_shift,
                  unsigned product_bits, unsigned psum_bits,
                  golden::SumStatistics* statistics = nullptr) {
  ConvolutionShape shape;
  shape.channels = 2;
  return *golden::convolution(shape, tensor_of({1, 2, 1, 1}, {ifmap0, ifmap1}),
                              tensor_of({1, 2, 1, 1}, {filter0, filter1}), product_shift,
                              product_bits, psum_bits, statistics)
              .data();
}

/// Keeps the low bits by division, unlike the code under test.
std::int64_t kept(std::int64_t value, unsigned bits) {
  const std::int64_t period = std::int64_t{1} << bits;
  const std::int64_t low = ((value % period) + period) % period;
  return low < period / 2 ? low : low - period;
}

std::int64_t floor_divided(std::int64_t value, std::int64_t by) {
  return value >= 0 ? value / by : -((-value + by - 1) / by);
}

/// The textbook's seven loops.
Tensor seven_loops(const ConvolutionShape& shape, const Tensor& ifmap, const Tensor& filters,
                   unsigned product_shift, unsigned product_bits, unsigned psum_bits,
                   std::uint64_t& wrapped) {
  const std::size_t images = ifmap.extents()[0];
  Tensor psums({images, shape.filters, shape.out_height(), shape.out_width()});
  Word* psum = psums.data();
  for (std::size_t n = 0; n < images; ++n) {
    for (unsigned m = 0; m < shape.filters; ++m) {
      for (unsigned e = 0; e < shape.out_height(); ++e) {
        for (unsigned f = 0; f < shape.out_width(); ++f) {
          std::int64_t sum = 0;
          for (unsigned c = 0; c < shape.channels_per_group(); ++c) {
            for (unsigned r = 0; r < shape.kernel_height; ++r) {
              for (unsigned s = 0; s < shape.kernel_width; ++s) {
                const int step = static_cast<int>(shape.input_dilation);
                int y = static_cast<int>(e * shape.stride + r * shape.dilation) -
                        static_cast<int>(shape.padding);
                int x = static_cast<int>(f * shape.stride + s * shape.dilation) -
                        static_cast<int>(shape.padding);
                if (y < 0 || x < 0 || y % step != 0 || x % step != 0) continue;
                y /= step;
                x /= step;
                if (y >= static_cast<int>(shape.height) || x >= static_cast<int>(shape.width)) {
                  continue;
                }
                const unsigned group = m / shape.filters_per_group();
                const std::int64_t word = ifmap.plane(
                    n, group * shape.channels_per_group() +
                           c)[static_cast<unsigned>(y) * shape.width + static_cast<unsigned>(x)];
                const std::int64_t weight = filters.plane(m, c)[r * shape.kernel_width + s];
                sum += kept(floor_divided(word * weight, std::int64_t{1} << product_shift),
                            product_bits);
              }
            }
          }
          *psum = static_cast<Word>(kept(sum, psum_bits));
          if (*psum++ != sum) ++wrapped;
        }
      }
    }
  }
  return psums;
}

TEST(GoldenConvolution, SumsTheWordsUnderTheKernel) {
  const Tensor ifmap = tensor_of({1, 1, 3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  const Tensor filter = tensor_of({1, 1, 2, 2}, {1, 10, 100, 1000});
  const Tensor psums = golden::convolution(one_channel(3, 3, 2, 2), ifmap, filter, 0, 32, 32);
  EXPECT_EQ(psums.extents(), (Extents{1, 1, 2, 2}));
  EXPECT_EQ(words_of(psums), (std::vector<Word>{5421, 6532, 8754, 9865}));
}

TEST(GoldenConvolution, StrideSkipsWindows) {
  const Tensor ifmap = tensor_of({1, 1, 3, 5}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15});
  const Tensor filter = tensor_of({1, 1, 1, 2}, {1, 100});
  ConvolutionShape shape = one_channel(3, 5, 1, 2);
  shape.stride = 2;
  EXPECT_EQ(words_of(golden::convolution(shape, ifmap, filter, 0, 32, 32)),
            (std::vector<Word>{201, 403, 1211, 1413}));
}

TEST(GoldenConvolution, PaddingIsZerosOnAllFourSides) {
  const Tensor ifmap = tensor_of({1, 1, 1, 2}, {3, 4});
  const Tensor filter = tensor_of({1, 1, 3, 3}, {1, 2, 3, 10, 20, 30, 100, 200, 300});
  ConvolutionShape shape = one_channel(1, 2, 3, 3);
  shape.padding = 1;
  EXPECT_EQ(words_of(golden::convolution(shape, ifmap, filter, 0, 32, 32)),
            (std::vector<Word>{3 * 20 + 4 * 30, 3 * 10 + 4 * 20}));
}

TEST(GoldenConvolution, PaddingAtTheEndCanDiffer) {
  const Tensor ifmap = tensor_of({1, 1, 1, 2}, {3, 4});
  const Tensor filter = tensor_of({1, 1, 1, 2}, {1, 10});
  ConvolutionShape shape = one_channel(1, 2, 1, 2);
  shape.padding_end = 1;
  EXPECT_EQ(words_of(golden::convolution(shape, ifmap, filter, 0, 32, 32)),
            (std::vector<Word>{43, 4, 0, 0}));
  shape.padding = 1;
  shape.padding_end = 0;
  EXPECT_EQ(words_of(golden::convolution(shape, ifmap, filter, 0, 32, 32)),
            (std::vector<Word>{0, 0, 30, 43}));
}

/// A convolution of 2 x 2 words by the flipped 3 x 3 filter 1, 2, ... 9, a zero inserted between
/// neighbours: the transposed convolution of stride 2 by that filter.
std::vector<Word> transposed_by_three(unsigned padding, unsigned padding_end) {
  ConvolutionShape shape = one_channel(2, 2, 3, 3);
  shape.input_dilation = 2;
  shape.padding = padding;
  shape.padding_end = padding_end;
  return words_of(golden::convolution(shape, tensor_of({1, 1, 2, 2}, {1, 2, 3, 4}),
                                      tensor_of({1, 1, 3, 3}, {9, 8, 7, 6, 5, 4, 3, 2, 1}), 0, 32,
                                      32));
}

TEST(GoldenConvolution, InsertedZerosMakeItATransposedOne) {
  // Each word spreads the filter over 3 x 3 sums, from twice its row and twice its column on.
  EXPECT_EQ(transposed_by_three(2, 2), (std::vector<Word>{1,  2,  5,  4,  6,   //
                                                          4,  5,  14, 10, 12,  //
                                                          10, 14, 36, 24, 30,  //
                                                          12, 15, 34, 20, 24,  //
                                                          21, 24, 55, 32, 36}));
  // The first row and column cut off.
  EXPECT_EQ(transposed_by_three(1, 2), (std::vector<Word>{5, 14, 10, 12,   //
                                                          14, 36, 24, 30,  //
                                                          15, 34, 20, 24,  //
                                                          24, 55, 32, 36}));
}

TEST(GoldenConvolution, DilationSpreadsTheTaps) {
  const Tensor ifmap = tensor_of({1, 1, 1, 6}, {1, 2, 3, 4, 5, 6});
  const Tensor filter = tensor_of({1, 1, 1, 2}, {1, 10});
  ConvolutionShape shape = one_channel(1, 6, 1, 2);
  shape.dilation = 3;
  EXPECT_EQ(words_of(golden::convolution(shape, ifmap, filter, 0, 32, 32)),
            (std::vector<Word>{41, 52, 63}));
}

TEST(GoldenConvolution, GroupsSeeOnlyTheirOwnChannels) {
  ConvolutionShape shape;
  shape.groups = 2;
  shape.channels = 4;
  shape.filters = 4;
  const Tensor ifmap = tensor_of({1, 4, 1, 1}, {1, 2, 3, 4});
  const Tensor filters = tensor_of({4, 2, 1, 1}, {1, 10, 2, 20, 3, 30, 4, 40});
  EXPECT_EQ(words_of(golden::convolution(shape, ifmap, filters, 0, 32, 32)),
            (std::vector<Word>{21, 42, 129, 172}));
}

TEST(GoldenConvolution, EveryImageMeetsEveryFilter) {
  ConvolutionShape shape;
  shape.filters = 2;
  const Tensor ifmap = tensor_of({2, 1, 1, 1}, {3, 5});
  const Tensor filters = tensor_of({2, 1, 1, 1}, {1, 100});
  EXPECT_EQ(words_of(golden::convolution(shape, ifmap, filters, 0, 32, 32)),
            (std::vector<Word>{3, 300, 5, 500}));
}

TEST(GoldenConvolution, ProductsAreTruncatedTowardsMinusInfinityOneByOne) {
  EXPECT_EQ(two_products(1, 0, -1, 0, 4, 16, 16), -1);
  EXPECT_EQ(two_products(-1, 1, 1, 15, 4, 16, 16), -1);
  EXPECT_EQ(two_products(3, 3, 5, 5, 4, 16, 16), 0) << "15 >> 4, twice; not 30 >> 4";
  EXPECT_EQ(two_products(17, 0, -1, 0, 4, 16, 16), -2);
}

TEST(GoldenConvolution, OnlyTheLowBitsOfAProductAreKept) {
  EXPECT_EQ(two_products(256, 0, 128, 0, 0, 16, 32), -32768);
  EXPECT_EQ(two_products(256, 0, 256, 0, 0, 16, 32), 0);
  EXPECT_EQ(two_products(-32768, 0, -32768, 0, 0, 32, 32), 1 << 30);
  EXPECT_EQ(two_products(-32768, 0, -32768, 0, 16, 16, 16), 1 << 14);
}

TEST(GoldenConvolution, SumsWrapAndAreCounted) {
  golden::SumStatistics statistics;
  EXPECT_EQ(two_products(32767, 1, 1, 1, 0, 16, 16, &statistics), -32768);
  EXPECT_EQ(two_products(-32768, -1, 1, 1, 0, 16, 16, &statistics), 32767);
  EXPECT_EQ(two_products(32767, 0, 1, 1, 0, 16, 16, &statistics), 32767);
  EXPECT_EQ(statistics.psums, 3U);
  EXPECT_EQ(statistics.wrapped, 2U);
  EXPECT_EQ(two_products(32767, 1, 1, 1, 0, 16, 20), 32768);
}

/// The gradient of a convolution's ifmap by its definition: every product of the convolution hands
/// its psum's gradient, times the filter word, to its ifmap word.
Tensor input_gradient(const ConvolutionShape& shape, const Tensor& gradient,
                      const Tensor& filters) {
  const std::size_t images = gradient.extents()[0];
  Tensor sums(ifmap_extents(shape, images));
  for (std::size_t n = 0; n < images; ++n) {
    for (unsigned m = 0; m < shape.filters; ++m) {
      const unsigned group = m / shape.filters_per_group();
      const Word* of_psum = gradient.plane(n, m);
      for (unsigned e = 0; e < shape.out_height(); ++e) {
        for (unsigned f = 0; f < shape.out_width(); ++f, ++of_psum) {
          for (unsigned c = 0; c < shape.channels_per_group(); ++c) {
            for (unsigned r = 0; r < shape.kernel_height; ++r) {
              for (unsigned s = 0; s < shape.kernel_width; ++s) {
                // Rows and columns before the ifmap become very large.
                const unsigned y = e * shape.stride + r * shape.dilation - shape.padding;
                const unsigned x = f * shape.stride + s * shape.dilation - shape.padding;
                if (y >= shape.height || x >= shape.width) continue;
                sums.plane(n, group * shape.channels_per_group() + c)[y * shape.width + x] +=
                    *of_psum * filters.plane(m, c)[r * shape.kernel_width + s];
              }
            }
          }
        }
      }
    }
  }
  return sums;
}

/// Channels and filters of a group exchanged, taps in the opposite order.
Tensor flipped(const ConvolutionShape& shape, const Tensor& filters) {
  Tensor flipped(
      {shape.channels, shape.filters_per_group(), shape.kernel_height, shape.kernel_width});
  const std::size_t taps = std::size_t{shape.kernel_height} * shape.kernel_width;
  for (unsigned m = 0; m < shape.filters; ++m) {
    const unsigned group = m / shape.filters_per_group();
    for (unsigned c = 0; c < shape.channels_per_group(); ++c) {
      std::reverse_copy(
          filters.plane(m, c), filters.plane(m, c) + taps,
          flipped.plane(group * shape.channels_per_group() + c, m % shape.filters_per_group()));
    }
  }
  return flipped;
}

TEST(GoldenConvolution, OfTheZeroInsertedGradientIsTheInputGradient) {
  std::mt19937 random(20171102);
  const auto draw = [&random](unsigned least, unsigned most) {
    return least + static_cast<unsigned>(random() % (most - least + 1));
  };
  for (int i = 0; i < 200; ++i) {
    ConvolutionShape shape;
    shape.groups = draw(1, 2);
    shape.channels = shape.groups * draw(1, 3);
    shape.filters = shape.groups * draw(1, 3);
    shape.kernel_height = shape.kernel_width = draw(1, 4);
    shape.stride = draw(1, 4);
    shape.dilation = draw(1, 2);
    const unsigned reach = (shape.kernel_height - 1) * shape.dilation;
    shape.padding = draw(0, reach);
    shape.padding_end = draw(0, reach);
    shape.height = reach + draw(1, 9);
    shape.width = shape.height + shape.stride * draw(0, 2);
    Tensor gradient(psum_extents(shape, draw(1, 2)));
    Tensor filters(filter_extents(shape));
    const auto word = [&random] { return static_cast<Word>(random() % 201) - 100; };
    std::generate(gradient.data(), gradient.data() + gradient.size(), word);
    std::generate(filters.data(), filters.data() + filters.size(), word);

    ConvolutionShape backward = shape;
    backward.channels = shape.filters;
    backward.filters = shape.channels;
    backward.height = shape.out_height();
    backward.width = shape.out_width();
    backward.stride = 1;
    backward.input_dilation = shape.stride;
    backward.padding = reach - shape.padding;
    // Rows and columns that fill no window have no gradient.
    const unsigned unused = (shape.padded_height() - reach - 1) % shape.stride;
    backward.padding_end = reach - shape.end_padding() + unused;
    EXPECT_EQ(golden::convolution(backward, gradient, flipped(shape, filters), 0, 32, 32),
              input_gradient(shape, gradient, filters))
        << "shape " << i;
  }
}

TEST(GoldenConvolution, EqualsSevenLoopsOnRandomShapes) {
  std::mt19937 random(20170101);
  const auto draw = [&random](unsigned least, unsigned most) {
    return least + static_cast<unsigned>(random() % (most - least + 1));
  };
  const auto word = [&random] { return static_cast<Word>(static_cast<std::int16_t>(random())); };
  for (int i = 0; i < 400; ++i) {
    ConvolutionShape shape;
    shape.groups = draw(1, 3);
    shape.channels = shape.groups * draw(1, 4);
    shape.filters = shape.groups * draw(1, 4);
    shape.kernel_height = draw(1, 4);
    shape.kernel_width = draw(1, 4);
    shape.stride = draw(1, 5);
    shape.padding = draw(0, 3);
    shape.dilation = draw(1, 3);
    if (i % 3 == 0) {
      shape.padding_end = draw(0, 4);
      shape.input_dilation = draw(1, 4);
    }
    shape.height = (shape.kernel_height - 1) * shape.dilation + draw(1, 15);
    shape.width = (shape.kernel_width - 1) * shape.dilation + draw(1, 40);
    Tensor ifmap(ifmap_extents(shape, draw(1, 2)));
    Tensor filters(filter_extents(shape));
    std::generate(ifmap.data(), ifmap.data() + ifmap.size(), word);
    std::generate(filters.data(), filters.data() + filters.size(), word);
    // A sum of 144 products of 24 bits fits 32.
    const unsigned product_shift = draw(0, 20);
    const unsigned product_bits = draw(8, 24);
    const unsigned psum_bits = draw(12, 32);

    golden::SumStatistics statistics;
    std::uint64_t wrapped = 0;
    const Tensor expected =
        seven_loops(shape, ifmap, filters, product_shift, product_bits, psum_bits, wrapped);
    ASSERT_EQ(golden::convolution(shape, ifmap, filters, product_shift, product_bits, psum_bits,
                                  &statistics),
              expected)
        << "shape " << i;
    ASSERT_EQ(statistics.wrapped, wrapped) << "shape " << i;
    ASSERT_EQ(statistics.psums, expected.size()) << "shape " << i;
  }
}

TEST(GoldenConvolution, RefusesTensorsOfAnotherShape) {
  const Tensor ifmap({1, 1, 3, 3});
  const Tensor filter({1, 1, 2, 2});
  const ConvolutionShape shape = one_channel(3, 3, 2, 2);
  EXPECT_THROW((void)golden::convolution(shape, filter, filter, 0, 16, 16), std::invalid_argument);
  EXPECT_THROW((void)golden::convolution(shape, ifmap, ifmap, 0, 16, 16), std::invalid_argument);
  EXPECT_THROW((void)golden::convolution(shape, ifmap, filter, 32, 16, 16), std::invalid_argument);
  EXPECT_THROW((void)golden::convolution(shape, ifmap, filter, 0, 0, 16), std::invalid_argument);
  EXPECT_THROW((void)golden::convolution(shape, ifmap, filter, 0, 16, 33), std::invalid_argument);
}

TEST(GoldenOfmap, RoundsHalvesUpAndClamps) {
  Layer layer;
  layer.relu = false;
  layer.ofmap_shift = 2;
  const Tensor psums = tensor_of({1, 1, 2, 4}, {5, 6, 7, -5, -6, -7, 511, -600});
  EXPECT_EQ(words_of(golden::ofmap(psums, layer, 8)),
            (std::vector<Word>{1, 2, 2, -1, -1, -2, 127, -128}));
}

TEST(GoldenOfmap, WithoutAShiftWordsStayAsTheyAre) {
  Layer layer;
  layer.relu = false;
  const Tensor psums = tensor_of({1, 1, 1, 3}, {-3, 0, 32767});
  EXPECT_EQ(golden::ofmap(psums, layer, 16), psums);
}

TEST(GoldenOfmap, ReluMakesNegativePsumsZero) {
  Layer layer;
  layer.ofmap_shift = 1;
  const Tensor psums = tensor_of({1, 1, 1, 4}, {-32768, -1, 1, 2});
  EXPECT_EQ(words_of(golden::ofmap(psums, layer, 16)), (std::vector<Word>{0, 0, 1, 1}));
}

TEST(GoldenOfmap, EveryFilterMayHaveAShiftOfItsOwn) {
  Layer layer;
  layer.ofmap_shift = 31;  // not used
  layer.filter_shifts = {0, 3};
  const Tensor psums = tensor_of({2, 2, 1, 2}, {20, 21, 20, 21, -1, 3, 3, 4});
  EXPECT_EQ(golden::ofmap(psums, layer, 16), tensor_of({2, 2, 1, 2}, {20, 21, 3, 3, 0, 3, 0, 1}));
  layer.filter_shifts = {0, 3, 3};
  EXPECT_THROW((void)golden::ofmap(psums, layer, 16), std::invalid_argument);
  layer.filter_shifts = {0, 32};
  EXPECT_THROW((void)golden::ofmap(psums, layer, 16), std::invalid_argument);
}

TEST(GoldenOfmap, ShiftsOfFiltersBeginAgainWithEveryImageOfAMatmul) {
  Layer layer;
  layer.filter_shifts = {0, 1};
  EXPECT_EQ(words_of(golden::ofmap(tensor_of({1, 4, 1, 1}, {8, 8, 8, 8}), layer, 16)),
            (std::vector<Word>{8, 4, 8, 4}));
}

TEST(GoldenOfmap, RoundingOfTheLargestPsumDoesNotOverflow) {
  Layer layer;
  layer.ofmap_shift = 31;
  const Tensor psums = tensor_of({1, 1, 1, 1}, {INT32_MAX});
  EXPECT_EQ(words_of(golden::ofmap(psums, layer, 32)), (std::vector<Word>{1}));
}

}  // namespace
}  // namespace rowan::workloads
