// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/energy/pricer.h"
#include "models/energy/table_file.h"
#include "models/spec/accelerator_spec.h"
#include "tests/support/yaml_mutator.h"

namespace rowan {
namespace {

/// Versions 0.2 and 0.3, which no table of the tree has.
const char* const kOldFiles[] = {
    "ERT:\n  tables:\n    a.GLB:\n      idle:\n        arguments: null\n        energy: 0\n"
    "      read:\n      - arguments:\n          address_delta: 0\n        energy: 4\n"
    "      - arguments:\n          address_delta: 1\n        energy: 6\n  version: 0.2\n",
    "ERT:\n  version: 0.3\n  tables:\n  - name: a.PE[0..167].mac\n    actions:\n"
    "    - name: mac_random\n      arguments: null\n      energy: 1\n"
    "ART:\n  version: 0.3\n  tables:\n  - name: a.PE.mac\n    area: 1\n"};

void fuzz(std::uint64_t seed, int cases) {
  std::vector<std::string> files = support::yaml_files("platforms/energy");
  files.insert(files.end(), std::begin(kOldFiles), std::end(kOldFiles));
  const spec::AcceleratorSpec accelerator;
  support::fuzz_yaml_reader(files, seed, cases,
                            [&](const std::string& text, const std::string& file) {
                              const energy::EnergyTable table = energy::parse_table(text, file);
                              const energy::Pricer pricer(table, accelerator);
                              ASSERT_GE(pricer.picojoules({}, Cycles(1000)).value(), 0.0);
                            });
}

TEST(EnergyTableFuzz, AMutatedTableIsReadOrRefusedInOneLine) { fuzz(1, 3'000); }

TEST(EnergyTableFuzz, AMutatedTableIsReadOrRefusedInOneLineNightly) { fuzz(2, 100'000); }

}  // namespace
}  // namespace rowan
