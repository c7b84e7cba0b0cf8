// SPDX-License-Identifier: Apache-2.0
//
// What follows from the layers of a network, and whether they fit together.
#include <algorithm>
#include <cstdint>
#include <map>

#include "models/base/suggest.h"
#include "models/base/text.h"
#include "workloads/layer_kinds.h"
#include "workloads/network.h"

namespace rowan::workloads {
namespace {

/// Words of one image's fmap, or of a layer's parameters. With the ranges of describe() no product
/// overflows 64 bits.
constexpr std::uint64_t kMaxTensorWords = std::uint64_t{1} << 28;
constexpr std::uint64_t kMaxMacsPerImage = std::uint64_t{1} << 40;

std::string text_of(const FmapShape& shape) {
  return std::to_string(shape.channels) + " x " + std::to_string(shape.height) + " x " +
         std::to_string(shape.width);
}

/// Settles one layer whose operands are known. Throws NetworkFault.
class LayerSettler {
 public:
  LayerSettler(Layer& layer, std::string path) : layer_(layer), path_(std::move(path)) {}

  void run() const {
    settle_shape();
    check_limit("", "words in an image's ofmap", layer_.output.words(), kMaxTensorWords);
  }

 private:
  [[noreturn]] void fail(const std::string& key, const std::string& message) const {
    throw NetworkFault{path_ + (key.empty() ? "" : "." + key), message};
  }

  [[nodiscard]] const FmapShape& operand(std::size_t i) const { return layer_.operands[i].shape; }

  /// Such as "CONV1 gives 96 x 55 x 55".
  [[nodiscard]] std::string what_comes(std::size_t i) const {
    return layer_.inputs[i] + " gives " + text_of(operand(i));
  }

  void check_limit(const std::string& key, const char* what, std::uint64_t value,
                   std::uint64_t most) const {
    if (value <= most) return;
    fail(key,
         std::to_string(value) + " " + what + "; at most " + std::to_string(most) + " are allowed");
  }

  void settle_shape() const {
    const FmapShape& input = operand(0);
    switch (layer_.kind) {
      case LayerKind::kConvolution:
        return settle_convolution();
      case LayerKind::kFullyConnected:
        layer_.shape.kernel_height = input.height;
        layer_.shape.kernel_width = input.width;
        return settle_convolution();
      case LayerKind::kMatmul:
        return settle_matmul();
      case LayerKind::kPooling:
        return settle_pooling();
      case LayerKind::kAdd:
        check_add();
        break;
      case LayerKind::kSoftmax:
        check_divisible("groups", 0, layer_.unit.groups);
        break;
      case LayerKind::kRelu:
      case LayerKind::kLayerNorm:
      case LayerKind::kGelu:
        break;
      case LayerKind::kTokens:
        layer_.output = {input.channels, 1, 1 + input.height * input.width};
        return;
      case LayerKind::kSelect:
        check_column();
        layer_.output = {input.channels, 1, 1};
        return;
    }
    layer_.output = input;
  }

  void check_divisible(const std::string& key, std::size_t i, unsigned parts) const {
    if (operand(i).channels % parts == 0) return;
    fail(key, what_comes(i) + ", whose channels are not divisible by " + std::to_string(parts));
  }

  void settle_convolution() const {
    ConvolutionShape& s = layer_.shape;
    const FmapShape& input = operand(0);
    s.channels = input.channels;
    s.height = input.height;
    s.width = input.width;
    check_divisible("groups", 0, s.groups);
    if (s.filters % s.groups != 0) {
      fail("filters", std::to_string(s.filters) + " is not divisible by groups, which is " +
                          std::to_string(s.groups));
    }
    check_extent(input.height);
    check_extent(input.width);
    check_kernel("kernel.height", s.kernel_height, s.padded_height());
    check_kernel("kernel.width", s.kernel_width, s.padded_width());
    check_limit("padding", "words in an image's padded ifmap",
                std::uint64_t{s.channels} * s.padded_height() * s.padded_width(), kMaxTensorWords);
    check_limit(
        "filters", "filter words",
        std::uint64_t{s.filters} * s.channels_per_group() * s.kernel_height * s.kernel_width,
        kMaxTensorWords);
    settle_array_output();
  }

  /// Rows, or columns, of a padded ifmap; beyond the limit they need not fit their type.
  void check_extent(unsigned extent) const {
    const ConvolutionShape& s = layer_.shape;
    check_limit("input_dilation", "rows or columns in a padded ifmap",
                (std::uint64_t{extent} - 1) * s.input_dilation + 1 + s.padding + s.end_padding(),
                kMaxTensorWords);
  }

  void settle_array_output() const {
    const ConvolutionShape& s = layer_.shape;
    layer_.output = {s.filters, s.out_height(), s.out_width()};
    check_limit("filters", "words in an image's ofmap", layer_.output.words(), kMaxTensorWords);
    check_limit("", "MACs per image", s.macs_per_image(), kMaxMacsPerImage);
  }

  void check_kernel(const std::string& key, unsigned kernel, unsigned padded) const {
    const std::uint64_t spans = std::uint64_t{kernel - 1} * layer_.shape.dilation + 1;
    if (spans <= padded) return;
    fail(key, "a kernel of " + std::to_string(kernel) + " with dilation " +
                  std::to_string(layer_.shape.dilation) + " spans " + std::to_string(spans) +
                  ", but " + what_comes(0) + ", which padded has only " + std::to_string(padded));
  }

  void settle_matmul() const {
    const FmapShape& a = operand(0);
    const FmapShape& b = operand(1);
    for (const std::size_t i : {std::size_t{0}, std::size_t{1}}) {
      if (operand(i).height == 1) continue;
      fail("inputs", what_comes(i) + ", but a matmul takes sequences, of height 1");
    }
    const unsigned heads = layer_.matmul.heads;
    check_divisible("heads", 1, heads);
    const std::uint64_t scores = std::uint64_t{heads} * b.width;
    const std::uint64_t wanted = layer_.matmul.transpose ? b.channels : scores;
    if (a.channels != wanted) {
      fail("inputs", what_comes(0) + " and " + what_comes(1) + ", but the first must have " +
                         std::to_string(wanted) + " channels" +
                         (layer_.matmul.transpose ? "" : ", heads times the width of the second"));
    }
    check_limit("heads", "words in an image's ofmap", scores * a.width, kMaxTensorWords);
    ConvolutionShape shape;
    shape.groups = heads;
    shape.channels = a.channels;
    shape.width = a.width;
    shape.filters = layer_.matmul.transpose ? static_cast<unsigned>(scores) : b.channels;
    layer_.shape = shape;
    layer_.relu = false;
    settle_array_output();
  }

  void settle_pooling() const {
    const Pooling& pooling = layer_.pooling;
    const FmapShape& input = operand(0);
    if (!pooling.global) {
      if (pooling.padding >= pooling.size) {
        fail("padding", std::to_string(pooling.padding) + " is not less than size, which is " +
                            std::to_string(pooling.size));
      }
      if (pooling.size > std::min(input.height, input.width) + 2 * pooling.padding) {
        fail("size", "a window of " + std::to_string(pooling.size) + " does not fit: " +
                         what_comes(0) + ", padded by " + std::to_string(pooling.padding));
      }
    }
    const PoolingWindows windows = pooling_windows(pooling, input);
    layer_.output = {input.channels, windows.rows, windows.columns};
  }

  void check_add() const {
    const FmapShape& a = operand(0);
    const FmapShape& b = operand(1);
    if (a.height == b.height && a.width == b.width && b.channels <= a.channels) return;
    fail("inputs", what_comes(0) + ", but " + what_comes(1) +
                       ": rows and columns must agree, and the second may not have more channels");
  }

  void check_column() const {
    if (layer_.unit.column < operand(0).width) return;
    fail("column",
         std::to_string(layer_.unit.column) + " is not among the columns: " + what_comes(0));
  }

  Layer& layer_;
  std::string path_;
};

bool ofmap_may_be_negative(const Layer& layer) {
  const auto negative = [](const Operand& operand) { return operand.may_be_negative; };
  switch (layer.kind) {
    case LayerKind::kConvolution:
    case LayerKind::kFullyConnected:
    case LayerKind::kMatmul:
      return !layer.relu;
    case LayerKind::kRelu:
    case LayerKind::kSoftmax:
      return false;
    case LayerKind::kAdd:
      return !layer.relu && std::any_of(layer.operands.begin(), layer.operands.end(), negative);
    case LayerKind::kPooling:
    case LayerKind::kGelu:
    case LayerKind::kSelect:
      return negative(layer.operands.front());
    case LayerKind::kLayerNorm:
    case LayerKind::kTokens:
      return true;
  }
  return true;
}

/// Settles layer after layer, with the tensors so far at hand. Throws NetworkFault.
class NetworkSettler {
 public:
  explicit NetworkSettler(Network& network) : network_(network) {}

  void run() {
    check_input();
    network_.tensors = {{kNetworkInput,
                         TensorRole::kInput,
                         {1, network_.input.channels, network_.input.height, network_.input.width},
                         true,
                         {},
                         {}}};
    tensor_of_ = {{kNetworkInput, 0}};
    last_ = kNetworkInput;
    if (network_.layers.empty()) throw NetworkFault{"layers", "must have a layer"};
    for (std::size_t i = 0; i < network_.layers.size(); ++i) settle_layer(i);
    for (NetworkTensor& tensor : network_.tensors) {
      if (tensor.role == TensorRole::kActivation && tensor.consumers.empty()) {
        tensor.role = TensorRole::kOutput;
      }
    }
  }

 private:
  void check_input() const {
    if (network_.input.words() <= kMaxTensorWords) return;
    throw NetworkFault{"input", std::to_string(network_.input.words()) +
                                    " words in an image; at most " +
                                    std::to_string(kMaxTensorWords) + " are allowed"};
  }

  void settle_layer(std::size_t position) {
    Layer& layer = network_.layers[position];
    const std::string path = "layers[" + std::to_string(position) + "]";
    check_name(layer.name, path + ".name");
    if (layer.inputs.empty()) layer.inputs = {last_};
    check_operand_count(layer, path + ".inputs");
    layer.operands.clear();
    for (std::size_t i = 0; i < layer.inputs.size(); ++i) {
      take(layer, position, i, path + ".inputs[" + std::to_string(i) + "]");
    }
    layer.network_input = layer.operands.front().tensor == 0;
    LayerSettler(layer, path).run();
    add_tensors(layer, position);
  }

  void check_name(const std::string& name, const std::string& path) const {
    if (name == kNetworkInput) throw NetworkFault{path, "'input' is the network's input"};
    if (tensor_of_.count(name) != 0) {
      throw NetworkFault{path, "'" + name + "' is the name of an earlier layer"};
    }
  }

  static void check_operand_count(const Layer& layer, const std::string& path) {
    const std::size_t count = operand_count(layer.kind);
    if (layer.inputs.size() == count) return;
    throw NetworkFault{path, std::string(name_of(layer.kind)) + " takes " + std::to_string(count) +
                                 (count == 1 ? " input" : " inputs") + ", but there " +
                                 (layer.inputs.size() == 1 ? "is " : "are ") +
                                 std::to_string(layer.inputs.size())};
  }

  void take(Layer& layer, std::size_t position, std::size_t operand, const std::string& path) {
    const std::string& name = layer.inputs[operand];
    const auto found = tensor_of_.find(name);
    if (found == tensor_of_.end()) fail_unknown(name, position, path);
    NetworkTensor& tensor = network_.tensors[found->second];
    if (tensor.consumers.empty() || tensor.consumers.back() != position) {
      tensor.consumers.push_back(position);
    }
    const Extents& e = tensor.extents;
    layer.operands.push_back(
        {found->second,
         {static_cast<unsigned>(e[1]), static_cast<unsigned>(e[2]), static_cast<unsigned>(e[3])},
         tensor.may_be_negative});
  }

  [[noreturn]] void fail_unknown(const std::string& name, std::size_t position,
                                 const std::string& path) const {
    for (std::size_t i = position; i < network_.layers.size(); ++i) {
      if (network_.layers[i].name != name) continue;
      throw NetworkFault{path, i == position ? "a layer cannot take its own ofmap"
                                             : "'" + printable(name) +
                                                   "' is a later layer; inputs are "
                                                   "layers before this one"};
    }
    std::vector<std::string> names;
    for (const auto& [known, tensor] : tensor_of_) names.push_back(known);
    throw NetworkFault{
        path, "no layer '" + printable(name) + "' before this one" + did_you_mean(name, names)};
  }

  void add_tensors(Layer& layer, std::size_t position) {
    const bool has_filters =
        layer.kind == LayerKind::kConvolution || layer.kind == LayerKind::kFullyConnected;
    const Extents parameters = parameter_extents(layer);
    if (parameters != Extents{}) {
      network_.tensors.push_back({layer.name + (has_filters ? ":filters" : ":parameters"),
                                  TensorRole::kParameter,
                                  parameters,
                                  true,
                                  {},
                                  {position}});
    }
    tensor_of_[layer.name] = network_.tensors.size();
    last_ = layer.name;
    network_.tensors.push_back({layer.name,
                                TensorRole::kActivation,
                                ofmap_extents(layer, 1),
                                ofmap_may_be_negative(layer),
                                position,
                                {}});
  }

  Network& network_;
  std::map<std::string, std::size_t> tensor_of_;  ///< by the names that a layer can take
  std::string last_;
};

}  // namespace

std::optional<NetworkFault> find_fault(Network& network) {
  try {
    NetworkSettler(network).run();
  } catch (const NetworkFault& fault) {
    return fault;
  }
  return std::nullopt;
}

}  // namespace rowan::workloads
