// SPDX-License-Identifier: Apache-2.0
#include "workloads/array_operands.h"

#include <stdexcept>
#include <string>
#include <utility>

namespace rowan::workloads {
namespace {

using arithmetic::Word;

void require(bool holds, const char* what) {
  if (!holds) throw std::invalid_argument(std::string("array operands: ") + what);
}

/// `shape` of one image as that of all images side by side, in groups.
ConvolutionShape grouped(ConvolutionShape shape, unsigned images) {
  shape.groups *= images;
  shape.channels *= images;
  shape.filters *= images;
  return shape;
}

/// Keys [N][heads * d][1][W'] to filters [N * heads * W'][d][1][1].
Tensor transposed(const Tensor& keys, unsigned heads) {
  const auto [images, channels, height, width] = keys.extents();
  const std::size_t depth = channels / heads;
  Tensor filters({images * heads * width, depth, height, 1});
  Word* to = filters.data();
  for (std::size_t head = 0; head < images * heads; ++head) {
    const Word* from = keys.data() + head * depth * width;
    for (std::size_t column = 0; column < width; ++column) {
      for (std::size_t c = 0; c < depth; ++c) *to++ = from[c * width + column];
    }
  }
  return filters;
}

ArrayOperands matmul_operands(const Layer& layer, LayerTensors tensors) {
  require(tensors.inputs.size() == 2, "a matmul takes two operands");
  Tensor& a = tensors.inputs[0];
  Tensor& b = tensors.inputs[1];
  const std::size_t images = a.extents()[0];
  require(a.extents() == ifmap_extents(layer.shape, images), "the first does not fit the layer");
  require(b.extents()[0] == images && b.extents()[2] == 1, "the second does not fit the first");
  require(b.size() == images * layer.shape.filters * layer.shape.channels_per_group(),
          "the second does not fit the layer");
  const ArrayShape array = array_shape(layer, static_cast<unsigned>(images));
  const Extents filters = filter_extents(array.shape);
  if (layer.matmul.transpose) b = transposed(b, layer.matmul.heads);
  return {array.shape, 1, std::move(a).reshaped(ifmap_extents(array.shape, 1)),
          std::move(b).reshaped(filters)};
}

}  // namespace

ArrayShape array_shape(const Layer& layer, unsigned batch) {
  require(on_array(layer), "the layer is not on the array");
  if (layer.kind == LayerKind::kMatmul) return {grouped(layer.shape, batch), 1};
  return {layer.shape, batch};
}

ArrayOperands array_operands(const Layer& layer, LayerTensors tensors) {
  require(on_array(layer), "the layer is not on the array");
  if (layer.kind == LayerKind::kMatmul) return matmul_operands(layer, std::move(tensors));
  require(tensors.inputs.size() == 1, "a convolution takes one operand");
  const std::size_t images = tensors.ifmap().extents()[0];
  require(tensors.ifmap().extents() == ifmap_extents(layer.shape, images),
          "the ifmap does not fit the layer");
  require(tensors.filters().extents() == filter_extents(layer.shape),
          "the filters do not fit the layer");
  return {layer.shape, static_cast<unsigned>(images), std::move(tensors.ifmap()),
          std::move(tensors.filters())};
}

Tensor from_array(const Layer& layer, unsigned batch, Tensor ofmap) {
  return std::move(ofmap).reshaped(psum_extents(layer.shape, batch));
}

}  // namespace rowan::workloads
