// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/row_stationary/dram_image.h"

#include "models/arithmetic/pe_type.h"
#include "models/arithmetic/run_length.h"
#include "models/base/error.h"
#include "models/dataflow/fmap_frames.h"
#include "models/dataflow/row_stationary/buffers.h"

namespace rowan::dataflow::row_stationary {
namespace {

using arithmetic::Word;

/// Visits every loop index once per ifmap tile, filter block or ofmap tile: the first pass that has
/// it.
template <class IndexOf, class Visit>
void for_each_first(const LayerPlan& plan, std::size_t count, IndexOf index_of, Visit visit) {
  std::vector<bool> seen(count, false);
  LoopIndex i;
  do {
    const std::size_t index = index_of(i);
    if (seen[index]) continue;
    seen[index] = true;
    visit(i, index);
  } while (advance(plan, i));
}

void pack_ifmap_tile(const LayerPlan& plan, const LoopIndex& i, const workloads::Tensor& ifmap,
                     FrameWriter& writer) {
  const auto& shape = plan.shape();
  const Block images = plan.images(i);
  const Block groups = plan.groups(i);
  const Block channels = plan.channels(i);
  const Block rows = plan.tile_rows(i);
  const Block columns = plan.tile_columns(i);
  std::vector<Word> frame;
  for (unsigned n = images.begin; n < images.begin + images.size; ++n) {
    for (unsigned g = groups.begin; g < groups.begin + groups.size; ++g) {
      for (unsigned c = channels.begin; c < channels.begin + channels.size; ++c) {
        const Word* plane = ifmap.plane(n, g * shape.channels_per_group() + c);
        frame.clear();
        if (columns.size > 0) {
          for (unsigned row = rows.begin; row < rows.begin + rows.size; ++row) {
            const Word* first = plane + std::size_t{row} * shape.width + columns.begin;
            frame.insert(frame.end(), first, first + columns.size);
          }
        }
        writer.add(frame);
      }
    }
  }
}

void pack_filter_block(const LayerPlan& plan, const LoopIndex& i, const workloads::Tensor& filters,
                       FrameWriter& writer) {
  const auto& shape = plan.shape();
  const Mapping& mapping = plan.mapping();
  const PassExtents pass = plan.extents(i);
  const Block groups = plan.groups(i);
  const Block block_filters = plan.filters(i);
  const Block block_channels = plan.channels(i);
  const Block rows = plan.filter_rows(i);
  const Block columns = plan.filter_columns(i);
  std::vector<Word> words;
  for (const FilterPacket& packet :
       filter_packets(pass, mapping, filter_packet_words(plan.accelerator()))) {
    const unsigned p = filters_of_set(pass, mapping, packet.filter_set);
    const unsigned q = channels_of_set(pass, mapping, packet.set);
    for (unsigned word = packet.first_word; word < packet.first_word + packet.words; ++word) {
      const unsigned k = word % p;
      const unsigned c = word / p % q;
      const unsigned s = word / p / q;
      const unsigned filter = (groups.begin + packet.group) * shape.filters_per_group() +
                              block_filters.begin + packet.filter_set * mapping.p + k;
      const unsigned channel = block_channels.begin + packet.set * mapping.q + c;
      words.push_back(filters.plane(
          filter, channel)[std::size_t{rows.begin + packet.filter_row} * shape.kernel_width +
                           columns.begin + s]);
    }
  }
  writer.add(words);
}

}  // namespace

DramImage make_dram_image(const LayerPlan& plan, const workloads::Tensor& ifmap,
                          const workloads::Tensor& filters, bool network_input, FmapPlaces places) {
  const spec::AcceleratorSpec& accelerator = plan.accelerator();
  const auto& type = arithmetic::pe_type(accelerator.pe.type);
  DramImage image;
  DramLayout& layout = image.layout;
  const bool resident_ifmap = places.ifmap == FmapPlace::kResident;
  const bool resident_ofmap = places.ofmap == FmapPlace::kResident;
  layout.places = places;
  layout.coded_ifmaps = accelerator.dram.rlc && !network_input && !resident_ifmap;
  layout.coded_ofmaps = accelerator.dram.rlc && !resident_ofmap;

  layout.filter_blocks.resize(plan.filter_block_count());
  for_each_first(
      plan, plan.filter_block_count(),
      [&](const LoopIndex& i) { return plan.filter_block_index(i); },
      [&](const LoopIndex& i, std::size_t index) {
        FrameWriter writer(image.bytes, type.weight_bits, FrameCoding::kPacked);
        pack_filter_block(plan, i, filters, writer);
        layout.filter_blocks[index] = {writer.address(), writer.finish()};
      });
  layout.ifmap_tiles.resize(plan.ifmap_tile_count());
  const auto coding = layout.coded_ifmaps ? FrameCoding::kRunLength : FrameCoding::kPacked;
  for_each_first(
      plan, plan.ifmap_tile_count(), [&](const LoopIndex& i) { return plan.ifmap_tile_index(i); },
      [&](const LoopIndex& i, std::size_t index) {
        FrameWriter writer(resident_ifmap ? image.resident : image.bytes, type.activation_bits,
                           coding);
        pack_ifmap_tile(plan, i, ifmap, writer);
        layout.ifmap_tiles[index] = {writer.address(), writer.finish()};
      });
  layout.ofmap_tiles.resize(plan.ofmap_tile_count());
  layout.bytes = image.bytes.size();
  layout.resident_bytes = image.resident.size();
  std::uint64_t& end = resident_ofmap ? layout.resident_bytes : layout.bytes;
  for_each_first(
      plan, plan.ofmap_tile_count(), [&](const LoopIndex& i) { return plan.ofmap_tile_index(i); },
      [&](const LoopIndex& i, std::size_t index) {
        const std::uint64_t planes =
            std::uint64_t{plan.images(i).size} * plan.groups(i).size * plan.filter_group(i).size;
        const std::uint64_t words =
            std::uint64_t{plan.ofmap_rows(i).size} * plan.ofmap_columns(i).size;
        const std::uint64_t room =
            layout.coded_ofmaps
                ? planes * 8 *
                      arithmetic::run_length::worst_case_code_words(words, type.activation_bits)
                : packed_bytes(planes * words, type.activation_bits);
        layout.ofmap_tiles[index] = {end, room};
        end += room;
      });
  return image;
}

workloads::Tensor read_ofmap(const LayerPlan& plan, const DramLayout& layout,
                             const std::vector<std::uint8_t>& memory) {
  const auto& shape = plan.shape();
  const unsigned bits = arithmetic::pe_type(plan.accelerator().pe.type).activation_bits;
  const auto coding = layout.coded_ofmaps ? FrameCoding::kRunLength : FrameCoding::kPacked;
  workloads::Tensor ofmap({plan.batch(), shape.filters, shape.out_height(), shape.out_width()});
  for_each_first(
      plan, plan.ofmap_tile_count(), [&](const LoopIndex& i) { return plan.ofmap_tile_index(i); },
      [&](const LoopIndex& i, std::size_t index) {
        const Extent& extent = layout.ofmap_tiles[index];
        FrameReader reader(memory.data() + extent.address, extent.bytes, bits, coding);
        const Block images = plan.images(i);
        const Block groups = plan.groups(i);
        const Block filters = plan.filter_group(i);
        const Block rows = plan.ofmap_rows(i);
        const Block columns = plan.ofmap_columns(i);
        std::vector<Word> frame(std::size_t{rows.size} * columns.size);
        for (unsigned n = images.begin; n < images.begin + images.size; ++n) {
          for (unsigned g = groups.begin; g < groups.begin + groups.size; ++g) {
            for (unsigned m = filters.begin; m < filters.begin + filters.size; ++m) {
              reader.read(frame);
              Word* plane = ofmap.plane(n, g * shape.filters_per_group() + m);
              for (unsigned row = 0; row < rows.size; ++row) {
                for (unsigned column = 0; column < columns.size; ++column) {
                  plane[std::size_t{rows.begin + row} * shape.out_width() + columns.begin +
                        column] = frame[std::size_t{row} * columns.size + column];
                }
              }
            }
          }
        }
      });
  return ofmap;
}

}  // namespace rowan::dataflow::row_stationary
