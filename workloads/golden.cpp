// SPDX-License-Identifier: Apache-2.0
#include "workloads/golden.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "workloads/array_operands.h"
#include "workloads/golden_words.h"
#include "workloads/network.h"

// One copy of a function for AVX2 and one for any machine, chosen when the program starts. Not
// where the choice would run before the sanitizer does.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define ROWAN_VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define ROWAN_VECTOR_CLONES
#endif

namespace rowan::workloads::golden {
namespace {

using arithmetic::Word;

/// Psums computed side by side: they stay in vector registers over all taps.
constexpr std::size_t kBlock = 32;

/// A product's window as two shifts of a 32-bit word.
struct Window {
  unsigned left;
  unsigned right;
};

Window window_of(unsigned product_shift, unsigned product_bits) {
  const unsigned kept = product_shift + product_bits;
  const unsigned left = kept < 32 ? 32 - kept : 0;
  return {left, left + product_shift};
}

/// Eight words side by side; compilers split it where the machine's vectors are shorter.
using Lanes = std::uint32_t __attribute__((vector_size(32)));
using SignedLanes = std::int32_t __attribute__((vector_size(32)));
constexpr std::size_t kLanes = 8;

/// sums[i] = sum over taps of window(ifmap[offsets[tap] + i] * weights[tap]), modulo 2^32.
ROWAN_VECTOR_CLONES void sum_block(const Word* ifmap, const std::size_t* offsets,
                                   const Word* weights, std::size_t taps, Window window,
                                   std::uint32_t* sums) {
  constexpr std::size_t kVectors = kBlock / kLanes;
  Lanes local[kVectors] = {};
  for (std::size_t tap = 0; tap < taps; ++tap) {
    const Word* words = ifmap + offsets[tap];
    const auto weight = static_cast<std::uint32_t>(weights[tap]);
#pragma GCC unroll 8
    for (std::size_t i = 0; i < kVectors; ++i) {
      Lanes lanes;
      std::memcpy(&lanes, words + i * kLanes, sizeof lanes);
      const Lanes product = (lanes * weight) << window.left;
      local[i] += reinterpret_cast<Lanes>(reinterpret_cast<SignedLanes>(product) >>
                                          static_cast<int>(window.right));
    }
  }
  std::memcpy(sums, local, sizeof local);
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

  /// Offset of each word of a filter, in the order [C][R][S], for the first psum.
  [[nodiscard]] std::vector<std::size_t> tap_offsets() const {
    std::vector<std::size_t> offsets;
    for (std::size_t c = 0; c < shape_.channels_per_group(); ++c) {
      for (std::size_t r = 0; r < shape_.kernel_height; ++r) {
        for (std::size_t s = 0; s < shape_.kernel_width; ++s) {
          offsets.push_back(offset(c, r * shape_.dilation, s * shape_.dilation));
        }
      }
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

Word wrapped_word(std::uint32_t sum, unsigned bits, SumStatistics& statistics) {
  const auto exact = static_cast<Word>(sum);
  const auto word = static_cast<Word>(sum << (32 - bits)) >> (32 - bits);
  ++statistics.psums;
  if (word != 0) ++statistics.nonzero;
  if (word != exact) ++statistics.wrapped;
  return word;
}

}  // namespace

Tensor convolution(const ConvolutionShape& shape, const Tensor& ifmap, const Tensor& filters,
                   unsigned product_shift, unsigned product_bits, unsigned psum_bits,
                   SumStatistics* statistics) {
  const std::size_t images = ifmap.extents()[0];
  require(ifmap.extents() == ifmap_extents(shape, images), "the ifmap does not fit the shape");
  require(filters.extents() == filter_extents(shape), "the filters do not fit the shape");
  require(product_shift < 32, "product_shift is not 0 to 31");
  require(product_bits >= 1 && product_bits <= 32, "product_bits is not 1 to 32");
  require(psum_bits >= 1 && psum_bits <= 32, "psum_bits is not 1 to 32");

  Tensor psums(psum_extents(shape, images));
  PhasedIfmap phased(shape);
  const std::vector<std::size_t> taps = phased.tap_offsets();
  const Window window = window_of(product_shift, product_bits);
  const std::size_t out_width = shape.out_width();
  // Psum (e, f) is number e * columns + f of its plane; numbers with f >= out_width are left out at
  // the end.
  const std::size_t columns = phased.columns();
  const std::size_t numbers = (shape.out_height() - 1) * columns + out_width;
  SumStatistics counted;
  std::uint32_t sums[kBlock];
  for (std::size_t image = 0; image < images; ++image) {
    for (std::size_t group = 0; group < shape.groups; ++group) {
      phased.load(ifmap, image, group);
      for (std::size_t first = 0; first < numbers; first += kBlock) {
        const std::size_t last = std::min(first + kBlock, numbers);
        for (std::size_t m = 0; m < shape.filters_per_group(); ++m) {
          const std::size_t filter = group * shape.filters_per_group() + m;
          sum_block(phased.data() + first, taps.data(), filters.plane(filter, 0), taps.size(),
                    window, sums);
          Word* plane = psums.plane(image, filter);
          for (std::size_t number = first; number < last; ++number) {
            const std::size_t f = number % columns;
            if (f >= out_width) continue;
            plane[number / columns * out_width + f] =
                wrapped_word(sums[number - first], psum_bits, counted);
          }
        }
      }
    }
  }
  if (statistics != nullptr) {
    statistics->psums += counted.psums;
    statistics->nonzero += counted.nonzero;
    statistics->wrapped += counted.wrapped;
  }
  return psums;
}

Tensor ofmap(const Tensor& psums, const Layer& layer, unsigned activation_bits,
             SumStatistics* statistics) {
  require(layer.ofmap_shift < 32, "ofmap_shift is not 0 to 31");
  Clamp clamp(activation_bits, statistics);
  Tensor words(psums.extents());
  std::transform(psums.data(), psums.data() + psums.size(), words.data(), [&](Word psum) {
    const std::int64_t value = layer.relu ? std::max<std::int64_t>(psum, 0) : psum;
    return clamp(round_half_up(value, layer.ofmap_shift));
  });
  return words;
}

namespace {

Tensor array_layer(const Layer& layer, const LayerTensors& operands, const WordWidths& widths,
                   SumStatistics* statistics) {
  const auto psums_of = [&](const ConvolutionShape& shape, const Tensor& ifmap,
                            const Tensor& filters) {
    return convolution(shape, ifmap, filters, layer.product_shift, widths.product_bits,
                       widths.psum_bits, statistics);
  };
  if (layer.kind != LayerKind::kMatmul) {
    const Tensor psums = psums_of(layer.shape, operands.ifmap(), operands.parameters);
    return ofmap(psums, layer, widths.activation_bits, statistics);
  }
  const ArrayOperands array = array_operands(layer, operands);
  const Tensor psums = psums_of(array.shape, array.ifmap, array.filters);
  const auto images = static_cast<unsigned>(operands.ifmap().extents()[0]);
  return from_array(layer, images, ofmap(psums, layer, widths.activation_bits, statistics));
}

}  // namespace

Tensor layer(const Layer& layer, const LayerTensors& operands, const WordWidths& widths,
             SumStatistics* statistics) {
  require(operands.inputs.size() == operand_count(layer.kind),
          "the layer takes another number of operands");
  const Tensor& input = operands.inputs.front();
  const unsigned bits = widths.activation_bits;
  switch (layer.kind) {
    case LayerKind::kConvolution:
    case LayerKind::kFullyConnected:
    case LayerKind::kMatmul:
      return array_layer(layer, operands, widths, statistics);
    case LayerKind::kPooling:
      return pool(input, layer.pooling);
    case LayerKind::kRelu:
      return relu(input);
    case LayerKind::kAdd:
      return add(input, operands.inputs[1], layer, bits, statistics);
    case LayerKind::kSoftmax:
      return softmax(input, layer.unit, bits, statistics);
    case LayerKind::kLayerNorm:
      return layer_norm(input, operands.parameters, layer.unit, bits, statistics);
    case LayerKind::kGelu:
      return gelu(input, layer.unit, bits, statistics);
    case LayerKind::kTokens:
      return tokens(input, operands.parameters, bits, statistics);
    case LayerKind::kSelect:
      return select(input, layer.unit.column);
  }
  throw std::invalid_argument("golden operation: unknown kind of layer");
}

}  // namespace rowan::workloads::golden
