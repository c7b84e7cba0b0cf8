// SPDX-License-Identifier: Apache-2.0
#include "workloads/float_layer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "workloads/float_convolution.h"
#include "workloads/network.h"

namespace rowan::workloads {
namespace {

void require(bool holds, const char* what) {
  if (!holds) throw std::invalid_argument(std::string("float operation: ") + what);
}

double relu(double x) { return std::max(x, 0.0); }

template <class Function>
RealTensor each(const RealTensor& fmap, Function function) {
  RealTensor out(fmap.extents());
  std::transform(fmap.data(), fmap.data() + fmap.size(), out.data(), function);
  return out;
}

RealTensor array_layer(const Layer& layer, const FloatOperands& operands, SumPeaks* peaks) {
  const RealTensor& ifmap = *operands.inputs.front();
  RealTensor sums = layer.kind == LayerKind::kMatmul
                        ? float_matmul(layer.matmul, ifmap, *operands.inputs[1])
                        : float_convolution(layer.shape, ifmap, operands.parameters);
  const auto [images, filters, height, width] = sums.extents();
  if (peaks != nullptr) peaks->assign(filters, 0.0);
  for (std::size_t plane = 0; plane < images * filters; ++plane) {
    double* numbers = sums.plane(0, plane);
    for (std::size_t i = 0; i < height * width; ++i) {
      if (peaks != nullptr) {
        double& peak = (*peaks)[plane % filters];
        peak = std::max(peak, std::abs(numbers[i]));
      }
      if (layer.relu) numbers[i] = relu(numbers[i]);
    }
  }
  return sums;
}

/// The number of one window whose first row and column, of the padded plane, are given.
double pooled_number(const double* plane, const Extents& extents, PoolingKind kind,
                     const PoolingWindows& w, std::size_t row, std::size_t column) {
  double sum = 0;
  double most = -std::numeric_limits<double>::infinity();
  for (std::size_t y = row; y < row + w.height; ++y) {
    for (std::size_t x = column; x < column + w.width; ++x) {
      const bool inside = y >= w.padding && y < w.padding + extents[2] && x >= w.padding &&
                          x < w.padding + extents[3];
      if (!inside) continue;
      const double number = plane[(y - w.padding) * extents[3] + x - w.padding];
      sum += number;
      most = std::max(most, number);
    }
  }
  return kind == PoolingKind::kMax ? most : sum / (double{1} * w.height * w.width);
}

RealTensor pool(const Layer& layer, const RealTensor& fmap) {
  const Extents& e = fmap.extents();
  const FmapShape shape{static_cast<unsigned>(e[1]), static_cast<unsigned>(e[2]),
                        static_cast<unsigned>(e[3])};
  const PoolingWindows w = pooling_windows(layer.pooling, shape);
  RealTensor out({e[0], e[1], w.rows, w.columns});
  double* to = out.data();
  for (std::size_t plane = 0; plane < e[0] * e[1]; ++plane) {
    for (std::size_t row = 0; row < w.rows; ++row) {
      for (std::size_t column = 0; column < w.columns; ++column) {
        *to++ = pooled_number(fmap.plane(0, plane), e, layer.pooling.kind, w, row * w.stride,
                              column * w.stride);
      }
    }
  }
  return out;
}

RealTensor add(const Layer& layer, const RealTensor& a, const RealTensor& b) {
  const auto [images, channels, height, width] = a.extents();
  const Extents& e = b.extents();
  require(e[0] == images && e[1] <= channels && e[2] == height && e[3] == width,
          "the second operand of an addition does not fit the first");
  RealTensor out(a.extents());
  for (std::size_t image = 0; image < images; ++image) {
    for (std::size_t channel = 0; channel < channels; ++channel) {
      for (std::size_t i = 0; i < height * width; ++i) {
        const double right = channel < e[1] ? b.plane(image, channel)[i] : 0;
        const double sum = a.plane(image, channel)[i] + right;
        out.plane(image, channel)[i] = layer.relu ? relu(sum) : sum;
      }
    }
  }
  return out;
}

/// Calls `change` with the numbers of each group at each position; it replaces them.
template <class Change>
RealTensor by_column(const RealTensor& fmap, std::size_t groups, Change change) {
  const auto [images, channels, height, width] = fmap.extents();
  require(groups > 0 && channels % groups == 0, "channels are not divisible by groups");
  const std::size_t plane = height * width;
  const std::size_t count = channels / groups;
  RealTensor out(fmap.extents());
  std::vector<double> column(count);
  for (std::size_t group = 0; group < images * groups; ++group) {
    for (std::size_t i = 0; i < plane; ++i) {
      const std::size_t first = group * count * plane + i;
      for (std::size_t c = 0; c < count; ++c) column[c] = fmap.data()[first + c * plane];
      change(column);
      for (std::size_t c = 0; c < count; ++c) out.data()[first + c * plane] = column[c];
    }
  }
  return out;
}

void make_softmax(std::vector<double>& column) {
  const double most = *std::max_element(column.begin(), column.end());
  double sum = 0;
  for (double& x : column) {
    x = std::exp(x - most);
    sum += x;
  }
  for (double& x : column) x /= sum;
}

RealTensor layer_norm(const RealTensor& fmap, const FloatTensor& parameters) {
  require(parameters.extents() == Extents{fmap.extents()[1], 2, 1, 1},
          "gains and offsets do not fit the fmap");
  return by_column(fmap, 1, [&](std::vector<double>& column) {
    const auto count = static_cast<double>(column.size());
    double mean = 0;
    for (const double x : column) mean += x / count;
    double variance = 0;
    for (const double x : column) variance += (x - mean) * (x - mean) / count;
    for (std::size_t c = 0; c < column.size(); ++c) {
      const double z = variance == 0 ? 0 : (column[c] - mean) / std::sqrt(variance);
      column[c] = z * static_cast<double>(*parameters.plane(c, 0)) +
                  static_cast<double>(*parameters.plane(c, 1));
    }
  });
}

RealTensor tokens(const RealTensor& fmap, const FloatTensor& parameters) {
  const auto [images, channels, height, width] = fmap.extents();
  const std::size_t plane = height * width;
  require(parameters.extents() == Extents{channels, 1, 1, 1 + plane},
          "class token and embedding do not fit the fmap");
  RealTensor out({images, channels, 1, 1 + plane});
  for (std::size_t image = 0; image < images; ++image) {
    for (std::size_t channel = 0; channel < channels; ++channel) {
      const double* x = fmap.plane(image, channel);
      const float* parameter = parameters.plane(channel, 0);
      double* to = out.plane(image, channel);
      for (std::size_t i = 0; i <= plane; ++i) {
        to[i] = static_cast<double>(parameter[i]) + (i == 0 ? 0 : x[i - 1]);
      }
    }
  }
  return out;
}

RealTensor select(const RealTensor& fmap, unsigned column) {
  const auto [images, channels, height, width] = fmap.extents();
  require(column < width, "the fmap has no such column");
  RealTensor out({images, channels, 1, 1});
  for (std::size_t plane = 0; plane < images * channels; ++plane) {
    out.data()[plane] = fmap.plane(0, plane)[column];
  }
  return out;
}

}  // namespace

RealTensor float_layer(const Layer& layer, const FloatOperands& operands, SumPeaks* peaks) {
  require(operands.inputs.size() == operand_count(layer.kind),
          "the layer takes another number of operands");
  const RealTensor& input = *operands.inputs.front();
  switch (layer.kind) {
    case LayerKind::kConvolution:
    case LayerKind::kFullyConnected:
    case LayerKind::kMatmul:
      return array_layer(layer, operands, peaks);
    case LayerKind::kPooling:
      return pool(layer, input);
    case LayerKind::kRelu:
      return each(input, relu);
    case LayerKind::kAdd:
      return add(layer, input, *operands.inputs[1]);
    case LayerKind::kSoftmax:
      return by_column(input, layer.unit.groups, make_softmax);
    case LayerKind::kLayerNorm:
      return layer_norm(input, operands.parameters);
    case LayerKind::kGelu:
      return each(input, [](double x) { return x * 0.5 * std::erfc(-x / std::sqrt(2.0)); });
    case LayerKind::kTokens:
      return tokens(input, operands.parameters);
    case LayerKind::kSelect:
      return select(input, layer.unit.column);
  }
  throw std::invalid_argument("float operation: unknown kind of layer");
}

}  // namespace rowan::workloads
