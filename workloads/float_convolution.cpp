// SPDX-License-Identifier: Apache-2.0
#include "workloads/float_convolution.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

// One copy of a function for AVX2 and one for any machine, chosen when the program starts. Neither
// fuses a multiplication with an addition, so both give the same numbers.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define ROWAN_VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define ROWAN_VECTOR_CLONES
#endif

namespace rowan::workloads {
namespace {

/// Sums computed side by side: they stay in vector registers over all taps.
constexpr std::size_t kBlock = 32;
/// Planes of fewer sums than this are computed a sum at a time.
constexpr std::size_t kFewSums = 6;

/// Four numbers side by side; compilers split it where the machine's vectors are shorter.
using Lanes = double __attribute__((vector_size(32)));
constexpr std::size_t kLanes = 4;
constexpr std::size_t kVectors = kBlock / kLanes;

void require(bool holds, const char* what) {
  if (!holds) throw std::invalid_argument(std::string("float operation: ") + what);
}

/// sums[i] = sum over taps, in order, of numbers[offsets[tap] + i] * weights[tap].
ROWAN_VECTOR_CLONES void sum_block(const double* numbers, const std::size_t* offsets,
                                   const double* weights, std::size_t taps, double* sums) {
  Lanes local[kVectors] = {};
  for (std::size_t tap = 0; tap < taps; ++tap) {
    const double* from = numbers + offsets[tap];
    const double weight = weights[tap];
#pragma GCC unroll 8
    for (std::size_t i = 0; i < kVectors; ++i) {
      Lanes lanes;
      std::memcpy(&lanes, from + i * kLanes, sizeof lanes);
      local[i] += lanes * weight;
    }
  }
  std::memcpy(sums, local, sizeof local);
}

/// The sum of numbers[i] * weights[i]: kBlock sums of every kBlock-th product, then their sum.
ROWAN_VECTOR_CLONES double dot(const double* numbers, const float* weights, std::size_t count) {
  double lanes[kBlock] = {};
  const std::size_t whole = count / kBlock * kBlock;
  for (std::size_t i = 0; i < whole; i += kBlock) {
    for (std::size_t lane = 0; lane < kBlock; ++lane) {
      lanes[lane] += numbers[i + lane] * static_cast<double>(weights[i + lane]);
    }
  }
  for (std::size_t i = whole; i < count; ++i) {
    lanes[i - whole] += numbers[i] * static_cast<double>(weights[i]);
  }
  double sum = 0;
  for (const double lane : lanes) sum += lane;
  return sum;
}

/// The ifmap of one image and group, zeros inserted and padded, with rows and columns dealt to U x
/// U phases, [C][U][U][rows][columns]: sums of neighbouring columns then need neighbouring numbers.
class PaddedIfmap {
 public:
  explicit PaddedIfmap(const ConvolutionShape& shape)
      : shape_(shape),
        rows_((shape.padded_height() + shape.stride - 1) / shape.stride),
        columns_((shape.padded_width() + shape.stride - 1) / shape.stride),
        // A block may read past the last plane.
        numbers_(std::size_t{shape.channels_per_group()} * shape.stride * shape.stride * rows_ *
                     columns_ +
                 kBlock) {}

  void load(const RealTensor& ifmap, std::size_t image, std::size_t group) {
    const ConvolutionShape& s = shape_;
    for (std::size_t c = 0; c < s.channels_per_group(); ++c) {
      const double* from = ifmap.plane(image, group * s.channels_per_group() + c);
      for (std::size_t y = 0; y < s.height; ++y) {
        for (std::size_t x = 0; x < s.width; ++x) {
          numbers_[place(c, s.padding + y * s.input_dilation, s.padding + x * s.input_dilation)] =
              *from++;
        }
      }
    }
  }

  [[nodiscard]] std::size_t place(std::size_t c, std::size_t row, std::size_t column) const {
    const std::size_t u = shape_.stride;
    return (((c * u + row % u) * u + column % u) * rows_ + row / u) * columns_ + column / u;
  }

  /// Where the taps [C][R][S] of the first sum lie.
  [[nodiscard]] std::vector<std::size_t> tap_places() const {
    std::vector<std::size_t> places;
    for (std::size_t c = 0; c < shape_.channels_per_group(); ++c) {
      for (std::size_t r = 0; r < shape_.kernel_height; ++r) {
        for (std::size_t s = 0; s < shape_.kernel_width; ++s) {
          places.push_back(place(c, r * shape_.dilation, s * shape_.dilation));
        }
      }
    }
    return places;
  }

  [[nodiscard]] const double* data() const { return numbers_.data(); }
  [[nodiscard]] std::size_t columns() const { return columns_; }

 private:
  ConvolutionShape shape_;
  std::size_t rows_;
  std::size_t columns_;
  std::vector<double> numbers_;
};

/// The sums of one image and group.
class GroupSums {
 public:
  GroupSums(const ConvolutionShape& shape, const FloatTensor& filters, RealTensor& sums)
      : shape_(shape), filters_(filters), sums_(sums), padded_(shape), taps_(padded_.tap_places()) {
    if (one_at_a_time()) return;
    weights_.assign(filters.data(), filters.data() + filters.size());
  }

  void compute(const RealTensor& ifmap, std::size_t image, std::size_t group) {
    padded_.load(ifmap, image, group);
    if (one_at_a_time()) {
      compute_one_at_a_time(image, group);
    } else {
      compute_blocks(image, group);
    }
  }

 private:
  [[nodiscard]] bool one_at_a_time() const {
    return std::size_t{shape_.out_height()} * shape_.out_width() < kFewSums;
  }

  void compute_one_at_a_time(std::size_t image, std::size_t group) {
    std::vector<double> window(taps_.size());
    for (std::size_t e = 0; e < shape_.out_height(); ++e) {
      for (std::size_t f = 0; f < shape_.out_width(); ++f) {
        const double* from = padded_.data() + e * padded_.columns() + f;
        for (std::size_t tap = 0; tap < taps_.size(); ++tap) window[tap] = from[taps_[tap]];
        for (std::size_t m = 0; m < shape_.filters_per_group(); ++m) {
          const std::size_t filter = group * shape_.filters_per_group() + m;
          sums_.plane(image, filter)[e * shape_.out_width() + f] =
              dot(window.data(), filters_.plane(filter, 0), window.size());
        }
      }
    }
  }

  /// Sum (e, f) is number e * columns + f of its plane; numbers with f >= out_width are left out.
  void compute_blocks(std::size_t image, std::size_t group) {
    const std::size_t out_width = shape_.out_width();
    const std::size_t columns = padded_.columns();
    const std::size_t numbers = (shape_.out_height() - 1) * columns + out_width;
    double block[kBlock];
    for (std::size_t first = 0; first < numbers; first += kBlock) {
      const std::size_t last = std::min(first + kBlock, numbers);
      for (std::size_t m = 0; m < shape_.filters_per_group(); ++m) {
        const std::size_t filter = group * shape_.filters_per_group() + m;
        sum_block(padded_.data() + first, taps_.data(), &weights_[filter * taps_.size()],
                  taps_.size(), block);
        double* plane = sums_.plane(image, filter);
        for (std::size_t number = first; number < last; ++number) {
          const std::size_t f = number % columns;
          if (f < out_width) plane[number / columns * out_width + f] = block[number - first];
        }
      }
    }
  }

  const ConvolutionShape& shape_;
  const FloatTensor& filters_;
  RealTensor& sums_;
  PaddedIfmap padded_;
  std::vector<std::size_t> taps_;
  std::vector<double> weights_;
};

}  // namespace

RealTensor float_convolution(const ConvolutionShape& shape, const RealTensor& ifmap,
                             const FloatTensor& filters) {
  const std::size_t images = ifmap.extents()[0];
  require(ifmap.extents() == ifmap_extents(shape, images), "the ifmap does not fit the shape");
  require(filters.extents() == filter_extents(shape), "the filters do not fit the shape");
  RealTensor sums(psum_extents(shape, images));
  GroupSums group_sums(shape, filters, sums);
  for (std::size_t image = 0; image < images; ++image) {
    for (std::size_t group = 0; group < shape.groups; ++group) {
      group_sums.compute(ifmap, image, group);
    }
  }
  return sums;
}

RealTensor float_matmul(const Matmul& matmul, const RealTensor& a, const RealTensor& b) {
  const auto [images, a_channels, a_height, a_width] = a.extents();
  const auto [b_images, b_channels, b_height, b_width] = b.extents();
  const std::size_t heads = matmul.heads;
  require(images == b_images && a_height == 1 && b_height == 1, "operands do not fit a matmul");
  require(
      a_channels == (matmul.transpose ? b_channels : heads * b_width) && b_channels % heads == 0,
      "channels of a matmul do not fit");
  const std::size_t channels = b_channels / heads;  // of a head
  const std::size_t outputs = matmul.transpose ? b_width : channels;
  const std::size_t taps = matmul.transpose ? channels : b_width;
  RealTensor sums({images, heads * outputs, 1, a_width});
  // Rows of the head's part of A; a block may read past the last one.
  std::vector<double> rows(taps * a_width + kBlock);
  std::vector<std::size_t> places(taps);
  for (std::size_t tap = 0; tap < taps; ++tap) places[tap] = tap * a_width;
  std::vector<double> weights(taps);
  double block[kBlock];
  for (std::size_t part = 0; part < images * heads; ++part) {
    const std::size_t image = part / heads;
    const std::size_t head = part % heads;
    std::copy_n(a.plane(image, head * taps), taps * a_width, rows.begin());
    for (std::size_t output = 0; output < outputs; ++output) {
      for (std::size_t tap = 0; tap < taps; ++tap) {
        weights[tap] = matmul.transpose ? b.plane(image, head * channels + tap)[output]
                                        : b.plane(image, head * channels + output)[tap];
      }
      double* to = sums.plane(image, head * outputs + output);
      for (std::size_t first = 0; first < a_width; first += kBlock) {
        sum_block(rows.data() + first, places.data(), weights.data(), taps, block);
        std::copy_n(block, std::min(kBlock, a_width - first), to + first);
      }
    }
  }
  return sums;
}

}  // namespace rowan::workloads
