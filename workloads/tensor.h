// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "models/arithmetic/pe_type.h"
#include "workloads/layer.h"

namespace rowan::workloads {

/// Four extents, outermost first: [N][C][H][W] for fmaps, [M][C per group][R][S] for filters.
using Extents = std::array<std::size_t, 4>;

/// A dense tensor of words, row-major.
class Tensor {
 public:
  Tensor() = default;
  explicit Tensor(const Extents& extents)
      : extents_(extents), words_(extents[0] * extents[1] * extents[2] * extents[3]) {}

  [[nodiscard]] const Extents& extents() const { return extents_; }
  [[nodiscard]] std::size_t size() const { return words_.size(); }
  [[nodiscard]] arithmetic::Word* data() { return words_.data(); }
  [[nodiscard]] const arithmetic::Word* data() const { return words_.data(); }
  /// First word of plane [a][b].
  [[nodiscard]] arithmetic::Word* plane(std::size_t a, std::size_t b) {
    return data() + (a * extents_[1] + b) * extents_[2] * extents_[3];
  }
  [[nodiscard]] const arithmetic::Word* plane(std::size_t a, std::size_t b) const {
    return data() + (a * extents_[1] + b) * extents_[2] * extents_[3];
  }
  friend bool operator==(const Tensor& a, const Tensor& b) {
    return a.extents_ == b.extents_ && a.words_ == b.words_;
  }

 private:
  Extents extents_{};
  std::vector<arithmetic::Word> words_;
};

/// A layer's operands: `ifmap` [N][C][H][W] of all groups, without padding, `filters` [M][C per
/// group][R][S].
struct LayerTensors {
  Tensor ifmap;
  Tensor filters;
};

[[nodiscard]] inline Extents ifmap_extents(const ConvolutionShape& shape, std::size_t images) {
  return {images, shape.channels, shape.height, shape.width};
}
[[nodiscard]] inline Extents filter_extents(const ConvolutionShape& shape) {
  return {shape.filters, shape.channels_per_group(), shape.kernel_height, shape.kernel_width};
}
/// Of psums and ofmap alike, before pooling.
[[nodiscard]] inline Extents psum_extents(const ConvolutionShape& shape, std::size_t images) {
  return {images, shape.filters, shape.out_height(), shape.out_width()};
}

}  // namespace rowan::workloads
