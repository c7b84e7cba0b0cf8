// SPDX-License-Identifier: Apache-2.0
#include "sim/validation/claim_value.h"

#include <stdexcept>
#include <vector>

#include <nlohmann/json.hpp>

#include "models/base/suggest.h"
#include "models/base/text.h"

namespace rowan::sim {
namespace {

using Json = nlohmann::ordered_json;

/// Name of an element of a list; empty when it has none.
std::string name_of(const Json& element) {
  const auto name = element.is_object() ? element.find("name") : element.end();
  return element.is_object() && name != element.end() && name->is_string()
             ? name->get<std::string>()
             : std::string();
}

const Json& child(const Json& node, const std::string& key, const std::string& path) {
  std::vector<std::string> names;
  for (const auto& [name, inner] : node.items()) {
    const std::string known = node.is_array() ? name_of(inner) : name;
    if (known == key) return inner;
    names.push_back(known);
  }
  throw std::invalid_argument("no '" + printable(key) + "' for '" + printable(path) + "'" +
                              did_you_mean(key, names));
}

double sum_at(const Json& node, const std::string& rest, const std::string& path) {
  if (rest.empty()) {
    if (node.is_number()) return node.get<double>();
    throw std::invalid_argument("'" + printable(path) + "' is no number");
  }
  const std::size_t dot = rest.find('.');
  const std::string key = rest.substr(0, dot);
  const std::string beyond = dot == std::string::npos ? std::string() : rest.substr(dot + 1);
  if (dot == rest.size() - 1) {
    throw std::invalid_argument("'" + printable(path) + "' ends in a dot");
  }
  if (key != "*") return sum_at(child(node, key, path), beyond, path);
  if (!node.is_structured() || node.empty()) {
    throw std::invalid_argument("nothing for * of '" + printable(path) + "'");
  }
  double sum = 0;
  for (const auto& [name, inner] : node.items()) sum += sum_at(inner, beyond, path);
  return sum;
}

double sum_of(const std::vector<std::string>& paths, const Json& document) {
  double sum = 0;
  for (const std::string& path : paths) sum += value_at(document, path);
  return sum;
}

}  // namespace

double value_at(const Json& document, const std::string& path) {
  return sum_at(document, path, path);
}

double evaluate(const ClaimValue& value, const Json& document) {
  const double over = value.over.empty() ? 1 : sum_of(value.over, document);
  if (over == 0) throw std::invalid_argument("'" + printable(value.over.front()) + "' is 0");
  return (sum_of(value.plus, document) - sum_of(value.minus, document)) / over * value.times;
}

}  // namespace rowan::sim
