// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/coded_fmaps.h"

#include <algorithm>
#include <stdexcept>
#include <vector>

#include "models/analytical/array_counts.h"
#include "models/analytical/loop_blocks.h"
#include "models/arithmetic/run_length.h"
#include "models/base/units.h"

namespace rowan::analytical {
namespace {

using arithmetic::Word;
using dataflow::FmapPlace;
using dataflow::row_stationary::Mapping;

/// Rows, or columns, of an fmap that `count` tiles have.
struct Range {
  std::size_t first = 0;
  std::size_t size = 0;
  std::uint64_t count = 0;
};

void add(std::vector<Range>& ranges, const Range& range) {
  for (Range& known : ranges) {
    if (known.first != range.first || known.size != range.size) continue;
    known.count += range.count;
    return;
  }
  ranges.push_back(range);
}

/// Of the ifmap: for every block of ofmap rows, under every fold of the filter.
std::vector<Range> loaded_ranges(const Axis& axis, unsigned outputs, unsigned taps) {
  const auto inputs_before = [&](std::uint64_t position) -> std::uint64_t {
    if (position <= axis.padding) return 0;
    return std::min<std::uint64_t>(axis.inputs,
                                   ceil_div(position - axis.padding, axis.input_dilation));
  };
  std::vector<Range> ranges;
  for (std::uint64_t output = 0; output < axis.outputs; output += outputs) {
    const std::uint64_t last_output = std::min<std::uint64_t>(output + outputs, axis.outputs) - 1;
    for (std::uint64_t tap = 0; tap < axis.taps; tap += taps) {
      const std::uint64_t last_tap = std::min<std::uint64_t>(tap + taps, axis.taps) - 1;
      const std::uint64_t first = inputs_before(output * axis.stride + tap * axis.dilation);
      const std::uint64_t end =
          inputs_before(last_output * axis.stride + last_tap * axis.dilation + 1);
      if (end > first) add(ranges, {first, end - first, 1});
    }
  }
  return ranges;
}

std::vector<Range> blocks_of(std::size_t total, std::size_t each, std::uint64_t count) {
  std::vector<Range> ranges;
  for (std::size_t first = 0; first < total; first += each) {
    ranges.push_back({first, std::min(each, total - first), count});
  }
  return ranges;
}

/// How an fmap is cut into tiles.
struct Tiling {
  std::vector<Range> rows;
  std::vector<Range> columns;
  std::size_t images = 1;           ///< of a tile
  std::size_t groups = 1;           ///< of a tile
  std::vector<Range> planes;        ///< of a group
  std::size_t planes_of_group = 1;  ///< in the fmap
};

/// What the tiles of an fmap take.
struct Taken {
  std::uint64_t words = 0;
  std::uint64_t bytes = 0;
  std::uint64_t bursts = 0;
};

enum class Coding { kPacked, kRunLength };

/// Adds up the tiles of one fmap.
class Tiles {
 public:
  Tiles(const workloads::Tensor& fmap, const Tiling& tiling, Coding coding, unsigned word_bits,
        std::uint64_t burst_bytes)
      : fmap_(fmap), tiling_(tiling), coding_(coding), bits_(word_bits), burst_(burst_bytes) {}

  [[nodiscard]] Taken sum() {
    const std::size_t images = fmap_.extents()[0];
    const std::size_t groups = fmap_.extents()[1] / tiling_.planes_of_group;
    for (const Range& n : blocks_of(images, tiling_.images, 1)) {
      for (const Range& g : blocks_of(groups, tiling_.groups, 1)) {
        for (const Range& planes : tiling_.planes) add_planes(n, g, planes);
      }
    }
    return taken_;
  }

 private:
  /// All tiles that have a part of these planes.
  void add_planes(const Range& images, const Range& groups, const Range& planes) {
    for (const Range& rows : tiling_.rows) {
      for (const Range& columns : tiling_.columns) {
        const std::uint64_t count = rows.count * columns.count * planes.count;
        const std::uint64_t words =
            images.size * groups.size * planes.size * rows.size * columns.size;
        const std::uint64_t bytes = coding_ == Coding::kPacked
                                        ? ceil_div(words * bits_, 64) * 8
                                        : coded_bytes(images, groups, planes, rows, columns);
        taken_.words += count * words;
        taken_.bytes += count * bytes;
        taken_.bursts += count * ceil_div(bytes, burst_);
      }
    }
  }

  [[nodiscard]] std::uint64_t coded_bytes(const Range& images, const Range& groups,
                                          const Range& planes, const Range& rows,
                                          const Range& columns) const {
    const std::size_t width = fmap_.extents()[3];
    std::uint64_t code = 0;
    for (std::size_t n = images.first; n < images.first + images.size; ++n) {
      for (std::size_t g = groups.first; g < groups.first + groups.size; ++g) {
        for (std::size_t c = planes.first; c < planes.first + planes.size; ++c) {
          const Word* plane = fmap_.plane(n, g * tiling_.planes_of_group + c);
          const Word* first = plane + rows.first * width + columns.first;
          code += code_words({first, rows.size, columns.size, width}, bits_);
        }
      }
    }
    return code * 8;
  }

  const workloads::Tensor& fmap_;
  const Tiling& tiling_;
  Coding coding_;
  unsigned bits_;
  std::uint64_t burst_;
  Taken taken_;
};

/// For every row of the ifmap, the ofmap rows whose windows have it, counted once for each filter
/// row.
std::vector<std::uint32_t> uses_of(const Axis& axis) {
  std::vector<std::uint32_t> uses(axis.inputs);
  for (std::uint64_t output = 0; output < axis.outputs; ++output) {
    for (std::uint64_t tap = 0; tap < axis.taps; ++tap) {
      const std::uint64_t position = output * axis.stride + tap * axis.dilation;
      if (position < axis.padding) continue;
      const std::uint64_t at = position - axis.padding;
      if (at % axis.input_dilation != 0 || at / axis.input_dilation >= axis.inputs) continue;
      ++uses[at / axis.input_dilation];
    }
  }
  return uses;
}

Taken ifmap_tiles(const Mapping& mapping, const workloads::ConvolutionShape& shape,
                  const spec::AcceleratorSpec& accelerator, const FmapData& fmaps, Coding coding) {
  Tiling tiling;
  tiling.rows = loaded_ranges(row_axis(shape), mapping.e, mapping.filter_rows);
  tiling.columns = loaded_ranges(column_axis(shape), mapping.f, mapping.filter_columns);
  tiling.images = mapping.n;
  tiling.groups = mapping.g;
  tiling.planes_of_group = shape.channels_per_group();
  // Every group of m filters loads the ifmaps again.
  tiling.planes = blocks_of(tiling.planes_of_group, std::size_t{mapping.q} * mapping.r,
                            ceil_div(shape.filters_per_group(), mapping.m));
  return Tiles(fmaps.ifmap, tiling, coding,
               arithmetic::pe_type(accelerator.pe.type).activation_bits,
               accelerator.dram.burst.value())
      .sum();
}

Taken ofmap_tiles(const Mapping& mapping, const workloads::ConvolutionShape& shape,
                  const spec::AcceleratorSpec& accelerator, const FmapData& fmaps, Coding coding) {
  Tiling tiling;
  tiling.rows = blocks_of(shape.out_height(), mapping.e, 1);
  tiling.columns = blocks_of(shape.out_width(), mapping.f, 1);
  tiling.images = mapping.n;
  tiling.groups = mapping.g;
  tiling.planes_of_group = shape.filters_per_group();
  tiling.planes = blocks_of(tiling.planes_of_group, mapping.m, 1);
  return Tiles(fmaps.ofmap, tiling, coding,
               arithmetic::pe_type(accelerator.pe.type).activation_bits,
               accelerator.dram.burst.value())
      .sum();
}

void check(const workloads::ConvolutionShape& shape, const FmapData& fmaps) {
  const std::size_t images = fmaps.ifmap.extents()[0];
  if (images == 0 || fmaps.ifmap.extents() != workloads::ifmap_extents(shape, images) ||
      fmaps.ofmap.extents() != workloads::psum_extents(shape, images)) {
    throw std::invalid_argument("analytical: the extents of an fmap do not fit the layer");
  }
}

}  // namespace

std::uint64_t code_words(const Frame& frame, unsigned word_bits) {
  // A pair ends at a word that is not zero, at the 32nd zero of a run, and with the frame.
  constexpr std::uint64_t kZerosOfPair = 32;
  std::uint64_t zeros = 0;  // since the last word that is not
  std::uint64_t pairs = 0;
  for (std::size_t row = 0; row < frame.rows; ++row) {
    const Word* words = frame.first + row * frame.row_words;
    for (std::size_t column = 0; column < frame.columns; ++column) {
      zeros = words[column] == 0 ? zeros + 1 : 0;
      pairs += zeros % kZerosOfPair == 0 ? 1 : 0;
    }
  }
  if (zeros % kZerosOfPair != 0) ++pairs;
  return ceil_div(pairs, arithmetic::run_length::pairs_per_code_word(word_bits));
}

std::uint64_t macs_on_zeros(const workloads::ConvolutionShape& shape,
                            const workloads::Tensor& ifmap) {
  const std::vector<std::uint32_t> row_uses = uses_of(row_axis(shape));
  const std::vector<std::uint32_t> column_uses = uses_of(column_axis(shape));
  const std::size_t planes = ifmap.extents()[0] * ifmap.extents()[1];
  const Word* word = ifmap.data();
  std::uint64_t on_others = 0;  // for each filter
  for (std::size_t plane = 0; plane < planes; ++plane) {
    for (const std::uint32_t row : row_uses) {
      std::uint64_t in_row = 0;
      for (const std::uint32_t column : column_uses) in_row += *word++ != 0 ? column : 0;
      on_others += in_row * row;
    }
  }
  return ifmap.extents()[0] * shape.macs_per_image() - on_others * shape.filters_per_group();
}

TileTraffic traffic_of(const Mapping& mapping, const workloads::ConvolutionShape& shape,
                       const spec::AcceleratorSpec& accelerator, const FmapData& fmaps) {
  const auto batch = static_cast<unsigned>(fmaps.ifmap.extents()[0]);
  TileTraffic traffic = filter_traffic(mapping, shape, batch, accelerator);
  const bool resident_ifmap = fmaps.places.ifmap == FmapPlace::kResident;
  const bool resident_ofmap = fmaps.places.ofmap == FmapPlace::kResident;
  const bool coded_ifmap = accelerator.dram.rlc && !fmaps.network_input && !resident_ifmap;
  const bool coded_ofmap = accelerator.dram.rlc && !resident_ofmap;
  const Taken ifmap = ifmap_tiles(mapping, shape, accelerator, fmaps,
                                  coded_ifmap ? Coding::kRunLength : Coding::kPacked);
  const Taken ofmap = ofmap_tiles(mapping, shape, accelerator, fmaps,
                                  coded_ofmap ? Coding::kRunLength : Coding::kPacked);
  if (resident_ifmap) {
    traffic.resident_reads = ifmap.words;
  } else {
    traffic.ifmap_bytes = ifmap.bytes;
    traffic.bursts += ifmap.bursts;
    traffic.decoded = coded_ifmap ? ifmap.bytes / 8 : 0;
  }
  if (resident_ofmap) {
    traffic.resident_writes = ofmap.words;
  } else {
    traffic.ofmap_bytes = ofmap.bytes;
    traffic.bursts += ofmap.bursts;
    traffic.encoded = coded_ofmap ? ofmap.bytes / 8 : 0;
  }
  return traffic;
}

ActivityCounts counts_of(const Mapping& mapping, const workloads::ConvolutionShape& shape,
                         const spec::AcceleratorSpec& accelerator, const FmapData& fmaps) {
  check(shape, fmaps);
  const auto batch = static_cast<unsigned>(fmaps.ifmap.extents()[0]);
  const Mapping clipped = dataflow::row_stationary::clip(mapping, shape, batch);
  const std::uint64_t gated = accelerator.pe.zero_gating ? macs_on_zeros(shape, fmaps.ifmap) : 0;
  ActivityCounts counts;
  ArrayCounter(shape, batch, accelerator, gated)
      .count(clipped, shape, traffic_of(clipped, shape, accelerator, fmaps), counts);
  return counts;
}

}  // namespace rowan::analytical
