// SPDX-License-Identifier: Apache-2.0
#include "sim/report/output.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/input_error.h"

namespace rowan::sim {
namespace {

namespace fs = std::filesystem;

class WriteFile : public testing::Test {
 protected:
  WriteFile() : folder_(fs::temp_directory_path() / ("rowan_output_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
  }
  ~WriteFile() override { fs::remove_all(folder_); }
  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder_ / name).string();
  }

  fs::path folder_;
};

TEST_F(WriteFile, ReplacesAFileAndLeavesNothingElse) {
  write_file(path("a"), "one\n");
  write_file(path("a"), "two\n");
  std::ifstream in(path("a"), std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), "two\n");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(WriteFile, RefusesWhatIsNoFileAndWhereThereIsNoFolder) {
  EXPECT_EQ(support::input_error([&] { write_file(folder_.string(), "x"); }),
            folder_.string() + ": is there already, and is no file");
  EXPECT_EQ(support::input_error([&] { write_file(path("none/a"), "x"); }),
            path("none/a") + ": cannot write it: No such file or directory");
}

}  // namespace
}  // namespace rowan::sim
