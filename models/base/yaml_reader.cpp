// SPDX-License-Identifier: Apache-2.0
#include "models/base/yaml_reader.h"

#include <algorithm>

#include "models/base/suggest.h"

namespace rowan {

void YamlReader::fail(const std::string& path, const std::string& message) const {
  const std::string full = node_.path().empty() ? path : node_.path() + "." + path;
  const YamlNode nearest = node_.nearest(full);
  const bool is_default = nearest.path() != full;
  throw InputError(nearest.location(), full,
                   message + (is_default ? "; the file leaves " + full + " at its default" : ""));
}

void YamlReader::schema(const std::string& name) {
  required();
  if (const auto node = take("schema")) static_cast<void>(node->choice({name}));
}

void YamlReader::begin() {
  entries_ = node_.entries();
  known_.clear();
  missing_.clear();
  required_ = false;
}

void YamlReader::end() const {
  for (const auto& [key, value] : entries_) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
      value.fail("unknown key" + did_you_mean(key, known_));
    }
  }
  if (!missing_.empty()) node_.fail("missing key '" + missing_.front() + "'");
}

std::optional<YamlNode> YamlReader::take(const std::string& key) {
  known_.push_back(key);
  const bool required = required_;
  required_ = false;
  const auto entry = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const auto& candidate) { return candidate.first == key; });
  if (entry != entries_.end()) return entry->second;
  if (required) missing_.push_back(key);
  return std::nullopt;
}

}  // namespace rowan
