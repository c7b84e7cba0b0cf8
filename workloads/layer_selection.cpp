// SPDX-License-Identifier: Apache-2.0
#include "workloads/layer_selection.h"

#include <algorithm>

#include <fnmatch.h>

#include "models/base/error.h"
#include "models/base/suggest.h"
#include "models/base/text.h"

namespace rowan::workloads {
namespace {

/// The parts between commas, without blanks around them.
std::vector<std::string> split(const std::string& patterns) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0; begin <= patterns.size();) {
    const std::size_t end = std::min(patterns.find(',', begin), patterns.size());
    const std::string part = patterns.substr(begin, end - begin);
    const std::size_t first = part.find_first_not_of(' ');
    const std::size_t last = part.find_last_not_of(' ');
    parts.push_back(first == std::string::npos ? "" : part.substr(first, last - first + 1));
    begin = end + 1;
  }
  return parts;
}

[[noreturn]] void fail_no_match(const Network& network, const std::string& pattern) {
  std::vector<std::string> names;
  std::string list;
  for (const Layer& layer : network.layers) {
    names.push_back(layer.name);
    list += (list.empty() ? "" : ", ") + layer.name;
  }
  throw InputError("'" + printable(pattern) + "' matches no layer" + did_you_mean(pattern, names) +
                   "; " + network.name + " has " + list);
}

}  // namespace

std::vector<std::size_t> select_layers(const Network& network, const std::string& patterns) {
  std::vector<bool> selected(network.layers.size());
  for (const std::string& pattern : split(patterns)) {
    if (pattern.empty()) throw InputError("a pattern is empty");
    bool matched = false;
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
      if (fnmatch(pattern.c_str(), network.layers[i].name.c_str(), 0) != 0) continue;
      selected[i] = true;
      matched = true;
    }
    if (!matched) fail_no_match(network, pattern);
  }
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < selected.size(); ++i) {
    if (selected[i]) positions.push_back(i);
  }
  return positions;
}

}  // namespace rowan::workloads
