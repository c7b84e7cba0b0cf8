// SPDX-License-Identifier: Apache-2.0
//
// cosimulate: the Verilog of a platform, simulated by Verilator, against the SystemC engine.

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "models/base/error.h"
#include "models/base/text.h"
#include "models/rtl/check.h"
#include "models/spec/platform_file.h"
#include "sim/commands/arguments.h"
#include "sim/commands/command.h"
#include "sim/engine/catalogue.h"
#include "sim/report/output.h"
#include "sim/report/text_table.h"
#include "validation/rtl/cosimulation.h"

namespace rowan::validation {
namespace {

constexpr std::uint64_t kMostCases = 1'000'000;
constexpr std::uint64_t kMostSeed = 1'000'000'000'000;

constexpr char kUsage[] =
    "usage: cosimulate --platform NAME|FILE [--cases N] [--seed S]\n"
    "\n"
    "Builds the Verilog of a platform with Verilator, carries out passes of random\n"
    "layers in it and in the SystemC engine, and compares; ends after five that differ.\n"
    "Exit status: 0 nothing differs, 1 something does, 2 wrong arguments, a platform\n"
    "that is refused, or no Verilator, 70 anything else.\n"
    "\n"
    "  --platform NAME|FILE  accelerator: a name of `rowan list platforms`, or a YAML file\n"
    "  --cases N             passes; by default 20\n"
    "  --seed S              of the first of them, which count it up; by default 1\n";

std::string text_of(const Comparison& comparison) {
  sim::TextTable table;
  table.add_column({""}, sim::TextTable::Align::kLeft);
  table.add_column({"compared"});
  const auto row = [&](const char* what, std::uint64_t count) {
    table.add_row({what, std::to_string(count)});
  };
  row("passes", comparison.passes);
  row("of these on psums of others", comparison.passes_on_psums);
  row("psum words leaving the array, and their cycles", comparison.words);
  row("cycles to the drain", comparison.cycles);
  row("stall and packet counters", comparison.counters);
  row("psum words in the global buffer", comparison.buffer_words);
  table.add_rule();
  row("passes that differ", comparison.differences.size());
  return table.text();
}

int cosimulate(const std::vector<std::string>& words) {
  if (words == std::vector<std::string>{"--help"}) {
    sim::print(kUsage);
    return sim::kSuccess;
  }
  const auto arguments = sim::Arguments::parse(
      words, {{"platform", "NAME|FILE", ""}, {"cases", "N", ""}, {"seed", "S", ""}});
  arguments.require_words(0);
  const std::string platform = arguments.required_name("platform");
  const std::uint64_t cases = arguments.number("cases", 1, kMostCases).value_or(20);
  const std::uint64_t seed = arguments.number("seed", 0, kMostSeed).value_or(1);

  RtlConfiguration configuration;
  configuration.spec = spec::load_platform(sim::file_of(sim::kPlatforms, platform));
  configuration.name = configuration.spec.name;
  rtl::require_supported(configuration.spec);
  // A platform for which none can be drawn is refused before the long work of building.
  static_cast<void>(random_rtl_case(configuration, seed));
  const VerilatedModel model = verilated(configuration);
  const Comparison comparison = compare(model, configuration, configuration.spec, {seed, cases});
  sim::print(printable(configuration.name) + ", seed " + std::to_string(seed) +
             ": Verilog under Verilator against the SystemC engine\n\n" + text_of(comparison));
  for (const std::string& difference : comparison.differences) sim::print("\n" + difference);
  return comparison.differences.empty() ? sim::kSuccess : sim::kCheckFailed;
}

int fail(int status, const char* message) {
  std::fprintf(stderr, "cosimulate: %s\n", message);
  return status;
}

}  // namespace
}  // namespace rowan::validation

int main(int argc, char** argv) {
  using namespace rowan;
  try {
    return validation::cosimulate(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
  } catch (const InputError& error) {
    return validation::fail(sim::kInputError, error.what());
  } catch (const std::exception& error) {
    return validation::fail(sim::kInternalError, error.what());
  }
}
