// SPDX-License-Identifier: Apache-2.0
#include "workloads/seeded_tensors.h"

#include <algorithm>
#include <stdexcept>
#include <string_view>

#include "models/base/hash.h"
#include "models/base/random.h"

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

}  // namespace

LayerTensors seeded_tensors(std::uint64_t seed, const Layer& layer, std::size_t images,
                            unsigned activation_bits, unsigned weight_bits) {
  LayerTensors tensors{Tensor(ifmap_extents(layer.shape, images)),
                       Tensor(filter_extents(layer.shape))};
  const SeededTensors& s = layer.seeded;
  const Distribution ifmap{s.ifmap_zeros_percent, largest(s.ifmap_max, activation_bits),
                           layer.network_input ? Sign::kRandom : Sign::kPositive};
  for (std::size_t image = 0; image < images; ++image) {
    draw(generator(seed, layer, "ifmap", image), ifmap, tensors.ifmap.plane(image, 0),
         tensors.ifmap.size() / images);
  }
  const Distribution filters{0, largest(s.filter_max, weight_bits), Sign::kRandom};
  draw(generator(seed, layer, "filters", 0), filters, tensors.filters.data(),
       tensors.filters.size());
  return tensors;
}

}  // namespace rowan::workloads
