// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace rowan::arithmetic {

/// A word of any format: what FIFOs, scratchpads and buffers carry. Integers and codes of fewer
/// bits are sign-extended, binary32 words are their bits.
using Word = std::int32_t;

/// How a multiply unit turns a full product into what is added: product >> shift, kept to
/// product_bits (two's complement, truncated).
struct ProductWindow {
  unsigned shift = 0;
  unsigned bits = 32;
};

/// What becomes of a sum that does not fit its psum word.
enum class Overflow : std::uint8_t {
  kWrap,      ///< sums are the same in any order
  kSaturate,  ///< the order of the additions is part of the definition
};

/// What integer products and sums are cut to. Floating-point types have no use for it.
struct MacFormat {
  ProductWindow window;
  unsigned psum_bits = 32;
  Overflow overflow = Overflow::kWrap;
};

/// Operation of a PE on one window: psums[k] = the sum over all i, in this order and from 0, of
/// window(filters[i * psum_count + k] * ifmap[i]). `ifmap` [words], `filters` [words][psum_count],
/// `psums` [psum_count]; `psums` is set, not added to.
using MacWindow = void (*)(const Word* ifmap, std::size_t words, const Word* filters,
                           std::size_t psum_count, const MacFormat& format, Word* psums);

/// The PE's adder on two psums: one from the PE below or the GLB, and the PE's own.
using AddPsums = Word (*)(Word incoming, Word own, const MacFormat& format);

/// A MacWindow compiled for one instruction set.
struct CompiledMac {
  const char* instruction_set;
  MacWindow mac_window;
};

/// What activations, products and psums of a type are. Weights may be codes of their own.
enum class Numbers : std::uint8_t {
  kInteger,  ///< two's complement
  kFloat,    ///< IEEE 754 binary32: to nearest even, subnormals kept, one NaN, 0x7fc00000
};

/// One kind of PE arithmetic; a row of pe_types(). Formats and rules: docs/machine.md, section 5.
struct PeType {
  const char* name;
  const char* description;
  Numbers numbers;
  unsigned activation_bits;
  unsigned weight_bits;
  /// Integer types: weight_value() times 2^this is a whole number of at most 16 bits, and products
  /// count in units of 2^-this. 0: weights are two's complement words.
  unsigned weight_fraction_bits;
  unsigned product_bits;        ///< of a full product; the default of pe.product_bits
  unsigned psum_bits;           ///< default of pe.psum_bits
  unsigned multiply_latency;    ///< cycles; default of pe.multiply_latency_cycles
  unsigned accumulate_latency;  ///< cycles; default of pe.accumulate_latency_cycles
  unsigned verilog_unit;        ///< PE_TYPE of models/rtl/verilog/rowan_multiply.v

  /// The number that a weight word stands for: the definition of the format, not the multiply unit.
  double (*weight_value)(Word weight);
  /// The weight word whose number is nearest. Integer types: of two as near, the one of larger
  /// magnitude (of the two nearest to 0, the positive one); numbers beyond the format become its
  /// largest of that sign, a NaN is taken for 0. binary32: as it rounds, halves to even, beyond its
  /// range to infinity.
  Word (*nearest_weight)(double value);
  MacWindow mac_window;  ///< the fastest of mac_windows
  AddPsums add_psums;
  /// Those that this processor can run, the fastest first; all give the same words. Integer types:
  /// for windows with shift up to 31 and 1 to 32 bits, and psums of 1 to 32 bits.
  std::vector<CompiledMac> mac_windows;
};

/// All PE types, one row each.
[[nodiscard]] const std::vector<PeType>& pe_types();
/// Throws std::out_of_range for an unknown name (platform files are checked before).
[[nodiscard]] const PeType& pe_type(const std::string& name);

/// Fraction bits of an activation word that is taken for a weight, as a matmul of two fmaps takes
/// its second one: with these the most negative activation has the magnitude of the largest weight,
/// a power of two. 0 where activations and weights are the same words.
[[nodiscard]] int activation_fraction_bits(const PeType& type);
/// Replaces activation words [count] by the weight words nearest to their numbers, where these are
/// other words. For activations of at most 16 bits there; throws std::out_of_range for a wider
/// word.
void make_weights(const PeType& type, Word* words, std::size_t count);

/// Wraps to a two's complement word of `bits` bits (1 to 32).
[[nodiscard]] constexpr Word wrap(std::int64_t value, unsigned bits) {
  const unsigned unused = 64 - bits;
  return static_cast<Word>(static_cast<std::int64_t>(static_cast<std::uint64_t>(value) << unused) >>
                           unused);
}

}  // namespace rowan::arithmetic
