// SPDX-License-Identifier: Apache-2.0
#include "sim/report/result_schema.h"

#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "models/energy/table_file.h"
#include "sim/report/json_report.h"
#include "tests/unit/sim/sample_result.h"

namespace rowan::sim {
namespace {

using Json = nlohmann::ordered_json;
using Paths = std::set<std::string>;

/// Dotted paths of all fields; those with a `*` stand for what is below them.
void collect(const std::string& path, const Json& value, Paths& paths) {
  if (path == "stalls") {
    paths.insert("stalls.*");
  } else if (path == "counts") {
    paths.insert("counts.*.*");
  } else if (path == "energy.components") {
    paths.insert({"energy.components.*.energy", "energy.components.*.actions.*"});
  } else if (value.is_object()) {
    for (const auto& [key, inner] : value.items()) {
      collect(path.empty() ? key : path + "." + key, inner, paths);
    }
  } else {
    paths.insert(path);
  }
}

Result priced_result() {
  Result result = sample_result();
  result.request.energy_table =
      energy::load_table(std::string(ROWAN_SOURCE_DIR) + "/platforms/energy/generic_45nm.yaml");
  return result;
}

Paths documented(const std::vector<ResultField>& fields) {
  Paths paths;
  for (const ResultField& field : fields) paths.insert(field.path);
  return paths;
}

TEST(ResultSchema, DocumentsEveryFieldOfALayerAndNoOther) {
  Result result = priced_result();
  result.layers[0].measures.check->deviation.emplace();
  result.layers[0].noise.emplace();
  Paths paths;
  collect("", result_json(result)["layers"][0], paths);
  EXPECT_EQ(documented(layer_fields()), paths);
}

TEST(ResultSchema, DocumentsEveryFieldOfTheResultAndNoOther) {
  Result result = priced_result();
  result.request.tensors = TensorSource::kFloat;
  Json json = result_json(result);
  for (const char* part : {"layers", "total", "request"}) {
    EXPECT_TRUE(json.contains(part));
    json.erase(part);
  }
  Paths paths;
  collect("", json, paths);
  EXPECT_EQ(documented(result_fields()), paths);
}

TEST(ResultSchema, TotalHasTheFieldsOfALayerButThoseThatDoNotAddUp) {
  Json layer = result_json(priced_result())["layers"][0];
  for (const std::string& field : fields_without_total()) layer.erase(field);
  Paths of_layer;
  collect("", layer, of_layer);
  Paths of_total;
  collect("", result_json(priced_result())["total"], of_total);
  EXPECT_EQ(of_total, of_layer);
}

}  // namespace
}  // namespace rowan::sim
