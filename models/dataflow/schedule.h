// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <variant>

#include "models/base/units.h"
#include "models/dataflow/pass.h"
#include "models/dataflow/psum_tile.h"

namespace rowan::dataflow {

/// Where the tiles of an fmap come from, or go to; one place for all tiles of an fmap.
enum class FmapPlace : std::uint8_t {
  kDram,
  kResident,  ///< banks of the GLB that hold the whole fmap, never coded
};

/// Places of a layer's fmaps.
struct FmapPlaces {
  FmapPlace ifmap = FmapPlace::kDram;
  FmapPlace ofmap = FmapPlace::kDram;
};

/// The words of a plane that are filled from an fmap, a frame of `rows` x `columns`; the rest of
/// the plane is zeros: padding, and what is inserted between rows and columns.
struct PlaneWindow {
  std::uint32_t plane_rows = 0;
  std::uint32_t plane_columns = 0;
  std::uint32_t first_row = 0;  ///< of the plane, where the frame's first row stands
  std::uint32_t rows = 0;
  std::uint32_t first_column = 0;
  std::uint32_t columns = 0;
  std::uint32_t row_step = 1;  ///< rows of the plane from one row of the frame to the next
  std::uint32_t column_step = 1;
};

/// Loads an ifmap tile: `planes` frames, one after the other in their place, into planes of the
/// tile.
struct LoadTile {
  std::uint64_t number = 0;   ///< in the layer, from 0
  std::uint64_t address = 0;  ///< byte address in DRAM or resident memory, aligned to 8
  std::uint64_t bytes = 0;    ///< of all frames
  bool coded = false;  ///< frames are run-length coded; else packed words, padded to 8 bytes at the
                       ///< end of the tile
  std::uint32_t planes = 0;
  PlaneWindow window;  ///< of every plane
  FmapPlace place = FmapPlace::kDram;
};

/// Ofmap channels of a tile's planes, which are by image, group of channels, channel.
struct PlaneChannels {
  std::uint32_t first = 0;
  std::uint32_t of_group = 1;  ///< channels of the tile in a group
  std::uint32_t groups = 1;
  std::uint32_t group_step = 0;  ///< channels from a group to the next

  [[nodiscard]] std::uint32_t of(std::size_t plane) const {
    const auto group = static_cast<std::uint32_t>(plane / of_group % groups);
    return first + group * group_step + static_cast<std::uint32_t>(plane % of_group);
  }
};

/// Writes a finished psum tile to its place, a frame per plane, one after the other.
struct StoreTile {
  std::uint64_t number = 0;  ///< of the psum tile, in the layer, from 0
  /// Byte address in DRAM or resident memory, aligned to 8; the reserved space holds any content.
  std::uint64_t address = 0;
  bool coded = false;
  std::shared_ptr<const PsumTileShape> shape;
  FmapPlace place = FmapPlace::kDram;
  PlaneChannels channels;  ///< of shape's planes
};

using Step = std::variant<LoadTile, Pass, StoreTile>;

/// The steps of a layer in order: a generator. A LoadTile stands before the first pass that reads
/// it, a StoreTile after the last pass that works on its psum tile.
class Schedule {
 public:
  virtual ~Schedule() = default;
  /// A second reader of the same steps, from the beginning.
  [[nodiscard]] virtual std::unique_ptr<Schedule> restart() const = 0;
  /// Writes the next step to `step`; false, leaving it as it is, after the last.
  virtual bool next(Step& step) = 0;
};

/// What the GLB must hold for a layer.
struct BufferPlan {
  std::uint32_t ifmap_words = 0;  ///< of the largest ifmap tile
  std::uint32_t psum_rows = 0;    ///< of the largest psum tile
  std::uint32_t ifmap_banks = 0;
  std::uint32_t psum_banks = 0;
};

}  // namespace rowan::dataflow
