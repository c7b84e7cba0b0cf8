// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/loop_nest/nest_file.h"

#include <cctype>
#include <sstream>

#include "models/base/suggest.h"
#include "models/base/text.h"
#include "models/base/yaml_node.h"
#include "models/base/yaml_reader.h"
#include "models/base/yaml_writer.h"

namespace rowan::analytical::loop_nest {

constexpr unsigned kMostSize = 65536;

template <class V>
void describe(V& v, Problem& s) {
  constexpr Range kSize{1, kMostSize};
  constexpr Range kSpacing{1, 1024};
  v.number("N", s.size[Dim::kN], kSize, "images");
  v.number("G", s.size[Dim::kG], kSize, "groups");
  v.number("M", s.size[Dim::kM], kSize, "filters of a group");
  v.number("C", s.size[Dim::kC], kSize, "channels of a group");
  v.number("P", s.size[Dim::kP], kSize, "ofmap columns");
  v.number("Q", s.size[Dim::kQ], kSize, "ofmap rows");
  v.number("R", s.size[Dim::kR], kSize, "filter columns");
  v.number("S", s.size[Dim::kS], kSize, "filter rows");
  v.number("Wstride", s.width_stride, kSpacing, "ifmap columns from an ofmap column to the next");
  v.number("Hstride", s.height_stride, kSpacing, "ifmap rows from an ofmap row to the next");
  v.number("Wdilation", s.width_dilation, kSpacing, "ifmap columns between filter columns");
  v.number("Hdilation", s.height_dilation, kSpacing, "ifmap rows between filter rows");
}

namespace {

/// As in the file.
struct LevelText {
  std::string name;
  std::vector<std::string> keeps;
  std::string temporal;
  std::string spatial;
};
struct NestText {
  std::string description;
  std::string source;
  Problem problem;
  std::vector<LevelText> levels;
};

template <class V>
void describe(V& v, LevelText& s) {
  v.required().text("name", s.name, "of the level");
  v.required().texts("keeps", s.keeps, "Weights, Inputs, Outputs; others go past the level");
  v.text("temporal", s.temporal, "loops such as M6 Q5, outermost first");
  v.text("spatial", s.spatial, "fan-out below the level, as loops");
}

template <class V>
void describe(V& v, NestText& s) {
  v.schema("rowan.loop_nest/1");
  v.text("description", s.description, "what it is");
  v.text("source", s.source, "where it comes from");
  v.required().section("problem", s.problem, "the convolution");
  v.required().list("levels", s.levels, "storage levels, outermost first");
}

std::vector<std::string> dim_names() {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kDims; ++i) names.emplace_back(name_of(static_cast<Dim>(i)));
  return names;
}

Loop parse_loop(const std::string& word, const YamlReader& reader, const std::string& key) {
  const std::vector<std::string> names = dim_names();
  std::size_t dim = 0;
  while (dim < kDims && word.rfind(names[dim], 0) != 0) ++dim;
  const std::string digits = word.substr(1);
  bool is_loop = dim < kDims && !digits.empty() && digits.size() <= 5;
  for (const char c : digits) is_loop = is_loop && std::isdigit(static_cast<unsigned char>(c)) != 0;
  const unsigned bound = is_loop ? static_cast<unsigned>(std::stoul(digits)) : 0;
  if (bound == 0 || bound > kMostSize) {
    reader.fail(key, "'" + printable(word) +
                         "' is no loop: a dimension, one of N, G, M, C, P, Q, R, S, and a bound "
                         "from 1 to 65536, such as M16");
  }
  return {static_cast<Dim>(dim), bound};
}

std::vector<Loop> parse_loops(const std::string& text, const YamlReader& reader,
                              const std::string& key) {
  std::vector<Loop> loops;
  std::istringstream words(text);
  for (std::string word; words >> word;) loops.push_back(parse_loop(word, reader, key));
  return loops;
}

Level parse_level(const LevelText& text, const YamlReader& reader, const std::string& key) {
  Level level;
  level.name = text.name;
  const std::vector<std::string> names{"Weights", "Inputs", "Outputs"};
  for (std::size_t i = 0; i < text.keeps.size(); ++i) {
    std::size_t data = 0;
    while (data < names.size() && names[data] != text.keeps[i]) ++data;
    if (data == names.size()) {
      reader.fail(key + ".keeps[" + std::to_string(i) + "]",
                  "'" + printable(text.keeps[i]) + "' is not one of Weights, Inputs, Outputs" +
                      did_you_mean(text.keeps[i], names));
    }
    if (level.keeps[data]) {
      reader.fail(key + ".keeps[" + std::to_string(i) + "]", "stands twice");
    }
    level.keeps[data] = true;
  }
  level.temporal = parse_loops(text.temporal, reader, key + ".temporal");
  level.spatial = parse_loops(text.spatial, reader, key + ".spatial");
  return level;
}

Nest read(const YamlNode& root) {
  NestText text;
  YamlReader reader(root);
  reader.read(text);
  Nest nest{text.description, text.source, text.problem, {}};
  for (std::size_t i = 0; i < text.levels.size(); ++i) {
    nest.levels.push_back(parse_level(text.levels[i], reader, "levels[" + std::to_string(i) + "]"));
  }
  if (const auto fault = find_fault(nest)) reader.fail(fault->key, fault->message);
  return nest;
}

std::string text_of(const std::vector<Loop>& loops) {
  std::string text;
  for (const Loop& loop : loops) {
    text += (text.empty() ? "" : " ") + std::string(name_of(loop.dim)) + std::to_string(loop.bound);
  }
  return text;
}

}  // namespace

Nest load_loop_nest(const std::string& path) { return read(YamlNode::load(path)); }

Nest parse_loop_nest(const std::string& text, const std::string& file) {
  return read(YamlNode::parse(text, file));
}

std::string dump(const Nest& nest) {
  NestText text{nest.description, nest.source, nest.problem, {}};
  for (const Level& level : nest.levels) {
    LevelText written{level.name, {}, text_of(level.temporal), text_of(level.spatial)};
    for (const Data data : kAllData) {
      if (level.holds(data)) written.keeps.emplace_back(name_of(data));
    }
    text.levels.push_back(std::move(written));
  }
  return YamlWriter::write(text);
}

}  // namespace rowan::analytical::loop_nest
