// SPDX-License-Identifier: Apache-2.0
//
// fp32: IEEE 754 binary32, a multiplication and then an addition, each rounded to nearest even.
#include <cstring>

#include "models/arithmetic/floating_point.h"
#include "models/arithmetic/pe_type.h"
#include "models/arithmetic/vector_mac.h"

namespace rowan::arithmetic {
namespace {

double weight_value(Word weight) { return float_of(weight); }

Word nearest_weight(double value) { return word_of(static_cast<float>(value)); }

/// Sums of `kCount` psums. A NaN stays one, so that the last sum alone need be made the one NaN.
template <std::size_t kCount>
class FloatSums {
 public:
  [[gnu::always_inline]] explicit FloatSums(const MacFormat& /*format*/) {}

  [[gnu::always_inline]] void add(const Word* filters, Word activation) {
    Float weights;
    std::memcpy(&weights, filters, sizeof(weights));
    const Float products = weights * float_of(activation);
    sums_ += products;
  }

  [[gnu::always_inline]] void store(Word* psums) const {
    using Signed = typename Lanes<kCount>::Signed;
    const auto bits = reinterpret_cast<Signed>(sums_);
    const Signed words = sums_ == sums_ ? bits : Signed{} + kNan;
    std::memcpy(psums, &words, sizeof(words));
  }

 private:
  using Float = typename Lanes<kCount>::Float;
  Float sums_ = {};
};

struct Window {
  template <std::size_t kCount>
  using Sums = FloatSums<kCount>;

  template <std::size_t kWidest>
  [[gnu::always_inline]] static void run(const Word* ifmap, std::size_t words, const Word* filters,
                                         std::size_t psum_count, const MacFormat& format,
                                         Word* psums) {
    mac_blocks<Window, kWidest>(ifmap, words, filters, psum_count, format, psums);
  }
};

Word add_psums(Word incoming, Word own, const MacFormat& /*format*/) {
  return word_of(float_of(incoming) + float_of(own));
}

}  // namespace

PeType fp32_type() {
  const auto mac_windows = CompiledWindow<Window>::all();
  return {"fp32",
          "IEEE 754 binary32, a multiplication and then an addition",
          Numbers::kFloat,
          32,
          32,
          0,
          32,
          32,
          2,
          3,
          3,
          weight_value,
          nearest_weight,
          mac_windows.front().mac_window,
          add_psums,
          mac_windows};
}

}  // namespace rowan::arithmetic
