// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "workloads/tensor.h"

namespace rowan::sim {

/// An output word that is not the golden one.
struct Mismatch {
  std::string layer;
  std::array<std::size_t, 4> at{};  ///< image, filter, ofmap row, ofmap column
  arithmetic::Word expected = 0;
  arithmetic::Word found = 0;
};

/// How a layer's output compares with the golden convolution; adds up over layers.
struct OfmapCheck {
  std::uint64_t compared = 0;  ///< words
  std::uint64_t mismatches = 0;
  std::optional<Mismatch> first;
  std::uint64_t nonzero_psums = 0;  ///< of the golden psums, before ReLU
  std::uint64_t wrapped_psums = 0;  ///< of the golden psums: the sum did not fit its word

  [[nodiscard]] double nonzero_psum_percent() const;
  OfmapCheck& operator+=(const OfmapCheck& other);
};

/// Compares every word of two tensors [N][M][E][F] of the same extents.
[[nodiscard]] OfmapCheck compare(const std::string& layer, const workloads::Tensor& expected,
                                 const workloads::Tensor& found);

/// Words of a tensor that are not zero.
[[nodiscard]] std::uint64_t count_nonzero(const workloads::Tensor& tensor);

/// FNV-1a of the words, each as 4 bytes, lowest first: 16 hexadecimal digits.
[[nodiscard]] std::string hash_of(const workloads::Tensor& tensor);

}  // namespace rowan::sim
