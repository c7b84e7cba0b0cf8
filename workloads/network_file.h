// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "models/base/describe.h"
#include "workloads/layer_kinds.h"
#include "workloads/network.h"

/// Networks as YAML files, schema `rowan.workload/2`.
namespace rowan::workloads {

/// Reads a network. Throws InputError with file, line, column and key path when the file cannot be
/// read, a key is unknown or missing, a value is out of range, or layers do not fit together.
[[nodiscard]] Network load_network(const std::string& path);
/// Reads a text; `file` is the name in messages. Throws as load_network() does.
[[nodiscard]] Network parse_network(const std::string& text, const std::string& file);
/// The network as a file that reads back the same.
[[nodiscard]] std::string dump_network(const Network& network);
/// The keys of such files as Markdown: those of all layers, then those of each kind.
[[nodiscard]] std::string network_reference();

inline constexpr Choice<PoolingKind> kPoolingKinds[] = {{"max", PoolingKind::kMax},
                                                        {"average", PoolingKind::kAverage}};

/// The section `kernel` of a layer.
struct KernelSection {
  ConvolutionShape& shape;
};

template <class V>
void describe(V& v, FmapShape& s) {
  v.required().number("channels", s.channels, Range{1, 65536}, "of all groups");
  v.required().number("height", s.height, Range{1, 65536}, "rows, without padding");
  v.required().number("width", s.width, Range{1, 65536}, "columns, without padding");
}

template <class V>
void describe(V& v, KernelSection& s) {
  v.required().number("height", s.shape.kernel_height, Range{1, 1024}, "rows");
  v.required().number("width", s.shape.kernel_width, Range{1, 1024}, "columns");
}

template <class V>
void describe(V& v, SeededTensors& s) {
  v.decimal("ifmap_zeros_percent", s.ifmap_zeros_percent, DecimalRange{0, 100},
            "share of an operand's words that are zero");
  v.number("ifmap_max", s.ifmap_max, Range{1, 32767},
           "largest word of an operand; those that can be negative are signed");
  v.number("filter_max", s.filter_max, Range{1, 32767},
           "largest magnitude of a filter word or other parameter");
}

/// Keys of a layer that is a sum of products.
template <class V>
void describe_shifts(V& v, Layer& s) {
  v.number("product_shift_bits", s.product_shift, Range{0, 31},
           "lowest bit of a product that is kept");
  v.number("ofmap_shift_bits", s.ofmap_shift, Range{0, 31},
           "psums are divided by 2^this, rounded to nearest, halves up, and clamped");
}

template <class V>
void describe_relu(V& v, Layer& s) {
  v.flag("relu", s.relu, "negative psums become 0 where they leave for DRAM");
}

template <class V>
void describe_convolution(V& v, Layer& s) {
  KernelSection kernel{s.shape};
  v.required().number("filters", s.shape.filters, Range{1, 65536}, "of all groups");
  v.required().section("kernel", kernel, "of a filter");
  v.number("stride", s.shape.stride, Range{1, 64}, "rows and columns between windows");
  v.number("padding", s.shape.padding, Range{0, 1024},
           "zeros above and to the left, and below and to the right");
  unsigned padding_end = s.shape.end_padding();
  v.number("padding_end", padding_end, Range{0, 1024},
           "zeros below and to the right; by default as many as padding");
  if (padding_end != s.shape.end_padding()) s.shape.padding_end = padding_end;
  v.number("input_dilation", s.shape.input_dilation, Range{1, 64},
           "rows and columns from one ifmap word to the next: zeros stand between them");
  v.number("dilation", s.shape.dilation, Range{1, 1024}, "rows and columns between taps");
  v.number("groups", s.shape.groups, Range{1, 65536}, "independent parts of channels and filters");
  describe_relu(v, s);
  describe_shifts(v, s);
}

template <class V>
void describe_matmul(V& v, Layer& s) {
  v.required().number("heads", s.matmul.heads, Range{1, 65536}, "independent parts of channels");
  v.required().flag("transpose", s.matmul.transpose,
                    "true: over the channels of both (scores); false: over the columns of the "
                    "second (context)");
  describe_shifts(v, s);
}

template <class V>
void describe_pooling(V& v, Pooling& s) {
  v.required().choice("pooling", s.kind, kPoolingKinds, "what a window becomes");
  v.flag("global", s.global, "one window, the whole plane");
  if (s.global) return;
  v.required().number("size", s.size, Range{1, 1024}, "rows and columns of a window");
  v.required().number("stride", s.stride, Range{1, 1024}, "rows and columns between windows");
  v.number("padding", s.padding, Range{0, 1023}, "on all four sides, less than size");
}

template <class V>
void describe_add(V& v, Layer& s) {
  v.required().flag("relu", s.relu, "negative sums become 0");
  v.number("ofmap_shift_bits", s.ofmap_shift, Range{0, 31},
           "sums are divided by 2^this, rounded to nearest, halves up, and clamped");
}

template <class V>
void describe_fraction(V& v, UnitAttributes& s) {
  v.required().number("fraction_bits", s.fraction_bits, Range{0, 15}, "of an ifmap word");
}

template <class V>
void describe_ofmap_fraction(V& v, UnitAttributes& s) {
  v.required().number("ofmap_fraction_bits", s.ofmap_fraction_bits, Range{0, 15},
                      "of an ofmap word");
}

/// The keys that a kind has of its own.
template <class V>
void describe_kind(V& v, Layer& s) {
  switch (s.kind) {
    case LayerKind::kConvolution:
      return describe_convolution(v, s);
    case LayerKind::kFullyConnected:
      v.required().number("filters", s.shape.filters, Range{1, 65536}, "as large as the ifmap");
      describe_relu(v, s);
      return describe_shifts(v, s);
    case LayerKind::kMatmul:
      return describe_matmul(v, s);
    case LayerKind::kPooling:
      return describe_pooling(v, s.pooling);
    case LayerKind::kAdd:
      return describe_add(v, s);
    case LayerKind::kSoftmax:
      v.number("groups", s.unit.groups, Range{1, 65536},
               "parts of the channels, each with its sum");
      describe_fraction(v, s.unit);
      return describe_ofmap_fraction(v, s.unit);
    case LayerKind::kLayerNorm:
      describe_ofmap_fraction(v, s.unit);
      v.required().number("gain_fraction_bits", s.unit.gain_fraction_bits, Range{0, 15},
                          "of a gain");
      return;
    case LayerKind::kGelu:
      return describe_fraction(v, s.unit);
    case LayerKind::kSelect:
      v.required().number("column", s.unit.column, Range{0, 65535}, "that is kept, of row 0");
      return;
    case LayerKind::kRelu:
    case LayerKind::kTokens:
      return;
  }
}

/// The keys that every layer has, before and after those of its kind.
template <class V>
void describe_head(V& v, Layer& s) {
  v.required().text("name", s.name, "letters, digits, '_', '.' and '-'; no two layers share one");
  v.required().choice("kind", s.kind, kLayerKinds, "what the layer computes");
  v.texts("inputs", s.inputs, "earlier layers, or input; by default the layer before");
}
template <class V>
void describe_tail(V& v, Layer& s) {
  v.section("seeded", s.seeded, "how seeded tensors are drawn");
}

template <class V>
void describe(V& v, Layer& s) {
  describe_head(v, s);
  describe_kind(v, s);
  describe_tail(v, s);
}

/// The keys of a network but for its layers.
template <class V>
void describe_network(V& v, Network& s) {
  v.schema("rowan.workload/2");
  v.required().text("name", s.name, "letters, digits, '_', '.' and '-'");
  v.text("description", s.description, "what it is and where it comes from");
  v.number("default_batch", s.default_batch, Range{1, 4096},
           "images in a run that names no number");
  v.required().section("input", s.input, "an image of the network's input");
}

template <class V>
void describe(V& v, Network& s) {
  describe_network(v, s);
  v.required().list("layers", s.layers, "each after those whose ofmaps it takes");
}

}  // namespace rowan::workloads
