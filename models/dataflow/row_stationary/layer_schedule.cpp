// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/row_stationary/layer_schedule.h"

namespace rowan::dataflow::row_stationary {

LayerSchedule::LayerSchedule(const LayerPlan& plan, const DramLayout& layout)
    : LayerSchedule(plan, layout, std::make_shared<Shapes>()) {}

LayerSchedule::LayerSchedule(const LayerPlan& plan, const DramLayout& layout,
                             std::shared_ptr<Shapes> shapes)
    : plan_(plan),
      layout_(layout),
      builder_(plan.mapping(), plan.shape(), plan.accelerator()),
      shapes_(std::move(shapes)) {}

std::unique_ptr<Schedule> LayerSchedule::restart() const {
  return std::unique_ptr<Schedule>(new LayerSchedule(plan_, layout_, shapes_));
}

bool LayerSchedule::last_pass_of_psum_tile() const {
  const LoopIndex& loops = plan_.loops();
  return index_.channel_group + 1 == loops.channel_group && index_.fold_row + 1 == loops.fold_row &&
         index_.fold_column + 1 == loops.fold_column &&
         index_.subgroup + 1 == plan_.subgroups(index_);
}

bool LayerSchedule::next(Step& step) {
  switch (position_) {
    case Position::kLoad:
      step = load();
      ++loads_;
      position_ = Position::kPass;
      return true;
    case Position::kPass:
      step = pass();
      ++passes_;
      if (last_pass_of_psum_tile()) {
        position_ = Position::kStore;
      } else {
        // A last pass of the layer is a last pass of its psum tile, so there is a next one.
        (void)advance(plan_, index_);
        position_ = index_.subgroup == 0 ? Position::kLoad : Position::kPass;
      }
      return true;
    case Position::kStore:
      step = store();
      ++stores_;
      position_ = advance(plan_, index_) ? Position::kLoad : Position::kEnd;
      return true;
    case Position::kEnd:
      break;
  }
  return false;
}

LoadTile LayerSchedule::load() const {
  const Extent& extent = layout_.ifmap_tiles[plan_.ifmap_tile_index(index_)];
  LoadTile tile;
  tile.number = loads_;
  tile.address = extent.address;
  tile.bytes = extent.bytes;
  tile.coded = layout_.coded_ifmaps;
  tile.planes = plan_.images(index_).size * plan_.groups(index_).size * plan_.channels(index_).size;
  tile.window = plan_.tile_window(index_);
  tile.place = layout_.places.ifmap;
  return tile;
}

Pass LayerSchedule::pass() {
  std::shared_ptr<const PassShape>& shape = (*shapes_)[plan_.extents(index_)];
  if (!shape) shape = builder_.build(plan_.extents(index_));
  Pass pass;
  pass.number = passes_;
  pass.shape = shape;
  pass.ifmap_tile = loads_ - 1;
  pass.psum_tile = stores_;
  pass.psum_row = plan_.psum_row(index_);
  pass.filter_address = layout_.filter_blocks[plan_.filter_block_index(index_)].address;
  return pass;
}

StoreTile LayerSchedule::store() const {
  StoreTile tile;
  tile.number = stores_;
  tile.address = layout_.ofmap_tiles[plan_.ofmap_tile_index(index_)].address;
  tile.coded = layout_.coded_ofmaps;
  tile.shape = plan_.psum_tile(index_);
  tile.place = layout_.places.ofmap;
  const unsigned filters_per_group = plan_.shape().filters_per_group();
  const Block groups = plan_.groups(index_);
  const Block filters = plan_.filter_group(index_);
  tile.channels = {groups.begin * filters_per_group + filters.begin, filters.size, groups.size,
                   filters_per_group};
  return tile;
}

}  // namespace rowan::dataflow::row_stationary
