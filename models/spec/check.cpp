// SPDX-License-Identifier: Apache-2.0
#include "models/spec/check.h"

#include <algorithm>
#include <cstdint>

#include "models/arithmetic/pe_type.h"
#include "models/spec/derived.h"

namespace rowan::spec {
namespace {

using Conflicts = std::vector<Conflict>;

void at_least(Conflicts& found, const std::string& key, std::uint64_t value, std::uint64_t least,
              const std::string& reason) {
  if (value >= least) return;
  found.push_back(
      {key, std::to_string(value) + " is less than " + std::to_string(least) + ", " + reason});
}

void check_fifos(Conflicts& found, const AcceleratorSpec& spec) {
  const PeSpec& pe = spec.pe;
  const std::uint64_t psums = psum_packet(spec).words.value();
  at_least(found, "pe.filter_fifo.depth_words", pe.filter_fifo.depth.value(),
           filter_packet(spec).words.value(), "the words of a packet of filter_gin");
  at_least(found, "pe.psum_in_fifo.depth_words", pe.psum_in_fifo.depth.value(), psums,
           "the words of a packet of psum_gin");
  at_least(found, "pe.psum_out_fifo.depth_words", pe.psum_out_fifo.depth.value(), psums,
           "the words of a packet of gon");
}

void check_psum_path(Conflicts& found, const AcceleratorSpec& spec) {
  const std::uint64_t bus = spec.psum_gin.width.value();
  if (spec.gon.width.value() != bus) {
    found.push_back({"gon.width_bits",
                     std::to_string(spec.gon.width.value()) + " is not " + std::to_string(bus) +
                         ", that is psum_gin.width_bits: both move the same rows of psums"});
  }
  const std::string key = "global_buffer.row_width_bits";
  const std::uint64_t row = spec.global_buffer.row_width.value();
  const arithmetic::PeType& type = arithmetic::pe_type(spec.pe.type);
  const unsigned widest = std::max({type.activation_bits, type.weight_bits, spec.pe.psum_bits});
  if (row < bus) {
    at_least(found, key, row, bus, "that is psum_gin.width_bits: a row holds a packet of psums");
  } else {
    at_least(found, key, row, widest, "the bits of a word");
  }
}

/// What the rules of fp32 (docs/machine.md, section 5) leave no choice in.
void check_floating_point(Conflicts& found, const AcceleratorSpec& spec) {
  const PeSpec& pe = spec.pe;
  if (arithmetic::pe_type(pe.type).numbers != arithmetic::Numbers::kFloat) return;
  const auto must_be_32 = [&](const std::string& key, unsigned bits, const std::string& reason) {
    if (bits == 32) return;
    found.push_back({key, std::to_string(bits) + " is not 32: " + reason});
  };
  must_be_32("pe.psum_bits", pe.psum_bits, "a psum of " + pe.type + " is a binary32 word");
  must_be_32("pe.product_bits", pe.product_bits,
             "a product of " + pe.type + " is a binary32 word, no part of which is left out");
  if (pe.psum_overflow != arithmetic::Overflow::kWrap) {
    found.push_back({"pe.psum_overflow", "'saturate' is for integers: a sum of " + pe.type +
                                             " that is too large is infinity; set 'wrap'"});
  }
  if (pe.zero_gating) {
    found.push_back({"pe.zero_gating", "must be false for " + pe.type +
                                           ": a product with 0 is not always 0 (0 x infinity is "
                                           "a NaN)"});
  }
}

/// The psum networks address every PE by its own row and column; the ID of all ones means off.
void check_psum_ids(Conflicts& found, const AcceleratorSpec& spec) {
  const auto check_bits = [&](const std::string& key, unsigned bits, unsigned extent,
                              const std::string& of) {
    const std::uint64_t ids = (std::uint64_t{1} << bits) - 1;
    if (ids >= extent) return;
    found.push_back({key, std::to_string(bits) + " bits make " + std::to_string(ids) +
                              " IDs (all ones means off), but " + of + " is " +
                              std::to_string(extent)});
  };
  check_bits("psum_gin.row_id_bits", spec.psum_gin.row_id_bits, spec.array.rows, "array.rows");
  check_bits("psum_gin.column_id_bits", spec.psum_gin.column_id_bits, spec.array.columns,
             "array.columns");
}

/// Beyond this the simulation itself would need many gigabytes.
void check_size(Conflicts& found, const AcceleratorSpec& spec) {
  constexpr std::uint64_t kMostWords = std::uint64_t{1} << 24;
  const PeSpec& pe = spec.pe;
  const Words of_pe = pe.ifmap_spad.size + pe.filter_spad.size + pe.psum_spad.size +
                      pe.ifmap_fifo.depth + pe.filter_fifo.depth + pe.psum_in_fifo.depth +
                      pe.psum_out_fifo.depth;
  const std::uint64_t words = of_pe.value() * spec.array.rows * spec.array.columns;
  if (words <= kMostWords) return;
  found.push_back({"array", "the scratchpads and FIFOs of all PEs hold " + std::to_string(words) +
                                " words, more than the " + std::to_string(kMostWords) +
                                " that can be simulated"});
}

void check_dram(Conflicts& found, const AcceleratorSpec& spec) {
  const DramSpec& dram = spec.dram;
  if (dram.link_width.value() % 8 != 0) {
    found.push_back({"dram.link_width_bits",
                     std::to_string(dram.link_width.value()) + " is not a whole number of bytes"});
    return;
  }
  const std::string key = "dram.burst_bytes";
  const std::uint64_t burst = dram.burst.value();
  if ((burst & (burst - 1)) != 0) {
    found.push_back({key, std::to_string(burst) + " is not a power of two"});
    return;
  }
  at_least(found, key, burst, link_bytes(dram).value(), "the bytes of dram.link_width_bits");
  const std::uint64_t ring = filter_ring_words(spec).value();
  const std::uint64_t words = burst * 8 / arithmetic::pe_type(spec.pe.type).weight_bits;
  if (words > ring) {
    found.push_back({key, std::to_string(burst) + " bytes are " + std::to_string(words) +
                              " filter words, but the filter banks hold only " +
                              std::to_string(ring)});
  }
}

}  // namespace

std::vector<Conflict> check(const AcceleratorSpec& spec) {
  Conflicts found;
  check_floating_point(found, spec);
  check_fifos(found, spec);
  check_psum_path(found, spec);
  check_psum_ids(found, spec);
  check_size(found, spec);
  check_dram(found, spec);
  return found;
}

}  // namespace rowan::spec
