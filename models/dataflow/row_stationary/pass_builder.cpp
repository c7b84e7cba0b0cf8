// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/row_stationary/pass_builder.h"

#include <algorithm>
#include <set>

#include "models/dataflow/row_stationary/buffers.h"
#include "models/dataflow/row_stationary/placement.h"

namespace rowan::dataflow::row_stationary {
namespace {

unsigned share(unsigned total, unsigned each, unsigned index) {
  return std::min(each, total - std::min(total, each * index));
}

MulticastId multicast(Placement::Id id) { return {id.row, id.column}; }

MulticastId unicast(Placement::Position pe) { return {pe.row, pe.column}; }

/// Rows of an ifmap tile that some PE of a set needs.
std::set<unsigned> rows_used(const PassExtents& extents, const workloads::ConvolutionShape& shape) {
  std::set<unsigned> rows;
  for (unsigned i = 0; i < extents.filter_rows; ++i) {
    for (unsigned j = 0; j < extents.ofmap_rows; ++j) {
      rows.insert(i * shape.dilation + j * shape.stride);
    }
  }
  return rows;
}

/// Columns of an ifmap tile that some window needs.
std::vector<unsigned> columns_used(const PassExtents& extents,
                                   const workloads::ConvolutionShape& shape) {
  std::set<unsigned> columns;
  for (unsigned f = 0; f < extents.ofmap_columns; ++f) {
    for (unsigned s = 0; s < extents.filter_columns; ++s) {
      columns.insert(f * shape.stride + s * shape.dilation);
    }
  }
  return {columns.begin(), columns.end()};
}

std::shared_ptr<const WindowPlan> window_plan(const PassExtents& extents,
                                              const workloads::ConvolutionShape& shape,
                                              unsigned channels) {
  const std::vector<unsigned> columns = columns_used(extents, shape);
  const auto words_before = [&](unsigned column) {
    const auto position = std::lower_bound(columns.begin(), columns.end(), column);
    return static_cast<std::uint32_t>(position - columns.begin()) * channels;
  };
  auto plan = std::make_shared<WindowPlan>();
  plan->windows = extents.ofmap_columns;
  plan->words_per_image = static_cast<std::uint32_t>(columns.size()) * channels;
  plan->run = channels;
  plan->runs_per_window = extents.filter_columns;
  for (unsigned f = 0; f < extents.ofmap_columns; ++f) {
    for (unsigned s = 0; s < extents.filter_columns; ++s) {
      plan->run_begin.push_back(words_before(f * shape.stride + s * shape.dilation));
    }
    const bool last = f + 1 == extents.ofmap_columns;
    plan->released.push_back(last ? plan->words_per_image : words_before((f + 1) * shape.stride));
  }
  return plan;
}

}  // namespace

TilePlane tile_plane(const PassExtents& extents, const workloads::ConvolutionShape& shape) {
  return {(extents.ofmap_rows - 1) * shape.stride + (extents.filter_rows - 1) * shape.dilation + 1,
          (extents.ofmap_columns - 1) * shape.stride +
              (extents.filter_columns - 1) * shape.dilation + 1};
}

unsigned filters_of_set(const PassExtents& extents, const Mapping& mapping, unsigned filter_set) {
  return share(extents.filters, mapping.p, filter_set);
}

unsigned channels_of_set(const PassExtents& extents, const Mapping& mapping, unsigned set) {
  return share(extents.channels, mapping.q, set);
}

std::vector<FilterPacket> filter_packets(const PassExtents& extents, const Mapping& mapping,
                                         unsigned packet_words) {
  std::vector<FilterPacket> packets;
  bool any = true;
  for (unsigned first = 0; any; first += packet_words) {
    any = false;
    for (unsigned group = 0; group < extents.groups; ++group) {
      for (unsigned t = 0; t < mapping.t; ++t) {
        for (unsigned set = 0; set < mapping.r; ++set) {
          const unsigned words = filters_of_set(extents, mapping, t) *
                                 channels_of_set(extents, mapping, set) * extents.filter_columns;
          if (first >= words) continue;
          any = true;
          for (unsigned row = 0; row < extents.filter_rows; ++row) {
            packets.push_back({group, t, set, row, first, std::min(packet_words, words - first)});
          }
        }
      }
    }
  }
  return packets;
}

PassBuilder::PassBuilder(const Mapping& mapping, const workloads::ConvolutionShape& shape,
                         const spec::AcceleratorSpec& accelerator)
    : mapping_(mapping),
      shape_(shape),
      array_rows_(accelerator.array.rows),
      array_columns_(accelerator.array.columns),
      filter_packet_words_(filter_packet_words(accelerator)),
      psum_packet_words_(psum_packet_words(accelerator)) {}

std::shared_ptr<const PassShape> PassBuilder::build(const PassExtents& extents) const {
  auto pass = std::make_shared<PassShape>();
  pass->reads_psums = extents.reads_psums;
  program_pes(extents, *pass);
  order_filters(extents, *pass);
  order_ifmaps(extents, *pass);
  order_psums(extents, *pass);
  return pass;
}

void PassBuilder::program_pes(const PassExtents& extents, PassShape& pass) const {
  const Placement placement(mapping_, shape_, array_columns_);
  pass.pes.resize(std::size_t{array_rows_} * array_columns_);
  for (unsigned set = 0; set < mapping_.r; ++set) {
    const unsigned channels = channels_of_set(extents, mapping_, set);
    if (channels == 0) continue;
    const bool topmost_set =
        set + 1 == mapping_.r || channels_of_set(extents, mapping_, set + 1) == 0;
    const auto windows = window_plan(extents, shape_, channels);
    for (unsigned group = 0; group < extents.groups; ++group) {
      for (unsigned t = 0; t < mapping_.t; ++t) {
        const unsigned filters = filters_of_set(extents, mapping_, t);
        if (filters == 0) continue;
        for (unsigned i = 0; i < extents.filter_rows; ++i) {
          for (unsigned j = 0; j < extents.ofmap_rows; ++j) {
            const auto position = placement.pe({group, t}, set, i, extents.filter_rows, j);
            PeProgram& pe = pass.pes[std::size_t{position.row} * array_columns_ + position.column];
            const bool lowest = set == 0 && i + 1 == extents.filter_rows;
            const bool topmost = topmost_set && i == 0;
            pe.active = true;
            pe.source = !lowest               ? PsumSource::kLocal
                        : extents.reads_psums ? PsumSource::kGlobal
                                              : PsumSource::kNone;
            pe.sink = topmost ? PsumSink::kGlobal : PsumSink::kLocal;
            pe.psums = filters;
            pe.images = extents.images;
            pe.windows = windows;
            pe.ifmap_id =
                multicast(placement.ifmap_id(group, set, i * shape_.dilation + j * shape_.stride));
            pe.filter_id = multicast(placement.filter_id({group, t}, set, i));
            pe.psum_id = unicast(position);
            ++pass.active_pes;
            pass.macs += std::uint64_t{windows->words_per_window()} * filters * windows->windows *
                         extents.images;
          }
        }
      }
    }
  }
}

void PassBuilder::order_filters(const PassExtents& extents, PassShape& pass) const {
  const Placement placement(mapping_, shape_, array_columns_);
  pass.filter.bases = {0};
  for (const FilterPacket& packet : filter_packets(extents, mapping_, filter_packet_words_)) {
    const auto id =
        placement.filter_id({packet.group, packet.filter_set}, packet.set, packet.filter_row);
    pass.filter.step.push_back({multicast(id), packet.words, pass.filter_words});
    pass.filter_words += packet.words;
  }
}

void PassBuilder::order_ifmaps(const PassExtents& extents, PassShape& pass) const {
  const Placement placement(mapping_, shape_, array_columns_);
  const TilePlane plane = tile_plane(extents, shape_);
  const unsigned plane_words = plane.rows * plane.columns;
  const unsigned planes_per_image = extents.groups * extents.channels;
  const std::vector<unsigned> columns = columns_used(extents, shape_);
  for (unsigned image = 0; image < extents.images; ++image) {
    for (const unsigned column : columns) {
      pass.ifmap.bases.push_back(image * planes_per_image * plane_words + column);
    }
  }
  const std::set<unsigned> rows = rows_used(extents, shape_);
  for (unsigned c = 0; c < mapping_.q; ++c) {
    for (unsigned group = 0; group < extents.groups; ++group) {
      for (unsigned set = 0; set < mapping_.r; ++set) {
        if (c >= channels_of_set(extents, mapping_, set)) continue;
        const unsigned channel = group * extents.channels + set * mapping_.q + c;
        for (const unsigned row : rows) {
          pass.ifmap.step.push_back({multicast(placement.ifmap_id(group, set, row)), 1,
                                     channel * plane_words + row * plane.columns});
        }
      }
    }
  }
}

void PassBuilder::order_psums(const PassExtents& extents, PassShape& pass) const {
  const Placement placement(mapping_, shape_, array_columns_);
  unsigned sets = 0;
  while (sets < mapping_.r && channels_of_set(extents, mapping_, sets) > 0) ++sets;
  PacketStream& out = pass.psum_out;
  PacketStream& in = pass.psum_in;
  const unsigned most_packets =
      static_cast<unsigned>(ceil_div(filters_of_set(extents, mapping_, 0), psum_packet_words_));
  for (unsigned packet = 0; packet < most_packets; ++packet) {
    for (unsigned group = 0; group < extents.groups; ++group) {
      for (unsigned t = 0; t < mapping_.t; ++t) {
        const unsigned words =
            share(filters_of_set(extents, mapping_, t), psum_packet_words_, packet);
        if (words == 0) continue;
        for (unsigned j = 0; j < extents.ofmap_rows; ++j) {
          const auto top = placement.pe({group, t}, sets - 1, 0, extents.filter_rows, j);
          const auto low =
              placement.pe({group, t}, 0, extents.filter_rows - 1, extents.filter_rows, j);
          const auto row = static_cast<std::uint32_t>(out.step.size());
          out.step.push_back({unicast(top), words, row});
          if (extents.reads_psums) in.step.push_back({unicast(low), words, row});
        }
      }
    }
  }
  for (unsigned window = 0; window < extents.images * extents.ofmap_columns; ++window) {
    out.bases.push_back(window * static_cast<std::uint32_t>(out.step.size()));
  }
  if (extents.reads_psums) in.bases = out.bases;
}

}  // namespace rowan::dataflow::row_stationary
