// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/post_processing/layer_schedule.h"

#include <array>
#include <utility>

namespace rowan::dataflow::post_processing {

/// Pass shapes by what a tile's place in the layer changes in them.
struct LayerSchedule::Shapes {
  using Key = std::array<std::uint32_t, 8>;
  std::map<Key, std::shared_ptr<const PassShape>> of;
};

LayerSchedule::LayerSchedule(const LayerPlan& plan, const DramLayout& layout)
    : LayerSchedule(plan, layout, std::make_shared<Shapes>()) {}

LayerSchedule::LayerSchedule(const LayerPlan& plan, const DramLayout& layout,
                             std::shared_ptr<Shapes> shapes)
    : plan_(plan), layout_(layout), shapes_(std::move(shapes)) {}

std::unique_ptr<Schedule> LayerSchedule::restart() const {
  return std::unique_ptr<Schedule>(new LayerSchedule(plan_, layout_, shapes_));
}

bool LayerSchedule::next(Step& step) {
  if (tile_ == plan_.tile_count()) return false;
  switch (position_) {
    case Position::kLoad:
      step = load();
      position_ = Position::kPass;
      break;
    case Position::kPass:
      step = pass();
      position_ = Position::kStore;
      break;
    case Position::kStore:
      step = store();
      position_ = Position::kLoad;
      ++tile_;
      break;
  }
  return true;
}

LoadTile LayerSchedule::load() const {
  const Tile tile = plan_.tile(tile_);
  LoadTile load;
  load.number = tile_;
  load.address = layout_.tiles[tile_].ifmap;
  load.bytes = layout_.tiles[tile_].ifmap_bytes;
  load.coded = layout_.coded_ifmaps;
  load.planes = tile.channels.size + tile.second_channels.size;
  load.window = {tile.ifmap_rows.size,   tile.ifmap_columns.size, 0, tile.ifmap_rows.size, 0,
                 tile.ifmap_columns.size};
  load.place = layout_.places.ifmap;
  return load;
}

Pass LayerSchedule::pass() const {
  Pass pass;
  pass.number = tile_;
  pass.shape = shape();
  pass.ifmap_tile = tile_;
  pass.psum_tile = tile_;
  pass.filter_address = layout_.tiles[tile_].parameters;
  return pass;
}

StoreTile LayerSchedule::store() const {
  StoreTile store;
  store.number = tile_;
  store.address = layout_.tiles[tile_].ofmap;
  store.coded = layout_.coded_ofmaps;
  store.shape = shape()->unit->results;
  store.place = layout_.places.ofmap;
  const Block channels = plan_.tile(tile_).channels;
  store.channels = {channels.begin, channels.size, 1, 0};
  return store;
}

std::shared_ptr<const PassShape> LayerSchedule::shape() const {
  const Tile tile = plan_.tile(tile_);
  const auto& shape = plan_.shape();
  Shapes::Key key{tile.channels.size, tile.second_channels.size, tile.rows.size,
                  tile.columns.size,  tile.ifmap_rows.size,      tile.ifmap_columns.size};
  if (shape.operation == UnitOperation::kTokens) {
    key[6] = tile.columns.begin == 0 ? 1 : 0;  // with the class token
  } else {
    // Where its results begin on its part of the fmap tells a tile at the padding from others.
    key[6] = tile.rows.begin * shape.stride - tile.ifmap_rows.begin;
    key[7] = tile.columns.begin * shape.stride - tile.ifmap_columns.begin;
  }
  std::shared_ptr<const PassShape>& found = shapes_->of[key];
  if (!found) found = plan_.pass_shape(tile);
  return found;
}

}  // namespace rowan::dataflow::post_processing
