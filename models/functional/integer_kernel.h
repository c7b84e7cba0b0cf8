// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/arithmetic/pe_type.h"

namespace rowan::functional {

/// Where a tap finds its operands, from the first of a row and from the first of a column.
struct TapOffset {
  std::uint32_t scalar = 0;
  std::uint32_t vector = 0;
};

/// Sums of products of scalars with vectors of `lanes` neighbours:
///
///   sums[row][column][lane] = sum over the taps of
///       window(scalars[rows[row] + tap.scalar] * vectors[columns[column] + tap.vector + lane])
///
/// `sums` has `row_stride` words from a row to the next.
template <class Lane>
struct ProductSums {
  const std::int32_t* scalars = nullptr;
  const Lane* vectors = nullptr;
  const std::uint32_t* rows = nullptr;
  std::size_t row_count = 0;
  const std::uint32_t* columns = nullptr;
  std::size_t column_count = 0;
  const TapOffset* taps = nullptr;
  std::size_t tap_count = 0;
  Lane* sums = nullptr;
  std::size_t row_stride = 0;
  arithmetic::ProductWindow window;
};

/// Sums of integer products, compiled for one instruction set.
struct IntegerKernel {
  const char* instruction_set;
  /// Words of 32 bits; sums wrap at 32. For products that fit 32 bits.
  unsigned wide_lanes;
  void (*wide)(const ProductSums<std::int32_t>&);
  /// Words of 16 bits, for windows of at least 16; sums wrap at 16. A scalar has its word in both
  /// halves. Null where there is no gain over the wide one.
  unsigned narrow_lanes;
  void (*narrow)(const ProductSums<std::int16_t>&);
};

/// Those that this processor can run, the fastest first; all give the same words.
[[nodiscard]] const std::vector<IntegerKernel>& integer_kernels();

}  // namespace rowan::functional
