// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "tests/support/program.h"
#include "workloads/npy.h"
#include "workloads/tensor.h"

/// The program from outside, with inputs of a few words. For programs that know ROWAN_EXECUTABLE.
namespace rowan::support {

namespace fs = std::filesystem;
using Json = nlohmann::json;
using Words = std::vector<std::string>;

inline constexpr char kPlatform[] = R"(schema: rowan.platform/1
name: small
array:
  rows: 4
  columns: 5
)";

inline constexpr char kWorkload[] = R"(schema: rowan.workload/2
name: tiny
default_batch: 2
input: {channels: 3, height: 8, width: 8}
layers:
  - name: A
    kind: convolution
    filters: 4
    kernel: {height: 3, width: 3}
    product_shift_bits: 8
    seeded: {ifmap_max: 255, filter_max: 255}
  - name: B
    kind: convolution
    filters: 5
    kernel: {height: 2, width: 2}
    product_shift_bits: 8
    seeded: {ifmap_zeros_percent: 50, ifmap_max: 255, filter_max: 255}
)";

inline constexpr char kMapping[] = R"(schema: rowan.mapping/1
layers:
  A: {m: 4, n: 1, e: 2, p: 2, q: 1, r: 1, t: 1}
)";

[[nodiscard]] inline std::string replaced(std::string text, const std::string& from,
                                          const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

[[nodiscard]] inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// A folder with a platform, a network and a mapping that goes with the test.
class Cli : public testing::Test {
 protected:
  Cli() : folder_(fs::temp_directory_path() / ("rowan_cli_test_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
    write("platform.yaml", kPlatform);
    write("workload.yaml", kWorkload);
    write("mapping.yaml", kMapping);
  }
  ~Cli() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder_ / name).string();
  }
  void write(const std::string& name, const std::string& content) const {
    std::ofstream(path(name), std::ios::binary) << content;
  }
  [[nodiscard]] std::string content(const std::string& name) const {
    std::ifstream in(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  [[nodiscard]] std::vector<std::string> entries() const {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(folder_)) {
      names.push_back(entry.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }

  [[nodiscard]] static ProgramRun rowan(const Words& arguments) {
    return run_program(ROWAN_EXECUTABLE, arguments);
  }
  /// `rowan run` on the folder's platform and network.
  [[nodiscard]] Words run_words(const Words& more) const {
    Words words{"run", "--platform", path("platform.yaml"), "--workload", path("workload.yaml")};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  [[nodiscard]] ProgramRun run(const Words& more = {}) const { return rowan(run_words(more)); }
  [[nodiscard]] Json run_json(Words more = {}) const {
    more.insert(more.end(), {"--format", "json"});
    const ProgramRun result = run(more);
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(result.err, "");
    return Json::parse(result.out);
  }

  /// The one line on standard error of a run that refuses its input, without its end.
  [[nodiscard]] std::string refusal(const ProgramRun& result) const {
    EXPECT_EQ(result.status, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    const std::string start = "rowan: ";
    EXPECT_EQ(result.err.rfind(start, 0), 0U) << result.err;
    return result.err.size() > start.size()
               ? result.err.substr(start.size(), result.err.size() - start.size() - 1)
               : "";
  }
  /// The same, of a run that was to write a folder: there must be none, nor anything else new.
  [[nodiscard]] std::string run_refusal(Words more = {}) const {
    const auto before = entries();
    more.insert(more.end(), {"--out", path("out")});
    const std::string message = refusal(run(more));
    EXPECT_EQ(entries(), before);
    return message;
  }
  /// Of a run with another platform, network or mapping file.
  [[nodiscard]] std::string platform_refusal(const std::string& text) const {
    write("platform.yaml", text);
    return run_refusal();
  }
  [[nodiscard]] std::string workload_refusal(const std::string& text) const {
    write("workload.yaml", text);
    return run_refusal();
  }
  [[nodiscard]] std::string mapping_refusal(const std::string& text) const {
    write("mapping.yaml", text);
    return run_refusal({"--mapping", path("mapping.yaml")});
  }

  /// Operands of both layers as .npy files in folder `tensors`.
  void write_tensors() const {
    fs::create_directory(folder_ / "tensors");
    const auto filled = [](const workloads::Extents& extents) {
      workloads::Tensor tensor(extents);
      for (std::size_t i = 0; i < tensor.size(); ++i) {
        tensor.data()[i] = static_cast<arithmetic::Word>(i * 37 % 211) - 100;
      }
      return tensor;
    };
    workloads::write_npy(path("tensors/A.ifmap.npy"), filled({2, 3, 8, 8}));
    workloads::write_npy(path("tensors/A.filters.npy"), filled({4, 3, 3, 3}));
    workloads::write_npy(path("tensors/B.ifmap.npy"), filled({2, 4, 6, 6}));
    workloads::write_npy(path("tensors/B.filters.npy"), filled({5, 4, 2, 2}));
  }

  fs::path folder_;
};

}  // namespace rowan::support
