// SPDX-License-Identifier: Apache-2.0
#include "workloads/network_file.h"

#include <utility>

#include "models/base/text.h"
#include "models/base/yaml_node.h"
#include "models/base/yaml_reader.h"
#include "models/base/yaml_writer.h"

namespace rowan::workloads {
namespace {

void check_name(const YamlReader& reader, const std::string& path, const std::string& name) {
  constexpr char kAllowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
  if (!name.empty() && name.find_first_not_of(kAllowed) == std::string::npos) return;
  reader.fail(path, "'" + printable(name) + "' is no name: letters, digits, '_', '.' and '-'");
}

Network read(YamlNode root) {
  Network network;
  YamlReader reader(std::move(root));
  reader.read(network);
  check_name(reader, "name", network.name);
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    check_name(reader, "layers[" + std::to_string(i) + "].name", network.layers[i].name);
  }
  if (const auto fault = find_fault(network)) reader.fail(fault->path, fault->message);
  return network;
}

}  // namespace

Network load_network(const std::string& path) { return read(YamlNode::load(path)); }

Network parse_network(const std::string& text, const std::string& file) {
  return read(YamlNode::parse(text, file));
}

std::string dump_network(const Network& network) { return YamlWriter::write(network); }

}  // namespace rowan::workloads
