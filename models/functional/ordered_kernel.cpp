// SPDX-License-Identifier: Apache-2.0
#include "models/functional/ordered_kernel.h"

#include <cstring>
#include <limits>

// A block of positions x lanes of sums stays in registers across the taps of a PE; the psums, which
// are needed once a PE, stay in memory. Lanes are side by side in a vector of GCC and Clang, and a
// block has several positions, for an addition waits for the one before it. Vectors pass by
// reference: their calling convention depends on the instruction set.

namespace rowan::functional {
namespace {

using arithmetic::Word;

template <unsigned kLanes>
struct Vectors {
  using Signed [[gnu::vector_size(kLanes * 4)]] = std::int32_t;
  using Float [[gnu::vector_size(kLanes * 4)]] = float;
};

/// binary32: a product is rounded, then the sum is (-ffp-contract=off).
template <unsigned kLanes>
class FloatStep {
 public:
  using Vector = typename Vectors<kLanes>::Float;

  [[gnu::always_inline]] explicit FloatStep(const arithmetic::MacFormat& /*format*/) {}

  [[gnu::always_inline]] void mac(Vector& sum, const Vector& weights, Word scalar) const {
    float factor;
    std::memcpy(&factor, &scalar, sizeof(factor));
    const Vector product = weights * factor;
    sum += product;
  }
  [[gnu::always_inline]] void add(Vector& psum, const Vector& own) const { psum += own; }
  /// Of any NaN the one; sums of it stay NaNs, so that the last of a chain is soon enough.
  [[gnu::always_inline]] void finish(Vector& psum) const {
    using Signed = typename Vectors<kLanes>::Signed;
    const Signed nan = Signed{} + 0x7fc00000;
    psum = psum == psum ? psum : reinterpret_cast<Vector>(nan);
  }
};

/// Integers that stop at the ends of a psum.
template <unsigned kLanes>
class SaturatingStep {
 public:
  using Vector = typename Vectors<kLanes>::Signed;

  [[gnu::always_inline]] explicit SaturatingStep(const arithmetic::MacFormat& format)
      : shift_(static_cast<int>(format.window.shift)),
        cut_(static_cast<int>(32 - format.window.bits)),
        most_(std::numeric_limits<std::int32_t>::max() >> (32 - format.psum_bits)) {}

  [[gnu::always_inline]] void mac(Vector& sum, const Vector& weights, Word scalar) const {
    Vector product = (weights * scalar) >> shift_;
    product = reinterpret_cast<Vector>(reinterpret_cast<Unsigned>(product) << cut_) >> cut_;
    add(sum, product);
  }
  /// A sum stops at the end that the term goes towards where it has less room than that.
  [[gnu::always_inline]] void add(Vector& sum, const Vector& term) const {
    const Vector most = Vector{} + most_;
    const Vector up = term > 0;
    const Vector end = up ? most : ~most;
    const Vector last = end - term;  // of the same sign: fits
    const Vector over = up ? sum > last : sum < last;
    const Unsigned added = reinterpret_cast<Unsigned>(sum) + reinterpret_cast<Unsigned>(term);
    sum = over ? end : reinterpret_cast<Vector>(added);
  }
  [[gnu::always_inline]] void finish(Vector& /*psum*/) const {}

 private:
  using Unsigned [[gnu::vector_size(kLanes * 4)]] = std::uint32_t;
  int shift_;
  int cut_;
  std::int32_t most_;
};

template <class Step, unsigned kLanes, unsigned kPositions>
[[gnu::always_inline]] inline void run_block(const OrderedSums& sums, std::size_t position,
                                             std::size_t lane) {
  using Vector = typename Step::Vector;
  const Step step(sums.format);
  const Word* scalars[kPositions];
  for (unsigned p = 0; p < kPositions; ++p) {
    scalars[p] = sums.scalars + sums.positions[position + p];
  }
  const Word* weights = sums.weights + lane;
  const std::uint32_t* taps = sums.taps;
  Word* psums = sums.psums + position * sums.lanes + lane;
  for (std::size_t pe = 0; pe < sums.pe_count; ++pe) {
    Vector sum[kPositions] = {};
    for (const std::uint32_t* const end = taps + sums.pe_taps[pe]; taps < end; ++taps) {
      Vector factors;
      std::memcpy(&factors, weights, sizeof(factors));
      weights += sums.lanes;
#pragma GCC unroll 8
      for (unsigned p = 0; p < kPositions; ++p) step.mac(sum[p], factors, scalars[p][*taps]);
    }
    const bool first = pe == 0 && !sums.has_source;
    const bool last = pe + 1 == sums.pe_count;
#pragma GCC unroll 8
    for (unsigned p = 0; p < kPositions; ++p) {
      Vector psum = sum[p];
      if (!first) {
        std::memcpy(&psum, psums + p * sums.lanes, sizeof(psum));
        step.add(psum, sum[p]);
      }
      if (last) step.finish(psum);
      std::memcpy(psums + p * sums.lanes, &psum, sizeof(psum));
    }
  }
}

template <template <unsigned> class Step, unsigned kLanes>
[[gnu::always_inline]] inline void run_lanes(const OrderedSums& sums, std::size_t lane) {
  std::size_t position = 0;
  for (; position + 8 <= sums.position_count; position += 8) {
    run_block<Step<kLanes>, kLanes, 8>(sums, position, lane);
  }
  for (; position < sums.position_count; ++position) {
    run_block<Step<kLanes>, kLanes, 1>(sums, position, lane);
  }
}

/// In vectors of `kWidest` lanes while there are as many left, then in smaller ones.
template <template <unsigned> class Step, unsigned kWidest>
[[gnu::always_inline]] inline void run_all(const OrderedSums& sums) {
  std::size_t lane = 0;
  for (; lane + kWidest <= sums.lanes; lane += kWidest) run_lanes<Step, kWidest>(sums, lane);
  if constexpr (kWidest > 8) {
    for (; lane + 8 <= sums.lanes; lane += 8) run_lanes<Step, 8>(sums, lane);
  }
  if constexpr (kWidest > 4) {
    for (; lane + 4 <= sums.lanes; lane += 4) run_lanes<Step, 4>(sums, lane);
  }
  for (; lane < sums.lanes; ++lane) run_lanes<Step, 1>(sums, lane);
}

template <template <unsigned> class Step>
void run_baseline(const OrderedSums& sums) {
  run_all<Step, 4>(sums);
}

#ifdef __x86_64__
template <template <unsigned> class Step>
[[gnu::target("avx2")]] void run_avx2(const OrderedSums& sums) {
  run_all<Step, 8>(sums);
}

template <template <unsigned> class Step>
[[gnu::target("avx512f")]] void run_avx512(const OrderedSums& sums) {
  run_all<Step, 16>(sums);
}
#endif

std::vector<OrderedKernel> find_ordered_kernels() {
  std::vector<OrderedKernel> found;
#ifdef __x86_64__
  if (__builtin_cpu_supports("avx512f") != 0) {
    found.push_back({"avx512f", run_avx512<FloatStep>, run_avx512<SaturatingStep>});
  }
  if (__builtin_cpu_supports("avx2") != 0) {
    found.push_back({"avx2", run_avx2<FloatStep>, run_avx2<SaturatingStep>});
  }
#endif
  found.push_back({"baseline", run_baseline<FloatStep>, run_baseline<SaturatingStep>});
  return found;
}

}  // namespace

const std::vector<OrderedKernel>& ordered_kernels() {
  static const std::vector<OrderedKernel> kFound = find_ordered_kernels();
  return kFound;
}

}  // namespace rowan::functional
