// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "models/arithmetic/pe_type.h"

namespace rowan::arithmetic {

/// Turns numbers into words and back, both in units of a scale: a word stands for scale * value().
///
/// Integer words are symmetric, without a zero point, and clamped to their range. Words of `fp32`
/// are the numbers; their scale is 1. Weights of LightPE are the nearest codes, and have two traps:
///
/// - There is no zero. A 0 becomes the smallest magnitude there is, 2^-7 (`lightpe1`) or 2^-6
///   (`lightpe2`) times the scale.
/// - That word is positive, as is the one of every positive number; so zeros do not cancel. A
///   tensor with many exact zeros gets a bias: every sum is off by the smallest magnitude times the
///   sum of the activations that meet a zero. The scale of least squared error weighs this against
///   what a smaller scale clips, as one error among others; it does not take the bias away.
class Quantizer {
 public:
  /// Two's complement words of 2 to 32 bits.
  [[nodiscard]] static Quantizer integers(unsigned bits);
  [[nodiscard]] static Quantizer activations(const PeType& type);
  [[nodiscard]] static Quantizer weights(const PeType& type);

  /// The number that a word stands for, over the scale.
  [[nodiscard]] double value(Word word) const;
  /// The word nearest to a number over the scale; of two as near, the one of larger magnitude.
  [[nodiscard]] Word nearest(double number) const;
  /// Largest magnitude on both sides of 0; infinite for fp32.
  [[nodiscard]] double largest() const { return largest_; }
  /// Whether words are the numbers themselves, so that there is no scale to choose.
  [[nodiscard]] bool exact() const { return kind_ == Kind::kFloat; }

  /// Sum of (x - scale * value(nearest(x / scale)))^2 over `count` numbers.
  template <class Real>
  [[nodiscard]] double squared_error(const Real* numbers, std::size_t count, double scale) const;
  template <class Real>
  void quantize(const Real* numbers, std::size_t count, double scale, Word* words) const;

 private:
  enum class Kind { kInteger, kCode, kFloat };

  Kind kind_ = Kind::kInteger;
  double largest_ = 0;
  double least_integer_ = 0;
  const PeType* type_ = nullptr;  ///< of codes
  /// Codes: magnitude nearest to those in [i, i + 1) / cells_per_one_, and its words.
  double cells_per_one_ = 1;
  std::vector<double> cells_;
  std::vector<Word> positive_;
  std::vector<Word> negative_;
};

/// Octaves below the least scale that clips nothing, in which scales are looked for.
inline constexpr int kScaleOctaves = 6;

/// The exponent e of the least scale base * 2^e at which numbers of up to `peak` (above 0) are not
/// clipped. Not for Quantizer::exact().
[[nodiscard]] int unclipped_exponent(const Quantizer& quantizer, double peak, double base);

/// Parts that an octave of free scales has.
inline constexpr int kFreeScalesPerOctave = 8;

/// Largest magnitude; 0 without numbers.
template <class Real>
[[nodiscard]] double peak_of(const Real* numbers, std::size_t count);

/// Signal and noise of numbers that stand for others; adds up.
struct SignalNoise {
  double signal = 0;  ///< sum of x^2
  double noise = 0;   ///< sum of (x - x')^2

  void add(double exact, double found) {
    signal += exact * exact;
    noise += (exact - found) * (exact - found);
  }
  /// Signal to quantisation noise: 10 log10(signal / noise). Infinite without noise, so also
  /// without numbers; minus infinity for noise without a signal, not a number where a number is
  /// not.
  [[nodiscard]] double db() const;
};

}  // namespace rowan::arithmetic
