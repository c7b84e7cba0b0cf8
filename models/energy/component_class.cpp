// SPDX-License-Identifier: Apache-2.0
#include "models/energy/component_class.h"

#include <algorithm>

#include "models/arithmetic/pe_type.h"
#include "models/spec/derived.h"

namespace rowan::energy {
namespace {

using spec::AcceleratorSpec;

constexpr unsigned kCodeWordBits = 64;  // of the run-length code, docs/machine.md, section 5

std::uint64_t one(const AcceleratorSpec&) { return 1; }
std::uint64_t pes(const AcceleratorSpec& s) {
  return std::uint64_t{s.array.rows} * s.array.columns;
}
/// A PE has a link to the PE above it.
std::uint64_t links(const AcceleratorSpec& s) {
  return std::uint64_t{s.array.rows - 1} * s.array.columns;
}
std::uint64_t banks(const AcceleratorSpec& s) {
  return std::uint64_t{s.global_buffer.banks} + s.global_buffer.filter_banks;
}
std::uint64_t codecs(const AcceleratorSpec& s) { return s.dram.rlc ? 1 : 0; }
std::uint64_t lanes(const AcceleratorSpec& s) { return s.post_processing.lanes; }

unsigned no_word(const AcceleratorSpec&, const std::string&) { return 0; }
unsigned activation(const AcceleratorSpec& s, const std::string&) {
  return arithmetic::pe_type(s.pe.type).activation_bits;
}
unsigned weight(const AcceleratorSpec& s, const std::string&) {
  return arithmetic::pe_type(s.pe.type).weight_bits;
}
unsigned psum(const AcceleratorSpec& s, const std::string&) { return s.pe.psum_bits; }
unsigned buffered(const AcceleratorSpec& s, const std::string& action) {
  const std::string word = action.substr(0, action.find('_'));
  if (word == "filter") return weight(s, action);
  return word == "psum" || word == "ofmap" ? psum(s, action) : activation(s, action);
}
unsigned processed(const AcceleratorSpec& s, const std::string& action) {
  return action == "word" ? psum(s, action) : activation(s, action);
}
unsigned code_word(const AcceleratorSpec&, const std::string&) { return kCodeWordBits; }
unsigned byte(const AcceleratorSpec&, const std::string&) { return 8; }
unsigned bit(const AcceleratorSpec&, const std::string&) { return 1; }

double single(const AcceleratorSpec&) { return 1.0; }
double link_words(const AcceleratorSpec& s) {
  const spec::PacketSpec packet = spec::local_network_packet(s);
  return static_cast<double>(packet.words.value()) / static_cast<double>(packet.interval.value());
}
/// A psum access moves a row; others are taken for as wide.
double row_words(const AcceleratorSpec& s) {
  return static_cast<double>(spec::psum_packet(s).words.value());
}

}  // namespace

const std::vector<ComponentClass>& component_classes() {
  using Strings = std::vector<const char*>;
  static const Strings kReads{"read", "read_repeated"};
  static const Strings kPackets{"packet"};
  static const Strings kRows{"ifmap_read",   "ifmap_write",   "filter_read",
                             "filter_write", "psum_read",     "psum_write",
                             "ofmap_read",   "resident_read", "resident_write"};
  constexpr Place kOn = Place::kOnChip;
  static const std::vector<ComponentClass> kClasses{
      {"mac", kOn, pes, no_word, {"compute", "gated"}, single, "multiply unit of a PE"},
      {"adder", kOn, pes, psum, {"accumulate"}, single, "adds a psum from outside the PE"},
      {"ifmap_spad", kOn, pes, activation, kReads, single, "scratchpad of a PE"},
      {"filter_spad", kOn, pes, weight, kReads, single, "scratchpad of a PE"},
      {"psum_spad", kOn, pes, psum, kReads, single, "scratchpad of a PE"},
      {"ifmap_fifo", kOn, pes, activation, {"pop"}, single, "FIFO of a PE"},
      {"filter_fifo", kOn, pes, weight, {"pop"}, single, "FIFO of a PE"},
      {"psum_in_fifo", kOn, pes, psum, {"pop"}, single, "FIFO of a PE"},
      {"psum_out_fifo", kOn, pes, psum, {"push"}, single, "FIFO of a PE"},
      {"local_network", kOn, links, psum, {"word"}, link_words, "link to the PE above"},
      {"ifmap_gin", kOn, one, activation, kPackets, single, "multicast network to the array"},
      {"filter_gin", kOn, one, weight, kPackets, single, "multicast network to the array"},
      {"psum_gin", kOn, one, psum, kPackets, single, "network to the array"},
      {"gon", kOn, one, psum, kPackets, single, "network from the array"},
      {"global_buffer", kOn, banks, buffered, kRows, row_words, "bank of the global buffer"},
      {"rlc", kOn, codecs, code_word, {"decode", "encode"}, single, "codec at the DRAM link"},
      {"post_processing", kOn, lanes, processed, {"word", "operation"}, single, "lane of the unit"},
      {"dram", Place::kOffChip, one, byte, {}, single, "external memory and its link"},
      {"controller", kOn, one, bit, {}, single, "controller with the scan chain"},
  };
  return kClasses;
}

const std::vector<UnpricedCounter>& unpriced_counters() {
  static const char* const kWaiting = "cycles of waiting; they cost leak, idle and clock";
  static const char* const kWires = "the wires are priced by hop, the receivers by delivery";
  static const std::vector<UnpricedCounter> kUnpriced{
      {"local_network", "blocked", kWaiting},
      {"ifmap_gin", "blocked", kWaiting},
      {"filter_gin", "blocked", kWaiting},
      {"psum_gin", "blocked", kWaiting},
      {"global_buffer", "bank_conflict", kWaiting},
      {"ifmap_gin", "packet", kWires},
      {"filter_gin", "packet", kWires},
      {"psum_gin", "packet", kWires},
      {"gon", "packet", kWires},
      {"gon", "word", kWires},
      {"dram", "burst", "the bytes of a burst are priced"},
      {"controller", "pass", "a few registers change"},
  };
  return kUnpriced;
}

bool is_priced(const std::string& component, const std::string& action) {
  const auto& unpriced = unpriced_counters();
  return std::none_of(unpriced.begin(), unpriced.end(), [&](const UnpricedCounter& counter) {
    return component == counter.component && action == counter.action;
  });
}

}  // namespace rowan::energy
