// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "models/base/describe.h"
#include "workloads/layer.h"

/// Networks as YAML files, schema `rowan.workload/1`.
namespace rowan::workloads {

/// Reads a network. Throws InputError with file, line, column and key path when the file cannot be
/// read, a key is unknown or missing, a value is out of range, or values do not fit together.
[[nodiscard]] Network load_network(const std::string& path);
/// Reads a text; `file` is the name in messages. Throws as load_network() does.
[[nodiscard]] Network parse_network(const std::string& text, const std::string& file);
/// The network as a file that reads back the same.
[[nodiscard]] std::string dump_network(const Network& network);

/// Why layers cannot each run on the output of the one before, naming both shapes; nothing when
/// they can.
[[nodiscard]] std::optional<std::string> chain_obstacle(const Network& network);
/// Throws InputError with the chain_obstacle(), if there is one.
void require_chain(const Network& network);

inline constexpr Choice<PoolingKind> kPoolingKinds[] = {{"max", PoolingKind::kMax},
                                                        {"average", PoolingKind::kAverage}};

/// What a layer of a file computes.
enum class LayerKind { kConvolution };
inline constexpr Choice<LayerKind> kLayerKinds[] = {{"convolution", LayerKind::kConvolution}};

/// The section `input` of a layer.
struct InputSection {
  ConvolutionShape& shape;
};
/// The section `kernel` of a layer.
struct KernelSection {
  ConvolutionShape& shape;
};

template <class V>
void describe(V& v, InputSection& s) {
  v.required().number("channels", s.shape.channels, Range{1, 65536}, "of all groups");
  v.required().number("height", s.shape.height, Range{1, 65536},
                      "rows, without padding and inserted zeros");
  v.required().number("width", s.shape.width, Range{1, 65536},
                      "columns, without padding and inserted zeros");
}

template <class V>
void describe(V& v, KernelSection& s) {
  v.required().number("height", s.shape.kernel_height, Range{1, 1024}, "rows");
  v.required().number("width", s.shape.kernel_width, Range{1, 1024}, "columns");
}

template <class V>
void describe(V& v, Pooling& s) {
  v.choice("kind", s.kind, kPoolingKinds, "what a window becomes");
  v.required().number("size", s.size, Range{1, 1024}, "rows and columns of a window");
  v.required().number("stride", s.stride, Range{1, 1024}, "rows and columns between windows");
}

template <class V>
void describe(V& v, SeededTensors& s) {
  v.decimal("ifmap_zeros_percent", s.ifmap_zeros_percent, DecimalRange{0, 100},
            "share of ifmap words that are zero");
  v.number("ifmap_max", s.ifmap_max, Range{1, 32767},
           "largest ifmap word; the network's input is signed, other ifmaps are not");
  v.number("filter_max", s.filter_max, Range{1, 32767}, "largest magnitude of a filter word");
}

template <class V>
void describe(V& v, Layer& s) {
  LayerKind kind = LayerKind::kConvolution;
  InputSection input{s.shape};
  KernelSection kernel{s.shape};
  v.required().text("name", s.name, "letters, digits, '_', '.' and '-'; no two layers share one");
  v.required().choice("kind", kind, kLayerKinds, "what the layer computes");
  v.required().section("input", input, "the ifmap");
  v.required().number("filters", s.shape.filters, Range{1, 65536}, "of all groups");
  v.required().section("kernel", kernel, "of a filter");
  v.number("stride", s.shape.stride, Range{1, 64}, "rows and columns between windows");
  v.number("padding", s.shape.padding, Range{0, 1024}, "zeros on all four sides");
  unsigned padding_end = s.shape.end_padding();
  v.number("padding_end", padding_end, Range{0, 1024},
           "zeros below and to the right; by default as many as padding");
  if (padding_end != s.shape.end_padding()) s.shape.padding_end = padding_end;
  v.number("input_dilation", s.shape.input_dilation, Range{1, 64},
           "rows and columns from one ifmap word to the next: zeros stand between them");
  v.number("dilation", s.shape.dilation, Range{1, 1024}, "rows and columns between taps");
  v.number("groups", s.shape.groups, Range{1, 65536}, "independent parts of channels and filters");
  v.flag("relu", s.relu, "negative psums become 0 where they leave for DRAM");
  v.number("product_shift_bits", s.product_shift, Range{0, 31},
           "lowest bit of a product that is kept");
  v.number("ofmap_shift_bits", s.ofmap_shift, Range{0, 31},
           "psums are divided by 2^this, rounded to nearest, halves up, and clamped");
  v.optional("pooling", s.pooling, "done by the host between this layer and the next");
  v.section("seeded", s.seeded, "how seeded tensors are drawn");
}

template <class V>
void describe(V& v, Network& s) {
  v.schema("rowan.workload/1");
  v.required().text("name", s.name, "letters, digits, '_', '.' and '-'");
  v.text("description", s.description, "what it is and where it comes from");
  v.number("default_batch", s.default_batch, Range{1, 4096},
           "images in a run that names no number");
  v.required().list("layers", s.layers, "in order; the first one's ifmap is the network's input");
}

}  // namespace rowan::workloads
