// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/row_stationary/mapping_file.h"

#include "models/base/yaml_node.h"
#include "models/base/yaml_reader.h"
#include "models/base/yaml_writer.h"

namespace rowan::dataflow::row_stationary {
template <class V>
void describe(V& v, LayerMapping& s) {
  constexpr Range kExtent{1, LayerMapping::kAll};
  Mapping& mapping = s.mapping;
  v.required().number("m", mapping.m, kExtent, "filters whose psums the GLB holds");
  v.required().number("n", mapping.n, kExtent, "images of a pass");
  v.required().number("e", mapping.e, kExtent, "ofmap rows of a strip, the width of a PE set");
  v.number("f", mapping.f, kExtent, "ofmap columns of a pass; by default all");
  v.required().number("p", mapping.p, kExtent, "filters interleaved in a PE");
  v.required().number("q", mapping.q, kExtent, "channels interleaved in a PE");
  v.required().number("r", mapping.r, kExtent, "PE sets on different channels");
  v.required().number("t", mapping.t, kExtent, "PE sets on different filters");
  v.number("g", mapping.g, kExtent, "PE sets on different groups");
  v.number("filter_rows", mapping.filter_rows, kExtent, "filter rows of a pass; by default all");
  v.number("filter_columns", mapping.filter_columns, kExtent,
           "filter columns of a pass; by default all");
}

template <class V>
void describe(V& v, MappingFile& s) {
  v.schema("rowan.mapping/1");
  v.text("description", s.description, "where the mapping comes from");
  v.text("platform", s.platform, "platform it is made for");
  v.text("workload", s.workload, "network it is made for");
  v.required().map("layers", s.layers, "mapping of each layer, by its name");
}

namespace {

MappingFile read(const YamlNode& root) {
  MappingFile mappings;
  YamlReader(root).read(mappings);
  for (auto& [name, layer] : mappings.layers) {
    layer.location = root.nearest("layers." + name).location();
  }
  return mappings;
}

}  // namespace

MappingFile load_mappings(const std::string& path) { return read(YamlNode::load(path)); }

MappingFile parse_mappings(const std::string& text, const std::string& file) {
  return read(YamlNode::parse(text, file));
}

std::string dump(const MappingFile& mappings) { return YamlWriter::write(mappings); }

}  // namespace rowan::dataflow::row_stationary
