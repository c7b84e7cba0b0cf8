// SPDX-License-Identifier: Apache-2.0
#include "tests/support/unit_reference.h"

#include <algorithm>
#include <cstdint>

#include "tests/support/unit_functions.h"

namespace rowan::support {
namespace {

using arithmetic::Word;
using dataflow::UnitOperation;
using dataflow::post_processing::LayerShape;
using workloads::Tensor;

class Layer {
 public:
  Layer(const LayerShape& shape, const workloads::LayerTensors& tensors)
      : shape_(shape), inputs_(tensors.inputs), parameters_(tensors.parameters) {}

  /// Word of the ofmap.
  [[nodiscard]] Word at(std::size_t n, unsigned c, unsigned row, unsigned column) const {
    switch (shape_.operation) {
      case UnitOperation::kMaxPooling:
      case UnitOperation::kAveragePooling:
        return pooled(n, c, row, column);
      case UnitOperation::kRelu:
        return std::max(x(n, c, row, column), 0);
      case UnitOperation::kAddition:
        return sum(n, c, row, column);
      case UnitOperation::kGelu:
        return reference_gelu(x(n, c, row, column), shape_.arithmetic.fraction_bits);
      case UnitOperation::kSoftmax: {
        const unsigned each = shape_.channels / shape_.groups;
        return reference_softmax(channels(n, c / each * each, each, row, column),
                                 shape_.arithmetic.fraction_bits,
                                 shape_.arithmetic.ofmap_fraction_bits)[c % each];
      }
      case UnitOperation::kLayerNorm: {
        const std::vector<Word> words(parameters_.data(), parameters_.data() + parameters_.size());
        return reference_layer_norm(channels(n, 0, shape_.channels, row, column), words,
                                    shape_.arithmetic.ofmap_fraction_bits,
                                    shape_.arithmetic.gain_fraction_bits)[c];
      }
      case UnitOperation::kTokens: {
        const Word embedding = parameters_.plane(c, 0)[column];
        if (column == 0) return embedding;
        return reference_clamp(
            std::int64_t{x(n, c, (column - 1) / shape_.width, (column - 1) % shape_.width)} +
            embedding);
      }
      case UnitOperation::kSelect:
        return x(n, c, 0, shape_.column);
    }
    return 0;
  }

 private:
  [[nodiscard]] Word x(std::size_t n, unsigned c, unsigned row, unsigned column) const {
    return inputs_[0].plane(n, c)[std::size_t{row} * shape_.width + column];
  }

  [[nodiscard]] std::vector<Word> channels(std::size_t n, unsigned first, unsigned count,
                                           unsigned row, unsigned column) const {
    std::vector<Word> words;
    for (unsigned c = first; c < first + count; ++c) words.push_back(x(n, c, row, column));
    return words;
  }

  [[nodiscard]] Word pooled(std::size_t n, unsigned c, unsigned row, unsigned column) const {
    std::int64_t total = 0;
    std::int64_t largest = INT64_MIN;
    for (unsigned r = 0; r < shape_.window_height; ++r) {
      for (unsigned s = 0; s < shape_.window_width; ++s) {
        const unsigned y = row * shape_.stride + r;
        const unsigned z = column * shape_.stride + s;
        if (y < shape_.padding || z < shape_.padding) continue;
        if (y - shape_.padding >= shape_.height || z - shape_.padding >= shape_.width) continue;
        const Word word = x(n, c, y - shape_.padding, z - shape_.padding);
        total += word;
        largest = std::max<std::int64_t>(largest, word);
      }
    }
    if (shape_.operation == UnitOperation::kMaxPooling) return static_cast<Word>(largest);
    const std::int64_t positions = std::int64_t{shape_.window_height} * shape_.window_width;
    return static_cast<Word>(reference_quotient(total, positions));
  }

  [[nodiscard]] Word sum(std::size_t n, unsigned c, unsigned row, unsigned column) const {
    std::int64_t total = x(n, c, row, column);
    if (c < shape_.second_channels) {
      total += inputs_[1].plane(n, c)[std::size_t{row} * shape_.width + column];
    }
    total = reference_shift(total, shape_.arithmetic.shift);
    if (shape_.arithmetic.relu) total = std::max<std::int64_t>(total, 0);
    return reference_clamp(total);
  }

  const LayerShape& shape_;
  const std::vector<Tensor>& inputs_;
  const Tensor& parameters_;
};

}  // namespace

Tensor reference_ofmap(const LayerShape& shape, const workloads::LayerTensors& tensors) {
  const Layer layer(shape, tensors);
  const std::size_t batch = tensors.inputs[0].extents()[0];
  Tensor ofmap({batch, shape.channels, shape.out_height(), shape.out_width()});
  Word* word = ofmap.data();
  for (std::size_t n = 0; n < batch; ++n) {
    for (unsigned c = 0; c < shape.channels; ++c) {
      for (unsigned row = 0; row < shape.out_height(); ++row) {
        for (unsigned column = 0; column < shape.out_width(); ++column) {
          *word++ = layer.at(n, c, row, column);
        }
      }
    }
  }
  return ofmap;
}

}  // namespace rowan::support
