// SPDX-License-Identifier: Apache-2.0
// The golden convolution in an order of accumulation, against loops over one psum after the other.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "workloads/golden.h"

namespace rowan::workloads {
namespace {

using arithmetic::Overflow;
using arithmetic::Word;

float number_of(Word word) {
  float number;
  std::memcpy(&number, &word, sizeof number);
  return number;
}

Word word_of(float number) {
  Word word;
  std::memcpy(&word, &number, sizeof word);
  return word;
}

/// A convolution's operands, and the order of its additions.
struct Case {
  ConvolutionShape shape;
  Tensor ifmap;
  Tensor filters;
  AccumulationOrder order;

  /// The ifmap word under a tap of psum (e, f), 0 in the padding and between words.
  [[nodiscard]] Word word(std::size_t image, unsigned group, const Tap& tap, unsigned e,
                          unsigned f) const {
    const int step = static_cast<int>(shape.input_dilation);
    const int y = static_cast<int>(e * shape.stride + tap.row * shape.dilation) -
                  static_cast<int>(shape.padding);
    const int x = static_cast<int>(f * shape.stride + tap.column * shape.dilation) -
                  static_cast<int>(shape.padding);
    if (y < 0 || x < 0 || y % step != 0 || x % step != 0) return 0;
    const auto row = static_cast<unsigned>(y / step);
    const auto column = static_cast<unsigned>(x / step);
    if (row >= shape.height || column >= shape.width) return 0;
    return ifmap.plane(
        image, group * shape.channels_per_group() + tap.channel)[row * shape.width + column];
  }

  /// `sum_of(words, weights)` makes a psum of both, [chunks][taps].
  template <class SumOf>
  [[nodiscard]] Tensor psums(SumOf sum_of) const {
    Tensor psums(psum_extents(shape, ifmap.extents()[0]));
    Word* to = psums.data();
    for (std::size_t image = 0; image < ifmap.extents()[0]; ++image) {
      for (unsigned m = 0; m < shape.filters; ++m) {
        for (unsigned e = 0; e < shape.out_height(); ++e) {
          for (unsigned f = 0; f < shape.out_width(); ++f) {
            std::vector<std::vector<Word>> words;
            std::vector<std::vector<Word>> weights;
            for (const auto& chunk : order) {
              words.emplace_back();
              weights.emplace_back();
              for (const Tap& tap : chunk) {
                words.back().push_back(word(image, m / shape.filters_per_group(), tap, e, f));
                weights.back().push_back(
                    filters.plane(m, tap.channel)[tap.row * shape.kernel_width + tap.column]);
              }
            }
            *to++ = sum_of(words, weights);
          }
        }
      }
    }
    return psums;
  }
};

/// Taps in any order, cut into chunks anywhere.
AccumulationOrder random_order(const ConvolutionShape& shape, std::mt19937& random) {
  std::vector<Tap> taps;
  for (unsigned c = 0; c < shape.channels_per_group(); ++c) {
    for (unsigned r = 0; r < shape.kernel_height; ++r) {
      for (unsigned s = 0; s < shape.kernel_width; ++s) taps.push_back({c, r, s});
    }
  }
  for (std::size_t i = taps.size(); i > 1; --i) std::swap(taps[i - 1], taps[random() % i]);
  AccumulationOrder order{{}};
  for (const Tap& tap : taps) {
    if (!order.back().empty() && random() % 4 == 0) order.emplace_back();
    order.back().push_back(tap);
  }
  return order;
}

template <class MakeWord, class MakeWeight>
Case random_case(std::mt19937& random, MakeWord make_word, MakeWeight make_weight) {
  const auto draw = [&random](unsigned least, unsigned most) {
    return least + static_cast<unsigned>(random() % (most - least + 1));
  };
  Case drawn;
  ConvolutionShape& shape = drawn.shape;
  shape.groups = draw(1, 3);
  shape.channels = shape.groups * draw(1, 4);
  shape.filters = shape.groups * draw(1, 70);  // more than are made ready together, at times
  shape.kernel_height = draw(1, 3);
  shape.kernel_width = draw(1, 3);
  shape.stride = draw(1, 3);
  shape.padding = draw(0, 2);
  shape.dilation = draw(1, 2);
  shape.input_dilation = draw(1, 2);
  shape.height = (shape.kernel_height - 1) * shape.dilation + draw(1, 3);
  shape.width = (shape.kernel_width - 1) * shape.dilation + draw(1, 20);
  drawn.ifmap = Tensor(ifmap_extents(shape, draw(1, 2)));
  drawn.filters = Tensor(filter_extents(shape));
  std::generate(drawn.ifmap.data(), drawn.ifmap.data() + drawn.ifmap.size(), make_word);
  std::generate(drawn.filters.data(), drawn.filters.data() + drawn.filters.size(), make_weight);
  drawn.order = random_order(shape, random);
  return drawn;
}

/// Saturates as whole numbers do.
struct SaturatingSum {
  std::int64_t most;
  std::uint64_t clamped = 0;

  std::int64_t operator()(std::int64_t a, std::int64_t b) {
    const std::int64_t sum = a + b;
    if (sum > most || sum < -most - 1) ++clamped;
    return std::clamp(sum, -most - 1, most);
  }
};

TEST(GoldenOrder, SaturatingSumsEqualThoseOfOnePsumAfterTheOther) {
  std::mt19937 random(20221105);
  for (int i = 0; i < 60; ++i) {
    const auto shift = static_cast<unsigned>(random() % 4);
    const auto bits = static_cast<unsigned>(10 + random() % 23);
    const Case drawn = random_case(
        random, [&] { return static_cast<Word>(static_cast<std::int16_t>(random())); },
        [&] { return static_cast<Word>(static_cast<std::int16_t>(random())); });
    SaturatingSum add{(std::int64_t{1} << (bits - 1)) - 1};
    const Tensor expected = drawn.psums([&](const auto& words, const auto& weights) {
      std::int64_t psum = 0;
      for (std::size_t chunk = 0; chunk < words.size(); ++chunk) {
        std::int64_t own = 0;
        for (std::size_t tap = 0; tap < words[chunk].size(); ++tap) {
          own = add(own, (std::int64_t{words[chunk][tap]} * weights[chunk][tap]) >> shift);
        }
        psum = chunk == 0 ? own : add(psum, own);
      }
      return static_cast<Word>(psum);
    });
    golden::SumStatistics statistics;
    ASSERT_EQ(golden::convolution(drawn.shape, drawn.ifmap, drawn.filters, shift,
                                  {&arithmetic::pe_type("int16"), 32, bits, Overflow::kSaturate},
                                  drawn.order, &statistics),
              expected)
        << "case " << i;
    ASSERT_EQ(statistics.saturated_sums, add.clamped) << "case " << i;
    ASSERT_EQ(statistics.psums, expected.size());
  }
}

TEST(GoldenOrder, FloatingPointSumsEqualThoseOfOnePsumAfterTheOther) {
  std::mt19937 random(20221106);
  // Of any magnitude; some that are subnormal, infinite or no numbers, when `i` is odd.
  for (int i = 0; i < 60; ++i) {
    const auto word = [&] {
      const auto bits = static_cast<std::uint32_t>(random());
      if (i % 2 == 1) return static_cast<Word>(bits);
      return static_cast<Word>((bits & 0x807fffffU) | (0x3c000000U + (bits >> 8U & 0x07000000U)));
    };
    const Case drawn = random_case(random, word, word);
    const Tensor expected = drawn.psums([](const auto& words, const auto& weights) {
      float psum = 0;
      for (std::size_t chunk = 0; chunk < words.size(); ++chunk) {
        float own = 0;
        for (std::size_t tap = 0; tap < words[chunk].size(); ++tap) {
          const float product = number_of(words[chunk][tap]) * number_of(weights[chunk][tap]);
          own = own + product;
        }
        psum = chunk == 0 ? own : psum + own;
      }
      return psum == psum ? word_of(psum) : 0x7fc00000;
    });
    ASSERT_EQ(golden::convolution(drawn.shape, drawn.ifmap, drawn.filters, 0,
                                  {&arithmetic::pe_type("fp32"), 32, 32}, drawn.order),
              expected)
        << "case " << i;
  }
}

}  // namespace
}  // namespace rowan::workloads
