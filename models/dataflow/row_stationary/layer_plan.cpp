// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/row_stationary/layer_plan.h"

#include <algorithm>

#include "models/base/error.h"
#include "models/dataflow/row_stationary/buffers.h"

namespace rowan::dataflow::row_stationary {
namespace {

unsigned blocks(unsigned total, unsigned each) {
  return static_cast<unsigned>(ceil_div(total, each));
}

Block block(unsigned total, unsigned each, unsigned index) {
  return {index * each, std::min(each, total - index * each)};
}

}  // namespace

LayerPlan::Overlap LayerPlan::overlap(unsigned begin, unsigned size, unsigned extent) const {
  // Row k stands at padding + k * step.
  const unsigned step = shape_.input_dilation;
  const auto rows_before = [&](unsigned position) {
    if (position <= shape_.padding) return 0U;
    return std::min(extent, blocks(position - shape_.padding, step));
  };
  const unsigned first = rows_before(begin);
  const unsigned end = rows_before(begin + size);
  if (first == end) return {};
  return {shape_.padding + first * step - begin, {first, end - first}};
}

LayerPlan::LayerPlan(const workloads::ConvolutionShape& shape, unsigned batch,
                     const Mapping& mapping, const spec::AcceleratorSpec& accelerator)
    : shape_(shape), batch_(batch), accelerator_(accelerator) {
  const auto violations = check(mapping, shape, batch, accelerator);
  if (!violations.empty()) {
    std::string message = "illegal mapping";
    for (const Violation& violation : violations) message += "; " + violation.message;
    throw InputError(message);
  }
  mapping_ = clip(mapping, shape, batch);
  buffers_ = buffer_plan(mapping_, shape, accelerator);
  loops_.group = blocks(shape.groups, mapping_.g);
  loops_.image = blocks(batch, mapping_.n);
  loops_.strip = blocks(shape.out_height(), mapping_.e);
  loops_.column = blocks(shape.out_width(), mapping_.f);
  loops_.filter_group = blocks(shape.filters_per_group(), mapping_.m);
  loops_.channel_group = blocks(shape.channels_per_group(), mapping_.q * mapping_.r);
  loops_.fold_row = blocks(shape.kernel_height, mapping_.filter_rows);
  loops_.fold_column = blocks(shape.kernel_width, mapping_.filter_columns);
  loops_.subgroup = blocks(mapping_.m, mapping_.p * mapping_.t);
}

Block LayerPlan::groups(const LoopIndex& i) const {
  return block(shape_.groups, mapping_.g, i.group);
}
Block LayerPlan::images(const LoopIndex& i) const { return block(batch_, mapping_.n, i.image); }
Block LayerPlan::ofmap_rows(const LoopIndex& i) const {
  return block(shape_.out_height(), mapping_.e, i.strip);
}
Block LayerPlan::ofmap_columns(const LoopIndex& i) const {
  return block(shape_.out_width(), mapping_.f, i.column);
}
Block LayerPlan::filter_group(const LoopIndex& i) const {
  return block(shape_.filters_per_group(), mapping_.m, i.filter_group);
}
Block LayerPlan::filters(const LoopIndex& i) const {
  const Block whole = filter_group(i);
  const Block part = block(whole.size, mapping_.p * mapping_.t, i.subgroup);
  return {whole.begin + part.begin, part.size};
}
Block LayerPlan::channels(const LoopIndex& i) const {
  return block(shape_.channels_per_group(), mapping_.q * mapping_.r, i.channel_group);
}
Block LayerPlan::filter_rows(const LoopIndex& i) const {
  return block(shape_.kernel_height, mapping_.filter_rows, i.fold_row);
}
Block LayerPlan::filter_columns(const LoopIndex& i) const {
  return block(shape_.kernel_width, mapping_.filter_columns, i.fold_column);
}

unsigned LayerPlan::subgroups(const LoopIndex& i) const {
  return blocks(filter_group(i).size, mapping_.p * mapping_.t);
}

bool LayerPlan::starts_psums(const LoopIndex& i) {
  return i.channel_group == 0 && i.fold_row == 0 && i.fold_column == 0;
}

PassExtents LayerPlan::extents(const LoopIndex& i) const {
  PassExtents extents;
  extents.images = images(i).size;
  extents.ofmap_rows = ofmap_rows(i).size;
  extents.ofmap_columns = ofmap_columns(i).size;
  extents.groups = groups(i).size;
  extents.channels = channels(i).size;
  extents.filters = filters(i).size;
  extents.filter_rows = filter_rows(i).size;
  extents.filter_columns = filter_columns(i).size;
  extents.reads_psums = !starts_psums(i);
  return extents;
}

LayerPlan::Overlap LayerPlan::row_overlap(const LoopIndex& i) const {
  const unsigned first =
      ofmap_rows(i).begin * shape_.stride + filter_rows(i).begin * shape_.dilation;
  return overlap(first, tile_plane(extents(i), shape_).rows, shape_.height);
}

LayerPlan::Overlap LayerPlan::column_overlap(const LoopIndex& i) const {
  const unsigned first =
      ofmap_columns(i).begin * shape_.stride + filter_columns(i).begin * shape_.dilation;
  return overlap(first, tile_plane(extents(i), shape_).columns, shape_.width);
}

PlaneWindow LayerPlan::tile_window(const LoopIndex& i) const {
  const TilePlane plane = tile_plane(extents(i), shape_);
  const Overlap rows = row_overlap(i);
  const Overlap columns = column_overlap(i);
  PlaneWindow window;
  window.plane_rows = plane.rows;
  window.plane_columns = plane.columns;
  if (rows.part.size == 0 || columns.part.size == 0) return window;
  window.first_row = rows.skipped;
  window.rows = rows.part.size;
  window.first_column = columns.skipped;
  window.columns = columns.part.size;
  window.row_step = window.column_step = shape_.input_dilation;
  return window;
}

Block LayerPlan::tile_rows(const LoopIndex& i) const { return row_overlap(i).part; }

Block LayerPlan::tile_columns(const LoopIndex& i) const { return column_overlap(i).part; }

std::size_t LayerPlan::ifmap_tile_index(const LoopIndex& i) const {
  std::size_t index = i.group;
  index = index * loops_.image + i.image;
  index = index * loops_.strip + i.strip;
  index = index * loops_.column + i.column;
  index = index * loops_.channel_group + i.channel_group;
  index = index * loops_.fold_row + i.fold_row;
  return index * loops_.fold_column + i.fold_column;
}

std::size_t LayerPlan::filter_block_index(const LoopIndex& i) const {
  std::size_t index = i.group;
  index = index * loops_.filter_group + i.filter_group;
  index = index * loops_.channel_group + i.channel_group;
  index = index * loops_.fold_row + i.fold_row;
  index = index * loops_.fold_column + i.fold_column;
  return index * loops_.subgroup + i.subgroup;
}

std::size_t LayerPlan::ofmap_tile_index(const LoopIndex& i) const {
  std::size_t index = i.group;
  index = index * loops_.image + i.image;
  index = index * loops_.strip + i.strip;
  index = index * loops_.column + i.column;
  return index * loops_.filter_group + i.filter_group;
}

std::size_t LayerPlan::ifmap_tile_count() const {
  return std::size_t{loops_.group} * loops_.image * loops_.strip * loops_.column *
         loops_.channel_group * loops_.fold_row * loops_.fold_column;
}
std::size_t LayerPlan::filter_block_count() const {
  return std::size_t{loops_.group} * loops_.filter_group * loops_.channel_group * loops_.fold_row *
         loops_.fold_column * loops_.subgroup;
}
std::size_t LayerPlan::ofmap_tile_count() const {
  return std::size_t{loops_.group} * loops_.image * loops_.strip * loops_.column *
         loops_.filter_group;
}

std::uint32_t LayerPlan::psum_row(const LoopIndex& i) const {
  // Every subgroup but the last is whole.
  const unsigned packet = psum_packet_words(accelerator_);
  const std::uint64_t per_position =
      psum_rows_per_position(mapping_, mapping_.p * mapping_.t, groups(i).size, packet);
  return static_cast<std::uint32_t>(i.subgroup * per_position * images(i).size *
                                    ofmap_rows(i).size * ofmap_columns(i).size);
}

std::shared_ptr<const PsumTileShape> LayerPlan::psum_tile(const LoopIndex& i) const {
  const unsigned packet_words = psum_packet_words(accelerator_);
  const unsigned rows = ofmap_rows(i).size;
  const unsigned columns = ofmap_columns(i).size;
  const unsigned group_count = groups(i).size;
  auto tile = std::make_shared<PsumTileShape>();
  tile->rows = rows;
  tile->columns = columns;
  for (unsigned image = 0; image < images(i).size; ++image) {
    for (unsigned group = 0; group < group_count; ++group) {
      for (unsigned filter = 0; filter < filter_group(i).size; ++filter) {
        LoopIndex at = i;
        at.subgroup = filter / (mapping_.p * mapping_.t);
        const unsigned within = filter % (mapping_.p * mapping_.t);
        const unsigned set = within / mapping_.p;
        const unsigned packet = within % mapping_.p / packet_words;
        // The bus order of a window: packet index, chain (group, set), ofmap row; sets with fewer
        // packets drop out.
        const PassExtents pass = extents(at);
        unsigned before = 0;
        unsigned step = 0;
        for (unsigned k = 0; k * packet_words < std::min(mapping_.p, pass.filters); ++k) {
          for (unsigned g = 0; g < group_count; ++g) {
            for (unsigned t = 0; t < mapping_.t; ++t) {
              if (filters_of_set(pass, mapping_, t) <= k * packet_words) continue;
              if (k == packet && g == group && t == set) before = step;
              step += rows;
            }
          }
        }
        PlaneLayout plane;
        plane.lane = within % mapping_.p % packet_words;
        plane.column_stride = step;
        for (unsigned row = 0; row < rows; ++row) {
          plane.first_row.push_back(psum_row(at) + image * columns * step + before + row);
        }
        tile->planes.push_back(std::move(plane));
      }
    }
  }
  return tile;
}

std::uint64_t LayerPlan::pass_count() const {
  std::uint64_t subgroups_of_all = 0;
  LoopIndex index;
  for (index.filter_group = 0; index.filter_group < loops_.filter_group; ++index.filter_group) {
    subgroups_of_all += subgroups(index);
  }
  return ifmap_tile_count() * subgroups_of_all;
}

bool advance(const LayerPlan& plan, LoopIndex& index) {
  const LoopIndex& loops = plan.loops();
  if (++index.subgroup < plan.subgroups(index)) return true;
  index.subgroup = 0;
  if (++index.fold_column < loops.fold_column) return true;
  index.fold_column = 0;
  if (++index.fold_row < loops.fold_row) return true;
  index.fold_row = 0;
  if (++index.channel_group < loops.channel_group) return true;
  index.channel_group = 0;
  if (++index.filter_group < loops.filter_group) return true;
  index.filter_group = 0;
  if (++index.column < loops.column) return true;
  index.column = 0;
  if (++index.strip < loops.strip) return true;
  index.strip = 0;
  if (++index.image < loops.image) return true;
  index.image = 0;
  return ++index.group < loops.group;
}

}  // namespace rowan::dataflow::row_stationary
