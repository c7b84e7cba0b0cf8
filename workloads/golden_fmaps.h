// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>

#include "workloads/golden_words.h"
#include "workloads/layer.h"
#include "workloads/tensor.h"

/// How the operations of the post-processing unit go through fmaps, whatever their elements: the
/// golden ones of words, and those of the float network. Nothing here computes.
namespace rowan::workloads::golden {

/// A plane under pooling windows.
template <class Element>
struct PlaneUnderWindows {
  const Element* elements;
  FmapShape shape;
  PoolingWindows windows;

  /// Positions of a window, padding included.
  [[nodiscard]] std::size_t window_words() const {
    return std::size_t{windows.height} * windows.width;
  }
  /// Calls `act_on` with every element of window (row, column) that lies in the plane, row by row.
  template <class Visit>
  void visit(std::size_t row, std::size_t column, Visit act_on) const {
    const std::size_t top = row * windows.stride;
    const std::size_t left = column * windows.stride;
    for (std::size_t y = top; y < top + windows.height; ++y) {
      for (std::size_t x = left; x < left + windows.width; ++x) {
        if (y < windows.padding || y >= windows.padding + shape.height) continue;
        if (x < windows.padding || x >= windows.padding + shape.width) continue;
        act_on(elements[(y - windows.padding) * shape.width + x - windows.padding]);
      }
    }
  }
};
using PooledPlane = PlaneUnderWindows<arithmetic::Word>;

/// `element_of(plane, kind, row, column)` makes the element of a window.
template <class Element, class ElementOf>
DenseTensor<Element> pooled(const DenseTensor<Element>& fmap, const Pooling& pooling,
                            ElementOf element_of) {
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
  DenseTensor<Element> out({images, channels, windows.rows, windows.columns});
  Element* to = out.data();
  for (std::size_t plane = 0; plane < images * channels; ++plane) {
    const PlaneUnderWindows<Element> under{fmap.plane(0, plane), shape, windows};
    for (std::size_t row = 0; row < windows.rows; ++row) {
      for (std::size_t column = 0; column < windows.columns; ++column) {
        *to++ = element_of(under, pooling.kind, row, column);
      }
    }
  }
  return out;
}

/// `element_of(x)` makes each element.
template <class Element, class ElementOf>
DenseTensor<Element> each(const DenseTensor<Element>& fmap, ElementOf element_of) {
  DenseTensor<Element> out(fmap.extents());
  std::transform(fmap.data(), fmap.data() + fmap.size(), out.data(), element_of);
  return out;
}

/// `sum_of(x, y)` makes each element; channels that `b` lacks are 0.
template <class Element, class SumOf>
DenseTensor<Element> added(const DenseTensor<Element>& a, const DenseTensor<Element>& b,
                           SumOf sum_of) {
  const auto [images, channels, height, width] = a.extents();
  const Extents& e = b.extents();
  require(e[0] == images && e[1] <= channels && e[2] == height && e[3] == width,
          "the second operand of an addition does not fit the first");
  DenseTensor<Element> out(a.extents());
  for (std::size_t image = 0; image < images; ++image) {
    for (std::size_t channel = 0; channel < channels; ++channel) {
      const Element* left = a.plane(image, channel);
      Element* to = out.plane(image, channel);
      for (std::size_t i = 0; i < height * width; ++i) {
        to[i] = sum_of(left[i], channel < e[1] ? b.plane(image, channel)[i] : Element{});
      }
    }
  }
  return out;
}

/// Calls `change(first, count, stride)` for `parts` equal runs of channels at every position of
/// every image: index of the first element, number of elements, and distance between them.
template <class Element, class Change>
void for_each_column(const DenseTensor<Element>& fmap, std::size_t parts, Change change) {
  const auto [images, channels, height, width] = fmap.extents();
  const std::size_t plane = height * width;
  const std::size_t count = channels / parts;
  for (std::size_t part = 0; part < images * parts; ++part) {
    for (std::size_t i = 0; i < plane; ++i) change(part * count * plane + i, count, plane);
  }
}

/// [C][H][W] to [C][1][1 + H W]: `first_of(parameter)`, then `sum_of(x, parameter)` row by row.
template <class Element, class Parameter, class FirstOf, class SumOf>
DenseTensor<Element> embedded(const DenseTensor<Element>& fmap,
                              const DenseTensor<Parameter>& parameters, FirstOf first_of,
                              SumOf sum_of) {
  const auto [images, channels, height, width] = fmap.extents();
  const std::size_t plane = height * width;
  require(parameters.extents() == Extents{channels, 1, 1, 1 + plane},
          "class token and embedding do not fit the fmap");
  DenseTensor<Element> out({images, channels, 1, 1 + plane});
  for (std::size_t image = 0; image < images; ++image) {
    for (std::size_t channel = 0; channel < channels; ++channel) {
      const Element* x = fmap.plane(image, channel);
      const Parameter* parameter = parameters.plane(channel, 0);
      Element* to = out.plane(image, channel);
      to[0] = first_of(parameter[0]);
      for (std::size_t i = 0; i < plane; ++i) to[1 + i] = sum_of(x[i], parameter[1 + i]);
    }
  }
  return out;
}

/// [C][H][W] to [C][1][1]: `element_of(x)` of row 0 and a column.
template <class Element, class ElementOf>
DenseTensor<Element> selected(const DenseTensor<Element>& fmap, unsigned column,
                              ElementOf element_of) {
  const auto [images, channels, height, width] = fmap.extents();
  require(column < width, "the fmap has no such column");
  DenseTensor<Element> out({images, channels, 1, 1});
  for (std::size_t plane = 0; plane < images * channels; ++plane) {
    out.data()[plane] = element_of(fmap.plane(0, plane)[column]);
  }
  return out;
}

template <class Element>
void require_groups(const DenseTensor<Element>& fmap, unsigned groups) {
  require(groups > 0 && fmap.extents()[1] % groups == 0, "channels are not divisible by groups");
}

/// Parameters of a layer norm.
template <class Element, class Parameter>
void require_gains(const DenseTensor<Element>& fmap, const DenseTensor<Parameter>& parameters) {
  require(parameters.extents() == Extents{fmap.extents()[1], 2, 1, 1},
          "gains and offsets do not fit the fmap");
}

}  // namespace rowan::workloads::golden
