// SPDX-License-Identifier: Apache-2.0
#include "models/spec/platform_file.h"

#include <utility>

#include "models/base/markdown_writer.h"
#include "models/base/yaml_reader.h"
#include "models/base/yaml_writer.h"
#include "models/spec/check.h"
#include "models/spec/describe_accelerator.h"

namespace rowan::spec {
namespace {

AcceleratorSpec read(YamlNode root) {
  AcceleratorSpec spec;
  set_defaults_of_type(spec.pe);  // of a file without the section
  YamlReader reader(std::move(root));
  reader.read(spec);
  if (spec.name.empty()) reader.fail("name", "must not be empty");
  const auto conflicts = check(spec);
  if (!conflicts.empty()) reader.fail(conflicts.front().key, conflicts.front().message);
  return spec;
}

}  // namespace

AcceleratorSpec load_platform(const std::string& path) { return read(YamlNode::load(path)); }

AcceleratorSpec parse_platform(const std::string& text, const std::string& file) {
  return read(YamlNode::parse(text, file));
}

std::string dump(const AcceleratorSpec& spec) { return YamlWriter::write(spec); }

std::string platform_reference() { return MarkdownWriter::write<AcceleratorSpec>(); }

}  // namespace rowan::spec
