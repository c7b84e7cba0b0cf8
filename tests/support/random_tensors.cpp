// SPDX-License-Identifier: Apache-2.0
//
// The words of a random case.
#include <cstdint>
#include <string>

#include "tests/support/draw.h"
#include "tests/support/random_case.h"

namespace rowan::support {
namespace {

/// A word of the full width of its format; a weight when `bits` are those of one.
arithmetic::Word draw_word(Draw& draw, const arithmetic::PeType& type, unsigned bits) {
  if (type.numbers == arithmetic::Numbers::kFloat) {
    // 0, subnormals, infinities and so on are rare: sums are to stay finite in most cases.
    if (draw.between(1, 2000) == 1) return draw.of({0x7f800000, -0x00800000, 0x7fc00000});
    if (draw.percent(2)) return draw.of({1, 0x007fffff, 0x7f7fffff, INT32_MIN, INT32_MIN + 5});
    const std::uint64_t fraction = draw.bits() & 0x807fffffU;
    return arithmetic::wrap(static_cast<std::int64_t>(fraction | draw.between(107, 147) << 23U),
                            32);
  }
  return arithmetic::wrap(static_cast<std::int64_t>(draw.bits() & 0xffffffffU), bits);
}

void draw_words(Draw& draw, const arithmetic::PeType& type, const workloads::SeededTensors& seeded,
                workloads::LayerTensors& tensors) {
  for (std::size_t i = 0; i < tensors.ifmap().size(); ++i) {
    const arithmetic::Word word = draw_word(draw, type, type.activation_bits);
    const bool zero = draw.percent(static_cast<unsigned>(seeded.ifmap_zeros_percent));
    tensors.ifmap().data()[i] = zero ? 0 : word == 0 ? 1 : word;
  }
  for (std::size_t i = 0; i < tensors.filters().size(); ++i) {
    const arithmetic::Word word = draw_word(draw, type, type.weight_bits);
    // Seven bits of a lightpe2 word are used.
    tensors.filters().data()[i] = type.name == std::string("lightpe2") ? word & 0x7f : word;
  }
}

}  // namespace

workloads::LayerTensors make_random_tensors(const RandomCase& test) {
  Draw draw(test.seed ^ 0x7e45095);
  const workloads::SeededTensors& seeded = test.layer.seeded;
  workloads::LayerTensors tensors{
      {workloads::Tensor(workloads::ifmap_extents(test.layer.shape, test.batch))},
      workloads::Tensor(workloads::filter_extents(test.layer.shape))};
  const arithmetic::PeType& type = arithmetic::pe_type(test.accelerator.pe.type);
  if (type.name != std::string("int16")) {
    draw_words(draw, type, seeded, tensors);
    return tensors;
  }
  const auto magnitude = [&](unsigned most) {
    return static_cast<arithmetic::Word>(draw.between(1, most));
  };
  for (std::size_t i = 0; i < tensors.ifmap().size(); ++i) {
    arithmetic::Word word = magnitude(seeded.ifmap_max);
    if (test.layer.network_input && draw.percent(50)) word = -word;
    if (draw.percent(static_cast<unsigned>(seeded.ifmap_zeros_percent))) word = 0;
    tensors.ifmap().data()[i] = word;
  }
  for (std::size_t i = 0; i < tensors.filters().size(); ++i) {
    const arithmetic::Word word = magnitude(seeded.filter_max);
    tensors.filters().data()[i] = draw.percent(5) ? 0 : draw.percent(50) ? -word : word;
  }
  return tensors;
}

}  // namespace rowan::support
