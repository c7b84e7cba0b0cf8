// SPDX-License-Identifier: Apache-2.0
#include "validation/rtl/cosimulation.h"

#include <algorithm>
#include <cctype>
#include <exception>
#include <functional>
#include <sstream>

#include "models/hardware/pass_bench.h"
#include "models/rtl/host_port.h"
#include "sim/commands/interrupt.h"
#include "sim/engine/catalogue.h"
#include "sim/engine/pass_images.h"
#include "tests/support/forked.h"
#include "validation/rtl/tools.h"

namespace rowan::validation {
namespace {

constexpr std::size_t kMostDifferences = 5;
constexpr std::size_t kMostText = 4000;  // of a difference

/// What the SystemC modules made of a pass.
struct Expected {
  std::uint64_t words = 0;
  std::uint64_t cycles = 0;
  std::uint64_t reads = 0;         ///< of the host, after the pass
  std::uint64_t buffer_words = 0;  ///< among them

  /// pass_check's words when nothing differs.
  [[nodiscard]] std::string report() const {
    return "PASS: " + std::to_string(words) + " psum words, " + std::to_string(cycles) +
           " cycles\n";
  }
};

/// Entries of counters.hex, the last of which is none.
std::uint64_t reads_in(const std::string& counters) {
  return static_cast<std::uint64_t>(std::count(counters.begin(), counters.end(), '\n')) - 1;
}
/// Those that read the psum tile.
std::uint64_t buffer_words_in(const std::string& counters) {
  const auto region = static_cast<unsigned long>(rtl::Region::kPsumTile);
  std::uint64_t words = 0;
  std::istringstream lines(counters);
  for (std::string line; std::getline(lines, line);) {
    if (std::stoul(line.substr(0, 8), nullptr, 16) >> rtl::kIndexBits == region) ++words;
  }
  return words;
}

/// Puts the images of a case on an array of `spec` into a folder. SystemC elaborates once per
/// process: the work is a child's.
Expected write_images(const std::string& folder, const RtlCase& test,
                      const spec::AcceleratorSpec& spec) {
  std::istringstream figures(support::run_forked([&] {
    hardware::PassBench bench(spec);
    const sim::PassImages images =
        sim::make_pass_images(bench, spec, test.buffers, test.mac, test.state);
    write_files(folder, {{"configuration.hex", images.configuration},
                         {"psums.hex", images.psums},
                         {"counters.hex", images.counters}});
    std::ostringstream out;
    out << images.words << ' ' << images.cycles << ' ' << reads_in(images.counters) << ' '
        << buffer_words_in(images.counters);
    return out.str();
  }));
  Expected expected;
  figures >> expected.words >> expected.cycles >> expected.reads >> expected.buffer_words;
  return expected;
}

void add(const Expected& pass, Comparison& comparison) {
  comparison.words += pass.words;
  comparison.cycles += pass.cycles;
  comparison.counters += pass.reads - pass.buffer_words - 1;  // one read is of the cycles
  comparison.buffer_words += pass.buffer_words;
}

/// A folder's name: the platform's, and what tells its parameters from those of others.
std::string folder_of(const RtlConfiguration& configuration) {
  std::string name = configuration.name.substr(0, 64);
  for (char& letter : name) {
    if (std::isalnum(static_cast<unsigned char>(letter)) == 0) letter = '_';
  }
  std::string parameters;
  for (const rtl::Parameter& parameter :
       rtl::machine_parameters(configuration.spec, configuration.tables)) {
    parameters += parameter.name + ("=" + std::to_string(parameter.value)) + "\n";
  }
  return name + "_" + std::to_string(std::hash<std::string>()(parameters));
}

}  // namespace

std::vector<rtl::SourceFile> sources_of(const RtlConfiguration& configuration) {
  return rtl::source_files(sim::data_folder() + "/models/rtl", configuration.spec,
                           configuration.tables, "");
}

VerilatedModel verilated(const RtlConfiguration& configuration) {
  return {folder_of(configuration), sources_of(configuration)};
}

Comparison compare(const VerilatedModel& model, const RtlConfiguration& configuration,
                   const spec::AcceleratorSpec& expected, Seeds seeds) {
  Comparison comparison;
  for (std::uint64_t i = 0; i < seeds.count; ++i) {
    if (comparison.differences.size() == kMostDifferences) break;
    const std::uint64_t seed = seeds.first + i;
    const RtlCase test = random_rtl_case(configuration, seed);
    ++comparison.passes;
    if (test.state.pass.shape->reads_psums) ++comparison.passes_on_psums;
    const sim::InterruptsHeld held;  // until the folder is gone
    const TemporaryFolder folder;
    std::string report;
    try {
      const Expected pass = write_images(folder.path(), test, expected);
      report = model.check(folder.path(), seed);
      add(pass, comparison);
      if (passed(report) && report.find(pass.report()) != std::string::npos) continue;
    } catch (const std::exception& error) {  // which does not say what the case was
      report = error.what() + std::string("\n");
    }
    comparison.differences.push_back(configuration.name + " seed " + std::to_string(seed) + "\n" +
                                     test.describe() + "\n" + report.substr(0, kMostText));
  }
  return comparison;
}

}  // namespace rowan::validation
