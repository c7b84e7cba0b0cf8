// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "models/dataflow/post_processing/layer_shape.h"
#include "models/dataflow/schedule.h"
#include "models/spec/accelerator_spec.h"

namespace rowan::dataflow::post_processing {

/// First element and length of a block of an axis.
struct Block {
  unsigned begin = 0;
  unsigned size = 0;
};

/// One tile: what one pass of the unit makes, and of what.
struct Tile {
  unsigned image = 0;
  Block channels;
  Block rows;        ///< of the ofmap
  Block columns;     ///< of the ofmap
  Block ifmap_rows;  ///< that the results need: clipped to the fmap, neighbours' halo included
  Block ifmap_columns;
  Block second_channels;  ///< addition: of the second operand
};

/// A layer cut into tiles that fit the global buffer: as many whole planes as fit; if not one does,
/// strips of rows of one plane; if not one row, parts of a row. Softmax counts the planes of a
/// group as one, layer norm all planes. A value; schedule and memory image both read it.
///
/// Order of the tiles, outermost first: image, channels, rows, columns. Assumption: no paper tiles
/// such layers; large tiles ask for the fewest passes, and the last of each axis has only the rest.
class LayerPlan {
 public:
  /// Throws InputError when the shape is wrong (check()), or not even one position fits the buffer.
  LayerPlan(const LayerShape& shape, unsigned batch, const spec::AcceleratorSpec& accelerator);

  [[nodiscard]] const LayerShape& shape() const { return shape_; }
  [[nodiscard]] unsigned batch() const { return batch_; }
  [[nodiscard]] const spec::AcceleratorSpec& accelerator() const { return accelerator_; }
  [[nodiscard]] const BufferPlan& buffers() const { return buffers_; }

  /// A tile is a load, a pass and a store.
  [[nodiscard]] std::size_t tile_count() const;
  /// Tiles of one image; tiles of other images, as far apart, have the same parameters.
  [[nodiscard]] std::size_t tiles_per_image() const { return tile_count() / batch_; }
  [[nodiscard]] Tile tile(std::size_t index) const;

  /// What the unit does for a tile.
  [[nodiscard]] std::shared_ptr<const PassShape> pass_shape(const Tile& tile) const;
  /// Words of the parameter block of a tile's pass.
  [[nodiscard]] std::uint32_t parameter_words(const Tile& tile) const;

 private:
  /// Extents of a full tile, in channels and grid positions.
  struct Extents {
    unsigned channels = 1;
    unsigned rows = 1;
    unsigned columns = 1;
  };
  [[nodiscard]] BufferPlan needs(const Extents& extents) const;
  [[nodiscard]] std::uint64_t parameters(const Extents& extents) const;
  [[nodiscard]] bool fits(const Extents& extents) const;
  [[nodiscard]] Extents largest_tile() const;
  [[noreturn]] void reject(const Extents& smallest) const;
  [[nodiscard]] std::shared_ptr<const PsumTileShape> results(const Tile& tile) const;

  LayerShape shape_;
  unsigned batch_;
  spec::AcceleratorSpec accelerator_;
  Extents extents_;
  BufferPlan buffers_;
};

}  // namespace rowan::dataflow::post_processing
