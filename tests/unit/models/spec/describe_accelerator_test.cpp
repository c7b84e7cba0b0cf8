// SPDX-License-Identifier: Apache-2.0
#include "models/spec/describe_accelerator.h"

#include <gtest/gtest.h>

#include "models/base/yaml_reader.h"
#include "models/base/yaml_writer.h"

namespace rowan::spec {
namespace {

/// Visits a description and notes the keys of numbers that are quantities.
struct QuantityKeys {
  std::vector<std::string> keys;

  QuantityKeys& required() { return *this; }
  QuantityKeys& default_from(const char*) { return *this; }
  template <class F>
  void set_defaults(F) {}
  void schema(const std::string&) {}
  template <class T>
  void number(const std::string& key, T&, Range range, const std::string& meaning) {
    EXPECT_LE(range.min, range.max) << key;
    EXPECT_NE(meaning, "") << key;
    if (!std::is_unsigned_v<T>) keys.push_back(key);
  }
  void frequency_mhz(const std::string& key, Kilohertz&, Range, const std::string&) {
    keys.push_back(key);
  }
  void flag(const std::string&, bool&, const std::string&) {}
  void text(const std::string&, std::string&, const std::string&) {}
  template <class E, class Table>
  void choice(const std::string&, E&, const Table&, const std::string&) {}
  template <class T>
  void section(const std::string&, T& field, const std::string&) {
    describe(*this, field);
  }
};

TEST(DescribeAccelerator, KeysOfQuantitiesEndInTheirUnit) {
  QuantityKeys visitor;
  AcceleratorSpec spec;
  describe(visitor, spec);
  EXPECT_GT(visitor.keys.size(), 20U);
  for (const std::string& key : visitor.keys) {
    const std::string unit = key.substr(key.rfind('_') + 1);
    EXPECT_TRUE(unit == "words" || unit == "bits" || unit == "bytes" || unit == "cycles" ||
                unit == "mhz" || unit == "ns")
        << key;
  }
}

/// Every field of its own value, to see that each key belongs to its field.
TEST(DescribeAccelerator, EveryKeySetsItsOwnField) {
  const std::string text =
      "schema: rowan.platform/1\nname: n\ndescription: d\nenergy_table: t\nclock_mhz: 101\n"
      "array: {rows: 2, columns: 3}\n"
      "pe: {type: int16, psum_bits: 17, multiply_latency_cycles: 4, accumulate_latency_cycles: 5,\n"
      "  zero_gating: false, ifmap_spad_reads: per_mac, ifmap_spad: {size_words: 6},\n"
      "  filter_spad: {size_words: 7},\n"
      "  psum_spad: {size_words: 8}, ifmap_fifo: {depth_words: 9}, filter_fifo: {depth_words: "
      "10},\n"
      "  psum_in_fifo: {depth_words: 11}, psum_out_fifo: {depth_words: 12}}\n"
      "local_network: {width_bits: 13}\n"
      "ifmap_gin: {width_bits: 14, row_id_bits: 1, column_id_bits: 2, latency_cycles: 15}\n"
      "filter_gin: {width_bits: 16, row_id_bits: 3, column_id_bits: 4, latency_cycles: 17}\n"
      "psum_gin: {width_bits: 18, row_id_bits: 5, column_id_bits: 6, latency_cycles: 19}\n"
      "gon: {width_bits: 20, latency_cycles: 21}\n"
      "global_buffer: {banks: 22, filter_banks: 23, bank_rows: 24, row_width_bits: 25,\n"
      "  read_latency_cycles: 26, psum_bank_ports: 1, psum_bank_interleaving: block,\n"
      "  psum_bank_priority: write, inter_layer_reuse: true}\n"
      "controller: {pass_transition: overlap, pass_setup_cycles: 27, scan_chain_bits: 28,\n"
      "  scan_bits_per_cycle: 29}\n"
      "post_processing: {lanes: 30}\n"
      "dram: {overlap: double_buffer, link_clock_mhz: 102, link_width_bits: 31, latency_ns: 32,\n"
      "  burst_bytes: 33, outstanding_bursts: 34, rlc: false}\n";
  AcceleratorSpec s;
  YamlReader(YamlNode::parse(text, "f.yaml")).read(s);
  EXPECT_EQ(s.name, "n");
  EXPECT_EQ(s.description, "d");
  EXPECT_EQ(s.energy_table, "t");
  EXPECT_EQ(s.clock, Kilohertz(101'000));
  EXPECT_EQ(s.array.rows, 2U);
  EXPECT_EQ(s.array.columns, 3U);
  EXPECT_EQ(s.pe.psum_bits, 17U);
  EXPECT_EQ(s.pe.multiply_latency, Cycles(4));
  EXPECT_EQ(s.pe.accumulate_latency, Cycles(5));
  EXPECT_FALSE(s.pe.zero_gating);
  EXPECT_EQ(s.pe.ifmap_spad_reads, IfmapSpadReads::kPerMac);
  EXPECT_EQ(s.pe.ifmap_spad.size, Words(6));
  EXPECT_EQ(s.pe.filter_spad.size, Words(7));
  EXPECT_EQ(s.pe.psum_spad.size, Words(8));
  EXPECT_EQ(s.pe.ifmap_fifo.depth, Words(9));
  EXPECT_EQ(s.pe.filter_fifo.depth, Words(10));
  EXPECT_EQ(s.pe.psum_in_fifo.depth, Words(11));
  EXPECT_EQ(s.pe.psum_out_fifo.depth, Words(12));
  EXPECT_EQ(s.local_network.width, Bits(13));
  EXPECT_EQ(s.ifmap_gin.width, Bits(14));
  EXPECT_EQ(s.ifmap_gin.row_id_bits, 1U);
  EXPECT_EQ(s.ifmap_gin.column_id_bits, 2U);
  EXPECT_EQ(s.ifmap_gin.latency, Cycles(15));
  EXPECT_EQ(s.filter_gin.width, Bits(16));
  EXPECT_EQ(s.filter_gin.row_id_bits, 3U);
  EXPECT_EQ(s.filter_gin.column_id_bits, 4U);
  EXPECT_EQ(s.filter_gin.latency, Cycles(17));
  EXPECT_EQ(s.psum_gin.width, Bits(18));
  EXPECT_EQ(s.psum_gin.row_id_bits, 5U);
  EXPECT_EQ(s.psum_gin.column_id_bits, 6U);
  EXPECT_EQ(s.psum_gin.latency, Cycles(19));
  EXPECT_EQ(s.gon.width, Bits(20));
  EXPECT_EQ(s.gon.latency, Cycles(21));
  EXPECT_EQ(s.global_buffer.banks, 22U);
  EXPECT_EQ(s.global_buffer.filter_banks, 23U);
  EXPECT_EQ(s.global_buffer.bank_rows, 24U);
  EXPECT_EQ(s.global_buffer.row_width, Bits(25));
  EXPECT_EQ(s.global_buffer.read_latency, Cycles(26));
  EXPECT_EQ(s.global_buffer.psum_bank_ports, 1U);
  EXPECT_EQ(s.global_buffer.psum_bank_interleaving, BankInterleaving::kBlock);
  EXPECT_EQ(s.global_buffer.psum_bank_priority, BankPriority::kWrite);
  EXPECT_TRUE(s.global_buffer.inter_layer_reuse);
  EXPECT_EQ(s.controller.pass_transition, PassTransition::kOverlap);
  EXPECT_EQ(s.controller.pass_setup, Cycles(27));
  EXPECT_EQ(s.controller.scan_chain, Bits(28));
  EXPECT_EQ(s.controller.scan_bits_per_cycle, 29U);
  EXPECT_EQ(s.post_processing.lanes, 30U);
  EXPECT_EQ(s.dram.overlap, DramOverlap::kDoubleBuffer);
  EXPECT_EQ(s.dram.link_clock, Kilohertz(102'000));
  EXPECT_EQ(s.dram.link_width, Bits(31));
  EXPECT_EQ(s.dram.latency, Nanoseconds(32));
  EXPECT_EQ(s.dram.burst, Bytes(33));
  EXPECT_EQ(s.dram.outstanding_bursts, 34U);
  EXPECT_FALSE(s.dram.rlc);
}

}  // namespace
}  // namespace rowan::spec
