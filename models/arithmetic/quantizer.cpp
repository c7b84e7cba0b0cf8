// SPDX-License-Identifier: Apache-2.0
#include "models/arithmetic/quantizer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "models/arithmetic/fixed_point.h"
#include "models/arithmetic/floating_point.h"

namespace rowan::arithmetic {
namespace {

/// Added and taken away again, it rounds a double of less than 2^51 to a whole number.
constexpr double kRounding = 6755399441055744.0;  // 1.5 * 2^52

/// Partial sums side by side: always the same ones, so that the sum is the same on any machine.
constexpr std::size_t kLanes = 8;

template <class Square>
double sum_in_lanes(std::size_t count, Square square) {
  double lanes[kLanes] = {};
  const std::size_t whole = count / kLanes * kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) lanes[lane] += square(i + lane);
  }
  for (std::size_t i = whole; i < count; ++i) lanes[i - whole] += square(i);
  double sum = 0;
  for (const double lane : lanes) sum += lane;
  return sum;
}

double squared(double x) { return x * x; }

}  // namespace

Quantizer Quantizer::integers(unsigned bits) {
  if (bits < 2 || bits > 32) throw std::invalid_argument("Quantizer: bits are not 2 to 32");
  Quantizer quantizer;
  quantizer.largest_ = std::ldexp(1.0, static_cast<int>(bits) - 1) - 1;
  quantizer.least_integer_ = -quantizer.largest_ - 1;
  return quantizer;
}

Quantizer Quantizer::activations(const PeType& type) {
  if (type.numbers == Numbers::kInteger) return integers(type.activation_bits);
  Quantizer quantizer;
  quantizer.kind_ = Kind::kFloat;
  quantizer.largest_ = std::numeric_limits<double>::infinity();
  return quantizer;
}

Quantizer Quantizer::weights(const PeType& type) {
  if (type.numbers == Numbers::kFloat) return activations(type);
  if (type.weight_fraction_bits == 0) return integers(type.weight_bits);
  Quantizer quantizer;
  quantizer.kind_ = Kind::kCode;
  quantizer.type_ = &type;
  for (Word word = 0; word < Word{1} << type.weight_bits; ++word) {
    quantizer.largest_ =
        std::max(quantizer.largest_, std::abs(type.weight_value(wrap(word, type.weight_bits))));
  }
  // Magnitudes are whole numbers of 2^-fraction, so the borders between them are of half of that.
  quantizer.cells_per_one_ = std::ldexp(2.0, static_cast<int>(type.weight_fraction_bits));
  const auto cells = static_cast<std::size_t>(quantizer.largest_ * quantizer.cells_per_one_) + 1;
  for (std::size_t i = 0; i < cells; ++i) {
    const double magnitude = static_cast<double>(i) / quantizer.cells_per_one_;
    quantizer.positive_.push_back(type.nearest_weight(magnitude));
    const double level = type.weight_value(quantizer.positive_.back());
    quantizer.cells_.push_back(level);
    quantizer.negative_.push_back(type.nearest_weight(-level));
  }
  return quantizer;
}

double Quantizer::value(Word word) const {
  switch (kind_) {
    case Kind::kInteger:
      return word;
    case Kind::kCode:
      return type_->weight_value(word);
    case Kind::kFloat:
      return float_of(word);
  }
  return 0;
}

Word Quantizer::nearest(double number) const {
  switch (kind_) {
    case Kind::kInteger:
      return static_cast<Word>(std::llround(std::clamp(number, least_integer_, largest_)));
    case Kind::kCode: {
      const double cell = std::min(std::abs(number), largest_) * cells_per_one_;
      const auto i = static_cast<std::size_t>(cell);
      return number < 0 ? negative_[i] : positive_[i];
    }
    case Kind::kFloat:
      return word_of(static_cast<float>(number));
  }
  return 0;
}

template <class Real>
double Quantizer::squared_error(const Real* numbers, std::size_t count, double scale) const {
  const double per_scale = 1 / scale;
  switch (kind_) {
    case Kind::kInteger:
      return scale * scale * sum_in_lanes(count, [&](std::size_t i) {
               const double x = static_cast<double>(numbers[i]) * per_scale;
               const double inside = std::min(std::max(x, least_integer_), largest_);
               return squared(x - ((inside + kRounding) - kRounding));
             });
    case Kind::kCode:
      return scale * scale * sum_in_lanes(count, [&](std::size_t i) {
               const double x = std::abs(static_cast<double>(numbers[i]) * per_scale);
               // A positive number and its negative have the same magnitude of words.
               const double cell = std::min(x, largest_) * cells_per_one_;
               return squared(x - cells_[static_cast<std::size_t>(cell)]);
             });
    case Kind::kFloat:
      return sum_in_lanes(count, [&](std::size_t i) {
        const auto x = static_cast<double>(numbers[i]);
        return squared(x - static_cast<double>(static_cast<float>(x)));
      });
  }
  return 0;
}

template <class Real>
void Quantizer::quantize(const Real* numbers, std::size_t count, double scale, Word* words) const {
  const double per_scale = 1 / scale;
  for (std::size_t i = 0; i < count; ++i) {
    words[i] = nearest(static_cast<double>(numbers[i]) * per_scale);
  }
}

template <class Real>
double peak_of(const Real* numbers, std::size_t count) {
  double peak = 0;
  for (std::size_t i = 0; i < count; ++i) {
    peak = std::max(peak, std::abs(static_cast<double>(numbers[i])));
  }
  return peak;
}

int unclipped_exponent(const Quantizer& quantizer, double peak, double base) {
  const double least = peak / (quantizer.largest() * base);
  int exponent = std::ilogb(least);
  if (std::ldexp(1.0, exponent) < least) ++exponent;
  return exponent;
}

double SignalNoise::db() const {
  if (noise == 0) return std::numeric_limits<double>::infinity();
  return 10 * std::log10(signal / noise);
}

template double Quantizer::squared_error(const float*, std::size_t, double) const;
template double Quantizer::squared_error(const double*, std::size_t, double) const;
template void Quantizer::quantize(const float*, std::size_t, double, Word*) const;
template void Quantizer::quantize(const double*, std::size_t, double, Word*) const;
template double peak_of(const float*, std::size_t);
template double peak_of(const double*, std::size_t);

}  // namespace rowan::arithmetic
