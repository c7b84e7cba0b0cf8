// SPDX-License-Identifier: Apache-2.0
#include "models/rtl/check.h"

#include <cstdint>
#include <string>

#include "models/rtl/host_port.h"
#include "models/spec/derived.h"

namespace rowan::rtl {
namespace {

using Conflicts = std::vector<spec::Conflict>;

void at_most(Conflicts& found, const std::string& key, std::uint64_t value, std::uint64_t most,
             const std::string& of_what) {
  if (value <= most) return;
  found.push_back(
      {key, std::to_string(value) + " is more than " + std::to_string(most) + ", " + of_what});
}

void check_gin(Conflicts& found, const std::string& name, const spec::GinSpec& gin) {
  const std::string field = "the bits of an ID in the RTL's packet tables";
  at_most(found, name + ".row_id_bits", gin.row_id_bits, kIdBits, field);
  at_most(found, name + ".column_id_bits", gin.column_id_bits, kIdBits, field);
}

void check_packets(Conflicts& found, const spec::AcceleratorSpec& spec) {
  const std::string field = "the words of a packet that the RTL's tables can name; words on it: ";
  const auto check_words = [&](const std::string& key, std::uint64_t words) {
    at_most(found, key, words, kMostPacketWords, field + std::to_string(words));
  };
  check_words("filter_gin.width_bits", spec::filter_packet(spec).words.value());
  check_words("psum_gin.width_bits", spec::psum_packet(spec).words.value());
}

void check_addresses(Conflicts& found, const spec::AcceleratorSpec& spec) {
  const spec::GlobalBufferSpec& buffer = spec.global_buffer;
  const std::uint64_t most = std::uint64_t{1} << kAddressBits;
  const std::string field = "the words that the RTL's packet tables can address";
  at_most(found, "global_buffer.banks", buffer.banks * spec::ifmap_words_per_bank(spec).value(),
          most, field);
  at_most(found, "global_buffer.filter_banks", spec::filter_ring_words(spec).value(), most, field);
  at_most(found, "global_buffer.bank_rows",
          std::uint64_t{buffer.banks} * buffer.bank_rows * spec::psum_packet(spec).words.value(),
          std::uint64_t{1} << kIndexBits, "the psum words that the RTL's host port can address");
}

}  // namespace

std::vector<spec::Conflict> check(const spec::AcceleratorSpec& spec) {
  Conflicts found;
  check_gin(found, "ifmap_gin", spec.ifmap_gin);
  check_gin(found, "filter_gin", spec.filter_gin);
  check_gin(found, "psum_gin", spec.psum_gin);
  check_packets(found, spec);
  check_addresses(found, spec);
  at_most(found, "array", std::uint64_t{spec.array.rows} * spec.array.columns,
          std::uint64_t{1} << (kIndexBits - kPeRegisterBits),
          "the PEs that the RTL's host port can address");
  return found;
}

}  // namespace rowan::rtl
