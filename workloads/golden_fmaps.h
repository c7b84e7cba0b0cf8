// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>

#include "workloads/golden_words.h"
#include "workloads/layer.h"
#include "workloads/tensor.h"

/// How the golden operations of the post-processing unit go through fmaps, whatever their words.
namespace rowan::workloads::golden {

/// A plane under pooling windows.
struct PooledPlane {
  const arithmetic::Word* words;
  FmapShape shape;
  PoolingWindows windows;

  /// Positions of a window, padding included.
  [[nodiscard]] std::size_t window_words() const {
    return std::size_t{windows.height} * windows.width;
  }
  /// Calls `word_of` with every word of window (row, column) that lies in the plane, row by row.
  template <class Visit>
  void visit(std::size_t row, std::size_t column, Visit word_of) const {
    const std::size_t top = row * windows.stride;
    const std::size_t left = column * windows.stride;
    for (std::size_t y = top; y < top + windows.height; ++y) {
      for (std::size_t x = left; x < left + windows.width; ++x) {
        if (y < windows.padding || y >= windows.padding + shape.height) continue;
        if (x < windows.padding || x >= windows.padding + shape.width) continue;
        word_of(words[(y - windows.padding) * shape.width + x - windows.padding]);
      }
    }
  }
};

/// `word_of(plane, kind, row, column)` makes the word of a window.
template <class WordOf>
Tensor pooled(const Tensor& fmap, const Pooling& pooling, WordOf word_of) {
  const auto [images, channels, height, width] = fmap.extents();
  const FmapShape shape{static_cast<unsigned>(channels), static_cast<unsigned>(height),
                        static_cast<unsigned>(width)};
  if (!pooling.global) {
    require(pooling.size > 0 && pooling.stride > 0, "pooling without size or stride");
    require(pooling.padding < pooling.size, "pooling windows lie in the padding");
    require(pooling.size <= std::min(shape.height, shape.width) + 2 * pooling.padding,
            "the pooling window does not fit");
  }
  const PoolingWindows windows = pooling_windows(pooling, shape);
  Tensor out({images, channels, windows.rows, windows.columns});
  arithmetic::Word* to = out.data();
  for (std::size_t plane = 0; plane < images * channels; ++plane) {
    const PooledPlane pooled{fmap.plane(0, plane), shape, windows};
    for (std::size_t row = 0; row < windows.rows; ++row) {
      for (std::size_t column = 0; column < windows.columns; ++column) {
        *to++ = word_of(pooled, pooling.kind, row, column);
      }
    }
  }
  return out;
}

/// Calls `change(first, count, stride)` for `parts` equal runs of channels at every position of
/// every image: index of the first word, number of words, and distance between them.
template <class Change>
void for_each_column(const Tensor& fmap, std::size_t parts, Change change) {
  const auto [images, channels, height, width] = fmap.extents();
  const std::size_t plane = height * width;
  const std::size_t count = channels / parts;
  for (std::size_t part = 0; part < images * parts; ++part) {
    for (std::size_t i = 0; i < plane; ++i) change(part * count * plane + i, count, plane);
  }
}

inline void require_operands_of_addition(const Tensor& a, const Tensor& b) {
  const auto [images, channels, height, width] = a.extents();
  const Extents& e = b.extents();
  require(e[0] == images && e[1] <= channels && e[2] == height && e[3] == width,
          "the second operand of an addition does not fit the first");
}

inline void require_groups(const Tensor& fmap, unsigned groups) {
  require(groups > 0 && fmap.extents()[1] % groups == 0, "channels are not divisible by groups");
}

/// Parameters of a layer norm.
inline void require_gains(const Tensor& fmap, const Tensor& parameters) {
  require(parameters.extents() == Extents{fmap.extents()[1], 2, 1, 1},
          "gains and offsets do not fit the fmap");
}

/// Parameters of tokens.
inline void require_embedding(const Tensor& fmap, const Tensor& parameters) {
  const auto [images, channels, height, width] = fmap.extents();
  require(parameters.extents() == Extents{channels, 1, 1, 1 + height * width},
          "class token and embedding do not fit the fmap");
}

}  // namespace rowan::workloads::golden
