// SPDX-License-Identifier: Apache-2.0
#include "workloads/seeded_tensors.h"

#include <algorithm>
#include <climits>
#include <stdexcept>
#include <string>
#include <string_view>

#include "models/base/hash.h"
#include "models/base/random.h"
#include "workloads/network.h"

namespace rowan::workloads {
namespace {

using arithmetic::Word;

enum class Sign { kPositive, kRandom };

/// How the words of a tensor are drawn.
struct Distribution {
  double zeros_percent;
  unsigned max;
  Sign sign;
};

Random generator(std::uint64_t seed, const Layer& layer, std::string_view role, std::size_t image) {
  return Random(Hash()
                    .add_word(seed)
                    .add_word(layer.name.size())
                    .add_text(layer.name)
                    .add_text(role)
                    .add_word(image)
                    .value());
}

/// One number of 64 bits makes a word: 32 bits its magnitude, 1 its sign, 31 whether it is zero.
void draw(Random random, const Distribution& distribution, Word* words, std::size_t count) {
  const auto zeros =
      static_cast<std::uint64_t>(distribution.zeros_percent / 100 * (std::uint64_t{1} << 31U));
  const bool has_sign = distribution.sign == Sign::kRandom;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t bits = random.bits();
    const auto magnitude =
        static_cast<Word>(1 + (((bits & 0xffffffffU) * distribution.max) >> 32U));
    const bool negative = has_sign && (bits >> 32U & 1U) != 0;
    const bool zero = bits >> 33U < zeros;
    words[i] = zero ? 0 : negative ? -magnitude : magnitude;
  }
}

unsigned largest(unsigned max, unsigned bits) {
  if (bits < 2 || bits > 32) throw std::invalid_argument("seeded_tensors: bits are not 2 to 32");
  return std::min(max, (1U << (bits - 1)) - 1);
}

/// "ifmap", "ifmap2".
std::string role_of(std::size_t operand) {
  return operand == 0 ? "ifmap" : "ifmap" + std::to_string(operand + 1);
}

Tensor drawn_operand(std::uint64_t seed, const Layer& layer, std::size_t operand,
                     std::size_t images, unsigned activation_bits) {
  const SeededTensors& s = layer.seeded;
  const bool negative = operand < layer.operands.size() ? layer.operands[operand].may_be_negative
                                                        : layer.network_input;
  const Distribution distribution{s.ifmap_zeros_percent, largest(s.ifmap_max, activation_bits),
                                  negative ? Sign::kRandom : Sign::kPositive};
  Tensor tensor(operand_extents(layer, operand, images));
  for (std::size_t image = 0; image < images; ++image) {
    draw(generator(seed, layer, role_of(operand), image), distribution, tensor.plane(image, 0),
         tensor.size() / images);
  }
  return tensor;
}

Tensor drawn_parameters(std::uint64_t seed, const Layer& layer, unsigned weight_bits) {
  Tensor tensor(parameter_extents(layer));
  const bool has_filters = on_array(layer);
  const Distribution distribution{0, largest(layer.seeded.filter_max, weight_bits), Sign::kRandom};
  draw(generator(seed, layer, has_filters ? "filters" : "parameters", 0), distribution,
       tensor.data(), tensor.size());
  if (layer.kind != LayerKind::kLayerNorm) return tensor;
  // The first plane of a channel is its gain.
  const unsigned one = largest(1U << layer.unit.gain_fraction_bits, weight_bits);
  Random random = generator(seed, layer, "gains", 0);
  for (std::size_t channel = 0; channel < tensor.extents()[0]; ++channel) {
    const std::int64_t gain = random.between(one - one / 8, one + one / 8);
    *tensor.plane(channel, 0) =
        static_cast<Word>(std::min<std::int64_t>(gain, largest(UINT_MAX, weight_bits)));
  }
  return tensor;
}

}  // namespace

LayerTensors seeded_tensors(std::uint64_t seed, const Layer& layer, std::size_t images,
                            unsigned activation_bits, unsigned weight_bits) {
  LayerTensors tensors;
  for (std::size_t i = 0; i < operand_count(layer.kind); ++i) {
    tensors.inputs.push_back(drawn_operand(seed, layer, i, images, activation_bits));
  }
  tensors.parameters = drawn_parameters(seed, layer, weight_bits);
  return tensors;
}

}  // namespace rowan::workloads
