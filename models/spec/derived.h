// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/arithmetic/pe_type.h"
#include "models/base/units.h"
#include "models/spec/accelerator_spec.h"

/// What follows from an accelerator's parameters. Buses are given in bits: a packet carries as many
/// whole words as fit, and a word that is wider than the bus takes several cycles.
namespace rowan::spec {

/// Whole words of `word_bits` that a bus or a buffer row of `width` holds; 0 when a word is wider.
[[nodiscard]] constexpr std::uint64_t whole_words(Bits width, unsigned word_bits) {
  return width.value() / word_bits;
}

/// Words of `word_bits` in a full packet on a bus: as many as fit, at least one.
[[nodiscard]] constexpr Words words_per_packet(Bits width, unsigned word_bits) {
  const std::uint64_t words = whole_words(width, word_bits);
  return Words(words == 0 ? 1 : words);
}

/// Least cycles from a packet to the next (I of docs/machine.md): 1, or what a word takes that is
/// wider than the bus.
[[nodiscard]] constexpr Cycles packet_interval(Bits width, unsigned word_bits) {
  return Cycles(ceil_div(word_bits, width.value()));
}

/// Full packets of a network, and how fast they follow each other.
struct PacketSpec {
  Words words{1};
  Cycles interval{1};

  /// From the issue of a packet to the cycle in which the last part of its words leaves.
  [[nodiscard]] constexpr Cycles tail() const { return interval - Cycles(1); }
};

/// Ifmap GIN: one word a packet, however wide the bus.
[[nodiscard]] inline PacketSpec ifmap_packet(const AcceleratorSpec& spec) {
  const unsigned bits = arithmetic::pe_type(spec.pe.type).activation_bits;
  return {Words(1), packet_interval(spec.ifmap_gin.width, bits)};
}

/// Filter GIN.
[[nodiscard]] inline PacketSpec filter_packet(const AcceleratorSpec& spec) {
  const unsigned bits = arithmetic::pe_type(spec.pe.type).weight_bits;
  return {words_per_packet(spec.filter_gin.width, bits),
          packet_interval(spec.filter_gin.width, bits)};
}

/// Psum GIN and GON, which are equally wide (check() sees to it).
[[nodiscard]] inline PacketSpec psum_packet(const AcceleratorSpec& spec) {
  return {words_per_packet(spec.psum_gin.width, spec.pe.psum_bits),
          packet_interval(spec.psum_gin.width, spec.pe.psum_bits)};
}

/// A link of the local network: the most words that move in a cycle, or the cycles a wider word
/// takes.
[[nodiscard]] inline PacketSpec local_network_packet(const AcceleratorSpec& spec) {
  return {words_per_packet(spec.local_network.width, spec.pe.psum_bits),
          packet_interval(spec.local_network.width, spec.pe.psum_bits)};
}

/// Ifmap words that a bank of the GLB holds.
[[nodiscard]] inline Words ifmap_words_per_bank(const AcceleratorSpec& spec) {
  const unsigned bits = arithmetic::pe_type(spec.pe.type).activation_bits;
  return Words(spec.global_buffer.bank_rows * whole_words(spec.global_buffer.row_width, bits));
}

/// Filter words that the filter banks, one ring, hold.
[[nodiscard]] inline Words filter_ring_words(const AcceleratorSpec& spec) {
  const unsigned bits = arithmetic::pe_type(spec.pe.type).weight_bits;
  return Words(std::uint64_t{spec.global_buffer.filter_banks} * spec.global_buffer.bank_rows *
               whole_words(spec.global_buffer.row_width, bits));
}

/// What the MACs of a layer with this product shift are cut to.
[[nodiscard]] inline arithmetic::MacFormat mac_format(const PeSpec& pe, unsigned product_shift) {
  return {{product_shift, pe.product_bits}, pe.psum_bits, pe.psum_overflow};
}

/// Cycles in which the scan chain is shifted in, once per layer.
[[nodiscard]] inline Cycles configuration_cycles(const ControllerSpec& controller) {
  return Cycles(ceil_div(controller.scan_chain.value(), controller.scan_bits_per_cycle));
}

/// Bytes that the DRAM link moves in one of its cycles.
[[nodiscard]] inline Bytes link_bytes(const DramSpec& dram) {
  return Bytes(dram.link_width.value() / 8);
}

}  // namespace rowan::spec
