// SPDX-License-Identifier: Apache-2.0
//
// The layers of the post-processing unit, from the table of docs/machine.md, section 10. Letters
// are those of the table.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "workloads/golden.h"
#include "workloads/golden_fmaps.h"
#include "workloads/golden_words.h"

namespace rowan::workloads::golden {
namespace {

using arithmetic::Word;

/// The word of the window at (row, column).
Word pooled_word(const PooledPlane& plane, PoolingKind kind, std::size_t row, std::size_t column) {
  std::int64_t sum = 0;
  std::int64_t most = INT64_MIN;
  plane.visit(row, column, [&](Word word) {
    sum += word;
    most = std::max<std::int64_t>(most, word);
  });
  if (kind == PoolingKind::kMax) return static_cast<Word>(most);
  const auto n = static_cast<std::int64_t>(plane.window_words());
  return static_cast<Word>(floor_divided(2 * sum + n, 2 * n));
}

/// 32768 times the normal distribution's Phi(i / 32), to nearest.
std::array<std::int64_t, 257> phi_table() {
  std::array<std::int64_t, 257> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const double x = static_cast<double>(i) / 32;
    table[i] = std::llround(32768 * 0.5 * std::erfc(-x / std::sqrt(2.0)));
  }
  return table;
}

/// 2^24 2^(-i / 64), to nearest.
std::array<std::int64_t, 65> power_table() {
  std::array<std::int64_t, 65> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    table[i] = std::llround(std::exp2(24 - static_cast<double>(i) / 64));
  }
  return table;
}

/// Phi of |X| of the table, for X >= 0.
std::int64_t phi_of(std::int64_t magnitude, unsigned fraction_bits) {
  static const auto table = phi_table();
  const std::int64_t u = (magnitude << 12U) >> fraction_bits;
  if (u >= 32768) return 32768;
  const auto i = static_cast<std::size_t>(u >> 7U);
  const std::int64_t d = u % 128;
  return table[i] + (((table[i + 1] - table[i]) * d + 64) >> 7U);
}

/// e of the table: 2^24 times the power of a difference from the largest word.
std::int64_t power_of(std::int64_t difference, unsigned fraction_bits) {
  static const auto table = power_table();
  const std::int64_t k = 94548 * difference;
  const std::int64_t n = k >> (fraction_bits + 16);
  if (n > 24) return 0;
  const std::int64_t r = (k >> fraction_bits) % 65536;
  const auto i = static_cast<std::size_t>(r >> 10U);
  const std::int64_t d = r % 1024;
  const std::int64_t e = table[i] - (((table[i] - table[i + 1]) * d + 512) >> 10U);
  return e >> n;
}

/// floor(sqrt(value)).
std::int64_t root_of(std::int64_t value) {
  auto root = static_cast<std::int64_t>(std::sqrt(static_cast<double>(value)));
  while (root * root > value) --root;
  while ((root + 1) * (root + 1) <= value) ++root;
  return root;
}

void require_fraction(unsigned bits) { require(bits <= 15, "fraction bits are not 0 to 15"); }

}  // namespace

Tensor pool(const Tensor& fmap, const Pooling& pooling) {
  return pooled(fmap, pooling, pooled_word);
}

Tensor relu(const Tensor& fmap) {
  return each(fmap, [](Word x) { return std::max(x, 0); });
}

Tensor add(const Tensor& a, const Tensor& b, const Layer& layer, unsigned activation_bits,
           SumStatistics* statistics) {
  require(layer.ofmap_shift < 32, "ofmap_shift is not 0 to 31");
  Clamp clamp(activation_bits, statistics);
  return added(a, b, [&](std::int64_t left, std::int64_t right) {
    const std::int64_t sum = round_half_up(left + right, layer.ofmap_shift);
    return clamp(layer.relu ? std::max<std::int64_t>(sum, 0) : sum);
  });
}

Tensor gelu(const Tensor& fmap, const UnitAttributes& attributes, unsigned activation_bits,
            SumStatistics* statistics) {
  require_fraction(attributes.fraction_bits);
  Clamp clamp(activation_bits, statistics);
  return each(fmap, [&](Word word) {
    const std::int64_t x = word;
    const std::int64_t positive = phi_of(std::abs(x), attributes.fraction_bits);
    const std::int64_t phi = x < 0 ? 32768 - positive : positive;
    return clamp((x * phi + 16384) >> 15U);
  });
}

Tensor softmax(const Tensor& fmap, const UnitAttributes& attributes, unsigned activation_bits,
               SumStatistics* statistics) {
  require_fraction(attributes.fraction_bits);
  require_fraction(attributes.ofmap_fraction_bits);
  require_groups(fmap, attributes.groups);
  Clamp clamp(activation_bits, statistics);
  Tensor out(fmap.extents());
  std::vector<std::int64_t> powers;
  for_each_column(
      fmap, attributes.groups, [&](std::size_t first, std::size_t count, std::size_t stride) {
        std::int64_t largest = INT64_MIN;
        for (std::size_t c = 0; c < count; ++c) {
          largest = std::max<std::int64_t>(largest, fmap.data()[first + c * stride]);
        }
        powers.clear();
        std::int64_t sum = 0;
        for (std::size_t c = 0; c < count; ++c) {
          const std::int64_t difference = largest - fmap.data()[first + c * stride];
          powers.push_back(power_of(difference, attributes.fraction_bits));
          sum += powers.back();
        }
        for (std::size_t c = 0; c < count; ++c) {
          const std::int64_t scaled = powers[c] << attributes.ofmap_fraction_bits;
          out.data()[first + c * stride] = clamp(floor_divided(2 * scaled + sum, 2 * sum));
        }
      });
  return out;
}

Tensor layer_norm(const Tensor& fmap, const Tensor& parameters, const UnitAttributes& attributes,
                  unsigned activation_bits, SumStatistics* statistics) {
  require_fraction(attributes.ofmap_fraction_bits);
  require_fraction(attributes.gain_fraction_bits);
  require_gains(fmap, parameters);
  Clamp clamp(activation_bits, statistics);
  Tensor out(fmap.extents());
  for_each_column(fmap, 1, [&](std::size_t first, std::size_t count, std::size_t stride) {
    const auto n = static_cast<std::int64_t>(count);
    std::int64_t s = 0;
    std::int64_t squares = 0;
    for (std::size_t c = 0; c < count; ++c) {
      const std::int64_t x = fmap.data()[first + c * stride];
      s += x;
      squares += x * x;
    }
    const std::int64_t r = root_of(n * squares - s * s);
    for (std::size_t c = 0; c < count; ++c) {
      const std::int64_t x = fmap.data()[first + c * stride];
      const std::int64_t scale = std::int64_t{1} << attributes.ofmap_fraction_bits;
      const std::int64_t z = r == 0 ? 0 : floor_divided(2 * (n * x - s) * scale + r, 2 * r);
      const Word* gain = parameters.plane(c, 0);
      const Word* offset = parameters.plane(c, 1);
      out.data()[first + c * stride] =
          clamp(round_half_up(z * *gain, attributes.gain_fraction_bits) + *offset);
    }
  });
  return out;
}

Tensor tokens(const Tensor& fmap, const Tensor& parameters, unsigned activation_bits,
              SumStatistics* statistics) {
  Clamp clamp(activation_bits, statistics);
  return embedded(
      fmap, parameters, [](Word parameter) { return parameter; },
      [&](std::int64_t x, std::int64_t parameter) { return clamp(x + parameter); });
}

Tensor select(const Tensor& fmap, unsigned column) {
  return selected(fmap, column, [](Word x) { return x; });
}

}  // namespace rowan::workloads::golden
