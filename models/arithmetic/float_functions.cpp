// SPDX-License-Identifier: Apache-2.0
#include "models/arithmetic/float_functions.h"

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "models/arithmetic/floating_point.h"

// Every operation is rounded by itself (-ffp-contract=off), so that the words are the same on every
// machine; of the library only functions that are exact or correctly rounded are used.

namespace rowan::arithmetic {
namespace {

double number_of(Word word) { return double{float_of(word)}; }

Word rounded(double number) { return word_of(static_cast<float>(number)); }

/// 1 / i!
const std::array<double, 14>& exp_coefficients() {
  static const std::array<double, 14> kCoefficients = [] {
    std::array<double, 14> coefficients{};
    double factorial = 1;
    for (std::size_t i = 0; i < coefficients.size(); ++i) {
      if (i > 0) factorial *= static_cast<double>(i);
      coefficients[i] = 1.0 / factorial;
    }
    return coefficients;
  }();
  return kCoefficients;
}

}  // namespace

double float_exp(double x) {
  constexpr double kLog2E = 0x1.71547652b82fep+0;
  constexpr double kLn2High = 0x1.62e42fee00000p-1;  // k times this is exact
  constexpr double kLn2Low = 0x1.a39ef35793c76p-33;
  if (std::isnan(x)) return x;
  if (x < -700) return 0;
  if (x > 700) return std::numeric_limits<double>::infinity();
  const double k = std::floor(x * kLog2E + 0.5);
  const double r = (x - k * kLn2High) - k * kLn2Low;
  const std::array<double, 14>& coefficients = exp_coefficients();
  double p = coefficients.back();
  for (std::size_t i = coefficients.size() - 1; i-- > 0;) p = p * r + coefficients[i];
  return std::ldexp(p, static_cast<int>(k));
}

Word float_larger(Word word, Word next) {
  const float a = float_of(word);
  const float b = float_of(next);
  if (std::isnan(a)) return kNan;
  return b > a || std::isnan(b) ? word_of(b) : word;
}

Word float_relu(Word x) {
  const float number = float_of(x);
  return number > 0 || std::isnan(number) ? word_of(number) : 0;
}

Word float_sum(Word a, Word b) { return word_of(float_of(a) + float_of(b)); }

Word float_gelu(Word x) {
  constexpr double kRootOfTwoOverPi = 0x1.9884533d43651p-1;
  const double number = number_of(x);
  const double cube = 0.044715 * (number * number) * number;
  const double t = kRootOfTwoOverPi * (number + cube);
  const double e = float_exp(2 * t);
  const double h = 1 - 2 / (e + 1);
  return rounded((0.5 * number) * (1 + h));
}

void float_softmax(const Word* x, std::size_t count, Word* results) {
  Word largest = x[0];
  for (std::size_t i = 1; i < count; ++i) largest = float_larger(largest, x[i]);
  const double m = number_of(largest);
  std::vector<double> powers(count);
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    powers[i] = float_exp(number_of(x[i]) - m);
    sum += powers[i];
  }
  for (std::size_t i = 0; i < count; ++i) results[i] = rounded(powers[i] / sum);
}

void float_layer_norm(const Word* x, std::size_t count, const Word* parameters, Word* results) {
  const auto n = static_cast<double>(count);
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i) sum += number_of(x[i]);
  const double mean = sum / n;
  double squares = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const double distance = number_of(x[i]) - mean;
    squares += distance * distance;
  }
  const double root = std::sqrt(squares / n);
  for (std::size_t i = 0; i < count; ++i) {
    const double z = root == 0 ? 0 : (number_of(x[i]) - mean) / root;
    results[i] = rounded(z * number_of(parameters[2 * i]) + number_of(parameters[2 * i + 1]));
  }
}

}  // namespace rowan::arithmetic
