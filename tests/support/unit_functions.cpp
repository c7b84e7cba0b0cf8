// SPDX-License-Identifier: Apache-2.0
#include "tests/support/unit_functions.h"

#include <algorithm>
#include <cmath>

namespace rowan::support {

using arithmetic::Word;

namespace {

std::int64_t power_of_two(unsigned exponent) { return std::int64_t{1} << exponent; }

/// Rounds towards minus infinity.
std::int64_t quotient_down(std::int64_t a, std::int64_t b) {
  return a >= 0 ? a / b : -((-a + b - 1) / b);
}

std::int64_t root_down(std::int64_t value) {
  std::int64_t root = 0;
  for (std::int64_t bit = power_of_two(31); bit > 0; bit /= 2) {
    if ((root + bit) * (root + bit) <= value) root += bit;
  }
  return root;
}

}  // namespace

std::int64_t reference_phi(std::int64_t i) {
  const long double x = static_cast<long double>(i) / 32;
  return std::llrintl(32768 * (1 + std::erf(x / std::sqrt(2.0L))) / 2);
}

std::int64_t reference_power(std::int64_t i) {
  return std::llrintl(std::pow(2.0L, 24 - static_cast<long double>(i) / 64));
}

Word reference_clamp(std::int64_t value) {
  return static_cast<Word>(value > 32767 ? 32767 : value < -32768 ? -32768 : value);
}

std::int64_t reference_quotient(std::int64_t a, std::int64_t b) {
  return quotient_down(2 * a + b, 2 * b);
}

std::int64_t reference_shift(std::int64_t a, unsigned shift) {
  const std::int64_t one = power_of_two(shift);
  return quotient_down(a + one / 2, one);
}

Word reference_gelu(Word x, unsigned fraction_bits) {
  const std::int64_t magnitude = x < 0 ? -std::int64_t{x} : x;
  const std::int64_t u = magnitude * 4096 / power_of_two(fraction_bits);
  std::int64_t phi = 32768;
  if (u < 32768) {
    const std::int64_t i = u / 128;
    const std::int64_t d = u % 128;
    phi = reference_phi(i) + ((reference_phi(i + 1) - reference_phi(i)) * d + 64) / 128;
  }
  if (x < 0) phi = 32768 - phi;
  return reference_clamp(quotient_down(std::int64_t{x} * phi + 16384, 32768));
}

std::vector<Word> reference_softmax(const std::vector<Word>& x, unsigned fraction_bits,
                                    unsigned ofmap_fraction_bits) {
  std::int64_t largest = x[0];
  for (const Word word : x) largest = std::max<std::int64_t>(largest, word);
  std::vector<std::int64_t> e;
  std::int64_t sum = 0;
  for (const Word word : x) {
    const std::int64_t k = 94548 * (largest - word) / power_of_two(fraction_bits);
    const std::int64_t n = k / 65536;
    const std::int64_t i = k % 65536 / 1024;
    const std::int64_t d = k % 1024;
    const std::int64_t fall = reference_power(i) - reference_power(i + 1);
    const std::int64_t power = reference_power(i) - (fall * d + 512) / 1024;
    e.push_back(n > 24 ? 0 : power / power_of_two(static_cast<unsigned>(n)));
    sum += e.back();
  }
  std::vector<Word> results;
  for (const std::int64_t power : e) {
    results.push_back(
        reference_clamp(reference_quotient(power * power_of_two(ofmap_fraction_bits), sum)));
  }
  return results;
}

std::vector<Word> reference_layer_norm(const std::vector<Word>& x,
                                       const std::vector<Word>& parameters,
                                       unsigned ofmap_fraction_bits, unsigned gain_fraction_bits) {
  const auto n = static_cast<std::int64_t>(x.size());
  std::int64_t s = 0;
  std::int64_t squares = 0;
  for (const Word word : x) {
    s += word;
    squares += std::int64_t{word} * word;
  }
  const std::int64_t r = root_down(n * squares - s * s);
  std::vector<Word> results;
  for (std::size_t c = 0; c < x.size(); ++c) {
    std::int64_t z = 0;
    if (r > 0) {
      z = reference_quotient((n * x[c] - s) * power_of_two(ofmap_fraction_bits), r);
    }
    results.push_back(reference_clamp(reference_shift(z * parameters[2 * c], gain_fraction_bits) +
                                      parameters[2 * c + 1]));
  }
  return results;
}

}  // namespace rowan::support
