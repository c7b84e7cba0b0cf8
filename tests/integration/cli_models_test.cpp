// SPDX-License-Identifier: Apache-2.0
//
// Commands that estimate, price and compare, from outside.

#include <cstdint>
#include <string>

#include "tests/support/cli_fixture.h"

namespace rowan {
namespace {

using support::Cli;
using support::contains;
using support::Json;
using support::ProgramRun;
using support::replaced;
using support::Words;

class CliModels : public Cli {};

TEST_F(CliModels, EstimateHasWhatARunMeasures) {
  const ProgramRun run =
      rowan({"estimate", "--platform", path("platform.yaml"), "--workload", path("workload.yaml"),
             "--mapping", path("mapping.yaml"), "--format", "json"});
  EXPECT_EQ(run.status, 0) << run.err;
  const Json estimated = Json::parse(run.out);
  const Json simulated = run_json({"--mapping", path("mapping.yaml")});
  for (std::size_t i : {0, 1}) {
    const Json& layer = estimated["layers"][i];
    EXPECT_EQ(layer["macs"], simulated["layers"][i]["macs"]);
    EXPECT_EQ(layer["counts"]["gon"], simulated["layers"][i]["counts"]["gon"]);
    EXPECT_EQ(layer["energy"], nullptr);
  }
}

TEST_F(CliModels, EnergyTablesPriceRunsAndEstimates) {
  for (const char* command : {"run", "estimate"}) {
    const ProgramRun run = rowan({command, "--platform", path("platform.yaml"), "--workload",
                                  path("workload.yaml"), "--energy", "generic_45nm", "--format",
                                  "json", "--action-counts", path("counts.yaml")});
    EXPECT_EQ(run.status, 0) << run.err;
    const Json result = Json::parse(run.out);
    double components = 0;
    for (const auto& component : result["total"]["energy"]["components"]) {
      components += component["energy"].get<double>();
    }
    EXPECT_NEAR(components / result["total"]["energy"]["total"].get<double>(), 1, 1e-12);
    double layers = 0;
    for (const auto& layer : result["layers"]) layers += layer["energy"]["total"].get<double>();
    EXPECT_NEAR(layers / result["total"]["energy"]["total"].get<double>(), 1, 1e-12);
    EXPECT_TRUE(contains(content("counts.yaml"), "action_counts:"));
  }
}

TEST_F(CliModels, DoublingARowMovesItsComponentAlone) {
  const std::string table =
      content(std::string(ROWAN_SOURCE_DIR) + "/platforms/energy/generic_45nm.yaml");
  const std::string row = "{name: gated, arguments: {pe_type: int16}, energy: ";
  const std::size_t at = table.find(row) + row.size();
  const double gated = std::stod(table.substr(at));
  write("doubled.yaml",
        table.substr(0, at) + std::to_string(2 * gated) + table.substr(table.find(',', at)));
  const auto energies = [&](const std::string& name) {
    const ProgramRun run = rowan({"run", "--platform", path("platform.yaml"), "--workload",
                                  path("workload.yaml"), "--energy", name, "--format", "json"});
    EXPECT_EQ(run.status, 0) << run.err;
    return Json::parse(run.out)["total"]["energy"];
  };
  const Json before = energies("generic_45nm");
  const Json after = energies(path("doubled.yaml"));
  for (const auto& [name, component] : before["components"].items()) {
    if (name != "mac") {
      EXPECT_EQ(component, after["components"][name]) << name;
    }
  }
  const auto moved = [](const Json& energy, const char* action) {
    return energy["components"]["mac"]["actions"][action].get<double>();
  };
  EXPECT_GT(moved(before, "gated"), 0);
  EXPECT_DOUBLE_EQ(moved(after, "gated"), 2 * moved(before, "gated"));
  EXPECT_EQ(moved(after, "compute"), moved(before, "compute"));
  EXPECT_NEAR(after["total"].get<double>() - before["total"].get<double>(), moved(before, "gated"),
              before["total"].get<double>() * 1e-12);
}

TEST_F(CliModels, ShowPrintsTheRowsOfAnEnergyTableWithTheirSources) {
  const ProgramRun run = rowan({"show", "energy-table", "eyeriss_65nm"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_TRUE(contains(run.out, "JSSC 2017, Table V")) << run.out;
  EXPECT_TRUE(contains(run.out, "CACTI 7")) << run.out;
}

TEST_F(CliModels, ATableThatLacksARowIsAnErrorThatNamesIt) {
  write("table.yaml",
        "ERT: {version: 0.4, tables: [{name: mac, actions: [{name: compute, energy: 1}]}]}\n");
  const ProgramRun run = rowan({"estimate", "--platform", path("platform.yaml"), "--workload",
                                path("workload.yaml"), "--energy", path("table.yaml")});
  EXPECT_EQ(run.status, 2);
  EXPECT_TRUE(contains(run.err, "gated")) << run.err;
  EXPECT_TRUE(contains(run.err, path("table.yaml"))) << run.err;
}

TEST_F(CliModels, AnObjectiveOfEnergyNeedsATable) {
  const ProgramRun run = rowan({"map", "--platform", path("platform.yaml"), "--workload",
                                path("workload.yaml"), "--objective", "energy"});
  EXPECT_EQ(run.status, 2);
  EXPECT_TRUE(contains(run.err, "needs an energy table")) << run.err;
}

TEST_F(CliModels, CompareShowsBothModels) {
  const Words words{"compare", "--platform", path("platform.yaml"), "--workload",
                    path("workload.yaml")};
  const ProgramRun table = rowan(words);
  EXPECT_EQ(table.status, 0) << table.err;
  EXPECT_TRUE(contains(table.out, "counts: all accesses of both models are equal")) << table.out;
  Words json = words;
  json.insert(json.end(), {"--format", "json", "--jobs", "2"});
  const Json compared = Json::parse(rowan(json).out);
  for (const Json& layer : compared["layers"]) {
    std::int64_t simulated = 0;
    std::int64_t estimated = 0;
    for (const auto& cause : layer["causes"]) {
      simulated += cause["simulated"].get<std::int64_t>();
      estimated += cause["estimated"].get<std::int64_t>();
    }
    EXPECT_EQ(simulated, layer["cycles"]["total"]["simulated"]);
    EXPECT_EQ(estimated, layer["cycles"]["total"]["estimated"]);
  }
}

TEST_F(CliModels, EstimateCountsALoopNest) {
  const std::string nest = std::string(ROWAN_SOURCE_DIR) + "/validation/timeloop/tiny_5x5_odd.yaml";
  const ProgramRun run = rowan({"estimate", "--loop-nest", nest, "--format", "json"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(Json::parse(run.out)["cycles"], 525);
  const ProgramRun both =
      rowan({"estimate", "--loop-nest", nest, "--platform", path("platform.yaml")});
  EXPECT_EQ(both.status, 2);
}

TEST_F(CliModels, ValidateComparesClaimsAndChecksAPage) {
  write("claims.yaml", R"(schema: rowan.claims/1
commands:
  print: {run: "echo '{\"a\": 3}'"}
claims:
  - {id: a, claim: a number, source: nobody, published: 2.9, unit: "", tolerance_percent: 5,
     reason: none, command: print, value: {plus: [a]}}
)");
  const Words words{"validate", "--claims", path("claims.yaml")};
  const ProgramRun table = rowan(words);
  EXPECT_EQ(table.status, 0) << table.err;
  EXPECT_TRUE(contains(table.out, "1 of 1 claims hold, 1 of the 1 not seen before")) << table.out;
  Words page = words;
  page.insert(page.end(), {"--format", "markdown"});
  write("page.md", rowan(page).out);
  Words check = words;
  check.insert(check.end(), {"--check", path("page.md")});
  EXPECT_EQ(rowan(check).status, 0);
  write("claims.yaml", replaced(content("claims.yaml"), "published: 2.9", "published: 9"));
  const ProgramRun lost = rowan(check);
  EXPECT_EQ(lost.status, 1);
  EXPECT_TRUE(contains(lost.err, "claim a held and does not any more")) << lost.err;
}

}  // namespace
}  // namespace rowan
