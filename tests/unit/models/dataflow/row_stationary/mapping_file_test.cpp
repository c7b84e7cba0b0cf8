// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/row_stationary/mapping_file.h"

#include <string>

#include <gtest/gtest.h>

#include "tests/support/input_error.h"

namespace rowan::dataflow::row_stationary {
namespace {

std::string one_layer(const std::string& letters) {
  return "schema: rowan.mapping/1\n"
         "layers:\n"
         "  A: {" +
         letters + "}\n";
}

std::string error_of(const std::string& text) {
  return support::input_error([&] { return parse_mappings(text, "map.yaml"); });
}

TEST(MappingFile, ReadsEveryKey) {
  const MappingFile file = parse_mappings(
      "schema: rowan.mapping/1\n"
      "description: by hand\n"
      "platform: chip\n"
      "workload: net\n"
      "layers:\n"
      "  A: {m: 1, n: 2, e: 3, f: 4, p: 5, q: 6, r: 7, t: 8, g: 9, filter_rows: 10,\n"
      "      filter_columns: 11}\n"
      "  B: {m: 12, n: 1, e: 1, p: 1, q: 1, r: 1, t: 1}\n",
      "map.yaml");
  EXPECT_EQ(file.description, "by hand");
  EXPECT_EQ(file.platform, "chip");
  EXPECT_EQ(file.workload, "net");
  ASSERT_EQ(file.layers.size(), 2U);
  const Mapping& a = file.layers.at("A").mapping;
  EXPECT_EQ(a.m, 1U);
  EXPECT_EQ(a.n, 2U);
  EXPECT_EQ(a.e, 3U);
  EXPECT_EQ(a.f, 4U);
  EXPECT_EQ(a.p, 5U);
  EXPECT_EQ(a.q, 6U);
  EXPECT_EQ(a.r, 7U);
  EXPECT_EQ(a.t, 8U);
  EXPECT_EQ(a.g, 9U);
  EXPECT_EQ(a.filter_rows, 10U);
  EXPECT_EQ(a.filter_columns, 11U);
  EXPECT_EQ(file.layers.at("B").mapping.m, 12U);
}

TEST(MappingFile, LeavesOutOnlyWhatIsAllOfTheLayer) {
  const MappingFile file =
      parse_mappings(one_layer("m: 1, n: 1, e: 1, p: 1, q: 1, r: 1, t: 1"), "map.yaml");
  const Mapping& mapping = file.layers.at("A").mapping;
  EXPECT_EQ(mapping.f, LayerMapping::kAll);
  EXPECT_EQ(mapping.filter_rows, LayerMapping::kAll);
  EXPECT_EQ(mapping.filter_columns, LayerMapping::kAll);
  EXPECT_EQ(mapping.g, 1U);
}

TEST(MappingFile, KnowsWhereEachLayerStands) {
  const MappingFile file = parse_mappings(one_layer("m: 1, n: 1, e: 1, p: 1, q: 1, r: 1, t: 1") +
                                              "  B: {m: 1, n: 1, e: 1, p: 1, q: 1, r: 1, t: 1}\n",
                                          "map.yaml");
  EXPECT_EQ(file.layers.at("A").location.file, "map.yaml");
  EXPECT_EQ(file.layers.at("A").location.line, 3);
  EXPECT_EQ(file.layers.at("B").location.line, 4);
}

TEST(MappingFile, KnowsWhereALayerWithADotInItsNameStands) {
  const MappingFile file = parse_mappings(
      "schema: rowan.mapping/1\n"
      "layers:\n"
      "  block.1: {m: 1, n: 1, e: 1, p: 1, q: 1, r: 1, t: 1}\n"
      "  block.2: {m: 1, n: 1, e: 1, p: 1, q: 1, r: 1, t: 1}\n",
      "map.yaml");
  EXPECT_EQ(file.layers.at("block.2").location.line, 4);
}

TEST(MappingFile, IsReadBackFromItsDump) {
  MappingFile file =
      parse_mappings(one_layer("m: 9, n: 8, e: 7, f: 6, p: 5, q: 4, r: 3, t: 2, g: 11, "
                               "filter_rows: 12, filter_columns: 13") +
                         "  B: {m: 1, n: 1, e: 1, p: 1, q: 1, r: 1, t: 1}\n"
                         "description: 'one: two'\n",
                     "map.yaml");
  const MappingFile again = parse_mappings(dump(file), "dump.yaml");
  EXPECT_EQ(again.description, "one: two");
  ASSERT_EQ(again.layers.size(), 2U);
  const Mapping& a = again.layers.at("A").mapping;
  EXPECT_EQ(a.m, 9U);
  EXPECT_EQ(a.f, 6U);
  EXPECT_EQ(a.g, 11U);
  EXPECT_EQ(a.filter_rows, 12U);
  EXPECT_EQ(a.filter_columns, 13U);
  EXPECT_EQ(again.layers.at("B").mapping.f, LayerMapping::kAll);
  EXPECT_EQ(dump(again), dump(file));
}

TEST(MappingFile, LocatesErrors) {
  const std::string rest = "n: 1, e: 1, p: 1, q: 1, r: 1, t: 1";
  EXPECT_EQ(error_of(one_layer("m: 0, " + rest)).rfind("map.yaml:3:7: layers.A.m: ", 0), 0U)
      << error_of(one_layer("m: 0, " + rest));
  const std::string missing = error_of(one_layer(rest));
  EXPECT_EQ(missing.rfind("map.yaml:3:", 0), 0U) << missing;
  EXPECT_NE(missing.find("layers.A"), std::string::npos) << missing;
  EXPECT_NE(missing.find("'m'"), std::string::npos) << missing;
  const std::string unknown = error_of(one_layer("m: 1, filter_row: 2, " + rest));
  EXPECT_NE(unknown.find("map.yaml:3:13: layers.A.filter_row"), std::string::npos) << unknown;
  EXPECT_NE(unknown.find("did you mean 'filter_rows'?"), std::string::npos) << unknown;
  const std::string large = error_of(one_layer("m: 65537, " + rest));
  EXPECT_NE(large.find("65537"), std::string::npos) << large;
  EXPECT_NE(large.find("65536"), std::string::npos) << large;
  EXPECT_NE(error_of("schema: rowan.mapping/1\n").find("layers"), std::string::npos);
  EXPECT_NE(error_of("schema: rowan.platform/1\nlayers: {}\n").find("map.yaml:1:"),
            std::string::npos);
}

TEST(MappingFile, ThatCannotBeReadIsNamed) {
  const std::string error = support::input_error([] { return load_mappings("/no/such.yaml"); });
  EXPECT_NE(error.find("/no/such.yaml"), std::string::npos) << error;
}

}  // namespace
}  // namespace rowan::dataflow::row_stationary
