// SPDX-License-Identifier: Apache-2.0
#include "tests/support/clocked_arithmetic.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace rowan::support {
namespace {

using arithmetic::Numbers;
using arithmetic::Word;

double number_of(Word word) {
  float number = 0;
  std::memcpy(&number, &word, sizeof number);
  return number;
}

/// Rounded to nearest even, as conversions are. A sum of two binary32 numbers that was rounded to
/// binary64 before gives the same as one rounded once: binary64 has more than twice as many digits.
Word word_of(double number) {
  const auto rounded = static_cast<float>(number);
  if (std::isnan(rounded)) return 0x7fc00000;
  Word word = 0;
  std::memcpy(&word, &rounded, sizeof word);
  return word;
}

}  // namespace

Word ClockedArithmetic::mac(Word psum, Word activation, Word weight) const {
  const double value = type_.weight_value(weight);
  if (type_.numbers == Numbers::kFloat) {
    const Word product = word_of(number_of(activation) * value);
    return word_of(number_of(psum) + number_of(product));
  }
  const double product =
      std::ldexp(activation * value, static_cast<int>(type_.weight_fraction_bits));
  const double shifted = std::floor(std::ldexp(product, -static_cast<int>(layer_.product_shift)));
  return sum(psum, arithmetic::wrap(static_cast<std::int64_t>(shifted), layer_.product_bits));
}

Word ClockedArithmetic::add(Word incoming, Word own) const {
  if (type_.numbers == Numbers::kFloat) return word_of(number_of(incoming) + number_of(own));
  return sum(incoming, own);
}

Word ClockedArithmetic::sum(std::int64_t a, std::int64_t b) const {
  switch (pe_.psum_overflow) {
    case arithmetic::Overflow::kWrap:
      return arithmetic::wrap(a + b, pe_.psum_bits);
    case arithmetic::Overflow::kSaturate:
      break;
  }
  const std::int64_t end = std::int64_t{1} << (pe_.psum_bits - 1);
  return static_cast<Word>(std::clamp(a + b, -end, end - 1));
}

Word ClockedArithmetic::post_process(Word psum, std::size_t filter) const {
  if (type_.numbers == Numbers::kFloat) {
    const double number = number_of(psum);
    const bool kept = !layer_.relu || number > 0 || std::isnan(number);
    return kept ? psum : 0;
  }
  std::int64_t value = psum;
  if (layer_.relu && value < 0) value = 0;
  const unsigned shift =
      layer_.filter_shifts.empty() ? layer_.ofmap_shift : layer_.filter_shifts.at(filter);
  if (shift > 0) {
    const std::int64_t half = std::int64_t{1} << (shift - 1);
    value = (value + half) >> shift;
  }
  const std::int64_t most = (std::int64_t{1} << (layer_.activation_bits - 1)) - 1;
  return static_cast<Word>(std::clamp(value, -most - 1, most));
}

}  // namespace rowan::support
