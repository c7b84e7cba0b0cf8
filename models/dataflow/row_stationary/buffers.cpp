// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/row_stationary/buffers.h"

#include <algorithm>
#include <limits>

#include "models/dataflow/row_stationary/pass_builder.h"
#include "models/spec/derived.h"

namespace rowan::dataflow::row_stationary {
namespace {
std::uint32_t saturate(std::uint64_t value) {
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(value, std::numeric_limits<std::uint32_t>::max()));
}

std::uint64_t channels_of_pass(const Mapping& mapping, const workloads::ConvolutionShape& shape) {
  return std::min<std::uint64_t>(std::uint64_t{mapping.q} * mapping.r, shape.channels_per_group());
}

std::uint64_t ifmap_tile_words(const Mapping& mapping, const workloads::ConvolutionShape& shape) {
  PassExtents largest;
  largest.images = mapping.n;
  largest.ofmap_rows = mapping.e;
  largest.ofmap_columns = mapping.f;
  largest.filter_rows = mapping.filter_rows;
  largest.filter_columns = mapping.filter_columns;
  const TilePlane plane = tile_plane(largest, shape);
  return std::uint64_t{plane.rows} * plane.columns * mapping.n * mapping.g *
         channels_of_pass(mapping, shape);
}
}  // namespace

unsigned filter_packet_words(const spec::AcceleratorSpec& accelerator) {
  return static_cast<unsigned>(spec::filter_packet(accelerator).words.value());
}

unsigned psum_packet_words(const spec::AcceleratorSpec& accelerator) {
  return static_cast<unsigned>(spec::psum_packet(accelerator).words.value());
}

std::uint64_t pass_filter_words(const Mapping& mapping, const workloads::ConvolutionShape& shape) {
  const auto filters = std::min<std::uint64_t>(mapping.m, std::uint64_t{mapping.p} * mapping.t);
  return mapping.g * filters * channels_of_pass(mapping, shape) * mapping.filter_rows *
         mapping.filter_columns;
}

std::uint64_t psum_rows_per_position(const Mapping& mapping, unsigned filters, unsigned groups,
                                     unsigned packet_words) {
  const unsigned sets = filters / mapping.p;
  const unsigned rest = filters % mapping.p;
  return groups * (sets * ceil_div(mapping.p, packet_words) + ceil_div(rest, packet_words));
}

unsigned most_filters(const Mapping& mapping, const workloads::ConvolutionShape& shape,
                      const spec::AcceleratorSpec& accelerator) {
  const spec::GlobalBufferSpec& buffer = accelerator.global_buffer;
  const unsigned tiles = accelerator.dram.overlap == spec::DramOverlap::kDoubleBuffer ? 2 : 1;
  const std::uint64_t banks = buffer.banks / tiles;
  const std::uint64_t ifmap_banks =
      ceil_div(ifmap_tile_words(mapping, shape), spec::ifmap_words_per_bank(accelerator).value());
  if (ifmap_banks >= banks) return 0;
  const std::uint64_t rows =
      (banks - ifmap_banks) * buffer.bank_rows / (std::uint64_t{mapping.n} * mapping.e * mapping.f);
  const unsigned packet = psum_packet_words(accelerator);
  const unsigned filters = shape.filters_per_group();
  if (psum_rows_per_position(mapping, filters, mapping.g, packet) <= rows) return filters;
  const unsigned subgroup = mapping.p * mapping.t;
  return static_cast<unsigned>(rows /
                               psum_rows_per_position(mapping, subgroup, mapping.g, packet)) *
         subgroup;
}

BufferPlan buffer_plan(const Mapping& mapping, const workloads::ConvolutionShape& shape,
                       const spec::AcceleratorSpec& accelerator) {
  const std::uint64_t ifmap_words = ifmap_tile_words(mapping, shape);
  const std::uint64_t psum_rows =
      std::uint64_t{mapping.n} * mapping.e * mapping.f *
      psum_rows_per_position(mapping, mapping.m, mapping.g, psum_packet_words(accelerator));

  BufferPlan plan;
  plan.ifmap_words = saturate(ifmap_words);
  plan.psum_rows = saturate(psum_rows);
  plan.ifmap_banks =
      saturate(ceil_div(ifmap_words, spec::ifmap_words_per_bank(accelerator).value()));
  plan.psum_banks = saturate(ceil_div(psum_rows, accelerator.global_buffer.bank_rows));
  return plan;
}

}  // namespace rowan::dataflow::row_stationary
