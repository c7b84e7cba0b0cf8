// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "models/arithmetic/pe_type.h"
#include "models/base/describe.h"
#include "models/spec/accelerator_spec.h"

/// Keys, ranges and meanings of a platform file; models/base/describe.h explains the visitors.
/// Names of sections are the SystemC names of docs/machine.md.
namespace rowan::spec {

inline constexpr Choice<PassTransition> kPassTransitions[] = {
    {"drain", PassTransition::kDrain}, {"overlap", PassTransition::kOverlap}};
inline constexpr Choice<DramOverlap> kDramOverlaps[] = {
    {"none", DramOverlap::kNone}, {"double_buffer", DramOverlap::kDoubleBuffer}};
inline constexpr Choice<BankInterleaving> kBankInterleavings[] = {
    {"word", BankInterleaving::kWord}, {"block", BankInterleaving::kBlock}};
inline constexpr Choice<BankPriority> kBankPriorities[] = {{"read", BankPriority::kRead},
                                                           {"write", BankPriority::kWrite}};
inline constexpr Choice<arithmetic::Overflow> kOverflows[] = {
    {"wrap", arithmetic::Overflow::kWrap}, {"saturate", arithmetic::Overflow::kSaturate}};
inline constexpr Choice<IfmapSpadReads> kIfmapSpadReads[] = {{"held", IfmapSpadReads::kHeld},
                                                             {"per_mac", IfmapSpadReads::kPerMac}};

inline constexpr Range kWidthRange{1, 4096};
inline constexpr Range kNetworkLatencyRange{1, 1000};
inline constexpr Range kIdBitsRange{1, 16};
inline constexpr Range kClockRange{1, 10'000};

/// Takes over what `pe.type` says of the fields that a file may leave to it.
inline void set_defaults_of_type(PeSpec& pe) {
  const arithmetic::PeType& type = arithmetic::pe_type(pe.type);
  pe.psum_bits = type.psum_bits;
  pe.product_bits = type.product_bits;
  pe.multiply_latency = Cycles(type.multiply_latency);
  pe.accumulate_latency = Cycles(type.accumulate_latency);
  pe.zero_gating = type.numbers == arithmetic::Numbers::kInteger;
}

/// Names of the PE types, the choices of `pe.type`.
[[nodiscard]] inline std::vector<std::string> pe_type_names() {
  std::vector<std::string> names;
  for (const arithmetic::PeType& type : arithmetic::pe_types()) names.emplace_back(type.name);
  return names;
}

template <class V>
void describe(V& v, FifoSpec& s) {
  v.number("depth_words", s.depth, Range{1, 65'536}, "capacity");
}

template <class V>
void describe(V& v, ScratchpadSpec& s) {
  v.number("size_words", s.size, Range{1, 65'536}, "capacity");
}

template <class V>
void describe(V& v, ArraySpec& s) {
  v.number("rows", s.rows, Range{1, 128}, "rows of PEs; psums travel up, to row 0");
  v.number("columns", s.columns, Range{1, 128}, "columns of PEs");
}

template <class V>
void describe(V& v, PeSpec& s) {
  v.choice("type", s.type, pe_type_names(), "number formats and multiply unit");
  v.set_defaults([&s] { set_defaults_of_type(s); });
  v.default_from("pe.type").number("psum_bits", s.psum_bits, Range{2, 32}, "width of a psum word");
  v.choice("psum_overflow", s.psum_overflow, kOverflows,
           "an integer sum that does not fit its word wraps, or becomes the nearest word");
  v.default_from("pe.type").number("product_bits", s.product_bits, Range{2, 32},
                                   "bits of a shifted product that are kept, two's complement");
  v.default_from("pe.type").number("multiply_latency_cycles", s.multiply_latency, Range{1, 64},
                                   "of the multiply unit");
  v.default_from("pe.type").number("accumulate_latency_cycles", s.accumulate_latency, Range{1, 64},
                                   "between two issues on one psum");
  v.default_from("pe.type").flag(
      "zero_gating", s.zero_gating,
      "a zero ifmap word makes no filter read, MAC or psum access; false for fp32");
  v.choice(
      "ifmap_spad_reads", s.ifmap_spad_reads, kIfmapSpadReads,
      "an ifmap word of a window is read once and held in a register for its MACs, or read for "
      "each of them; changes counts, never a cycle");
  v.section("ifmap_spad", s.ifmap_spad, "scratchpad of the sliding ifmap window");
  v.section("filter_spad", s.filter_spad, "scratchpad of the filter rows of a pass");
  v.section("psum_spad", s.psum_spad, "scratchpad of the psums of a window");
  v.section("ifmap_fifo", s.ifmap_fifo, "from the ifmap GIN");
  v.section("filter_fifo", s.filter_fifo, "from the filter GIN; holds a packet at least");
  v.section("psum_in_fifo", s.psum_in_fifo,
            "from the psum GIN or the PE below; holds a packet at least");
  v.section("psum_out_fifo", s.psum_out_fifo,
            "to the PE above or the GON; holds a packet at least");
}

template <class V>
void describe(V& v, LocalNetworkSpec& s) {
  v.number("width_bits", s.width, kWidthRange, "of a link from a PE to the PE above");
}

template <class V>
void describe(V& v, GinSpec& s) {
  v.number("width_bits", s.width, kWidthRange, "of the bus");
  v.number("row_id_bits", s.row_id_bits, kIdBitsRange, "of a row ID; the ID of all ones means off");
  v.number("column_id_bits", s.column_id_bits, kIdBitsRange,
           "of a column ID; the ID of all ones means off");
  v.number("latency_cycles", s.latency, kNetworkLatencyRange,
           "from the global buffer's output to the FIFO of a PE");
}

template <class V>
void describe(V& v, GonSpec& s) {
  v.number("width_bits", s.width, kWidthRange, "of the bus; that of the psum GIN");
  v.number("latency_cycles", s.latency, kNetworkLatencyRange,
           "from the FIFO of a PE to the global buffer");
}

template <class V>
void describe(V& v, GlobalBufferSpec& s) {
  v.number("banks", s.banks, Range{2, 1024}, "each wholly ifmap or wholly psum");
  v.number("filter_banks", s.filter_banks, Range{1, 1024}, "together one ring of filter words");
  v.number("bank_rows", s.bank_rows, Range{1, 65'536}, "rows of a bank");
  v.number("row_width_bits", s.row_width, kWidthRange,
           "of a bank; a row holds a packet of psums at least");
  v.number("read_latency_cycles", s.read_latency, Range{0, 1000}, "of a read by a GIN");
  v.number("psum_bank_ports", s.psum_bank_ports, Range{1, 2},
           "2: a read and a write in a cycle; 1: one of them");
  v.choice("psum_bank_interleaving", s.psum_bank_interleaving, kBankInterleavings,
           "next row in the next bank, or bank after bank");
  v.choice("psum_bank_priority", s.psum_bank_priority, kBankPriorities,
           "who takes a bank with one port when both want it");
  v.flag("inter_layer_reuse", s.inter_layer_reuse,
         "an ofmap stays in banks of its own for the next layer when it fits (docs/machine.md, "
         "section 11)");
}

template <class V>
void describe(V& v, ControllerSpec& s) {
  v.choice("pass_transition", s.pass_transition, kPassTransitions,
           "a pass starts when the last one has drained, or when the one before that has");
  v.number("pass_setup_cycles", s.pass_setup, Range{1, 1'000'000},
           "from the drain of a pass to the release of the next");
  v.number("scan_chain_bits", s.scan_chain, Range{0, 1'000'000},
           "configuration that is shifted in before a layer");
  v.number("scan_bits_per_cycle", s.scan_bits_per_cycle, Range{1, 1024}, "of the scan chain");
}

template <class V>
void describe(V& v, PostProcessingSpec& s) {
  v.number("lanes", s.lanes, Range{1, 1024}, "psum words per cycle");
}

template <class V>
void describe(V& v, DramSpec& s) {
  v.choice("overlap", s.overlap, kDramOverlaps,
           "a tile is held once, and computing stops for DRAM, or twice");
  v.frequency_mhz("link_clock_mhz", s.link_clock, kClockRange, "clock of the link");
  v.number("link_width_bits", s.link_width, Range{8, 4096}, "of the link; whole bytes");
  v.number("latency_ns", s.latency, Range{0, 1'000'000}, "from a burst's issue to the link");
  v.number("burst_bytes", s.burst, Range{8, 65'536},
           "a power of two, a link width at least; what the filter ring can hold at most");
  v.number("outstanding_bursts", s.outstanding_bursts, Range{1, 1024}, "most bursts in flight");
  v.flag("rlc", s.rlc, "fmaps are run-length coded, but for the network's input");
}

template <class V>
void describe(V& v, AcceleratorSpec& s) {
  v.schema("rowan.platform/1");
  v.required().text("name", s.name, "of the platform in reports");
  v.text("description", s.description, "what it is and where it comes from");
  v.text("energy_table", s.energy_table,
         "prices its actions unless a request names another (docs/energy.md); none when empty");
  v.frequency_mhz("clock_mhz", s.clock, kClockRange, "core clock");
  v.section("array", s.array, "array of processing elements (PEs)");
  v.section("pe", s.pe, "processing element");
  v.section("local_network", s.local_network, "carries psums from a PE to the PE above");
  v.section("ifmap_gin", s.ifmap_gin, "multicasts ifmap words to the array, one a packet");
  v.section("filter_gin", s.filter_gin, "multicasts filter words to the array");
  v.section("psum_gin", s.psum_gin, "carries psums to the array");
  v.section("gon", s.gon, "carries psums from the array");
  v.section("global_buffer", s.global_buffer, "banks between DRAM and the array");
  v.section("controller", s.controller, "configures the array and releases passes");
  v.section("post_processing", s.post_processing, "makes ofmap words of psums, on the way to DRAM");
  v.section("dram", s.dram, "external memory and its link");
}

}  // namespace rowan::spec
