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

/// A dense tensor, row-major.
template <class Element>
class DenseTensor {
 public:
  DenseTensor() = default;
  explicit DenseTensor(const Extents& extents)
      : extents_(extents), words_(extents[0] * extents[1] * extents[2] * extents[3]) {}

  [[nodiscard]] const Extents& extents() const { return extents_; }
  /// The same words under other extents. Throws std::invalid_argument when their number differs.
  [[nodiscard]] DenseTensor reshaped(const Extents& extents) &&;
  [[nodiscard]] DenseTensor reshaped(const Extents& extents) const&;
  [[nodiscard]] std::size_t size() const { return words_.size(); }
  [[nodiscard]] Element* data() { return words_.data(); }
  [[nodiscard]] const Element* data() const { return words_.data(); }
  /// First word of plane [a][b].
  [[nodiscard]] Element* plane(std::size_t a, std::size_t b) {
    return data() + (a * extents_[1] + b) * extents_[2] * extents_[3];
  }
  [[nodiscard]] const Element* plane(std::size_t a, std::size_t b) const {
    return data() + (a * extents_[1] + b) * extents_[2] * extents_[3];
  }
  friend bool operator==(const DenseTensor& a, const DenseTensor& b) {
    return a.extents_ == b.extents_ && a.words_ == b.words_;
  }

 private:
  Extents extents_{};
  std::vector<Element> words_;
};

template <class Element>
DenseTensor<Element> DenseTensor<Element>::reshaped(const Extents& extents) && {
  if (extents[0] * extents[1] * extents[2] * extents[3] != size()) {
    throw std::invalid_argument("DenseTensor: other extents have another number of words");
  }
  extents_ = extents;
  return std::move(*this);
}
template <class Element>
DenseTensor<Element> DenseTensor<Element>::reshaped(const Extents& extents) const& {
  return DenseTensor(*this).reshaped(extents);
}

/// Of words.
using Tensor = DenseTensor<arithmetic::Word>;
/// Of numbers, not of words: binary32 where tensors are given, binary64 where they are computed.
using FloatTensor = DenseTensor<float>;
using RealTensor = DenseTensor<double>;

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
