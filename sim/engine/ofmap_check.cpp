// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/ofmap_check.h"

#include <algorithm>
#include <stdexcept>

#include "models/base/hash.h"

namespace rowan::sim {
namespace {

std::array<std::size_t, 4> coordinates(std::size_t index, const workloads::Extents& extents) {
  std::array<std::size_t, 4> at{};
  for (std::size_t i = 4; i-- > 0;) {
    at[i] = index % extents[i];
    index /= extents[i];
  }
  return at;
}

}  // namespace

double OfmapCheck::nonzero_psum_percent() const {
  return psums == 0 ? 0.0 : 100.0 * static_cast<double>(nonzero_psums) / static_cast<double>(psums);
}

OfmapCheck& OfmapCheck::operator+=(const OfmapCheck& other) {
  compared += other.compared;
  mismatches += other.mismatches;
  psums += other.psums;
  nonzero_psums += other.nonzero_psums;
  wrapped_psums += other.wrapped_psums;
  saturated_sums += other.saturated_sums;
  saturated += other.saturated;
  if (!first) first = other.first;
  return *this;
}

OfmapCheck compare(const std::string& layer, const workloads::Tensor& expected,
                   const workloads::Tensor& found) {
  if (expected.extents() != found.extents()) {
    throw std::logic_error("layer " + layer + ": ofmap and golden ofmap differ in their extents");
  }
  OfmapCheck check;
  check.compared = expected.size();
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (expected.data()[i] == found.data()[i]) continue;
    ++check.mismatches;
    if (check.first) continue;
    check.first =
        Mismatch{layer, coordinates(i, expected.extents()), expected.data()[i], found.data()[i]};
  }
  return check;
}

std::string hash_of(const workloads::Tensor& tensor) {
  Hash hash;
  for (std::size_t i = 0; i < tensor.size(); ++i) {
    const auto word = static_cast<std::uint32_t>(tensor.data()[i]);
    for (unsigned shift = 0; shift < 32; shift += 8) {
      hash.add_byte(static_cast<std::uint8_t>(word >> shift));
    }
  }
  return hash.hex();
}

}  // namespace rowan::sim
