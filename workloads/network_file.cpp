// SPDX-License-Identifier: Apache-2.0
#include "workloads/network_file.h"

#include <algorithm>
#include <cstdint>
#include <set>

#include "models/base/error.h"
#include "models/base/text.h"
#include "models/base/yaml_node.h"
#include "models/base/yaml_reader.h"
#include "models/base/yaml_writer.h"

namespace rowan::workloads {
namespace {

/// Words of one image's ifmap or ofmap, or of a layer's filters. With the ranges of describe() no
/// product overflows 64 bits.
constexpr std::uint64_t kMaxTensorWords = std::uint64_t{1} << 28;
constexpr std::uint64_t kMaxMacsPerImage = std::uint64_t{1} << 40;

/// Throws where `path` stands below the layer.
class LayerCheck {
 public:
  LayerCheck(const YamlReader& reader, std::size_t position, const Layer& layer)
      : reader_(reader), path_("layers[" + std::to_string(position) + "]"), layer_(layer) {}

  void run() const {
    check_divisible("input.channels", layer_.shape.channels);
    check_divisible("filters", layer_.shape.filters);
    check_kernel("kernel.height", layer_.shape.kernel_height, layer_.shape.padded_height());
    check_kernel("kernel.width", layer_.shape.kernel_width, layer_.shape.padded_width());
    check_sizes();
    check_pooling();
  }

 private:
  [[noreturn]] void fail(const std::string& key, const std::string& message) const {
    std::string path = path_ + (key.empty() ? "" : "." + key);
    reader_.fail(path, message);
  }

  void check_divisible(const std::string& key, unsigned extent) const {
    if (extent % layer_.shape.groups == 0) return;
    fail(key, std::to_string(extent) + " is not divisible by groups, which is " +
                  std::to_string(layer_.shape.groups));
  }

  void check_kernel(const std::string& key, unsigned kernel, unsigned padded) const {
    const std::uint64_t spans = std::uint64_t{kernel - 1} * layer_.shape.dilation + 1;
    if (spans <= padded) return;
    fail(key, "a kernel of " + std::to_string(kernel) + " with dilation " +
                  std::to_string(layer_.shape.dilation) + " spans " + std::to_string(spans) +
                  ", but the padded input has only " + std::to_string(padded));
  }

  void check_limit(const std::string& key, const char* what, std::uint64_t value,
                   std::uint64_t most) const {
    if (value <= most) return;
    fail(key,
         std::to_string(value) + " " + what + "; at most " + std::to_string(most) + " are allowed");
  }

  void check_sizes() const {
    const ConvolutionShape& s = layer_.shape;
    check_limit("input", "words in an image's padded ifmap",
                std::uint64_t{s.channels} * s.padded_height() * s.padded_width(), kMaxTensorWords);
    check_limit(
        "filters", "filter words",
        std::uint64_t{s.filters} * s.channels_per_group() * s.kernel_height * s.kernel_width,
        kMaxTensorWords);
    check_limit("filters", "words in an image's ofmap",
                std::uint64_t{s.filters} * s.out_height() * s.out_width(), kMaxTensorWords);
    check_limit("", "MACs per image", s.macs_per_image(), kMaxMacsPerImage);
  }

  void check_pooling() const {
    if (!layer_.pooling) return;
    const unsigned height = layer_.shape.out_height();
    const unsigned width = layer_.shape.out_width();
    if (layer_.pooling->size <= std::min(height, width)) return;
    fail("pooling.size", "a window of " + std::to_string(layer_.pooling->size) +
                             " does not fit the ofmap of " + std::to_string(height) + " x " +
                             std::to_string(width));
  }

  const YamlReader& reader_;
  std::string path_;
  const Layer& layer_;
};

void check_name(const YamlReader& reader, const std::string& path, const std::string& name) {
  constexpr char kAllowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
  if (!name.empty() && name.find_first_not_of(kAllowed) == std::string::npos) return;
  reader.fail(path, "'" + printable(name) + "' is no name: letters, digits, '_', '.' and '-'");
}

void check(const YamlReader& reader, const Network& network) {
  check_name(reader, "name", network.name);
  if (network.layers.empty()) reader.fail("layers", "must have a layer");
  std::set<std::string> names;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const Layer& layer = network.layers[i];
    const std::string name_path = "layers[" + std::to_string(i) + "].name";
    check_name(reader, name_path, layer.name);
    if (!names.insert(layer.name).second) {
      reader.fail(name_path, "'" + layer.name + "' is the name of an earlier layer");
    }
    LayerCheck(reader, i, layer).run();
  }
}

Network read(YamlNode root) {
  Network network;
  YamlReader reader(std::move(root));
  reader.read(network);
  check(reader, network);
  network.layers.front().network_input = true;
  return network;
}

std::string shape_text(unsigned channels, unsigned height, unsigned width) {
  return std::to_string(channels) + " x " + std::to_string(height) + " x " + std::to_string(width);
}

}  // namespace

Network load_network(const std::string& path) { return read(YamlNode::load(path)); }

Network parse_network(const std::string& text, const std::string& file) {
  return read(YamlNode::parse(text, file));
}

std::string dump_network(const Network& network) { return YamlWriter::write(network); }

std::optional<std::string> chain_obstacle(const Network& network) {
  for (std::size_t i = 1; i < network.layers.size(); ++i) {
    const Layer& from = network.layers[i - 1];
    const Layer& to = network.layers[i];
    unsigned height = from.shape.out_height();
    unsigned width = from.shape.out_width();
    if (from.pooling) {
      height = pooled_extent(*from.pooling, height);
      width = pooled_extent(*from.pooling, width);
    }
    if (from.shape.filters == to.shape.channels && height == to.shape.height &&
        width == to.shape.width) {
      continue;
    }
    return from.name + " gives " + shape_text(from.shape.filters, height, width) +
           (from.pooling ? " after pooling, but " : ", but ") + to.name + " takes " +
           shape_text(to.shape.channels, to.shape.height, to.shape.width);
  }
  return std::nullopt;
}

void require_chain(const Network& network) {
  if (const auto obstacle = chain_obstacle(network)) {
    throw InputError("network " + network.name + " cannot be chained: " + *obstacle);
  }
}

}  // namespace rowan::workloads
