// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <ostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/energy/pricer.h"
#include "models/energy/table_file.h"
#include "models/spec/platform_file.h"

namespace rowan::energy {
namespace {

const std::string kPlatforms = std::string(ROWAN_SOURCE_DIR) + "/platforms";

std::vector<std::string> preset_files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(kPlatforms + "/energy")) {
    files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

class EnergyPreset : public testing::TestWithParam<std::string> {};

TEST_P(EnergyPreset, IsNamedLikeItsFileAndDescribed) {
  const EnergyTable table = load_table(GetParam());
  EXPECT_EQ(table.name, std::filesystem::path(GetParam()).stem().string());
  EXPECT_NE(table.description, "");
}

TEST_P(EnergyPreset, EveryRowHasASource) {
  for (const ComponentTable& component : load_table(GetParam()).components) {
    for (const ActionRow& row : component.rows) {
      EXPECT_GT(row.source.size(), 10U) << component.name << "." << row.action;
      EXPECT_EQ(row.source.find("set_of_table_templates"), std::string::npos);
    }
    EXPECT_TRUE(!component.area || component.area->source.size() > 10) << component.name;
  }
}

TEST_P(EnergyPreset, PricedWiresHaveAWidthAndALength) {
  for (const ComponentTable& component : load_table(GetParam()).components) {
    for (const ActionRow& row : component.rows) {
      const bool is_wire =
          row.action == "hop" || (component.name == "local_network" && row.action == "word");
      if (!is_wire || load_table(GetParam()).unit != "pJ") continue;
      ASSERT_EQ(row.arguments.size(), 2U) << component.name;
      EXPECT_EQ(row.arguments[0].name, "bits");
      EXPECT_EQ(row.arguments[1].name, "length_mm");
    }
  }
}

TEST_P(EnergyPreset, PricesWhateverEyerissDoes) {
  const spec::AcceleratorSpec spec = spec::load_platform(kPlatforms + "/eyeriss.yaml");
  const Pricer pricer(load_table(GetParam()), spec);
  ActivityCounts counts;
  for (const CounterInfo& info : counter_table()) counts.add(info.counter, 1000);
  const EnergyBreakdown breakdown = pricer.price(counts, Cycles(1'000'000));
  EXPECT_EQ(breakdown.components.size(), component_classes().size() + 1);
  EXPECT_GT(breakdown.on_chip.value(), 0.0);
  EXPECT_GT(breakdown.off_chip.value(), 0.0);
}

INSTANTIATE_TEST_SUITE_P(All, EnergyPreset, testing::ValuesIn(preset_files()),
                         [](const auto& preset) {
                           return std::filesystem::path(preset.param).stem().string();
                         });

/// Platforms that price all that a PE of any type does.
class QuidamPreset : public testing::TestWithParam<std::string> {};

TEST_P(QuidamPreset, IsPricedByItsTable) {
  const spec::AcceleratorSpec spec =
      spec::load_platform(kPlatforms + "/quidam_" + GetParam() + ".yaml");
  EXPECT_EQ(spec.pe.type, GetParam());
  const EnergyTable table = load_table(kPlatforms + "/energy/" + spec.energy_table + ".yaml");
  ActivityCounts counts;
  counts.add(Counter::kMacCompute, 1000);
  const EnergyBreakdown breakdown = Pricer(table, spec).price(counts, Cycles(0));
  EXPECT_GT(breakdown.on_chip.value(), 100.0);
}

INSTANTIATE_TEST_SUITE_P(All, QuidamPreset,
                         testing::Values("fp32", "int16", "int8", "int4", "lightpe1", "lightpe2"),
                         [](const auto& type) { return type.param; });

/// The rule of the CACTI plug-in: (0.7 width/32 + 0.3).
TEST(EnergyPresets, ScratchpadsGoWithTheWordsWidthButForAShare) {
  const EnergyTable table = load_table(kPlatforms + "/energy/generic_45nm.yaml");
  const auto price = [&](const std::string& platform) {
    ActivityCounts counts;
    counts.add(Counter::kFilterSpadRead, 1000);
    const Pricer pricer(table, spec::load_platform(kPlatforms + "/quidam_" + platform + ".yaml"));
    return pricer.price(counts, Cycles(0)).on_chip.value();
  };
  const auto rule = [](double bits) { return 0.7 * bits / 32 + 0.3; };
  EXPECT_NEAR(price("int4") / price("int16"), rule(4) / rule(16), 1e-3);
  EXPECT_NEAR(price("fp32") / price("int16"), rule(32) / rule(16), 1e-3);
}

TEST(EnergyPresets, EyerissHasItsTable) {
  const spec::AcceleratorSpec spec = spec::load_platform(kPlatforms + "/eyeriss.yaml");
  const EnergyTable table = load_table(kPlatforms + "/energy/" + spec.energy_table + ".yaml");
  EXPECT_EQ(table.name, spec.energy_table);
}

/// What ISCA 2016, Table IV, says of a 16-bit word.
TEST(EnergyPresets, TheNormalisedTableHasThePublishedRatios) {
  const Pricer pricer(load_table(kPlatforms + "/energy/isca16_normalised.yaml"),
                      spec::load_platform(kPlatforms + "/eyeriss.yaml"));
  const auto price = [&](Counter counter, std::uint64_t count) {
    ActivityCounts counts;
    counts.add(counter, count);
    return pricer.picojoules(counts, Cycles(1000)).value();
  };
  EXPECT_EQ(price(Counter::kMacCompute, 1), 1.0);
  EXPECT_EQ(price(Counter::kFilterSpadRead, 1), 1.0);
  EXPECT_EQ(price(Counter::kLocalNetworkWord, 1), 2.0);
  EXPECT_EQ(price(Counter::kIfmapGinDelivery, 1), 2.0);
  EXPECT_EQ(price(Counter::kGlbPsumWrite, 1), 6.0);
  EXPECT_EQ(price(Counter::kDramIfmapRead, 2), 200.0);
}

/// A word of the global buffer is a quarter of an access of 64 bits.
TEST(EnergyPresets, EyerissPaysForWordsAndBytes) {
  EnergyTable table = load_table(kPlatforms + "/energy/eyeriss_65nm.yaml");
  table.scale.dynamic = 1;
  const Pricer pricer(table, spec::load_platform(kPlatforms + "/eyeriss.yaml"));
  ActivityCounts counts;
  counts.add(Counter::kGlbIfmapRead, 4);
  counts.add(Counter::kDramIfmapRead, 8);
  const EnergyBreakdown breakdown = pricer.price(counts, Cycles(0));
  EXPECT_DOUBLE_EQ(breakdown.on_chip.value(), 6.168);
  EXPECT_DOUBLE_EQ(breakdown.off_chip.value(), 64 * 70.0);
}

}  // namespace
}  // namespace rowan::energy
