// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rowan::workloads {

/// A convolution. Letters of the papers in brackets.
struct ConvolutionShape {
  unsigned groups = 1;    ///< [G]
  unsigned filters = 1;   ///< of all groups [G * M]
  unsigned channels = 1;  ///< of all groups [G * C]
  unsigned height = 1;    ///< of the ifmap, without padding and inserted zeros
  unsigned width = 1;
  unsigned kernel_height = 1;  ///< [R]
  unsigned kernel_width = 1;   ///< [S]
  unsigned stride = 1;         ///< [U]
  unsigned padding = 0;        ///< zeros above and to the left
  unsigned dilation = 1;       ///< [D]
  /// [Z] rows, and columns, from one ifmap word to the next: Z - 1 zeros stand between neighbours.
  /// With Z the stride of another convolution, this one is its input gradient, or undoes it.
  unsigned input_dilation = 1;
  /// Zeros below and to the right, where they are not as many as `padding`.
  std::optional<unsigned> padding_end = std::nullopt;

  [[nodiscard]] unsigned end_padding() const { return padding_end.value_or(padding); }
  [[nodiscard]] unsigned padded_height() const { return padded(height); }  ///< [H]
  [[nodiscard]] unsigned padded_width() const { return padded(width); }    ///< [W]
  [[nodiscard]] unsigned out_height() const {                              ///< [E]
    return (padded_height() - ((kernel_height - 1) * dilation + 1)) / stride + 1;
  }
  [[nodiscard]] unsigned out_width() const {  ///< [F]
    return (padded_width() - ((kernel_width - 1) * dilation + 1)) / stride + 1;
  }
  [[nodiscard]] unsigned filters_per_group() const { return filters / groups; }    ///< [M]
  [[nodiscard]] unsigned channels_per_group() const { return channels / groups; }  ///< [C]
  [[nodiscard]] std::uint64_t macs_per_image() const {
    return std::uint64_t{filters} * channels_per_group() * kernel_height * kernel_width *
           out_height() * out_width();
  }

 private:
  [[nodiscard]] unsigned padded(unsigned extent) const {
    return (extent - 1) * input_dilation + 1 + padding + end_padding();
  }
};

/// Extents of one image of a feature map. A sequence is [features][1][tokens].
struct FmapShape {
  unsigned channels = 1;
  unsigned height = 1;
  unsigned width = 1;

  [[nodiscard]] std::uint64_t words() const { return std::uint64_t{channels} * height * width; }
  friend bool operator==(const FmapShape& a, const FmapShape& b) {
    return a.channels == b.channels && a.height == b.height && a.width == b.width;
  }
  friend bool operator!=(const FmapShape& a, const FmapShape& b) { return !(a == b); }
};

/// What a layer computes. The array carries out the first three; docs/machine.md, section 10, has
/// the arithmetic of the others.
enum class LayerKind {
  kConvolution,
  kFullyConnected,  ///< a convolution whose kernel is its whole ifmap
  kMatmul,          ///< of two fmaps
  kPooling,
  kRelu,
  kAdd,
  kSoftmax,
  kLayerNorm,
  kGelu,
  kTokens,  ///< [C][H][W] to [C][1][1 + H W]: class token and position embedding
  kSelect,  ///< one column: [C][H][W] to [C][1][1]
};

/// Whether the PE array carries the layer out; else the post-processing unit does.
[[nodiscard]] constexpr bool on_array(LayerKind kind) {
  return kind == LayerKind::kConvolution || kind == LayerKind::kFullyConnected ||
         kind == LayerKind::kMatmul;
}

enum class PoolingKind { kMax, kAverage };

struct Pooling {
  PoolingKind kind = PoolingKind::kMax;
  unsigned size = 2;     ///< rows and columns of a window
  unsigned stride = 2;   ///< rows and columns between windows
  unsigned padding = 0;  ///< on all four sides, less than size
  bool global = false;   ///< one window, the whole plane; size, stride and padding are unused
};

/// The windows of a pooling layer on an fmap.
struct PoolingWindows {
  unsigned height = 1;  ///< rows of a window
  unsigned width = 1;
  unsigned stride = 1;
  unsigned padding = 0;
  unsigned rows = 1;  ///< rows of windows; what fills no window is dropped
  unsigned columns = 1;
};

/// `input` with its padding is at least as large as a window.
[[nodiscard]] constexpr PoolingWindows pooling_windows(const Pooling& pooling,
                                                       const FmapShape& input) {
  if (pooling.global) return {input.height, input.width, 1, 0, 1, 1};
  const auto count = [&](unsigned extent) {
    return (extent + 2 * pooling.padding - pooling.size) / pooling.stride + 1;
  };
  return {pooling.size,    pooling.size,        pooling.stride,
          pooling.padding, count(input.height), count(input.width)};
}

/// What the unit's layers need beside operands and shifts; each kind has its own.
struct UnitAttributes {
  unsigned fraction_bits = 8;        ///< GELU, softmax: of an ifmap word
  unsigned ofmap_fraction_bits = 8;  ///< softmax, layer norm: of an ofmap word
  unsigned gain_fraction_bits = 8;   ///< layer norm: of a gain
  unsigned groups = 1;               ///< softmax: parts of the channels, each with a sum of its own
  unsigned column = 0;               ///< select
};

/// How a matmul takes its operands A [C][1][W] and B [C'][1][W'], whose channels are cut into
/// `heads` heads.
struct Matmul {
  unsigned heads = 1;
  /// With d channels of a head: true makes out[h W' + j][i] the sum over c of A[h d + c][i] *
  /// B[h d + c][j] (scores); false out[h d + m][i] the sum over j of A[h W' + j][i] * B[h d + m][j]
  /// (context).
  bool transpose = false;
};

/// How seeded tensors are drawn: magnitudes uniform from 1 to the maximum, then zeros at random.
struct SeededTensors {
  double ifmap_zeros_percent = 0.0;
  /// Words of activation operands are 0 to this, or +- this where they can be negative.
  unsigned ifmap_max = 2047;
  unsigned filter_max = 511;  ///< filter words are -this to this
};

/// An activation operand of a layer, as the network settles it.
struct Operand {
  std::size_t tensor = 0;  ///< in Network::tensors
  FmapShape shape;
  bool may_be_negative = false;
};

/// A layer: what its file says, then what its network settles.
struct Layer {
  std::string name;
  LayerKind kind = LayerKind::kConvolution;
  /// Layers it reads, or kNetworkInput. Empty in a file: the layer before, or the network's input.
  std::vector<std::string> inputs;

  /// On the array: of one image, a matmul as a convolution of `heads` groups whose filters are its
  /// second operand. Channels, height and width are the network's to settle, so are the kernel of a
  /// fully connected layer and all of a matmul's.
  ConvolutionShape shape;
  unsigned product_shift = 0;  ///< lowest bit of a product that is kept
  unsigned ofmap_shift = 0;    ///< psums are divided by 2^this, rounded to nearest, halves up, then
                               ///< clamped to an activation word; so are sums of an addition
  /// On the array: [filters] in place of ofmap_shift; empty: the same for all.
  std::vector<unsigned> filter_shifts;
  /// Negative psums become 0 where they leave for DRAM, and so do sums of an addition.
  bool relu = true;
  Matmul matmul;
  Pooling pooling;
  UnitAttributes unit;
  SeededTensors seeded;

  std::vector<Operand> operands;  ///< one for each of `inputs`
  FmapShape output;
  /// Its first operand is the network's input: signed, and not run-length coded.
  bool network_input = false;
};

[[nodiscard]] inline bool on_array(const Layer& layer) { return on_array(layer.kind); }

/// 0 for a layer of the post-processing unit.
[[nodiscard]] inline std::uint64_t macs_per_image(const Layer& layer) {
  return on_array(layer) ? layer.shape.macs_per_image() : 0;
}

}  // namespace rowan::workloads
