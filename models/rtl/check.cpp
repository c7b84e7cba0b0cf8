// SPDX-License-Identifier: Apache-2.0
#include "models/rtl/check.h"

#include <cstdint>
#include <string>

#include "models/base/error.h"
#include "models/base/text.h"
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

void check_packets(Conflicts& found, const spec::AcceleratorSpec& spec) {
  const auto check_words = [&](const std::string& key, std::uint64_t words) {
    if (words <= kMostPacketWords) return;
    found.push_back({key, std::to_string(words) + " words of a packet are more than " +
                              std::to_string(kMostPacketWords) +
                              ", what the RTL's packet tables can name"});
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
  check_packets(found, spec);
  check_addresses(found, spec);
  return found;
}

void require_supported(const spec::AcceleratorSpec& spec) {
  const std::vector<spec::Conflict> conflicts = rtl::check(spec);
  if (conflicts.empty()) return;
  std::string message = "platform '" + printable(spec.name) + "' cannot be written as RTL";
  const char* separator = ": ";
  for (const spec::Conflict& conflict : conflicts) {
    message += separator + conflict.key + ": " + conflict.message;
    separator = "; ";
  }
  throw InputError(message);
}

}  // namespace rowan::rtl
