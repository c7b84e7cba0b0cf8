// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "workloads/golden.h"
#include "workloads/golden_sums.h"
#include "workloads/golden_words.h"

namespace rowan::workloads::golden {
namespace {

using arithmetic::Numbers;
using arithmetic::Overflow;
using arithmetic::PeType;
using arithmetic::Word;

/// Filters whose weights are made ready together.
constexpr std::size_t kFilterBatch = 64;

Window window_of(unsigned product_shift, unsigned product_bits) {
  const unsigned kept = product_shift + product_bits;
  const unsigned left = kept < 32 ? 32 - kept : 0;
  return {left, left + product_shift};
}

/// The ifmap of one image and group, zeros inserted and padded, with rows and columns dealt to U x
/// U phases: [C][U][U][H'][W']. The psums of a whole plane then need consecutive words for every
/// tap, whatever the stride.
class PhasedIfmap {
 public:
  explicit PhasedIfmap(const ConvolutionShape& shape)
      : shape_(shape),
        rows_(ceil_div(shape.padded_height(), shape.stride)),
        columns_(ceil_div(shape.padded_width(), shape.stride)),
        // A block may read past the last plane.
        words_(shape.channels_per_group() * std::size_t{shape.stride} * shape.stride * rows_ *
                   columns_ +
               kBlock) {}

  void load(const Tensor& ifmap, std::size_t image, std::size_t group) {
    const ConvolutionShape& s = shape_;
    for (std::size_t c = 0; c < s.channels_per_group(); ++c) {
      const Word* from = ifmap.plane(image, group * s.channels_per_group() + c);
      for (std::size_t y = 0; y < s.height; ++y) {
        for (std::size_t x = 0; x < s.width; ++x) {
          words_[offset(c, s.padding + y * s.input_dilation, s.padding + x * s.input_dilation)] =
              *from++;
        }
      }
    }
  }

  [[nodiscard]] std::size_t offset(std::size_t c, std::size_t row, std::size_t column) const {
    const std::size_t u = shape_.stride;
    return (((c * u + row % u) * u + column % u) * rows_ + row / u) * columns_ + column / u;
  }

  /// Offsets of taps' words, for the first psum.
  [[nodiscard]] std::vector<std::size_t> offsets(const std::vector<Tap>& taps) const {
    std::vector<std::size_t> offsets;
    offsets.reserve(taps.size());
    for (const Tap& tap : taps) {
      offsets.push_back(
          offset(tap.channel, tap.row * shape_.dilation, tap.column * shape_.dilation));
    }
    return offsets;
  }

  [[nodiscard]] const Word* data() const { return words_.data(); }
  [[nodiscard]] std::size_t columns() const { return columns_; }

 private:
  static std::size_t ceil_div(std::size_t a, std::size_t b) { return (a + b - 1) / b; }

  ConvolutionShape shape_;
  std::size_t rows_;
  std::size_t columns_;
  std::vector<Word> words_;
};

/// The taps of a psum, one after the other, and where chunks end.
struct TapList {
  std::vector<Tap> taps;
  std::vector<std::size_t> ends;
};

/// Index of a tap's weight in its filter.
std::size_t weight_index(const ConvolutionShape& shape, const Tap& tap) {
  return (std::size_t{tap.channel} * shape.kernel_height + tap.row) * shape.kernel_width +
         tap.column;
}

TapList in_order(const ConvolutionShape& shape, const AccumulationOrder& order) {
  TapList list;
  std::vector<bool> seen(std::size_t{shape.channels_per_group()} * shape.kernel_height *
                         shape.kernel_width);
  for (const std::vector<Tap>& chunk : order) {
    for (const Tap& tap : chunk) {
      require(tap.channel < shape.channels_per_group() && tap.row < shape.kernel_height &&
                  tap.column < shape.kernel_width,
              "the order of accumulation has a tap that the filters lack");
      const std::size_t index = weight_index(shape, tap);
      require(!seen[index], "the order of accumulation has a tap twice");
      seen[index] = true;
      list.taps.push_back(tap);
    }
    list.ends.push_back(list.taps.size());
  }
  require(list.taps.size() == seen.size(), "the order of accumulation lacks a tap");
  return list;
}

/// Weights as they are multiplied: of a type with weights of its own the whole numbers that its
/// words stand for, in units of 2^-weight_fraction_bits.
class Weights {
 public:
  explicit Weights(const PeType& type) {
    if (type.numbers == Numbers::kFloat || type.weight_fraction_bits == 0) return;
    require(type.weight_bits <= 16, "weights wider than 16 bits that are not two's complement");
    const Word end = Word{1} << (type.weight_bits - 1);
    for (Word word = -end; word < end; ++word) {
      const double units =
          std::ldexp(type.weight_value(word), static_cast<int>(type.weight_fraction_bits));
      numbers_.push_back(static_cast<Word>(std::llround(units)));
    }
  }

  /// Whether words are multiplied as they are.
  [[nodiscard]] bool as_they_are() const { return numbers_.empty(); }
  [[nodiscard]] Word operator()(Word word) const {
    if (as_they_are()) return word;
    const auto index = static_cast<std::size_t>(word + static_cast<Word>(numbers_.size() / 2));
    require(index < numbers_.size(), "a weight is no word of the type");
    return numbers_[index];
  }

 private:
  std::vector<Word> numbers_;  ///< from the lowest word on
};

/// Makes psum words a block at a time, and counts those that are taken.
class Summation {
 public:
  Summation(const Arithmetic& arithmetic, unsigned product_shift)
      : floating_(arithmetic.type->numbers == Numbers::kFloat),
        saturates_(arithmetic.overflow == Overflow::kSaturate),
        psum_bits_(arithmetic.psum_bits),
        window_(window_of(product_shift, arithmetic.product_bits)) {}

  void make_block(const Products& products) {
    if (floating_) {
      fp32_sums(products, words_);
      for (Word& word : words_) word = fp32_word(fp32_value(word));
    } else if (saturates_) {
      saturating_sums(products, window_, psum_bits_, words_, lost_);
    } else {
      wrapping_sums(products, window_, words_);
      const unsigned unused = 32 - psum_bits_;
      for (std::size_t i = 0; i < kBlock; ++i) {
        const Word sum = words_[i];
        words_[i] = static_cast<Word>(static_cast<std::uint32_t>(sum) << unused) >> unused;
        lost_[i] = words_[i] != sum ? 1 : 0;
      }
    }
  }

  /// Words `begin` to before `end` of the block.
  void take(std::size_t begin, std::size_t end, Word* to) {
    std::uint64_t nonzero = 0;
    std::int64_t lost = 0;
    for (std::size_t i = begin; i < end; ++i) {
      *to++ = words_[i];
      nonzero += words_[i] != 0 ? 1 : 0;  // no floating-point sum from 0 is -0
      lost += lost_[i];
    }
    psums_ += end - begin;
    nonzero_ += nonzero;
    lost_of_all_ += static_cast<std::uint64_t>(lost);
  }

  void add_to(SumStatistics& statistics) const {
    statistics.psums += psums_;
    statistics.nonzero += nonzero_;
    (saturates_ ? statistics.saturated_sums : statistics.wrapped) += lost_of_all_;
  }

 private:
  bool floating_;
  bool saturates_;
  unsigned psum_bits_;
  Window window_;
  Sums words_{};
  /// Of each word: 1 if it wrapped, or how many sums saturated.
  std::array<std::int64_t, kBlock> lost_{};
  std::uint64_t psums_ = 0;
  std::uint64_t nonzero_ = 0;
  std::uint64_t lost_of_all_ = 0;
};

/// A convolution under way.
class Convolution {
 public:
  Convolution(const ConvolutionShape& shape, const Tensor& filters, const PeType& type,
              const TapList& list, Summation& summation)
      : shape_(shape),
        filters_(filters),
        weights_(type),
        list_(list),
        phased_(shape),
        offsets_(phased_.offsets(list.taps)),
        summation_(summation) {
    for (const Tap& tap : list.taps) indices_.push_back(weight_index(shape, tap));
    in_place_ = weights_.as_they_are() && std::is_sorted(indices_.begin(), indices_.end());
  }

  void image(const Tensor& ifmap, std::size_t image, Tensor& psums) {
    for (std::size_t group = 0; group < shape_.groups; ++group) {
      phased_.load(ifmap, image, group);
      const std::size_t begin = group * shape_.filters_per_group();
      const std::size_t end = begin + shape_.filters_per_group();
      for (std::size_t first = begin; first < end; first += kFilterBatch) {
        filters(image, first, std::min(first + kFilterBatch, end), psums);
      }
    }
  }

 private:
  /// Weights of filters `begin` to before `end`, each in the order of its taps.
  const Word* ready(std::size_t begin, std::size_t end) {
    if (in_place_) return filters_.plane(begin, 0);
    buffer_.clear();
    for (std::size_t filter = begin; filter < end; ++filter) {
      const Word* words = filters_.plane(filter, 0);
      for (const std::size_t index : indices_) buffer_.push_back(weights_(words[index]));
    }
    return buffer_.data();
  }

  void filters(std::size_t image, std::size_t begin, std::size_t end, Tensor& psums) {
    const Word* weights = ready(begin, end);
    const std::size_t out_width = shape_.out_width();
    // Psum (e, f) is number e * columns + f of its plane; numbers with f >= out_width are left out.
    const std::size_t columns = phased_.columns();
    const std::size_t numbers = (shape_.out_height() - 1) * columns + out_width;
    for (std::size_t first = 0; first < numbers; first += kBlock) {
      const std::size_t last = std::min(first + kBlock, numbers);
      for (std::size_t filter = begin; filter < end; ++filter) {
        summation_.make_block({phased_.data() + first, offsets_,
                               weights + (filter - begin) * indices_.size(), list_.ends});
        take_block(first, last, psums.plane(image, filter));
      }
    }
  }

  /// Words of the block that has numbers `first` to before `last` of a plane.
  void take_block(std::size_t first, std::size_t last, Word* plane) {
    const std::size_t columns = phased_.columns();
    const std::size_t out_width = shape_.out_width();
    std::size_t row = first / columns;
    for (std::size_t begin = first; begin < last; ++row) {
      const std::size_t end = std::min(last, row * columns + out_width);
      if (begin < end) {
        const std::size_t column = begin - row * columns;
        summation_.take(begin - first, end - first, plane + row * out_width + column);
      }
      begin = (row + 1) * columns;
    }
  }

  const ConvolutionShape& shape_;
  const Tensor& filters_;
  Weights weights_;
  const TapList& list_;
  PhasedIfmap phased_;
  std::vector<std::size_t> offsets_;
  std::vector<std::size_t> indices_;  ///< [taps] of weights in their filter
  Summation& summation_;
  bool in_place_ = false;  ///< filters need no copy
  std::vector<Word> buffer_;
};

}  // namespace

bool is_ordered(const Arithmetic& arithmetic) {
  return arithmetic.type->numbers == Numbers::kFloat || arithmetic.overflow == Overflow::kSaturate;
}

Tensor convolution(const ConvolutionShape& shape, const Tensor& ifmap, const Tensor& filters,
                   unsigned product_shift, const Arithmetic& arithmetic,
                   const AccumulationOrder& order, SumStatistics* statistics) {
  const std::size_t images = ifmap.extents()[0];
  require(ifmap.extents() == ifmap_extents(shape, images), "the ifmap does not fit the shape");
  require(filters.extents() == filter_extents(shape), "the filters do not fit the shape");
  require(product_shift < 32, "product_shift is not 0 to 31");
  require(arithmetic.product_bits >= 1 && arithmetic.product_bits <= 32,
          "product_bits is not 1 to 32");
  require(arithmetic.psum_bits >= 1 && arithmetic.psum_bits <= 32, "psum_bits is not 1 to 32");

  const TapList list = in_order(shape, is_ordered(arithmetic) ? order : natural_order(shape));
  Summation summation(arithmetic, product_shift);
  Convolution convolution(shape, filters, *arithmetic.type, list, summation);
  Tensor psums(psum_extents(shape, images));
  for (std::size_t image = 0; image < images; ++image) convolution.image(ifmap, image, psums);
  if (statistics != nullptr) summation.add_to(*statistics);
  return psums;
}

Tensor convolution(const ConvolutionShape& shape, const Tensor& ifmap, const Tensor& filters,
                   unsigned product_shift, unsigned product_bits, unsigned psum_bits,
                   SumStatistics* statistics) {
  Arithmetic arithmetic;
  arithmetic.product_bits = product_bits;
  arithmetic.psum_bits = psum_bits;
  return convolution(shape, ifmap, filters, product_shift, arithmetic, {}, statistics);
}

}  // namespace rowan::workloads::golden
