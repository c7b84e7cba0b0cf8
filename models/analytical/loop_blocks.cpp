// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/loop_blocks.h"

#include <algorithm>
#include <numeric>

#include "models/base/units.h"

namespace rowan::analytical {
namespace {

void add(std::vector<AxisBlocks>& found, const AxisBlocks& block) {
  for (AxisBlocks& known : found) {
    if (known.outputs == block.outputs && known.taps == block.taps && known.first == block.first &&
        known.loaded == block.loaded) {
      known.count += block.count;
      return;
    }
  }
  found.push_back(block);
}

/// Inputs before a position of the padded axis.
std::uint64_t inputs_before(const Axis& axis, std::uint64_t position) {
  if (position <= axis.padding) return 0;
  return std::min<std::uint64_t>(axis.inputs,
                                 ceil_div(position - axis.padding, axis.input_dilation));
}

/// Where a block begins under the fold that begins with `tap`.
std::uint64_t first_position(const Axis& axis, unsigned outputs, unsigned tap,
                             std::uint64_t block) {
  return block * outputs * axis.stride + std::uint64_t{tap} * axis.dilation;
}

}  // namespace

std::vector<Blocks> cut(unsigned total, unsigned each) {
  std::vector<Blocks> blocks;
  if (total >= each) blocks.push_back({each, total / each});
  if (total % each != 0) blocks.push_back({total % each, 1});
  return blocks;
}

std::vector<SumBlocks> cut_sum(unsigned total, unsigned each) {
  std::vector<SumBlocks> blocks{{std::min(total, each), true, 1}};
  if (total <= each) return blocks;
  if (total / each > 1) blocks.push_back({each, false, total / each - 1});
  if (total % each != 0) blocks.push_back({total % each, false, 1});
  return blocks;
}

Axis row_axis(const workloads::ConvolutionShape& shape) {
  return {shape.out_height(), shape.kernel_height, shape.height,        shape.padding,
          shape.stride,       shape.dilation,      shape.input_dilation};
}

Axis column_axis(const workloads::ConvolutionShape& shape) {
  return {shape.out_width(), shape.kernel_width, shape.width,         shape.padding,
          shape.stride,      shape.dilation,     shape.input_dilation};
}

AxisBlocks axis_block(const Axis& axis, unsigned outputs, unsigned taps, std::uint64_t block,
                      unsigned fold) {
  const unsigned tap = fold * taps;
  AxisBlocks found;
  found.outputs =
      static_cast<unsigned>(std::min<std::uint64_t>(outputs, axis.outputs - block * outputs));
  found.taps = std::min(taps, axis.taps - tap);
  found.first = tap == 0;
  found.extent = std::uint64_t{found.outputs - 1} * axis.stride +
                 std::uint64_t{found.taps - 1} * axis.dilation + 1;
  const std::uint64_t begin = first_position(axis, outputs, tap, block);
  found.loaded = inputs_before(axis, begin + found.extent) - inputs_before(axis, begin);
  found.count = 1;
  return found;
}

std::vector<AxisBlocks> cut_axis(const Axis& axis, unsigned outputs, unsigned taps) {
  std::vector<AxisBlocks> found;
  const std::uint64_t blocks = ceil_div(axis.outputs, outputs);
  const std::uint64_t inputs_end =
      axis.padding + std::uint64_t{axis.inputs - 1} * axis.input_dilation + 1;
  // A block sees as many inputs as one that begins a multiple of the input dilation later.
  const std::uint64_t period =
      axis.input_dilation /
      std::gcd<std::uint64_t>(axis.input_dilation, std::uint64_t{outputs} * axis.stride);
  for (unsigned tap = 0; tap < axis.taps; tap += taps) {
    const auto begin_of = [&](std::uint64_t i) { return first_position(axis, outputs, tap, i); };
    const auto at = [&](std::uint64_t i) { return axis_block(axis, outputs, taps, i, tap / taps); };
    // Blocks that touch no padding are alike but for their place in the period, and for the last
    // one: it may be a remainder.
    const auto touches_padding = [&](std::uint64_t i) {
      return begin_of(i) < axis.padding || begin_of(i) + at(i).extent > inputs_end;
    };
    std::uint64_t front = 0;
    while (front < blocks && touches_padding(front)) add(found, at(front++));
    std::uint64_t back = blocks;
    while (back > front && (back == blocks || touches_padding(back - 1))) {
      add(found, at(--back));
    }
    for (std::uint64_t place = 0; place < std::min(period, back - front); ++place) {
      AxisBlocks inner = at(front + place);
      inner.count = ceil_div(back - front - place, period);
      add(found, inner);
    }
  }
  return found;
}

std::vector<FilterGroups> cut_filters(unsigned total, unsigned each, unsigned subgroup) {
  std::vector<FilterGroups> groups;
  for (const Blocks& group : cut(total, each)) {
    groups.push_back({group.size, group.count, cut(group.size, subgroup)});
  }
  return groups;
}

std::uint64_t positions_used(std::uint64_t outputs, std::uint64_t taps, unsigned stride,
                             unsigned dilation) {
  // (a, b) and (a + dilation / gcd, b - stride / gcd) are the same position: every pair that has
  // such a partner is one too many.
  const std::uint64_t divisor = std::gcd(stride, dilation);
  const std::uint64_t outputs_apart = dilation / divisor;
  const std::uint64_t taps_apart = stride / divisor;
  if (outputs <= outputs_apart || taps <= taps_apart) return outputs * taps;
  return outputs * taps - (outputs - outputs_apart) * (taps - taps_apart);
}

}  // namespace rowan::analytical
