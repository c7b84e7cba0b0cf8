// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <stdexcept>
#include <utility>
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
  /// The same words under other extents. Throws std::invalid_argument when their number differs.
  [[nodiscard]] Tensor reshaped(const Extents& extents) &&;
  [[nodiscard]] Tensor reshaped(const Extents& extents) const&;
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

inline Tensor Tensor::reshaped(const Extents& extents) && {
  if (extents[0] * extents[1] * extents[2] * extents[3] != size()) {
    throw std::invalid_argument("Tensor: other extents have another number of words");
  }
  extents_ = extents;
  return std::move(*this);
}
inline Tensor Tensor::reshaped(const Extents& extents) const& {
  return Tensor(*this).reshaped(extents);
}

/// A layer's operands: fmaps [N][C][H][W] of all groups, without padding, in the order of
/// Layer::inputs; and parameters as parameter_extents() says, no words where a layer has none.
struct LayerTensors {
  std::vector<Tensor> inputs;
  Tensor parameters;

  [[nodiscard]] const Tensor& ifmap() const { return inputs.front(); }
  [[nodiscard]] Tensor& ifmap() { return inputs.front(); }
  /// Of a convolution or fully connected layer.
  [[nodiscard]] const Tensor& filters() const { return parameters; }
  [[nodiscard]] Tensor& filters() { return parameters; }
};

[[nodiscard]] inline Extents ifmap_extents(const ConvolutionShape& shape, std::size_t images) {
  return {images, shape.channels, shape.height, shape.width};
}
[[nodiscard]] inline Extents filter_extents(const ConvolutionShape& shape) {
  return {shape.filters, shape.channels_per_group(), shape.kernel_height, shape.kernel_width};
}
/// Of psums and ofmap alike.
[[nodiscard]] inline Extents psum_extents(const ConvolutionShape& shape, std::size_t images) {
  return {images, shape.filters, shape.out_height(), shape.out_width()};
}

}  // namespace rowan::workloads
