// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "workloads/golden_deviation.h"
#include "workloads/tensor.h"

namespace rowan::sim {

/// An output word that is not the golden one.
struct Mismatch {
  std::string layer;
  std::array<std::size_t, 4> at{};  ///< image, filter, ofmap row, ofmap column
  arithmetic::Word expected = 0;
  arithmetic::Word found = 0;
};

/// How a layer's output compares with the golden operation; adds up over layers, but for the
/// deviation.
struct OfmapCheck {
  std::uint64_t compared = 0;  ///< words
  std::uint64_t mismatches = 0;
  std::optional<Mismatch> first;
  std::uint64_t psums = 0;           ///< golden psums of layers on the array
  std::uint64_t nonzero_psums = 0;   ///< of these, before ReLU
  std::uint64_t wrapped_psums = 0;   ///< of these: the sum did not fit its word, and wrapped
  std::uint64_t saturated_sums = 0;  ///< additions to golden psums that saturated
  std::uint64_t saturated = 0;       ///< ofmap words that were clamped
  /// Of a rounding operation of the post-processing unit from real numbers.
  std::optional<workloads::golden::Deviation> deviation;

  /// Share of the psums, 0 without any.
  [[nodiscard]] double nonzero_psum_percent() const;
  OfmapCheck& operator+=(const OfmapCheck& other);
};

/// Compares every word of two tensors [N][M][E][F] of the same extents.
[[nodiscard]] OfmapCheck compare(const std::string& layer, const workloads::Tensor& expected,
                                 const workloads::Tensor& found);

/// FNV-1a of the words, each as 4 bytes, lowest first: 16 hexadecimal digits.
[[nodiscard]] std::string hash_of(const workloads::Tensor& tensor);

}  // namespace rowan::sim
