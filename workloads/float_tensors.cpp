// SPDX-License-Identifier: Apache-2.0
#include "workloads/float_tensors.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <string_view>

#include "models/base/hash.h"
#include "models/base/random.h"
#include "workloads/npy.h"

namespace rowan::workloads {
namespace {

/// The area under exp(-x^2 / 2) from 0 on, cut into layers of one size that are wider the lower
/// they lie; the lowest one has the tail beyond kTail.
class Ziggurat {
 public:
  static constexpr std::size_t kLayers = 128;
  /// Where the tail begins for so many layers: Doornik's section 2.
  static constexpr double kTail = 3.442619855899;

  Ziggurat() {
    const double size = kTail * height(kTail) + std::sqrt(std::acos(0.0)) *  // sqrt(pi / 2)
                                                    std::erfc(kTail / std::sqrt(2.0));
    widths_[0] = size / height(kTail);
    widths_[1] = kTail;
    for (std::size_t i = 2; i < kLayers; ++i) {
      const double below = widths_[i - 1];
      widths_[i] = std::sqrt(-2 * std::log(size / below + height(below)));
    }
    widths_[kLayers] = 0;
  }
  static double height(double x) { return std::exp(-0.5 * x * x); }
  /// Of layer 0 (the lowest, as wide as if it had the tail's size) to kLayers (nothing).
  [[nodiscard]] double width(std::size_t layer) const { return widths_[layer]; }

 private:
  std::array<double, kLayers + 1> widths_{};
};

/// Normal numbers of mean 0 and variance 1: J. A. Doornik, "An Improved Ziggurat Method to Generate
/// Normal Random Samples", 2005, after G. Marsaglia and W. W. Tsang, "The Ziggurat Method for
/// Generating Random Variables", 2000.
class NormalNumbers {
 public:
  NormalNumbers(std::uint64_t seed, std::string_view name, std::string_view role, std::size_t image)
      : random_(Hash()
                    .add_word(seed)
                    .add_word(name.size())
                    .add_text(name)
                    .add_text(role)
                    .add_word(image)
                    .value()) {}

  void fill(float* numbers, std::size_t count, double deviation) {
    for (std::size_t i = 0; i < count; ++i) numbers[i] = static_cast<float>(deviation * draw());
  }

 private:
  /// In (0, 1].
  double uniform() { return std::ldexp(static_cast<double>((random_.bits() >> 11U) + 1), -53); }

  double draw() {
    static const Ziggurat kZiggurat;
    for (;;) {
      const std::uint64_t bits = random_.bits();
      const std::size_t layer = bits % Ziggurat::kLayers;
      // In [-1, 1).
      const double place = static_cast<double>(static_cast<std::int64_t>(bits) >> 11) * 0x1p-52;
      const double x = place * kZiggurat.width(layer);
      if (std::abs(x) < kZiggurat.width(layer + 1)) return x;
      if (layer == 0) return place < 0 ? -tail() : tail();
      const double low = Ziggurat::height(kZiggurat.width(layer));
      const double high = Ziggurat::height(kZiggurat.width(layer + 1));
      if (low + uniform() * (high - low) < Ziggurat::height(x)) return x;
    }
  }

  double tail() {
    for (;;) {
      const double x = -std::log(uniform()) / Ziggurat::kTail;
      if (-2 * std::log(uniform()) > x * x) return Ziggurat::kTail + x;
    }
  }

  Random random_;
};

/// The channels of a head where the layer makes the first operand of attention's scores, else 1.
double attention_divisor(const Network& network, std::size_t position) {
  const auto made = find_tensor(network, network.layers[position].name);
  for (const std::size_t consumer : network.tensors[*made].consumers) {
    const Layer& layer = network.layers[consumer];
    if (layer.kind != LayerKind::kMatmul || !layer.matmul.transpose) continue;
    if (layer.operands.front().tensor != *made) continue;
    return static_cast<double>(layer.operands.front().shape.channels) / layer.matmul.heads;
  }
  return 1;
}

FloatTensor drawn_filters(const Network& network, std::size_t position, std::uint64_t seed) {
  const Layer& layer = network.layers[position];
  FloatTensor filters(parameter_extents(layer));
  const auto [count, channels, height, width] = filters.extents();
  const double variance =
      2.0 / (static_cast<double>(channels * height * width) * attention_divisor(network, position));
  NormalNumbers(seed, layer.name, "float filters", 0)
      .fill(filters.data(), filters.size(), std::sqrt(variance));
  return filters;
}

FloatTensor drawn_layer_norm(const Layer& layer, std::uint64_t seed) {
  FloatTensor parameters(parameter_extents(layer));
  NormalNumbers(seed, layer.name, "float parameters", 0)
      .fill(parameters.data(), parameters.size(), 1.0);
  for (std::size_t channel = 0; channel < parameters.extents()[0]; ++channel) {
    float& gain = *parameters.plane(channel, 0);
    gain = 1 + gain / 16;
    *parameters.plane(channel, 1) /= 8;
  }
  return parameters;
}

}  // namespace

FloatTensor float_input(const Network& network, std::size_t images, const FloatSource& source) {
  const Extents extents{images, network.input.channels, network.input.height, network.input.width};
  if (!source.directory.empty()) {
    return read_float_npy((std::filesystem::path(source.directory) / "input.npy").string(),
                          extents);
  }
  FloatTensor input(extents);
  for (std::size_t image = 0; image < images; ++image) {
    NormalNumbers(source.seed, kNetworkInput, "float input", image)
        .fill(input.plane(image, 0), input.size() / images, 1.0);
  }
  return input;
}

FloatTensor float_parameters(const Network& network, std::size_t position,
                             const FloatSource& source) {
  const Layer& layer = network.layers[position];
  const Extents extents = parameter_extents(layer);
  if (extents == Extents{}) return {};
  if (!source.directory.empty()) {
    const std::string name = layer.name + (on_array(layer) ? ".filters.npy" : ".parameters.npy");
    return read_float_npy((std::filesystem::path(source.directory) / name).string(), extents);
  }
  if (on_array(layer)) return drawn_filters(network, position, source.seed);
  if (layer.kind == LayerKind::kLayerNorm) return drawn_layer_norm(layer, source.seed);
  FloatTensor parameters(extents);
  NormalNumbers(source.seed, layer.name, "float parameters", 0)
      .fill(parameters.data(), parameters.size(), 1.0);
  return parameters;
}

}  // namespace rowan::workloads
