// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "models/dataflow/post_processing/layer_plan.h"

/// The tiles of a layer of the post-processing unit (docs/machine.md, section 10), equal ones
/// together: what a closed form sums over.
namespace rowan::analytical {

/// What a tile is, in words.
struct UnitTile {
  std::uint64_t frames = 0;       ///< planes of its operands
  std::uint64_t frame_words = 0;  ///< of each
  std::uint64_t taken = 0;        ///< from the ifmap tile, each as often as it is taken
  std::uint64_t parameters = 0;   ///< of its filter block
  std::uint64_t planes = 0;       ///< of its results
  std::uint64_t plane_words = 0;  ///< of each

  [[nodiscard]] std::uint64_t ifmap_words() const { return frames * frame_words; }
  [[nodiscard]] std::uint64_t results() const { return planes * plane_words; }
};

/// A tile and how often a layer has it.
struct UnitTiles {
  UnitTile tile;
  std::uint64_t count = 0;
};

/// A layer's tiles, as blocks of its axes.
class UnitLayer {
 public:
  explicit UnitLayer(const dataflow::post_processing::LayerPlan& plan);

  /// Tiles that differ, with their counts in all images.
  [[nodiscard]] std::vector<UnitTiles> tiles() const;
  [[nodiscard]] std::uint64_t tile_count() const;

  /// The layer is this sequence of tiles, `second` times.
  using Pattern = std::pair<std::vector<UnitTile>, std::uint64_t>;
  /// The shortest such sequence that is known: the tiles of a set of planes, or of an image. Empty
  /// when it has more than `most` tiles.
  [[nodiscard]] Pattern pattern(std::uint64_t most) const;
  /// All tiles of an image, in order.
  [[nodiscard]] std::vector<UnitTile> image() const;

 private:
  struct Channels {
    unsigned first = 0;   ///< operand
    unsigned second = 0;  ///< operand
    std::uint64_t count = 0;
    friend bool operator==(const Channels& a, const Channels& b) {
      return a.first == b.first && a.second == b.second;
    }
  };
  /// Of rows, or of columns.
  struct Positions {
    std::uint64_t results = 0;
    std::uint64_t inputs = 0;
    std::uint64_t taken = 0;  ///< inputs, each as often as a result takes it
    bool first = false;       ///< on the axis
    std::uint64_t count = 0;
    friend bool operator==(const Positions& a, const Positions& b) {
      return a.results == b.results && a.inputs == b.inputs && a.taken == b.taken &&
             a.first == b.first;
    }
  };
  void cut_channels(unsigned each);
  [[nodiscard]] std::vector<Positions> cut(unsigned total, unsigned each, unsigned extent,
                                           unsigned window) const;
  [[nodiscard]] UnitTile tile(const Channels& channels, const Positions& rows,
                              const Positions& columns) const;
  void append(const Channels& channels, std::vector<UnitTile>& tiles) const;

  const dataflow::post_processing::LayerShape& shape_;
  std::uint64_t batch_;
  std::vector<Channels> channels_;  ///< equal neighbours are one
  std::vector<Positions> rows_;
  std::vector<Positions> columns_;
};

}  // namespace rowan::analytical
