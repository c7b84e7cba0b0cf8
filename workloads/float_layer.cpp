// SPDX-License-Identifier: Apache-2.0
#include "workloads/float_layer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "workloads/float_convolution.h"
#include "workloads/golden_fmaps.h"
#include "workloads/network.h"

namespace rowan::workloads {
namespace {

void require(bool holds, const char* what) {
  if (!holds) throw std::invalid_argument(std::string("float operation: ") + what);
}

double relu(double x) { return std::max(x, 0.0); }

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

double pooled_number(const golden::PlaneUnderWindows<double>& plane, PoolingKind kind,
                     std::size_t row, std::size_t column) {
  double sum = 0;
  double most = -std::numeric_limits<double>::infinity();
  plane.visit(row, column, [&](double number) {
    sum += number;
    most = std::max(most, number);
  });
  return kind == PoolingKind::kMax ? most : sum / static_cast<double>(plane.window_words());
}

RealTensor add(const Layer& layer, const RealTensor& a, const RealTensor& b) {
  return golden::added(a, b, [&](double left, double right) {
    return layer.relu ? relu(left + right) : left + right;
  });
}

/// Calls `change` with the numbers of each group at each position; it replaces them.
template <class Change>
RealTensor by_column(const RealTensor& fmap, unsigned groups, Change change) {
  golden::require_groups(fmap, groups);
  RealTensor out(fmap.extents());
  std::vector<double> column;
  golden::for_each_column(fmap, groups,
                          [&](std::size_t first, std::size_t count, std::size_t stride) {
                            column.resize(count);
                            for (std::size_t c = 0; c < count; ++c)
                              column[c] = fmap.data()[first + c * stride];
                            change(column);
                            for (std::size_t c = 0; c < count; ++c)
                              out.data()[first + c * stride] = column[c];
                          });
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
  golden::require_gains(fmap, parameters);
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
  return golden::embedded(
      fmap, parameters, [](float parameter) { return static_cast<double>(parameter); },
      [](double x, float parameter) { return static_cast<double>(parameter) + x; });
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
      return golden::pooled(input, layer.pooling, pooled_number);
    case LayerKind::kRelu:
      return golden::each(input, relu);
    case LayerKind::kAdd:
      return add(layer, input, *operands.inputs[1]);
    case LayerKind::kSoftmax:
      return by_column(input, layer.unit.groups, make_softmax);
    case LayerKind::kLayerNorm:
      return layer_norm(input, operands.parameters);
    case LayerKind::kGelu:
      return golden::each(input, [](double x) { return x * 0.5 * std::erfc(-x / std::sqrt(2.0)); });
    case LayerKind::kTokens:
      return tokens(input, operands.parameters);
    case LayerKind::kSelect:
      return golden::selected(input, layer.unit.column, [](double x) { return x; });
  }
  throw std::invalid_argument("float operation: unknown kind of layer");
}

}  // namespace rowan::workloads
