// SPDX-License-Identifier: Apache-2.0
#include "models/spec/platform_file.h"

#include <algorithm>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/base/yaml_node.h"
#include "tests/support/input_error.h"

namespace rowan::spec {
namespace {

using support::input_error;

const std::string kEyeriss = std::string(ROWAN_SOURCE_DIR) + "/platforms/eyeriss.yaml";

std::string parse_error(const std::string& text) {
  return input_error([&] {
    return parse_platform("schema: rowan.platform/1\nname: x\n" + text, "platforms/x.yaml");
  });
}

/// Dotted paths of all keys below a node.
void collect_keys(const YamlNode& node, std::vector<std::string>& keys) {
  if (node.kind() != YamlNode::Kind::kMapping) return;
  for (const auto& [key, value] : node.entries()) {
    keys.push_back(value.path());
    collect_keys(value, keys);
  }
}

TEST(PlatformFile, EyerissIsThePublishedChip) {
  const AcceleratorSpec spec = load_platform(kEyeriss);
  EXPECT_EQ(spec.name, "eyeriss");
  EXPECT_EQ(spec.energy_table, "eyeriss_65nm");
  EXPECT_EQ(spec.clock, Kilohertz(200'000));
  EXPECT_EQ(spec.array.rows, 12U);
  EXPECT_EQ(spec.array.columns, 14U);
  EXPECT_EQ(spec.pe.type, "int16");
  EXPECT_EQ(spec.pe.psum_bits, 16U);
  EXPECT_TRUE(spec.pe.zero_gating);
  EXPECT_EQ(spec.pe.ifmap_spad.size, Words(12));
  EXPECT_EQ(spec.pe.filter_spad.size, Words(224));
  EXPECT_EQ(spec.pe.psum_spad.size, Words(24));
  EXPECT_EQ(spec.local_network.width, Bits(64));
  EXPECT_EQ(spec.ifmap_gin.width, Bits(16));
  EXPECT_EQ(spec.ifmap_gin.column_id_bits, 5U);
  EXPECT_EQ(spec.filter_gin.width, Bits(64));
  EXPECT_EQ(spec.filter_gin.column_id_bits, 4U);
  EXPECT_EQ(spec.psum_gin.width, Bits(64));
  EXPECT_EQ(spec.gon.width, Bits(64));
  EXPECT_EQ(spec.global_buffer.banks, 25U);
  EXPECT_EQ(spec.global_buffer.filter_banks, 2U);
  EXPECT_EQ(spec.global_buffer.bank_rows, 512U);
  EXPECT_EQ(spec.controller.scan_chain, Bits(1794));
  EXPECT_EQ(spec.dram.overlap, DramOverlap::kNone);
  EXPECT_EQ(spec.dram.link_clock, Kilohertz(60'000));
  EXPECT_EQ(spec.dram.link_width, Bits(64));
}

TEST(PlatformFile, EyerissIsTheDefaultOfEveryField) {
  AcceleratorSpec defaults;
  const AcceleratorSpec eyeriss = load_platform(kEyeriss);
  defaults.name = eyeriss.name;
  defaults.description = eyeriss.description;
  defaults.energy_table = eyeriss.energy_table;
  EXPECT_EQ(dump(eyeriss), dump(defaults));
}

TEST(PlatformFile, EyerissWritesEveryKeyInTheOrderOfTheReference) {
  std::vector<std::string> written;
  std::vector<std::string> dumped;
  collect_keys(YamlNode::load(kEyeriss), written);
  collect_keys(YamlNode::parse(dump(load_platform(kEyeriss)), "dump"), dumped);
  EXPECT_EQ(written, dumped);
}

TEST(PlatformFile, NumbersOfEyerissHaveASourceOrAreAnAssumption) {
  std::ifstream in(kEyeriss);
  std::string above;
  for (std::string line; std::getline(in, line);) {
    const std::size_t colon = line.find(": ");
    const bool numeric = line.find_first_of("0123456789") == colon + 2 && line[0] != '#';
    if (colon != std::string::npos && numeric) {
      const std::string text = above + line;
      EXPECT_TRUE(text.find("JSSC") != std::string::npos ||
                  text.find("assumption") != std::string::npos ||
                  line.find("columns") != std::string::npos)
          << line;
    }
    const bool comment = line.find('#') == line.find_first_not_of(' ');
    if (comment) above += line;
    if (line.empty()) above.clear();
  }
}

TEST(PlatformFile, DumpReadsBackTheSame) {
  AcceleratorSpec spec;
  spec.name = "mine: \"best\"";
  spec.clock = Kilohertz(33'333);
  spec.array.rows = 5;
  spec.pe.psum_bits = 32;
  spec.pe.zero_gating = false;
  spec.pe.ifmap_spad_reads = IfmapSpadReads::kPerMac;
  spec.ifmap_gin.width = Bits(8);
  spec.filter_gin.latency = Cycles(3);
  spec.psum_gin.width = Bits(32);
  spec.gon.width = Bits(32);
  spec.global_buffer.psum_bank_ports = 1;
  spec.global_buffer.psum_bank_interleaving = BankInterleaving::kBlock;
  spec.global_buffer.psum_bank_priority = BankPriority::kWrite;
  spec.global_buffer.inter_layer_reuse = true;
  spec.controller.pass_transition = PassTransition::kOverlap;
  spec.dram.overlap = DramOverlap::kDoubleBuffer;
  spec.dram.rlc = false;
  const std::string text = dump(spec);
  const AcceleratorSpec back = parse_platform(text, "dump");
  EXPECT_EQ(dump(back), text);
  EXPECT_EQ(back.name, spec.name);
  EXPECT_EQ(back.clock, spec.clock);
  EXPECT_EQ(back.array.rows, spec.array.rows);
  EXPECT_EQ(back.pe.psum_bits, spec.pe.psum_bits);
  EXPECT_EQ(back.pe.zero_gating, spec.pe.zero_gating);
  EXPECT_EQ(back.pe.ifmap_spad_reads, spec.pe.ifmap_spad_reads);
  EXPECT_EQ(back.ifmap_gin.width, spec.ifmap_gin.width);
  EXPECT_EQ(back.filter_gin.latency, spec.filter_gin.latency);
  EXPECT_EQ(back.global_buffer.psum_bank_ports, spec.global_buffer.psum_bank_ports);
  EXPECT_EQ(back.global_buffer.psum_bank_interleaving, BankInterleaving::kBlock);
  EXPECT_EQ(back.global_buffer.psum_bank_priority, BankPriority::kWrite);
  EXPECT_TRUE(back.global_buffer.inter_layer_reuse);
  EXPECT_EQ(back.controller.pass_transition, PassTransition::kOverlap);
  EXPECT_EQ(back.dram.overlap, DramOverlap::kDoubleBuffer);
  EXPECT_FALSE(back.dram.rlc);
}

AcceleratorSpec parse(const std::string& text) {
  return parse_platform("schema: rowan.platform/1\nname: x\n" + text, "platforms/x.yaml");
}

TEST(PlatformFile, LeavesWidthsAndLatenciesToTheType) {
  for (const arithmetic::PeType& type : arithmetic::pe_types()) {
    SCOPED_TRACE(type.name);
    const PeSpec pe =
        parse("pe: {filter_fifo: {depth_words: 16}, type: " + std::string(type.name) + "}\n").pe;
    EXPECT_EQ(pe.psum_bits, type.psum_bits);
    EXPECT_EQ(pe.product_bits, type.product_bits);
    EXPECT_EQ(pe.multiply_latency, Cycles(type.multiply_latency));
    EXPECT_EQ(pe.accumulate_latency, Cycles(type.accumulate_latency));
    EXPECT_EQ(pe.zero_gating, type.name != std::string("fp32"));
  }
  EXPECT_EQ(parse("").pe.psum_bits, 32U);
  EXPECT_EQ(parse("").pe.product_bits, 32U);
  EXPECT_EQ(parse("pe: {psum_bits: 20, multiply_latency_cycles: 9}\n").pe.psum_bits, 20U);
  EXPECT_EQ(parse("pe: {psum_bits: 20, multiply_latency_cycles: 9}\n").pe.multiply_latency,
            Cycles(9));
}

TEST(PlatformFile, WhatAFileSaysIsKeptWhateverTheType) {
  EXPECT_EQ(parse_error("pe: {type: fp32, psum_bits: 16}\n"),
            "platforms/x.yaml:3:18: pe.psum_bits: 16 is not 32: a psum of fp32 is a binary32 word");
  EXPECT_EQ(
      parse_error("pe: {type: fp32, zero_gating: true}\n"),
      "platforms/x.yaml:3:18: pe.zero_gating: must be false for fp32: a product with 0 is not "
      "always 0 (0 x infinity is a NaN)");
}

TEST(PlatformFile, ErrorsNameThePlaceAndTheKey) {
  EXPECT_EQ(parse_error("global_buffer:\n  bank: 25\n"),
            "platforms/x.yaml:4:3: global_buffer.bank: unknown key (did you mean 'banks'?)");
  EXPECT_EQ(parse_error("pe: {type: int12}\n"),
            "platforms/x.yaml:3:6: pe.type: 'int12' is not one of int16, int8, int4, lightpe1, "
            "lightpe2, fp32");
  EXPECT_EQ(
      parse_error("pe: {ifmap_fifo: {depth: 4}}\n"),
      "platforms/x.yaml:3:19: pe.ifmap_fifo.depth: unknown key (did you mean 'depth_words'?)");
  EXPECT_EQ(parse_error("array: {rows: 129}\n"),
            "platforms/x.yaml:3:9: array.rows: 129 is not in 1 to 128");
  EXPECT_EQ(parse_error("controller: {pass_setup_cycles: 0}\n"),
            "platforms/x.yaml:3:14: controller.pass_setup_cycles: 0 is not in 1 to 1000000");
}

TEST(PlatformFile, ConflictsAreLocatedAtTheOffendingKey) {
  EXPECT_EQ(parse_error("gon:\n  width_bits: 32\n"),
            "platforms/x.yaml:4:3: gon.width_bits: 32 is not 64, that is psum_gin.width_bits: both "
            "move the same rows of psums");
}

TEST(PlatformFile, AConflictWithADefaultIsLocatedAtTheEnclosingSection) {
  EXPECT_EQ(parse_error("filter_gin: {width_bits: 256}\npe: {}\n"),
            "platforms/x.yaml:4:1: pe.filter_fifo.depth_words: 8 is less than 16, the words of a "
            "packet of filter_gin; the file leaves pe.filter_fifo.depth_words at its default");
}

TEST(PlatformFile, NeedsANameAndItsSchema) {
  const auto error = [](const std::string& text) {
    return input_error([&] { return parse_platform(text, "x.yaml"); });
  };
  EXPECT_EQ(error("schema: rowan.platform/1\n"), "x.yaml:1:1: missing key 'name'");
  EXPECT_EQ(error("schema: rowan.platform/1\nname: ''\n"), "x.yaml:2:1: name: must not be empty");
  EXPECT_EQ(error("schema: rowan.workload/1\nname: x\n"),
            "x.yaml:1:1: schema: 'rowan.workload/1' is not one of rowan.platform/1");
  EXPECT_EQ(error("name: x\n"), "x.yaml:1:1: missing key 'schema'");
}

TEST(PlatformFile, LoadNamesAMissingFile) {
  EXPECT_EQ(input_error([] { return load_platform("no/such.yaml"); }),
            "no/such.yaml: cannot be opened: No such file or directory");
}

TEST(PlatformReference, HasARowPerKey) {
  std::vector<std::string> keys;
  collect_keys(YamlNode::parse(dump(AcceleratorSpec{}), "dump"), keys);
  const std::string reference = platform_reference();
  EXPECT_EQ(static_cast<std::size_t>(std::count(reference.begin(), reference.end(), '\n')),
            keys.size() + 2);
  for (const std::string& key : keys) {
    EXPECT_NE(reference.find("| `" + key + "` |"), std::string::npos) << key;
  }
  EXPECT_NE(reference.find("| `dram.overlap` | `none` | `none`, `double_buffer` |"),
            std::string::npos);
}

}  // namespace
}  // namespace rowan::spec
