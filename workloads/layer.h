// SPDX-License-Identifier: Apache-2.0
#pragma once

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

enum class PoolingKind { kMax, kAverage };

struct Pooling {
  PoolingKind kind = PoolingKind::kMax;
  unsigned size = 2;
  unsigned stride = 2;
};

/// Rows (or columns) after pooling; what fills no window is dropped. `extent` is at least the
/// window's size.
template <class Extent>
[[nodiscard]] constexpr Extent pooled_extent(const Pooling& pooling, Extent extent) {
  return (extent - pooling.size) / pooling.stride + 1;
}

/// How seeded tensors are drawn: magnitudes uniform from 1 to the maximum, then zeros at random.
struct SeededTensors {
  double ifmap_zeros_percent = 0.0;
  /// Ifmap words are 0 to this (after ReLU), or +- this for a network's input.
  unsigned ifmap_max = 2047;
  unsigned filter_max = 511;  ///< filter words are -this to this
};

struct Layer {
  std::string name;
  ConvolutionShape shape;
  unsigned product_shift = 0;  ///< lowest bit of a product that is kept
  unsigned ofmap_shift = 0;    ///< psums are divided by 2^this, rounded to nearest, halves up, then
                               ///< clamped to an activation word
  bool relu = true;            ///< negative psums become 0 where they leave for DRAM
  /// Its ifmap is the network's input: signed, and not run-length coded.
  bool network_input = false;
  std::optional<Pooling> pooling;  ///< between this layer and the next, done by the host
  SeededTensors seeded;
};

/// A network: its layers in order, each on the output of the one before.
struct Network {
  std::string name;
  std::string description;
  unsigned default_batch = 1;
  std::vector<Layer> layers;
};

}  // namespace rowan::workloads
