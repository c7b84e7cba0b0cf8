// SPDX-License-Identifier: Apache-2.0
#include "workloads/network_file.h"

#include <utility>

#include "models/base/markdown_writer.h"
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

// Parts of a file that have a table of their own in the reference.
struct NetworkKeys {
  Network network;
};
struct CommonKeys {
  Layer layer;
};
struct KindKeys {
  Layer layer;
};

struct NoKeys {};

template <class V>
void describe(V&, NoKeys&) {}
template <class V>
void describe(V& v, NetworkKeys& s) {
  describe_network(v, s.network);
}
template <class V>
void describe(V& v, CommonKeys& s) {
  describe_head(v, s.layer);
  describe_tail(v, s.layer);
}
template <class V>
void describe(V& v, KindKeys& s) {
  describe_kind(v, s.layer);
}

}  // namespace

Network load_network(const std::string& path) { return read(YamlNode::load(path)); }

Network parse_network(const std::string& text, const std::string& file) {
  return read(YamlNode::parse(text, file));
}

std::string dump_network(const Network& network) { return YamlWriter::write(network); }

std::string network_reference() {
  std::string page = MarkdownWriter::write<NetworkKeys>() +
                     "\n`layers` is a list of sections, each after those whose ofmaps it takes. "
                     "Every layer has these keys:\n\n" +
                     MarkdownWriter::write<CommonKeys>();
  for (const auto& kind : kLayerKinds) {
    page += std::string("\n## `kind: ") + kind.name + "`\n\n" +
            (on_array(kind.value) ? "On the array." : "On the post-processing unit.");
    KindKeys keys;
    keys.layer.kind = kind.value;
    const std::string table = MarkdownWriter::write(keys);
    const bool has_keys = table != MarkdownWriter::write(NoKeys{});
    page += has_keys ? "\n\n" + table : " No keys of its own.\n";
  }
  return page;
}

}  // namespace rowan::workloads
