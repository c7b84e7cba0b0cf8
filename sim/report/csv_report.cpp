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

constexpr const char* kCheckFields[] = {"outputs_compared", "mismatches", "nonzero_psum_percent",
                                        "wrapped_psums"};

void flatten(const std::string& path, const Json& value, Fields& fields) {
  if (value.is_object()) {
    for (const auto& [key, inner] : value.items()) {
      flatten(path.empty() ? key : path + "." + key, inner, fields);
    }
  } else {
    fields.emplace_back(path, value.is_string() ? value.get<std::string>() : value.dump());
  }
}

Fields fields_of(Json layer) {
  const Json check = layer["check"];
  layer.erase("check");
  Fields fields;
  flatten("", layer, fields);
  for (const char* field : kCheckFields) {
    fields.emplace_back(std::string("check.") + field,
                        check.is_null() ? std::string() : check[field].dump());
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
