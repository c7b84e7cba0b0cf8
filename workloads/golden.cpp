// SPDX-License-Identifier: Apache-2.0
#include "workloads/golden.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

#include "workloads/array_operands.h"
#include "workloads/golden_fp32.h"
#include "workloads/golden_words.h"
#include "workloads/network.h"

namespace rowan::workloads::golden {

using arithmetic::Numbers;
using arithmetic::Word;

Tensor ofmap(const Tensor& psums, const Layer& layer, unsigned activation_bits,
             SumStatistics* statistics) {
  const auto [images, filters, height, width] = psums.extents();
  const std::vector<unsigned> shifts =
      layer.filter_shifts.empty() ? std::vector<unsigned>{layer.ofmap_shift} : layer.filter_shifts;
  // The filters of a matmul's images follow each other.
  require(filters % shifts.size() == 0, "filter_shifts do not fit the psums");
  require(*std::max_element(shifts.begin(), shifts.end()) < 32, "ofmap_shift is not 0 to 31");
  Clamp clamp(activation_bits, statistics);
  Tensor words(psums.extents());
  for (std::size_t image = 0; image < images; ++image) {
    for (std::size_t filter = 0; filter < filters; ++filter) {
      const Word* psum = psums.plane(image, filter);
      const unsigned shift = shifts[filter % shifts.size()];
      std::transform(psum, psum + height * width, words.plane(image, filter), [&](Word word) {
        const std::int64_t value = layer.relu ? std::max<std::int64_t>(word, 0) : word;
        return clamp(round_half_up(value, shift));
      });
    }
  }
  return words;
}

namespace {

/// Fmap words as weights of a type whose weights are other words: of all weights times
/// 2^(activation_bits - 1) over the largest magnitude, the nearest; of two the larger in magnitude,
/// of the two next to 0 the positive one.
void take_for_weights(const arithmetic::PeType& type, Tensor& words) {
  if (type.weight_fraction_bits == 0 && type.weight_bits == type.activation_bits) return;
  require(type.weight_bits <= 16, "weights wider than 16 bits that are not activations");
  const Word end = Word{1} << (type.weight_bits - 1);
  std::vector<std::pair<double, Word>> weights;
  for (Word word = -end; word < end; ++word) weights.emplace_back(type.weight_value(word), word);
  double largest = 0;
  for (const auto& weight : weights) largest = std::max(largest, std::abs(weight.first));
  const double range = std::ldexp(1.0, static_cast<int>(type.activation_bits) - 1);
  for (auto& weight : weights) weight.first *= range / largest;
  const auto nearest = [&](double number) {
    const auto rank = [&](const auto& weight) {
      return std::tuple(std::abs(weight.first - number), -std::abs(weight.first), weight.first < 0);
    };
    return std::min_element(weights.begin(), weights.end(),
                            [&](const auto& a, const auto& b) { return rank(a) < rank(b); })
        ->second;
  };
  std::map<Word, Word> known;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto [at, is_new] = known.try_emplace(words.data()[i]);
    if (is_new) at->second = nearest(at->first);
    words.data()[i] = at->second;
  }
}

Tensor array_layer(const Layer& layer, const LayerTensors& operands, const Arithmetic& arithmetic,
                   const AccumulationOrder& order, SumStatistics* statistics) {
  const auto ofmap_of = [&](const ConvolutionShape& shape, const Tensor& ifmap,
                            const Tensor& filters) {
    const Tensor psums =
        convolution(shape, ifmap, filters, layer.product_shift, arithmetic, order, statistics);
    if (arithmetic.type->numbers == Numbers::kFloat) return fp32::ofmap(psums, layer);
    return ofmap(psums, layer, arithmetic.type->activation_bits, statistics);
  };
  if (layer.kind != LayerKind::kMatmul) {
    return ofmap_of(layer.shape, operands.ifmap(), operands.parameters);
  }
  ArrayOperands array = array_operands(layer, operands);
  take_for_weights(*arithmetic.type, array.filters);
  const auto images = static_cast<unsigned>(operands.ifmap().extents()[0]);
  return from_array(layer, images, ofmap_of(array.shape, array.ifmap, array.filters));
}

/// Of the post-processing unit, on integers.
Tensor integer_layer(const Layer& layer, const LayerTensors& operands, unsigned bits,
                     SumStatistics* statistics) {
  const Tensor& input = operands.inputs.front();
  switch (layer.kind) {
    case LayerKind::kConvolution:
    case LayerKind::kFullyConnected:
    case LayerKind::kMatmul:
      break;
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

/// Of the post-processing unit, on binary32 words.
Tensor fp32_layer(const Layer& layer, const LayerTensors& operands) {
  const Tensor& input = operands.inputs.front();
  switch (layer.kind) {
    case LayerKind::kConvolution:
    case LayerKind::kFullyConnected:
    case LayerKind::kMatmul:
      break;
    case LayerKind::kPooling:
      return fp32::pool(input, layer.pooling);
    case LayerKind::kRelu:
      return fp32::relu(input);
    case LayerKind::kAdd:
      return fp32::add(input, operands.inputs[1], layer);
    case LayerKind::kSoftmax:
      return fp32::softmax(input, layer.unit.groups);
    case LayerKind::kLayerNorm:
      return fp32::layer_norm(input, operands.parameters);
    case LayerKind::kGelu:
      return fp32::gelu(input);
    case LayerKind::kTokens:
      return fp32::tokens(input, operands.parameters);
    case LayerKind::kSelect:
      return fp32::select(input, layer.unit.column);
  }
  throw std::invalid_argument("golden operation: unknown kind of layer");
}

}  // namespace

Tensor layer(const Layer& layer, const LayerTensors& operands, const Arithmetic& arithmetic,
             const AccumulationOrder& order, SumStatistics* statistics) {
  require(operands.inputs.size() == operand_count(layer.kind),
          "the layer takes another number of operands");
  if (on_array(layer)) return array_layer(layer, operands, arithmetic, order, statistics);
  if (arithmetic.type->numbers == Numbers::kFloat) return fp32_layer(layer, operands);
  return integer_layer(layer, operands, arithmetic.type->activation_bits, statistics);
}

}  // namespace rowan::workloads::golden
