// SPDX-License-Identifier: Apache-2.0
//
// From the second table of docs/machine.md, section 10. Letters are those of the table.
#include "workloads/golden_fp32.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "workloads/golden_fmaps.h"
#include "workloads/golden_words.h"

namespace rowan::workloads::golden::fp32 {
namespace {

using arithmetic::Word;

Word rounded(double value) { return fp32_word(static_cast<float>(value)); }

float relu_of(float x) { return x > 0 || std::isnan(x) ? x : 0.0F; }

/// The largest of numbers, the first of those that are equal; a NaN once there is one.
class Largest {
 public:
  void take(double x) {
    if (!largest_ || (!std::isnan(*largest_) && (x > *largest_ || std::isnan(x)))) largest_ = x;
  }
  [[nodiscard]] double value() const { return *largest_; }

 private:
  std::optional<double> largest_;
};

/// 1 / i! for i = 0 to 13.
std::array<double, 14> exponential_coefficients() {
  std::array<double, 14> coefficients{};
  std::int64_t factorial = 1;
  for (std::size_t i = 0; i < coefficients.size(); ++i) {
    if (i > 0) factorial *= static_cast<std::int64_t>(i);
    coefficients[i] = 1.0 / static_cast<double>(factorial);
  }
  return coefficients;
}

Word pooled_word(const PooledPlane& plane, PoolingKind kind, std::size_t row, std::size_t column) {
  double sum = 0;
  Largest largest;
  plane.visit(row, column, [&](Word word) {
    sum += fp32_value(word);
    largest.take(fp32_value(word));
  });
  if (kind == PoolingKind::kMax) return rounded(largest.value());
  return rounded(sum / static_cast<double>(plane.window_words()));
}

double gelu_of(double x) {
  const double t = 0x1.9884533d43651p-1 * (x + 0.044715 * (x * x) * x);
  const double e = exponential(2 * t);
  const double h = 1 - 2 / (e + 1);
  return (0.5 * x) * (1 + h);
}

}  // namespace

double exponential(double x) {
  static const auto coefficients = exponential_coefficients();
  if (std::isnan(x)) return x;
  if (x < -700) return 0;
  if (x > 700) return std::numeric_limits<double>::infinity();
  const double k = std::floor(x * 0x1.71547652b82fep+0 + 0.5);
  const double r = (x - k * 0x1.62e42fee00000p-1) - k * 0x1.a39ef35793c76p-33;
  double p = 0;
  for (std::size_t i = coefficients.size(); i-- > 0;) p = p * r + coefficients[i];
  return std::ldexp(p, static_cast<int>(k));
}

Tensor relu(const Tensor& fmap) {
  return each(fmap, [](Word x) { return fp32_word(relu_of(fp32_value(x))); });
}

Tensor ofmap(const Tensor& psums, const Layer& layer) { return layer.relu ? relu(psums) : psums; }

Tensor pool(const Tensor& fmap, const Pooling& pooling) {
  return pooled(fmap, pooling, pooled_word);
}

Tensor add(const Tensor& a, const Tensor& b, const Layer& layer) {
  return added(a, b, [&](Word left, Word right) {
    const float sum = fp32_value(left) + fp32_value(right);
    return fp32_word(layer.relu ? relu_of(sum) : sum);
  });
}

Tensor gelu(const Tensor& fmap) {
  return each(fmap, [](Word x) { return rounded(gelu_of(fp32_value(x))); });
}

Tensor softmax(const Tensor& fmap, unsigned groups) {
  require_groups(fmap, groups);
  Tensor out(fmap.extents());
  std::vector<double> powers;
  for_each_column(fmap, groups, [&](std::size_t first, std::size_t count, std::size_t stride) {
    Largest m;
    for (std::size_t c = 0; c < count; ++c) m.take(fp32_value(fmap.data()[first + c * stride]));
    powers.clear();
    double sum = 0;
    for (std::size_t c = 0; c < count; ++c) {
      const double x = fp32_value(fmap.data()[first + c * stride]);
      powers.push_back(exponential(x - m.value()));
      sum += powers.back();
    }
    for (std::size_t c = 0; c < count; ++c) {
      out.data()[first + c * stride] = rounded(powers[c] / sum);
    }
  });
  return out;
}

Tensor layer_norm(const Tensor& fmap, const Tensor& parameters) {
  require_gains(fmap, parameters);
  Tensor out(fmap.extents());
  for_each_column(fmap, 1, [&](std::size_t first, std::size_t count, std::size_t stride) {
    const auto x = [&](std::size_t c) -> double {
      return fp32_value(fmap.data()[first + c * stride]);
    };
    const auto n = static_cast<double>(count);
    double sum = 0;
    for (std::size_t c = 0; c < count; ++c) sum += x(c);
    const double mean = sum / n;
    double squares = 0;
    for (std::size_t c = 0; c < count; ++c) squares += (x(c) - mean) * (x(c) - mean);
    const double r = std::sqrt(squares / n);
    for (std::size_t c = 0; c < count; ++c) {
      const double z = r == 0 ? 0 : (x(c) - mean) / r;
      const double gain = fp32_value(*parameters.plane(c, 0));
      const double offset = fp32_value(*parameters.plane(c, 1));
      out.data()[first + c * stride] = rounded(z * gain + offset);
    }
  });
  return out;
}

Tensor tokens(const Tensor& fmap, const Tensor& parameters) {
  return embedded(
      fmap, parameters, [](Word parameter) { return fp32_word(fp32_value(parameter)); },
      [](Word x, Word parameter) { return fp32_word(fp32_value(x) + fp32_value(parameter)); });
}

Tensor select(const Tensor& fmap, unsigned column) {
  return selected(fmap, column, [](Word x) { return fp32_word(fp32_value(x)); });
}

}  // namespace rowan::workloads::golden::fp32
