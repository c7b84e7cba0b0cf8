// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/unit_operations.h"

#include <algorithm>

#include "models/arithmetic/fixed_point.h"
#include "models/arithmetic/float_functions.h"
#include "models/arithmetic/floating_point.h"
#include "models/arithmetic/special_functions.h"

namespace rowan::dataflow {
namespace {

using arithmetic::Word;

/// Part of an axis.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// Rows (or columns) of the tile that the window with this index has.
Span window_span(std::int32_t first, std::uint32_t index, std::uint32_t stride,
                 std::uint32_t window, std::uint32_t extent) {
  const std::int64_t begin = first + std::int64_t{index} * stride;
  const std::int64_t end = std::min<std::int64_t>(begin + window, extent);
  return {static_cast<std::uint32_t>(std::max<std::int64_t>(begin, 0)),
          static_cast<std::uint32_t>(std::max<std::int64_t>(end, 0))};
}

Span rows_of(const UnitPass& pass, std::uint32_t row) {
  return window_span(pass.window.first_row, row, pass.window.stride, pass.window.rows, pass.rows);
}

Span columns_of(const UnitPass& pass, std::uint32_t column) {
  return window_span(pass.window.first_column, column, pass.window.stride, pass.window.columns,
                     pass.columns);
}

std::uint64_t words_of_windows(const UnitPass& pass) {
  std::uint64_t rows = 0;
  std::uint64_t columns = 0;
  for (std::uint32_t row = 0; row < pass.results->rows; ++row) {
    const Span span = rows_of(pass, row);
    rows += span.end - span.begin;
  }
  for (std::uint32_t column = 0; column < pass.results->columns; ++column) {
    const Span span = columns_of(pass, column);
    columns += span.end - span.begin;
  }
  return rows * columns * pass.planes;
}

bool floating(const UnitPass& pass) {
  return pass.arithmetic.numbers == arithmetic::Numbers::kFloat;
}

/// A window of a plane.
struct Window {
  const Word* plane = nullptr;
  std::size_t stride = 0;  ///< words from a row to the next
  Span rows;
  Span columns;

  /// Calls visit(word), row by row.
  template <class Visit>
  void for_each(Visit visit) const {
    for (std::uint32_t row = rows.begin; row < rows.end; ++row) {
      const Word* words = plane + row * stride;
      std::for_each(words + columns.begin, words + columns.end, visit);
    }
  }
  [[nodiscard]] Word first() const { return plane[rows.begin * stride + columns.begin]; }
};

Word largest(const Window& window, arithmetic::Numbers numbers) {
  Word largest = window.first();
  if (numbers == arithmetic::Numbers::kFloat) {
    window.for_each([&](Word word) { largest = arithmetic::float_larger(largest, word); });
  } else {
    window.for_each([&](Word word) { largest = std::max(largest, word); });
  }
  return largest;
}

/// Of `positions` words, those of the window and zeros.
Word average(const Window& window, std::int64_t positions, arithmetic::Numbers numbers) {
  if (numbers == arithmetic::Numbers::kFloat) {
    double sum = 0;
    window.for_each([&](Word word) { sum += double{arithmetic::float_of(word)}; });
    return arithmetic::word_of(static_cast<float>(sum / static_cast<double>(positions)));
  }
  std::int64_t sum = 0;
  window.for_each([&](Word word) { sum += word; });
  return static_cast<Word>(arithmetic::divide_to_nearest(sum, positions));
}

void pool(const UnitPass& pass, const Word* ifmap, std::vector<Word>& results) {
  const std::int64_t positions = std::int64_t{pass.window.rows} * pass.window.columns;
  const arithmetic::Numbers numbers = pass.arithmetic.numbers;
  const bool takes_average = pass.operation == UnitOperation::kAveragePooling;
  Word* result = results.data();
  for (std::uint32_t k = 0; k < pass.planes; ++k) {
    const Word* plane = ifmap + std::size_t{k} * pass.rows * pass.columns;
    for (std::uint32_t row = 0; row < pass.results->rows; ++row) {
      for (std::uint32_t column = 0; column < pass.results->columns; ++column) {
        const Window window{plane, pass.columns, rows_of(pass, row), columns_of(pass, column)};
        *result++ = takes_average ? average(window, positions, numbers) : largest(window, numbers);
      }
    }
  }
}

Word sum(Word a, Word b, const UnitArithmetic& how) {
  if (how.numbers == arithmetic::Numbers::kFloat) {
    const Word sum = arithmetic::float_sum(a, b);
    return how.relu ? arithmetic::float_relu(sum) : sum;
  }
  const std::int64_t scaled = arithmetic::shift_to_nearest(std::int64_t{a} + b, how.shift);
  return arithmetic::clamp(how.relu && scaled < 0 ? 0 : scaled, how.activation_bits);
}

void add(const UnitPass& pass, const Word* ifmap, std::vector<Word>& results) {
  const Word* second = ifmap + results.size();  // operand
  const std::size_t words = std::size_t{pass.second_planes} * pass.rows * pass.columns;
  for (std::size_t i = 0; i < results.size(); ++i) {
    results[i] = sum(ifmap[i], i < words ? second[i] : 0, pass.arithmetic);
  }
}

void normalise(const UnitPass& pass, const std::vector<Word>& words, const Word* parameters,
               std::vector<Word>& made) {
  const UnitArithmetic& how = pass.arithmetic;
  const bool softmax = pass.operation == UnitOperation::kSoftmax;
  if (floating(pass)) {
    if (softmax) {
      arithmetic::float_softmax(words.data(), words.size(), made.data());
    } else {
      arithmetic::float_layer_norm(words.data(), words.size(), parameters, made.data());
    }
  } else if (softmax) {
    arithmetic::softmax(words.data(), words.size(), how.fraction_bits, how.ofmap_fraction_bits,
                        how.activation_bits, made.data());
  } else {
    arithmetic::layer_norm(words.data(), words.size(), parameters,
                           {how.ofmap_fraction_bits, how.gain_fraction_bits, how.activation_bits},
                           made.data());
  }
}

/// Softmax or layer norm: gathers the planes of a group at a position, and scatters their results.
void across_planes(const UnitPass& pass, const Word* ifmap, const Word* parameters,
                   std::vector<Word>& results) {
  const std::size_t positions = std::size_t{pass.rows} * pass.columns;
  const bool softmax = pass.operation == UnitOperation::kSoftmax;
  const std::size_t together = softmax ? pass.planes / pass.groups : pass.planes;
  std::vector<Word> words(together);
  std::vector<Word> made(together);
  for (std::size_t first = 0; first < pass.planes; first += together) {
    for (std::size_t position = 0; position < positions; ++position) {
      for (std::size_t k = 0; k < together; ++k) {
        words[k] = ifmap[(first + k) * positions + position];
      }
      normalise(pass, words, parameters, made);
      for (std::size_t k = 0; k < together; ++k) {
        results[(first + k) * positions + position] = made[k];
      }
    }
  }
}

void make_tokens(const UnitPass& pass, const Word* ifmap, const Word* parameters,
                 std::vector<Word>& results) {
  UnitArithmetic how = pass.arithmetic;
  how.shift = 0;
  how.relu = false;
  Word* result = results.data();
  for (std::uint32_t k = 0; k < pass.planes; ++k) {
    if (pass.class_token) *result++ = *parameters++;
    for (std::uint32_t i = 0; i < pass.rows * pass.columns; ++i) {
      *result++ = sum(*ifmap++, *parameters++, how);
    }
  }
}

}  // namespace

std::uint64_t ifmap_words_taken(const UnitPass& pass) {
  const std::uint64_t tile =
      (std::uint64_t{pass.planes} + pass.second_planes) * pass.rows * pass.columns;
  switch (pass.operation) {
    case UnitOperation::kMaxPooling:
    case UnitOperation::kAveragePooling:
      return words_of_windows(pass);
    case UnitOperation::kRelu:
    case UnitOperation::kAddition:
    case UnitOperation::kGelu:
    case UnitOperation::kTokens:
    case UnitOperation::kSelect:
      return tile;
    case UnitOperation::kSoftmax:
      return 3 * tile;  // the largest word, the sum of powers, the results
    case UnitOperation::kLayerNorm:
      return 2 * tile;  // the sums, the results
  }
  return 0;
}

std::vector<Word> unit_results(const UnitPass& pass, const Word* ifmap, const Word* parameters) {
  const UnitArithmetic& how = pass.arithmetic;
  std::vector<Word> results(std::size_t{pass.planes} * pass.results->rows * pass.results->columns);
  const Word* end = ifmap + results.size();  // of operations that make a word of each word
  switch (pass.operation) {
    case UnitOperation::kMaxPooling:
    case UnitOperation::kAveragePooling:
      pool(pass, ifmap, results);
      break;
    case UnitOperation::kRelu:
      std::transform(ifmap, end, results.begin(), [&](Word x) {
        return floating(pass) ? arithmetic::float_relu(x) : std::max(x, 0);
      });
      break;
    case UnitOperation::kAddition:
      add(pass, ifmap, results);
      break;
    case UnitOperation::kGelu:
      std::transform(ifmap, end, results.begin(), [&](Word x) {
        return floating(pass) ? arithmetic::float_gelu(x)
                              : arithmetic::gelu(x, how.fraction_bits, how.activation_bits);
      });
      break;
    case UnitOperation::kSoftmax:
    case UnitOperation::kLayerNorm:
      across_planes(pass, ifmap, parameters, results);
      break;
    case UnitOperation::kTokens:
      make_tokens(pass, ifmap, parameters, results);
      break;
    case UnitOperation::kSelect:
      std::copy(ifmap, end, results.begin());
      break;
  }
  return results;
}

}  // namespace rowan::dataflow
