// SPDX-License-Identifier: Apache-2.0
#include "workloads/golden_sums.h"

#include <cstring>

// One copy of a function for AVX2 and one for any machine, chosen when the program starts. Not
// where the choice would run before the sanitizer does.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define ROWAN_VECTOR_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define ROWAN_VECTOR_CLONES
#endif

namespace rowan::workloads::golden {
namespace {

using arithmetic::Word;

/// Eight words side by side; compilers split them where the machine's vectors are shorter.
constexpr std::size_t kLanes = 8;
constexpr std::size_t kVectors = kBlock / kLanes;
using Lanes = std::uint32_t __attribute__((vector_size(32)));
using SignedLanes = std::int32_t __attribute__((vector_size(32)));
using FloatLanes = float __attribute__((vector_size(32)));

/// Four, where sums of 32 bits must not overflow.
constexpr std::size_t kWideLanes = 4;
constexpr std::size_t kWideVectors = kBlock / kWideLanes;
using HalfLanes = std::uint32_t __attribute__((vector_size(16)));
using SignedHalfLanes = std::int32_t __attribute__((vector_size(16)));
using WideLanes = std::int64_t __attribute__((vector_size(32)));

}  // namespace

ROWAN_VECTOR_CLONES void wrapping_sums(const Products& products, Window window, Sums& sums) {
  Lanes local[kVectors] = {};
  const std::size_t taps = products.offsets.size();
  for (std::size_t tap = 0; tap < taps; ++tap) {
    const Word* words = products.ifmap + products.offsets[tap];
    const auto weight = static_cast<std::uint32_t>(products.weights[tap]);
#pragma GCC unroll 8
    for (std::size_t i = 0; i < kVectors; ++i) {
      Lanes lanes;
      std::memcpy(&lanes, words + i * kLanes, sizeof lanes);
      const Lanes product = (lanes * weight) << window.left;
      local[i] += reinterpret_cast<Lanes>(reinterpret_cast<SignedLanes>(product) >>
                                          static_cast<int>(window.right));
    }
  }
  std::memcpy(sums.data(), local, sizeof local);
}

ROWAN_VECTOR_CLONES void saturating_sums(const Products& products, Window window,
                                         unsigned psum_bits, Sums& sums,
                                         std::array<std::int64_t, kBlock>& clamped) {
  const WideLanes most = WideLanes{} + ((std::int64_t{1} << (psum_bits - 1)) - 1);
  const WideLanes least = -most - 1;
  WideLanes psums[kWideVectors] = {};
  WideLanes counts[kWideVectors] = {};
  std::size_t tap = 0;
  for (std::size_t chunk = 0; chunk < products.ends.size(); ++chunk) {
    WideLanes own[kWideVectors] = {};
    for (; tap < products.ends[chunk]; ++tap) {
      const Word* words = products.ifmap + products.offsets[tap];
      const auto weight = static_cast<std::uint32_t>(products.weights[tap]);
#pragma GCC unroll 8
      for (std::size_t i = 0; i < kWideVectors; ++i) {
        HalfLanes lanes;
        std::memcpy(&lanes, words + i * kWideLanes, sizeof lanes);
        const HalfLanes full = (lanes * weight) << window.left;
        const SignedHalfLanes product =
            reinterpret_cast<SignedHalfLanes>(full) >> static_cast<int>(window.right);
        const WideLanes sum = own[i] + __builtin_convertvector(product, WideLanes);
        const WideLanes over = sum > most;
        const WideLanes under = sum < least;
        own[i] = over ? most : (under ? least : sum);
        counts[i] -= over | under;  // a lane that holds is -1
      }
    }
    for (std::size_t i = 0; i < kWideVectors; ++i) {
      const WideLanes sum = psums[i] + own[i];
      const WideLanes over = sum > most;
      const WideLanes under = sum < least;
      psums[i] = over ? most : (under ? least : sum);
      counts[i] -= over | under;
    }
  }
  for (std::size_t i = 0; i < kBlock; ++i) {
    sums[i] = static_cast<Word>(psums[i / kWideLanes][i % kWideLanes]);
    clamped[i] = counts[i / kWideLanes][i % kWideLanes];
  }
}

ROWAN_VECTOR_CLONES void fp32_sums(const Products& products, Sums& sums) {
  FloatLanes psums[kVectors] = {};
  std::size_t tap = 0;
  for (std::size_t chunk = 0; chunk < products.ends.size(); ++chunk) {
    FloatLanes own[kVectors] = {};
    for (; tap < products.ends[chunk]; ++tap) {
      const Word* words = products.ifmap + products.offsets[tap];
      float weight;
      std::memcpy(&weight, products.weights + tap, sizeof weight);
#pragma GCC unroll 8
      for (std::size_t i = 0; i < kVectors; ++i) {
        FloatLanes lanes;
        std::memcpy(&lanes, words + i * kLanes, sizeof lanes);
        own[i] += lanes * weight;  // rounded twice: contraction is off
      }
    }
    // 0 + x is x, but for -0, which no sum from 0 is.
    for (std::size_t i = 0; i < kVectors; ++i) psums[i] += own[i];
  }
  std::memcpy(sums.data(), psums, sizeof psums);
}

}  // namespace rowan::workloads::golden
