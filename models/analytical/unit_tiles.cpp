// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/unit_tiles.h"

#include <algorithm>
#include <numeric>

namespace rowan::analytical {
namespace {

using dataflow::UnitOperation;

bool is_pooling(UnitOperation operation) {
  return operation == UnitOperation::kMaxPooling || operation == UnitOperation::kAveragePooling;
}

/// Times that a word of the ifmap tile is taken, beside pooling.
std::uint64_t times_taken(UnitOperation operation) {
  if (operation == UnitOperation::kSoftmax) return 3;
  return operation == UnitOperation::kLayerNorm ? 2 : 1;
}

/// 0 + step + ... of `count` terms, beginning with `first` and falling.
std::uint64_t falling_sum(std::uint64_t first, std::uint64_t step, std::uint64_t count) {
  return count == 0 ? 0 : count * first - step * (count * (count - 1) / 2);
}

template <class Block>
void append_block(std::vector<Block>& blocks, Block block) {
  if (!blocks.empty() && blocks.back() == block) {
    ++blocks.back().count;
  } else {
    block.count = 1;
    blocks.push_back(block);
  }
}

template <class Block>
std::uint64_t count_of(const std::vector<Block>& blocks) {
  return std::accumulate(blocks.begin(), blocks.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const Block& block) { return sum + block.count; });
}

}  // namespace

UnitLayer::UnitLayer(const dataflow::post_processing::LayerPlan& plan)
    : shape_(plan.shape()), batch_(plan.batch()) {
  const dataflow::post_processing::Tile first = plan.tile(0);
  const bool pools = is_pooling(shape_.operation);
  const bool tokens = shape_.operation == UnitOperation::kTokens;
  cut_channels(first.channels.size);
  // The results of tokens stand in one row: rows and columns of the tile are those of the ifmap.
  rows_ = cut(shape_.grid_height(), tokens ? first.ifmap_rows.size : first.rows.size, shape_.height,
              pools ? shape_.window_height : 1);
  columns_ = cut(shape_.grid_width(), tokens ? first.ifmap_columns.size : first.columns.size,
                 shape_.width, pools ? shape_.window_width : 1);
}

void UnitLayer::cut_channels(unsigned each) {
  for (unsigned begin = 0; begin < shape_.channels; begin += each) {
    Channels block;
    block.first = std::min(each, shape_.channels - begin);
    const unsigned second = std::max(shape_.second_channels, begin) - begin;
    block.second = std::min(block.first, second);
    append_block(channels_, block);
  }
}

std::vector<UnitLayer::Positions> UnitLayer::cut(unsigned total, unsigned each, unsigned extent,
                                                 unsigned window) const {
  const bool pools = is_pooling(shape_.operation);
  const bool tokens = shape_.operation == UnitOperation::kTokens;
  const std::uint64_t stride = shape_.stride;
  const std::uint64_t padding = pools ? shape_.padding : 0;
  std::vector<Positions> blocks;
  for (std::uint64_t begin = 0; begin < total; begin += each) {
    Positions block;
    block.results = std::min<std::uint64_t>(each, total - begin);
    block.inputs = block.taken = block.results;
    block.first = tokens && begin == 0;
    if (pools) {
      // On the padded axis: windows from `start` to `last`, the fmap from `padding` to `end`.
      const std::uint64_t start = begin * stride;
      const std::uint64_t last = start + (block.results - 1) * stride;
      const std::uint64_t end = padding + extent;
      block.inputs = std::min(last + window, end) - std::max(start, padding);
      const std::uint64_t before = std::max(start, padding) - start;
      const std::uint64_t behind = std::max(last + window, end) - end;
      const auto windows_over = [&](std::uint64_t words) {
        return std::min(block.results, words / stride + (words % stride == 0 ? 0 : 1));
      };
      block.taken = block.results * window - falling_sum(before, stride, windows_over(before)) -
                    falling_sum(behind, stride, windows_over(behind));
    }
    append_block(blocks, block);
  }
  return blocks;
}

UnitTile UnitLayer::tile(const Channels& channels, const Positions& rows,
                         const Positions& columns) const {
  UnitTile tile;
  tile.frames = std::uint64_t{channels.first} + channels.second;
  tile.frame_words = rows.inputs * columns.inputs;
  tile.taken = tile.frames * rows.taken * columns.taken * times_taken(shape_.operation);
  tile.planes = channels.first;
  // The class token comes before the first position.
  tile.plane_words = rows.results * columns.results + (rows.first && columns.first ? 1 : 0);
  if (shape_.operation == UnitOperation::kTokens) tile.parameters = tile.results();
  if (shape_.operation == UnitOperation::kLayerNorm) tile.parameters = 2 * tile.planes;
  return tile;
}

std::vector<UnitTiles> UnitLayer::tiles() const {
  std::vector<UnitTiles> tiles;
  for (const Channels& channels : channels_) {
    for (const Positions& rows : rows_) {
      for (const Positions& columns : columns_) {
        tiles.push_back(
            {tile(channels, rows, columns), batch_ * channels.count * rows.count * columns.count});
      }
    }
  }
  return tiles;
}

std::uint64_t UnitLayer::tile_count() const {
  return batch_ * count_of(channels_) * count_of(rows_) * count_of(columns_);
}

void UnitLayer::append(const Channels& channels, std::vector<UnitTile>& tiles) const {
  for (const Positions& rows : rows_) {
    for (std::uint64_t row = 0; row < rows.count; ++row) {
      for (const Positions& columns : columns_) {
        tiles.insert(tiles.end(), columns.count, tile(channels, rows, columns));
      }
    }
  }
}

std::vector<UnitTile> UnitLayer::image() const {
  std::vector<UnitTile> tiles;
  for (const Channels& channels : channels_) {
    for (std::uint64_t i = 0; i < channels.count; ++i) append(channels, tiles);
  }
  return tiles;
}

UnitLayer::Pattern UnitLayer::pattern(std::uint64_t most) const {
  const std::uint64_t in_plane = count_of(rows_) * count_of(columns_);
  const std::uint64_t sets = count_of(channels_);
  if (channels_.size() == 1 && in_plane <= most) {
    Pattern pattern{{}, batch_ * sets};
    append(channels_.front(), pattern.first);
    return pattern;
  }
  if (sets * in_plane <= most) return {image(), batch_};
  return {};
}

}  // namespace rowan::analytical
