// SPDX-License-Identifier: Apache-2.0
#include "models/rtl/sources.h"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <iterator>
#include <set>

#include <gtest/gtest.h>

#include "tests/support/input_error.h"
#include "tests/support/small_layer.h"

namespace rowan::rtl {
namespace {

const std::string kFolder = std::string(ROWAN_SOURCE_DIR) + "/models/rtl";

std::string content_of(const std::vector<SourceFile>& files, const std::string& name) {
  for (const SourceFile& file : files) {
    if (file.name == name) return file.content;
  }
  ADD_FAILURE() << "no " << name;
  return {};
}

/// Names behind `parameter` in the module's head.
std::set<std::string> declared_parameters() {
  std::ifstream in(kFolder + "/verilog/rowan_machine.v");
  std::set<std::string> names;
  for (std::string word; in >> word && word != ")";) {
    if (word == "parameter" && in >> word) names.insert(word);
  }
  return names;
}

TEST(Sources, GiveTheMachineEveryParameterItHas) {
  std::set<std::string> given;
  for (const Parameter& parameter : machine_parameters(support::eyeriss(), {})) {
    EXPECT_TRUE(given.insert(parameter.name).second) << parameter.name;
  }
  EXPECT_EQ(given, declared_parameters());
}

TEST(Sources, HaveEveryModuleAndWhatTheTemplatesMake) {
  const auto files = source_files(kFolder, support::eyeriss(), {}, "A PASS");
  const std::string makefile = content_of(files, "Makefile");
  for (const SourceFile& file : files) {
    EXPECT_EQ(std::count_if(files.begin(), files.end(),
                            [&](const SourceFile& other) { return other.name == file.name; }),
              1)
        << file.name;
    const bool generated = file.name.rfind("rowan_top", 0) == 0;
    if (file.name.rfind("rowan_", 0) != 0 || generated) continue;
    EXPECT_NE(makefile.find(file.name), std::string::npos) << file.name;
  }
  EXPECT_NE(content_of(files, "rowan_top.v").find(".PSUM_OUT_FIFO_WORDS(24)"), std::string::npos);
  EXPECT_NE(content_of(files, "pass_check.v").find("localparam WORDS = 4;"), std::string::npos);
  EXPECT_NE(content_of(files, "README.md").find("A PASS"), std::string::npos);
  EXPECT_NE(content_of(files, "README.md").find("`eyeriss`"), std::string::npos);
}

TEST(Sources, LeaveNoNameOfATemplateOpen) {
  for (const SourceFile& file : source_files(kFolder, support::eyeriss(), {}, "")) {
    for (std::size_t at = file.content.find('@'); at != std::string::npos;
         at = file.content.find('@', at + 1)) {
      EXPECT_FALSE(std::isupper(static_cast<unsigned char>(file.content[at + 1]))) << file.name;
    }
  }
}

TEST(Sources, NameThePeTypeByItsNumber) {
  const std::vector<std::pair<std::string, std::uint64_t>> numbers{
      {"int16", 0}, {"int4", 0}, {"lightpe1", 1}, {"lightpe2", 2}, {"fp32", 3}};
  for (const auto& [name, number] : numbers) {
    spec::AcceleratorSpec spec = support::eyeriss();
    spec.pe.type = name;
    for (const Parameter& parameter : machine_parameters(spec, {})) {
      if (std::string(parameter.name) != "PE_TYPE") continue;
      EXPECT_EQ(parameter.value, number) << name;
    }
  }
}

TEST(Sources, OfAFolderWithoutThemAreAnError) {
  EXPECT_NE(support::input_error([] {
              return source_files("/nowhere", support::eyeriss(), {}, "");
            }).find("/nowhere"),
            std::string::npos);
}

}  // namespace
}  // namespace rowan::rtl
