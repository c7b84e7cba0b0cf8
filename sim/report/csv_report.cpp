// SPDX-License-Identifier: Apache-2.0
#include "sim/report/csv_report.h"

#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "sim/report/json_report.h"

namespace rowan::sim {
namespace {

using Json = nlohmann::ordered_json;
/// Column heads and cells.
using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr const char* kCheckFields[] = {"outputs_compared",     "mismatches",
                                        "nonzero_psum_percent", "wrapped_psums",
                                        "saturated_sums",       "saturated_outputs"};
constexpr const char* kNoiseObjects[] = {"sqnr_db", "signal_squares", "noise_squares"};
constexpr const char* kNoiseFields[] = {"weights", "ifmap", "ofmap"};
constexpr const char* kFloatErrorFields[] = {"max_abs_error", "sqnr_db"};

std::string cell(const Json& value) { return value.is_null() ? std::string() : value.dump(); }

void flatten(const std::string& path, const Json& value, Fields& fields) {
  if (value.is_object()) {
    for (const auto& [key, inner] : value.items()) {
      flatten(path.empty() ? key : path + "." + key, inner, fields);
    }
  } else {
    fields.emplace_back(path, value.is_string() ? value.get<std::string>() : cell(value));
  }
}

/// Fields below `key`, which is null where there is nothing to say.
template <std::size_t kCount>
void append(const Json& layer, const char* key, const char* const (&names)[kCount],
            Fields& fields) {
  for (const char* name : names) {
    const Json& inner = layer[key];
    fields.emplace_back(std::string(key) + "." + name,
                        inner.is_null() ? std::string() : cell(inner[name]));
  }
}

Fields fields_of(const Json& layer) {
  Json flat = layer;
  flat.erase("check");
  flat.erase("float_error");
  for (const char* object : kNoiseObjects) flat.erase(object);
  Fields fields;
  flatten("", flat, fields);
  append(layer, "check", kCheckFields, fields);
  append(layer, "float_error", kFloatErrorFields, fields);
  for (const char* object : kNoiseObjects) {
    if (!layer[object].is_null()) append(layer, object, kNoiseFields, fields);
  }
  return fields;
}

}  // namespace

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + "\"";
}

std::string csv_report(const Result& result) {
  std::string head;
  std::string lines;
  const Json json = result_json(result);
  for (const Json& layer : json["layers"]) {
    head.clear();
    const char* separator = "";
    for (const auto& [path, text] : fields_of(layer)) {
      head += separator + csv_cell(path);
      lines += separator + csv_cell(text);
      separator = ",";
    }
    lines += "\n";
  }
  return head + "\n" + lines;
}

}  // namespace rowan::sim
