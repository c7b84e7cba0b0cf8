// SPDX-License-Identifier: Apache-2.0
//
// The program from outside, with inputs of a few words.

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/support/cli_fixture.h"
#include "tests/support/program.h"
#include "workloads/npy.h"
#include "workloads/tensor.h"

namespace rowan {
namespace {

using support::Cli;
using support::contains;
using support::Json;
using support::kMapping;
using support::kPlatform;
using support::kWorkload;
using support::ProgramRun;
using support::replaced;
using support::Words;
namespace fs = support::fs;

// What it does.

TEST_F(Cli, RunPrintsATableAndNothingOnStandardError) {
  const ProgramRun result = run();
  EXPECT_EQ(result.status, 0);
  EXPECT_EQ(result.err, "");
  // 2 * (4*6*6 + 5*5*5)
  EXPECT_TRUE(
      contains(result.out, "\ncheck: 538 output words equal the golden operations, 0 differ\n"))
      << result.out;
  EXPECT_EQ(result.out.find('\033'), std::string::npos);
}

TEST_F(Cli, JsonHasWhatTheLayersTook) {
  const Json result = run_json();
  EXPECT_EQ(result["schema"], "rowan.result/1");
  EXPECT_EQ(result["platform"], "small");
  EXPECT_EQ(result["batch"], 2);
  ASSERT_EQ(result["layers"].size(), 2U);
  EXPECT_EQ(result["layers"][0]["macs"], 2 * 4 * 3 * 3 * 3 * 6 * 6);
  EXPECT_EQ(result["layers"][0]["mapping_source"], "mapper");
  EXPECT_EQ(result["total"]["check"]["outputs_compared"], 538);
  EXPECT_EQ(result["total"]["check"]["mismatches"], 0);
}

TEST_F(Cli, EveryPeCycleIsBookedOnce) {
  const Json result = run_json();
  for (const Json& layer : result["layers"]) {
    std::uint64_t sum = layer["busy"].get<std::uint64_t>() + layer["idle"].get<std::uint64_t>();
    for (const auto& [cause, cycles] : layer["stalls"].items()) sum += cycles.get<std::uint64_t>();
    EXPECT_EQ(sum, layer["cycles"]["total"].get<std::uint64_t>() * 4 * 5);
  }
}

TEST_F(Cli, CsvHasALinePerLayerOfEquallyManyCells) {
  const ProgramRun result = run({"--format", "csv"});
  EXPECT_EQ(result.status, 0);
  std::istringstream lines(result.out);
  std::vector<std::ptrdiff_t> commas;
  for (std::string line; std::getline(lines, line);) {
    commas.push_back(std::count(line.begin(), line.end(), ','));
  }
  ASSERT_EQ(commas.size(), 3U);
  EXPECT_GT(commas[0], 50);
  EXPECT_EQ(commas[1], commas[0]);
  EXPECT_EQ(commas[2], commas[0]);
}

TEST_F(Cli, TwoRunsGiveTheSameBytesWhereverTheirFilesAre) {
  ASSERT_EQ(run({"--out", path("one")}).status, 0);
  fs::create_directory(folder_ / "elsewhere");
  fs::copy(folder_ / "workload.yaml", folder_ / "elsewhere");
  fs::copy(folder_ / "platform.yaml", folder_ / "elsewhere");
  ASSERT_EQ(rowan({"run", "--platform", path("elsewhere/platform.yaml"), "--workload",
                   path("elsewhere/workload.yaml"), "--out", path("two")})
                .status,
            0);
  for (const std::string file : {"/result.json", "/layers.csv"}) {
    EXPECT_FALSE(content("one" + file).empty());
    EXPECT_EQ(content("one" + file), content("two" + file));
  }
}

TEST_F(Cli, OutHoldsWhatTheFormatsPrint) {
  const ProgramRun json = run({"--format", "json", "--out", path("out")});
  EXPECT_EQ(content("out/result.json"), json.out);
  EXPECT_EQ(content("out/layers.csv"), run({"--format", "csv"}).out);
}

TEST_F(Cli, OutReplacesAnEarlierResult) {
  ASSERT_EQ(run({"--out", path("out")}).status, 0);
  const std::string first = content("out/result.json");
  ASSERT_EQ(run({"--seed", "2", "--out", path("out")}).status, 0);
  EXPECT_NE(content("out/result.json"), first);
  EXPECT_EQ(entries(), (Words{"mapping.yaml", "out", "platform.yaml", "workload.yaml"}));
}

TEST_F(Cli, NoCheckLeavesOutTheCheckAlone) {
  Json with = run_json();
  const Json without = run_json({"--no-check"});
  for (Json& layer : with["layers"]) layer["check"] = nullptr;
  with["total"]["check"] = nullptr;
  EXPECT_EQ(without, with);
}

TEST_F(Cli, SeedChangesTheWordsButNotTheShape) {
  const Json one = run_json({"--seed", "1"});
  const Json two = run_json({"--seed", "2"});
  EXPECT_EQ(one["layers"][0]["macs"], two["layers"][0]["macs"]);
  EXPECT_NE(one["layers"][0]["ofmap_hash"], two["layers"][0]["ofmap_hash"]);
  EXPECT_EQ(run_json()["request_hash"], one["request_hash"]);
}

TEST_F(Cli, LayersRunAloneAsTheyRunInTheNetwork) {
  const Json all = run_json();
  const Json second = run_json({"--layers", "B"});
  ASSERT_EQ(second["layers"].size(), 1U);
  EXPECT_EQ(second["layers"][0], all["layers"][1]);
}

TEST_F(Cli, MappingFileIsUsedForItsLayers) {
  const Json result = run_json({"--mapping", path("mapping.yaml")});
  EXPECT_EQ(result["layers"][0]["mapping_source"], "file");
  EXPECT_EQ(result["layers"][0]["mapping"]["p"], 2);
  EXPECT_EQ(result["layers"][1]["mapping_source"], "mapper");
  EXPECT_EQ(result["layers"][0]["ofmap_hash"], run_json()["layers"][0]["ofmap_hash"]);
}

TEST_F(Cli, AChainFeedsItsOutputsForward) {
  const Json chain = run_json({"--tensors", "chain"});
  const Json seeded = run_json();
  EXPECT_EQ(chain["total"]["check"]["mismatches"], 0);
  EXPECT_EQ(chain["layers"][0], seeded["layers"][0]);
  EXPECT_NE(chain["layers"][1]["ofmap_hash"], seeded["layers"][1]["ofmap_hash"]);
}

TEST_F(Cli, PartOfAChainIsAsItIsInTheWhole) {
  const Json whole = run_json({"--tensors", "chain"});
  const Json part = run_json({"--tensors", "chain", "--layers", "B"});
  ASSERT_EQ(part["layers"].size(), 1U);
  EXPECT_EQ(part["layers"][0], whole["layers"][1]);
}

TEST_F(Cli, LayersOfThePostProcessingUnitRunWithoutAMapping) {
  write("workload.yaml", std::string(kWorkload) + "  - {name: C, kind: gelu, fraction_bits: 8}\n");
  const Json result = run_json({"--tensors", "chain"});
  ASSERT_EQ(result["layers"].size(), 3U);
  EXPECT_TRUE(result["layers"][2]["mapping_source"].is_null());
  EXPECT_EQ(result["layers"][2]["check"]["outputs_compared"], 2 * 5 * 5 * 5);
  EXPECT_EQ(result["total"]["check"]["mismatches"], 0);
}

TEST_F(Cli, ScratchpadsOfOneWordAreEnough) {
  write("platform.yaml",
        std::string(kPlatform) +
            "pe: {ifmap_spad: {size_words: 1}, filter_spad: {size_words: 1}, psum_spad: "
            "{size_words: 1}}\n");
  const Json result = run_json();
  EXPECT_EQ(result["layers"][0]["mapping"]["filter_columns"], 1);
  EXPECT_EQ(result["total"]["check"]["outputs_compared"], 538);
  EXPECT_EQ(result["total"]["check"]["mismatches"], 0);
}

TEST_F(Cli, APlatformWhosePassesCannotBeReplayedSaysSo) {
  write("platform.yaml", std::string(kPlatform) +
                             "controller: {pass_transition: overlap}\n"
                             "global_buffer: {psum_bank_ports: 1}\n");
  for (const std::string fast_forward : {"on", "verify"}) {
    const ProgramRun table = run({"--fast-forward", fast_forward});
    EXPECT_EQ(table.status, 0) << table.err;
    EXPECT_TRUE(contains(table.out,
                         "\ncycles: all simulated, because passes overlap and psum banks have one "
                         "port (docs/engine.md)\n"))
        << table.out;
    const Json result = run_json({"--fast-forward", fast_forward});
    EXPECT_EQ(result["total"]["fast_forward"]["passes_replayed"], 0);
    EXPECT_EQ(result["total"]["fast_forward"]["cycles_replayed"], 0);
    EXPECT_EQ(result["total"]["fast_forward"]["outputs_replayed"], 0);
  }
}

TEST_F(Cli, TensorsComeFromAFolder) {
  write_tensors();
  const Json result = run_json({"--tensors", path("tensors")});
  EXPECT_EQ(result["tensors"], "directory");
  EXPECT_EQ(result["total"]["check"]["mismatches"], 0);
  EXPECT_NE(result["request_hash"], run_json()["request_hash"]);
}

TEST_F(Cli, ShowPlatformAndWorkloadReadBackTheSame) {
  for (const std::string kind : {"platform", "workload"}) {
    const ProgramRun first = rowan({"show", kind, path(kind + ".yaml")});
    ASSERT_EQ(first.status, 0) << first.err;
    write("again.yaml", first.out);
    EXPECT_EQ(rowan({"show", kind, path("again.yaml")}).out, first.out);
  }
}

TEST_F(Cli, ShowMappingIsWhatRunUses) {
  const ProgramRun shown = rowan({"show", "mapping", "--platform", path("platform.yaml"),
                                  "--workload", path("workload.yaml")});
  ASSERT_EQ(shown.status, 0) << shown.err;
  write("mapping.yaml", shown.out);
  const Json from_file = run_json({"--mapping", path("mapping.yaml")});
  const Json by_default = run_json();
  EXPECT_EQ(from_file["layers"][0]["mapping"], by_default["layers"][0]["mapping"]);
  EXPECT_EQ(from_file["layers"][0]["mapping_source"], "file");
  EXPECT_EQ(from_file["request_hash"], by_default["request_hash"]);
}

TEST_F(Cli, ShowMappingHasATable) {
  const ProgramRun table = rowan({"show", "mapping", "--platform", "eyeriss", "--workload",
                                  "alexnet", "--layers", "CONV*", "--format", "table"});
  EXPECT_EQ(table.status, 0);
  EXPECT_TRUE(contains(table.out, "published")) << table.out;
}

TEST_F(Cli, MapPrintsTheBestMappingsOfEachLayer) {
  const Words words{"map", "--platform", path("platform.yaml"), "--workload",
                    path("workload.yaml")};
  const ProgramRun one = rowan(words);
  EXPECT_EQ(one.status, 0) << one.err;
  EXPECT_TRUE(contains(one.out, "objective latency")) << one.out;
  Words more = words;
  more.insert(more.end(), {"--best", "3", "--objective", "dram"});
  const ProgramRun three = rowan(more);
  EXPECT_TRUE(contains(three.out, "objective dram")) << three.out;
  const auto lines = [](const std::string& text) {
    return std::count(text.begin(), text.end(), '\n');
  };
  EXPECT_EQ(lines(three.out), lines(one.out) + 2 * 2);
  EXPECT_EQ(rowan(more).out, three.out);
}

TEST_F(Cli, MapWritesAMappingFileThatRunTakes) {
  Words words{"map",      "--platform", path("platform.yaml"), "--workload", path("workload.yaml"),
              "--format", "yaml"};
  const ProgramRun printed = rowan(words);
  words.insert(words.end(), {"--out", path("best.yaml")});
  const ProgramRun written = rowan(words);
  ASSERT_EQ(written.status, 0) << written.err;
  EXPECT_EQ(written.out, "");
  EXPECT_EQ(content("best.yaml"), printed.out);
  const Json from_file = run_json({"--mapping", path("best.yaml")});
  EXPECT_EQ(from_file["layers"][0]["mapping_source"], "file");
  EXPECT_EQ(from_file["request_hash"], run_json()["request_hash"]);
}

TEST_F(Cli, WholeRowsKeepsTheColumnsOfAPassTogether) {
  const ProgramRun run = rowan({"map", "--platform", path("platform.yaml"), "--workload",
                                path("workload.yaml"), "--whole-rows", "--format", "yaml"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_TRUE(contains(run.out, "f: 6")) << run.out;
}

TEST_F(Cli, ObjectiveDecidesWhatTheMapperLooksFor) {
  const Json latency = run_json({"--objective", "latency"});
  const Json dram = run_json({"--objective", "dram"});
  EXPECT_EQ(latency, run_json());
  EXPECT_LE(latency["total"]["cycles"]["total"], dram["total"]["cycles"]["total"]);
  EXPECT_EQ(dram["total"]["check"]["mismatches"], 0);
}

TEST_F(Cli, MapRefusesWhatItCannotDo) {
  const Words words{"map", "--platform", path("platform.yaml"), "--workload",
                    path("workload.yaml")};
  const auto refused = [&](const Words& more) {
    Words all = words;
    all.insert(all.end(), more.begin(), more.end());
    return refusal(rowan(all));
  };
  EXPECT_TRUE(contains(refused({"--objective", "latencie"}), "(did you mean 'latency'?)"));
  EXPECT_EQ(refused({"--format", "yaml", "--best", "2"}),
            "--best: a mapping file has one mapping for a layer");
  EXPECT_EQ(refused({"--out", folder_.string()}),
            folder_.string() + ": is there already, and is no file");
  EXPECT_TRUE(contains(refused({"--out", path("none/out.yaml")}), "cannot write it: "));
  write("platform.yaml",
        std::string(kPlatform) + "global_buffer: {banks: 2}\ndram: {overlap: double_buffer}\n");
  EXPECT_EQ(refused({}).rfind("layer A: no mapping is legal on platform 'small': global_buffer", 0),
            0U);
}

TEST_F(Cli, ListsAndHelpAndVersionArePrinted) {
  EXPECT_TRUE(contains(rowan({"list", "platforms"}).out, "eyeriss"));
  EXPECT_TRUE(contains(rowan({"list", "workloads"}).out, "alexnet"));
  EXPECT_TRUE(contains(rowan({"list", "pe-types"}).out, "int16"));
  EXPECT_TRUE(contains(rowan({"--help"}).out, "usage: rowan"));
  EXPECT_TRUE(contains(rowan({"--version"}).out, "rowan "));
  const ProgramRun help = rowan({"help", "run"});
  EXPECT_EQ(help.status, 0);
  EXPECT_EQ(rowan({"run", "--help"}).out, help.out);
  EXPECT_TRUE(contains(help.out, "example:\n  rowan run "));
}

TEST_F(Cli, DocsWriteTheirPages) {
  EXPECT_TRUE(contains(rowan({"docs", "platform-reference"}).out, "| `array.rows` |"));
  EXPECT_TRUE(contains(rowan({"docs", "workload-reference"}).out, "## `kind: matmul`"));
  EXPECT_TRUE(contains(rowan({"docs", "result-schema"}).out, "rowan.result/1"));
}

TEST_F(Cli, InterruptsEndTheRunWithNothingLeft) {
  const auto before = entries();
  for (const int signal : {SIGINT, SIGTERM}) {
    const ProgramRun result = support::run_program_interrupted(
        ROWAN_EXECUTABLE,
        {"run", "--platform", "eyeriss", "--workload", "alexnet", "--layers", "CONV*", "--batch",
         "64", "--out", path("out")},
        signal, 1000);
    EXPECT_EQ(result.status, 130);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(result.err, "rowan: interrupted\n");
    EXPECT_EQ(entries(), before);
  }
}

// What it refuses: arguments.

TEST_F(Cli, UnknownOptionIsRefusedWithTheNearest) {
  EXPECT_EQ(run_refusal({"--bach", "3"}), "unknown option '--bach' (did you mean '--batch'?)");
}

TEST_F(Cli, MissingValuesAndRepetitionsAreRefused) {
  EXPECT_EQ(refusal(run({"--batch"})), "--batch: a value is missing");
  EXPECT_EQ(run_refusal({"--seed", "1", "--seed", "1"}), "--seed: is given twice");
  EXPECT_EQ(refusal(rowan({"run", "--workload", "alexnet"})), "--platform: is missing");
  EXPECT_EQ(refusal(rowan({"run", "--platform", "eyeriss"})), "--workload: is missing");
}

TEST_F(Cli, NumbersOutOfRangeAreRefused) {
  EXPECT_EQ(run_refusal({"--batch", "0"}), "--batch: 0 is out of range, 1 to 4096");
  EXPECT_EQ(run_refusal({"--batch", "4097"}), "--batch: 4097 is out of range, 1 to 4096");
  EXPECT_EQ(run_refusal({"--batch", "two"}), "--batch: 'two' is not a whole number");
  EXPECT_EQ(run_refusal({"--seed", "-1"}), "--seed: '-1' is not a whole number");
}

TEST_F(Cli, WaysToWorkThatThereAreNotAreRefused) {
  EXPECT_EQ(run_refusal({"--jobs", "0"}), "--jobs: 0 is out of range, 1 to 1024");
  EXPECT_EQ(run_refusal({"--jobs", "1025"}), "--jobs: 1025 is out of range, 1 to 1024");
  EXPECT_EQ(run_refusal({"--jobs", "abc"}), "--jobs: 'abc' is not a whole number");
  EXPECT_EQ(run_refusal({"--fast-forward", "maybe"}),
            "--fast-forward: 'maybe' is not one of on, off, verify");
}

TEST_F(Cli, UnknownNamesAreRefusedWithTheList) {
  const std::string platform =
      refusal(rowan({"run", "--platform", "eyerris", "--workload", "alexnet"}));
  EXPECT_TRUE(contains(platform, "unknown platform 'eyerris' (did you mean 'eyeriss'?)"))
      << platform;
  const std::string workload =
      refusal(rowan({"run", "--platform", "eyeriss", "--workload", "alexnett"}));
  EXPECT_TRUE(contains(workload, "unknown workload 'alexnett' (did you mean 'alexnet'?)"))
      << workload;
  EXPECT_TRUE(contains(refusal(rowan({"rnu"})), "(did you mean 'run'?)"));
  EXPECT_TRUE(contains(refusal(rowan({"list", "platfroms"})), "(did you mean 'platforms'?)"));
  EXPECT_TRUE(contains(run_refusal({"--format", "jsno"}), "(did you mean 'json'?)"));
}

TEST_F(Cli, UnknownLayersAreRefusedWithTheList) {
  EXPECT_EQ(run_refusal({"--layers", "A,C*"}), "--layers: 'C*' matches no layer; tiny has A, B");
}

// What it refuses: files.

TEST_F(Cli, UnknownKeyIsRefusedAtItsPlace) {
  EXPECT_EQ(platform_refusal(replaced(kPlatform, "columns", "colums")),
            path("platform.yaml") + ":5:3: array.colums: unknown key (did you mean 'columns'?)");
}

TEST_F(Cli, UnknownKeyInAListIsRefusedAtItsPlace) {
  const std::string message = workload_refusal(
      replaced(kWorkload, "    product_shift_bits: 8\n", "    product_shift: 8\n"));
  EXPECT_EQ(message, path("workload.yaml") +
                         ":10:5: layers[0].product_shift: unknown key (did you mean "
                         "'product_shift_bits'?)");
}

TEST_F(Cli, WrongTypeIsRefusedAtItsPlace) {
  const std::string message = platform_refusal(replaced(kPlatform, "rows: 4", "rows: four"));
  EXPECT_EQ(message.rfind(path("platform.yaml") + ":4:3: array.rows: ", 0), 0U) << message;
}

TEST_F(Cli, ValueOutOfRangeIsRefusedAtItsPlace) {
  const std::string message = platform_refusal(replaced(kPlatform, "rows: 4", "rows: 0"));
  EXPECT_EQ(message.rfind(path("platform.yaml") + ":4:3: array.rows: ", 0), 0U) << message;
}

TEST_F(Cli, KeyWithoutItsUnitIsRefusedWithTheRightOne) {
  const std::string message = platform_refusal(std::string(kPlatform) + "clock: 100\n");
  EXPECT_EQ(message,
            path("platform.yaml") + ":6:1: clock: unknown key (did you mean 'clock_mhz'?)");
}

TEST_F(Cli, BrokenYamlIsRefusedAtItsPlace) {
  const std::string message = platform_refusal("schema: rowan.platform/1\narray: {rows: 4\n");
  EXPECT_EQ(message.rfind(path("platform.yaml") + ":", 0), 0U) << message;
}

TEST_F(Cli, MissingFileIsRefusedByName) {
  EXPECT_TRUE(contains(run_refusal({"--mapping", path("none.yaml")}), path("none.yaml")));
  EXPECT_TRUE(
      contains(refusal(rowan({"run", "--platform", path("none.yaml"), "--workload", "alexnet"})),
               path("none.yaml")));
}

TEST_F(Cli, IllegalMappingIsRefusedAtItsPlaceWithRuleAndNumbers) {
  const std::string message = mapping_refusal(replaced(kMapping, "r: 1", "r: 3"));
  EXPECT_EQ(message.rfind(path("mapping.yaml") + ":3:3: layers.A: ", 0), 0U) << message;
  EXPECT_TRUE(contains(message, "array_rows: PE rows of all sets = 9 exceeds array.rows = 4"))
      << message;
}

TEST_F(Cli, MappingOfAnUnknownLayerIsRefusedAtItsPlace) {
  EXPECT_EQ(mapping_refusal(replaced(kMapping, "  A:", "  AA:"))
                .rfind(path("mapping.yaml") + ":3:3: layers.AA: tiny has no such layer", 0),
            0U);
}

TEST_F(Cli, ALayerThatNoMappingFitsIsRefusedWithRuleAndNumbers) {
  EXPECT_EQ(platform_refusal(std::string(kPlatform) +
                             "global_buffer: {banks: 2}\ndram: {overlap: double_buffer}\n"),
            "layer A: no mapping is legal on platform 'small': global_buffer: 1 ifmap + 1 psum "
            "banks, twice for dram.overlap double_buffer, = 4 exceeds global_buffer.banks = 2");
}

TEST_F(Cli, ALayerThatThePostProcessingUnitHasNoRoomForIsRefusedWithWhatFits) {
  write("workload.yaml", R"(schema: rowan.workload/2
name: wide
input: {channels: 768, height: 1, width: 8}
layers:
  - {name: A, kind: relu}
  - {name: S, kind: softmax, fraction_bits: 8, ofmap_fraction_bits: 15}
  - {name: N, kind: layer_norm, ofmap_fraction_bits: 8, gain_fraction_bits: 8}
)");
  // Banks of 4 rows of 64 bits: 768 ifmap words are 48 banks, as many psums of 32 bits are 96; two
  // parameters for each are 1536 words.
  write("platform.yaml", std::string(kPlatform) + "global_buffer: {bank_rows: 4}\n");
  EXPECT_EQ(run_refusal({}),
            "layer S: on platform 'small', softmax does not fit: 48 ifmap + 96 psum banks for one "
            "position, but global_buffer.banks is 25; 128 channels fit");
  EXPECT_EQ(run_refusal({"--layers", "N"}),
            "layer N: on platform 'small', layer norm does not fit: 1536 parameter words, but "
            "global_buffer.filter_banks hold 32; 16 channels fit");
  EXPECT_EQ(run_json({"--layers", "A"})["total"]["check"]["mismatches"], 0);
}

TEST_F(Cli, TensorOfAnotherShapeIsRefused) {
  write_tensors();
  workloads::write_npy(path("tensors/B.filters.npy"), workloads::Tensor({5, 4, 2, 3}));
  const std::string message = run_refusal({"--tensors", path("tensors")});
  EXPECT_EQ(message.rfind(path("tensors/B.filters.npy") + ": ", 0), 0U) << message;
  EXPECT_TRUE(contains(message, "(5, 4, 2, 2)")) << message;
  EXPECT_TRUE(contains(message, "(5, 4, 2, 3)")) << message;
}

TEST_F(Cli, TensorOfAnotherTypeIsRefused) {
  write_tensors();
  write("tensors/B.filters.npy", replaced(content("tensors/B.filters.npy"), "<i2", "<f2"));
  const std::string message = run_refusal({"--tensors", path("tensors")});
  EXPECT_EQ(message.rfind(path("tensors/B.filters.npy") + ": ", 0), 0U) << message;
  EXPECT_TRUE(contains(message, "f2")) << message;
}

TEST_F(Cli, MissingTensorIsRefused) {
  EXPECT_TRUE(contains(run_refusal({"--tensors", folder_.string()}), path("A.ifmap.npy")));
  EXPECT_TRUE(contains(run_refusal({"--tensors", path("none")}), "nor a folder"));
}

TEST_F(Cli, QuotedTextWithoutItsEndIsRefusedInEveryFile) {
  const std::string open = "description: \"half speed\nclock_mhz: 10\nbogus: 1\n";
  const std::string message = ": is not valid YAML: a quoted text after this has no end";
  EXPECT_EQ(platform_refusal(kPlatform + open), path("platform.yaml") + ":6:1" + message);
  write("platform.yaml", kPlatform);
  EXPECT_EQ(mapping_refusal(kMapping + open), path("mapping.yaml") + ":4:1" + message);
  EXPECT_EQ(workload_refusal(kWorkload + open), path("workload.yaml") + ":18:1" + message);
}

TEST_F(Cli, PipesAreRefused) {
  ASSERT_EQ(mkfifo(path("pipe.yaml").c_str(), 0600), 0);
  EXPECT_EQ(refusal(rowan({"show", "platform", path("pipe.yaml")})),
            path("pipe.yaml") + ": is not a file");
}

TEST_F(Cli, TensorsThatCannotBeLookedAtAreRefused) {
  fs::create_symlink("loop", path("loop"));
  for (const std::string& name : {path("loop"), path(std::string(300, 'x')), std::string()}) {
    const std::string message = run_refusal({"--tensors", name});
    EXPECT_EQ(message.rfind("--tensors: ", 0), 0U) << message;
  }
}

TEST_F(Cli, EmptyNamesAreRefusedByTheirOption) {
  for (const std::string option : {"--platform", "--mapping", "--out", "--tensors"}) {
    Words words{"run", "--workload", path("workload.yaml")};
    if (option != "--platform") {
      words.insert(words.end(), {"--platform", path("platform.yaml")});
    }
    words.insert(words.end(), {option, ""});
    EXPECT_EQ(refusal(rowan(words)), option + ": the name is empty");
  }
  EXPECT_EQ(run_refusal({"--layers", ""}), "--layers: a pattern is empty");
}

TEST_F(Cli, NamesOfFilesArePrintedOnOneLine) {
  EXPECT_EQ(refusal(rowan({"show", "platform", path("a\nb\x1b[2J.yaml")})),
            path("a\\x0ab\\x1b[2J.yaml") + ": cannot be opened: No such file or directory");
}

TEST_F(Cli, AConflictWithADefaultSaysSo) {
  const std::string message =
      platform_refusal(std::string(kPlatform) + "psum_gin: {width_bits: 32}\n");
  EXPECT_TRUE(contains(message, "gon.width_bits: 64 is not 32")) << message;
  EXPECT_TRUE(contains(message, "; the file leaves gon.width_bits at its default")) << message;
}

TEST_F(Cli, AFileBeyondTheUsersLimitIsRefusedWithNothingLeft) {
  const auto before = entries();
  std::string command = "ulimit -f 8; exec \"$0\" \"$@\"";
  Words words{"-c", command, ROWAN_EXECUTABLE};
  const Words run = run_words({"--out", path("out")});
  words.insert(words.end(), run.begin(), run.end());
  const ProgramRun result = support::run_program("/bin/sh", words);
  EXPECT_EQ(result.status, 2);
  EXPECT_TRUE(contains(result.err, path("out") + ": no room for the results: File too large"))
      << result.err;
  EXPECT_EQ(entries(), before);
}

TEST_F(Cli, ResultsThatAreWrittenAreNamedWhenTheyCannotBePrinted) {
  Words words{"-c", "exec \"$0\" \"$@\" >/dev/full", ROWAN_EXECUTABLE};
  const Words run = run_words({"--out", path("out")});
  words.insert(words.end(), run.begin(), run.end());
  const ProgramRun result = support::run_program("/bin/sh", words);
  EXPECT_EQ(result.status, 2);
  EXPECT_TRUE(contains(result.err, "; the results are in '" + path("out") + "'")) << result.err;
  EXPECT_TRUE(fs::exists(path("out/result.json")));
}

TEST_F(Cli, OutputThatCannotBeWrittenIsRefusedBeforeTheRun) {
  EXPECT_EQ(refusal(run({"--out", path("none/out")})),
            path("none/out") + ": its parent folder does not exist");
  EXPECT_EQ(refusal(run({"--out", path("platform.yaml")})),
            path("platform.yaml") + ": is there already, and is no folder");
  EXPECT_TRUE(contains(refusal(run({"--out", folder_.string()})), "which is no earlier result"));
  EXPECT_TRUE(contains(refusal(run({"--out", "/proc/rowan"})), "cannot write to its parent"));
  EXPECT_EQ(entries(), (Words{"mapping.yaml", "platform.yaml", "workload.yaml"}));
}

}  // namespace
}  // namespace rowan
