// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/spec/platform_file.h"
#include "tests/support/yaml_mutator.h"

namespace rowan {
namespace {

void fuzz(std::uint64_t seed, int cases) {
  std::vector<std::string> files = support::yaml_files("platforms");
  files.push_back(spec::dump(spec::parse_platform(files.front(), "platform")));
  support::fuzz_yaml_reader(
      files, seed, cases, [](const std::string& text, const std::string& file) {
        const spec::AcceleratorSpec platform = spec::parse_platform(text, file);
        // What is accepted can be written down and read again.
        const std::string dump = spec::dump(platform);
        ASSERT_EQ(spec::dump(spec::parse_platform(dump, "dump")), dump);
      });
}

TEST(PlatformFuzz, AMutatedPlatformIsReadOrRefusedInOneLine) { fuzz(1, 10'000); }

TEST(PlatformFuzz, AMutatedPlatformIsReadOrRefusedInOneLineNightly) { fuzz(2, 300'000); }

}  // namespace
}  // namespace rowan
