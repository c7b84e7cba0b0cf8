// SPDX-License-Identifier: Apache-2.0
#include "workloads/golden_deviation.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "workloads/golden_words.h"

namespace rowan::workloads::golden {
namespace {

using arithmetic::Word;
using Reals = std::vector<double>;

FmapShape shape_of(const Tensor& fmap) {
  const Extents& e = fmap.extents();
  return {static_cast<unsigned>(e[1]), static_cast<unsigned>(e[2]), static_cast<unsigned>(e[3])};
}

Reals average(const Tensor& fmap, const Pooling& pooling) {
  const FmapShape shape = shape_of(fmap);
  const PoolingWindows w = pooling_windows(pooling, shape);
  const auto word = [&](const Word* plane, std::size_t y, std::size_t x) {
    const bool inside = y >= w.padding && y < w.padding + shape.height && x >= w.padding &&
                        x < w.padding + shape.width;
    return inside ? double{1} * plane[(y - w.padding) * shape.width + x - w.padding] : 0.0;
  };
  Reals out;
  for (std::size_t plane = 0; plane < fmap.extents()[0] * shape.channels; ++plane) {
    for (std::size_t row = 0; row < w.rows; ++row) {
      for (std::size_t column = 0; column < w.columns; ++column) {
        double sum = 0;
        for (std::size_t i = 0; i < std::size_t{w.height} * w.width; ++i) {
          sum += word(fmap.plane(0, plane), row * w.stride + i / w.width,
                      column * w.stride + i % w.width);
        }
        out.push_back(sum / (double{1} * w.height * w.width));
      }
    }
  }
  return out;
}

Reals gelu(const Tensor& fmap, unsigned fraction_bits) {
  Reals out(fmap.size());
  std::transform(fmap.data(), fmap.data() + fmap.size(), out.begin(), [&](Word word) {
    const double x = std::ldexp(word, -static_cast<int>(fraction_bits));
    return word * 0.5 * std::erfc(-x / std::sqrt(2.0));
  });
  return out;
}

/// Calls `change` with the words of each group at each position; it replaces them.
template <class Change>
Reals by_column(const Tensor& fmap, std::size_t groups, Change change) {
  const auto [images, channels, height, width] = fmap.extents();
  const std::size_t plane = height * width;
  const std::size_t count = channels / groups;
  Reals out(fmap.size());
  Reals words(count);
  for (std::size_t group = 0; group < images * groups; ++group) {
    for (std::size_t i = 0; i < plane; ++i) {
      const std::size_t first = group * count * plane + i;
      for (std::size_t c = 0; c < count; ++c) words[c] = fmap.data()[first + c * plane];
      change(words);
      for (std::size_t c = 0; c < count; ++c) out[first + c * plane] = words[c];
    }
  }
  return out;
}

Reals softmax(const Tensor& fmap, const UnitAttributes& attributes) {
  require(attributes.groups > 0 && fmap.extents()[1] % attributes.groups == 0,
          "channels are not divisible by groups");
  return by_column(fmap, attributes.groups, [&](Reals& words) {
    const double most = *std::max_element(words.begin(), words.end());
    double sum = 0;
    for (double& x : words) {
      x = std::exp(std::ldexp(x - most, -static_cast<int>(attributes.fraction_bits)));
      sum += x;
    }
    for (double& x : words) {
      x = std::ldexp(x / sum, static_cast<int>(attributes.ofmap_fraction_bits));
    }
  });
}

Reals layer_norm(const Tensor& fmap, const Tensor& parameters, const UnitAttributes& attributes) {
  require(parameters.extents() == Extents{fmap.extents()[1], 2, 1, 1},
          "gains and offsets do not fit the fmap");
  return by_column(fmap, 1, [&](Reals& words) {
    const auto count = static_cast<double>(words.size());
    double mean = 0;
    for (const double x : words) mean += x / count;
    double variance = 0;
    for (const double x : words) variance += (x - mean) * (x - mean) / count;
    for (std::size_t c = 0; c < words.size(); ++c) {
      const double z = variance == 0 ? 0 : (words[c] - mean) / std::sqrt(variance);
      const int bits = static_cast<int>(attributes.ofmap_fraction_bits) -
                       static_cast<int>(attributes.gain_fraction_bits);
      words[c] = std::ldexp(z * *parameters.plane(c, 0), bits) + *parameters.plane(c, 1);
    }
  });
}

}  // namespace

std::optional<Reals> real_ofmap(const Layer& layer, const LayerTensors& operands) {
  require(!operands.inputs.empty(), "there are no operands");
  const Tensor& input = operands.inputs.front();
  switch (layer.kind) {
    case LayerKind::kPooling:
      if (layer.pooling.kind == PoolingKind::kMax) return std::nullopt;
      return average(input, layer.pooling);
    case LayerKind::kGelu:
      return gelu(input, layer.unit.fraction_bits);
    case LayerKind::kSoftmax:
      return softmax(input, layer.unit);
    case LayerKind::kLayerNorm:
      return layer_norm(input, operands.parameters, layer.unit);
    case LayerKind::kConvolution:
    case LayerKind::kFullyConnected:
    case LayerKind::kMatmul:
    case LayerKind::kRelu:
    case LayerKind::kAdd:
    case LayerKind::kTokens:
    case LayerKind::kSelect:
      return std::nullopt;
  }
  return std::nullopt;
}

Deviation deviation(const Tensor& ofmap, const std::vector<double>& real) {
  require(ofmap.size() == real.size(), "words and real numbers differ in number");
  Deviation found;
  double signal = 0;
  double noise = 0;
  for (std::size_t i = 0; i < real.size(); ++i) {
    const double error = ofmap.data()[i] - real[i];
    found.max_abs_error = std::max(found.max_abs_error, std::abs(error));
    signal += real[i] * real[i];
    noise += error * error;
  }
  found.sqnr_db =
      noise == 0 ? std::numeric_limits<double>::infinity() : 10 * std::log10(signal / noise);
  return found;
}

}  // namespace rowan::workloads::golden
