// SPDX-License-Identifier: Apache-2.0
#include "models/functional/integer_kernel.h"

#include <cstring>

#ifdef __x86_64__
#include <immintrin.h>
#endif

// A block of rows x columns of sums stays in registers across all taps: a vector is loaded once for
// all rows, a scalar once for all columns. The wide kernels are written with the vectors of GCC and
// Clang, and compiled once per instruction set; the narrow ones need the high halves of products,
// which that extension does not have.

namespace rowan::functional {
namespace {

/// Calls Block::run<rows, columns>(sums, row, column) until every sum is done. Block::kRows is the
/// most rows of one column.
template <class Block, unsigned kColumns, class Lane>
void run_columns(const ProductSums<Lane>& sums, std::size_t column) {
  constexpr unsigned kMost = Block::kRows / kColumns;
  std::size_t row = 0;
  for (; row + kMost <= sums.row_count; row += kMost) {
    Block::template run<kMost, kColumns>(sums, row, column);
  }
  if constexpr (kMost > 4) {
    if (row + 4 <= sums.row_count) {
      Block::template run<4, kColumns>(sums, row, column);
      row += 4;
    }
  }
  for (; row < sums.row_count; ++row) Block::template run<1, kColumns>(sums, row, column);
}

template <class Block, class Lane>
void run_blocks(const ProductSums<Lane>& sums) {
  std::size_t column = 0;
  for (; column + 2 <= sums.column_count; column += 2) run_columns<Block, 2>(sums, column);
  if (column < sums.column_count) run_columns<Block, 1>(sums, column);
}

/// First operands of a block's rows and columns.
template <class Lane, unsigned kRows, unsigned kColumns>
struct Operands {
  const std::int32_t* scalars[kRows];
  const Lane* vectors[kColumns];

  [[gnu::always_inline]] Operands(const ProductSums<Lane>& sums, std::size_t row,
                                  std::size_t column) {
    for (unsigned r = 0; r < kRows; ++r) scalars[r] = sums.scalars + sums.rows[row + r];
    for (unsigned c = 0; c < kColumns; ++c) vectors[c] = sums.vectors + sums.columns[column + c];
  }
};

// ---- 32 bits ----

enum class Cut { kNo, kEachProduct };

template <unsigned kLanes, Cut kCut, unsigned kRows, unsigned kColumns>
[[gnu::always_inline]] inline void wide_block(const ProductSums<std::int32_t>& sums,
                                              std::size_t row, std::size_t column) {
  using Signed [[gnu::vector_size(kLanes * 4)]] = std::int32_t;
  using Unsigned [[gnu::vector_size(kLanes * 4)]] = std::uint32_t;
  const Operands<std::int32_t, kRows, kColumns> operands(sums, row, column);
  const int shift = static_cast<int>(sums.window.shift);
  const int cut = static_cast<int>(32 - sums.window.bits);
  Unsigned sum[kRows][kColumns] = {};
  for (std::size_t t = 0; t < sums.tap_count; ++t) {
    const TapOffset tap = sums.taps[t];
    Signed vectors[kColumns];
    for (unsigned c = 0; c < kColumns; ++c) {
      std::memcpy(&vectors[c], operands.vectors[c] + tap.vector, sizeof(Signed));
    }
#pragma GCC unroll 8
    for (unsigned r = 0; r < kRows; ++r) {
      const std::int32_t scalar = operands.scalars[r][tap.scalar];
#pragma GCC unroll 2
      for (unsigned c = 0; c < kColumns; ++c) {
        Signed product = (vectors[c] * scalar) >> shift;
        if constexpr (kCut == Cut::kEachProduct) {
          product = reinterpret_cast<Signed>(reinterpret_cast<Unsigned>(product) << cut) >> cut;
        }
        sum[r][c] += reinterpret_cast<Unsigned>(product);
      }
    }
  }
  for (unsigned r = 0; r < kRows; ++r) {
    for (unsigned c = 0; c < kColumns; ++c) {
      std::memcpy(sums.sums + (row + r) * sums.row_stride + (column + c) * kLanes, &sum[r][c],
                  sizeof(Signed));
    }
  }
}

template <template <Cut> class Block>
void run_wide(const ProductSums<std::int32_t>& sums) {
  if (sums.window.bits < 32) {
    run_blocks<Block<Cut::kEachProduct>>(sums);
  } else {
    run_blocks<Block<Cut::kNo>>(sums);
  }
}

template <Cut kCut>
struct WideBaseline {
  static constexpr unsigned kRows = 4;
  template <unsigned kBlockRows, unsigned kColumns>
  static void run(const ProductSums<std::int32_t>& sums, std::size_t row, std::size_t column) {
    wide_block<4, kCut, kBlockRows, kColumns>(sums, row, column);
  }
};

#ifdef __x86_64__

template <Cut kCut>
struct WideAvx2 {
  static constexpr unsigned kRows = 8;
  template <unsigned kBlockRows, unsigned kColumns>
  [[gnu::target("avx2")]] static void run(const ProductSums<std::int32_t>& sums, std::size_t row,
                                          std::size_t column) {
    wide_block<8, kCut, kBlockRows, kColumns>(sums, row, column);
  }
};

template <Cut kCut>
struct WideAvx512 {
  static constexpr unsigned kRows = 8;
  template <unsigned kBlockRows, unsigned kColumns>
  [[gnu::target("avx512f")]] static void run(const ProductSums<std::int32_t>& sums, std::size_t row,
                                             std::size_t column) {
    wide_block<16, kCut, kBlockRows, kColumns>(sums, row, column);
  }
};

// ---- 16 bits: of a product's 32 bits, those from the shift on ----

/// Which halves of the products have the 16 bits.
enum class Halves { kLow, kBoth, kHigh };

template <template <Halves> class Block>
void run_narrow(const ProductSums<std::int16_t>& sums) {
  if (sums.window.shift == 0) {
    run_blocks<Block<Halves::kLow>>(sums);
  } else if (sums.window.shift < 16) {
    run_blocks<Block<Halves::kBoth>>(sums);
  } else {
    run_blocks<Block<Halves::kHigh>>(sums);
  }
}

template <Halves kHalves>
struct NarrowAvx2 {
  static constexpr unsigned kRows = 4;

  template <unsigned kBlockRows, unsigned kColumns>
  [[gnu::target("avx2")]] static void run(const ProductSums<std::int16_t>& sums, std::size_t row,
                                          std::size_t column) {
    const Operands<std::int16_t, kBlockRows, kColumns> operands(sums, row, column);
    const unsigned shift = sums.window.shift;
    const __m128i down = _mm_cvtsi32_si128(static_cast<int>(shift % 16));
    const __m128i up = _mm_cvtsi32_si128(static_cast<int>(16 - shift % 16));
    __m256i low[kBlockRows][kColumns];
    __m256i high[kBlockRows][kColumns];
    for (unsigned r = 0; r < kBlockRows; ++r) {
      for (unsigned c = 0; c < kColumns; ++c) {
        low[r][c] = _mm256_setzero_si256();
        high[r][c] = _mm256_setzero_si256();
      }
    }
    for (std::size_t t = 0; t < sums.tap_count; ++t) {
      const TapOffset tap = sums.taps[t];
      __m256i vectors[kColumns];
      for (unsigned c = 0; c < kColumns; ++c) {
        std::memcpy(&vectors[c], operands.vectors[c] + tap.vector, sizeof(__m256i));
      }
#pragma GCC unroll 8
      for (unsigned r = 0; r < kBlockRows; ++r) {
        const __m256i scalar = _mm256_set1_epi32(operands.scalars[r][tap.scalar]);
#pragma GCC unroll 2
        for (unsigned c = 0; c < kColumns; ++c) {
          if constexpr (kHalves != Halves::kHigh) {
            __m256i product = _mm256_mullo_epi16(vectors[c], scalar);
            if constexpr (kHalves == Halves::kBoth) product = _mm256_srl_epi16(product, down);
            low[r][c] = _mm256_add_epi16(low[r][c], product);
          }
          if constexpr (kHalves != Halves::kLow) {
            // Both halves: shifted up to its place once, after all are added.
            __m256i product = _mm256_mulhi_epi16(vectors[c], scalar);
            if constexpr (kHalves == Halves::kHigh) product = _mm256_sra_epi16(product, down);
            high[r][c] = _mm256_add_epi16(high[r][c], product);
          }
        }
      }
    }
    for (unsigned r = 0; r < kBlockRows; ++r) {
      for (unsigned c = 0; c < kColumns; ++c) {
        __m256i sum = high[r][c];
        if constexpr (kHalves == Halves::kBoth) sum = _mm256_sll_epi16(sum, up);
        sum = _mm256_add_epi16(sum, low[r][c]);
        std::memcpy(sums.sums + (row + r) * sums.row_stride + (column + c) * 16, &sum,
                    sizeof(__m256i));
      }
    }
  }
};

template <Halves kHalves>
struct NarrowAvx512 {
  static constexpr unsigned kRows = 8;

  template <unsigned kBlockRows, unsigned kColumns>
  [[gnu::target("avx512bw,avx512vbmi2")]] static void run(const ProductSums<std::int16_t>& sums,
                                                          std::size_t row, std::size_t column) {
    const Operands<std::int16_t, kBlockRows, kColumns> operands(sums, row, column);
    const __m512i down = _mm512_set1_epi16(static_cast<std::int16_t>(sums.window.shift % 16));
    __m512i sum[kBlockRows][kColumns];
    for (unsigned r = 0; r < kBlockRows; ++r) {
      for (unsigned c = 0; c < kColumns; ++c) sum[r][c] = _mm512_setzero_si512();
    }
    for (std::size_t t = 0; t < sums.tap_count; ++t) {
      const TapOffset tap = sums.taps[t];
      __m512i vectors[kColumns];
      for (unsigned c = 0; c < kColumns; ++c) {
        std::memcpy(&vectors[c], operands.vectors[c] + tap.vector, sizeof(__m512i));
      }
#pragma GCC unroll 8
      for (unsigned r = 0; r < kBlockRows; ++r) {
        const __m512i scalar = _mm512_set1_epi32(operands.scalars[r][tap.scalar]);
#pragma GCC unroll 2
        for (unsigned c = 0; c < kColumns; ++c) {
          __m512i product;
          if constexpr (kHalves == Halves::kLow) {
            product = _mm512_mullo_epi16(vectors[c], scalar);
          } else if constexpr (kHalves == Halves::kHigh) {
            product = _mm512_srav_epi16(_mm512_mulhi_epi16(vectors[c], scalar), down);
          } else {
            product = _mm512_shrdv_epi16(_mm512_mullo_epi16(vectors[c], scalar),
                                         _mm512_mulhi_epi16(vectors[c], scalar), down);
          }
          sum[r][c] = _mm512_add_epi16(sum[r][c], product);
        }
      }
    }
    for (unsigned r = 0; r < kBlockRows; ++r) {
      for (unsigned c = 0; c < kColumns; ++c) {
        std::memcpy(sums.sums + (row + r) * sums.row_stride + (column + c) * 32, &sum[r][c],
                    sizeof(__m512i));
      }
    }
  }
};

#endif

std::vector<IntegerKernel> find_integer_kernels() {
  std::vector<IntegerKernel> found;
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512vbmi2") != 0) {
    found.push_back({"avx512vbmi2", 16, run_wide<WideAvx512>, 32, run_narrow<NarrowAvx512>});
  }
  if (__builtin_cpu_supports("avx2") != 0) {
    found.push_back({"avx2", 8, run_wide<WideAvx2>, 16, run_narrow<NarrowAvx2>});
  }
#endif
  found.push_back({"baseline", 4, run_wide<WideBaseline>, 0, nullptr});
  return found;
}

}  // namespace

const std::vector<IntegerKernel>& integer_kernels() {
  static const std::vector<IntegerKernel> kFound = find_integer_kernels();
  return kFound;
}

}  // namespace rowan::functional
