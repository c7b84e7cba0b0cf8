// SPDX-License-Identifier: Apache-2.0
#include "models/rtl/images.h"

namespace rowan::rtl {
namespace {

constexpr char kEnd[] = "ffffffffffffffffffffffff\n";  // an entry of all ones

void append(std::string& text, std::uint64_t value, unsigned digits) {
  while (digits-- > 0) text += "0123456789abcdef"[value >> (4 * digits) & 0xf];
}

template <class Access>
std::string accesses_hex(const std::vector<Access>& accesses) {
  std::string text;
  for (const Access& access : accesses) {
    append(text, access.address, 8);
    append(text, access.data, 16);
    text += '\n';
  }
  return text + kEnd;
}

}  // namespace

std::string configuration_hex(const std::vector<HostWrite>& writes) { return accesses_hex(writes); }

std::string psums_hex(const std::vector<PsumWord>& psums) {
  std::string text;
  for (const PsumWord& psum : psums) {
    append(text, psum.cycle, 8);
    append(text, psum.index, 8);
    append(text, psum.word, 8);
    text += '\n';
  }
  return text + kEnd;
}

std::string counters_hex(const std::vector<HostRead>& reads) { return accesses_hex(reads); }

}  // namespace rowan::rtl
