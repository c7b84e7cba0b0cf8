// SPDX-License-Identifier: Apache-2.0
#include "tests/support/clocked_unit.h"

#include <algorithm>

#include "tests/support/unit_functions.h"

namespace rowan::support {
namespace {

using arithmetic::Word;
using dataflow::UnitOperation;
using dataflow::UnitPass;

/// Calls `visit` with the word of the tile for each position of a window that lies in it.
template <class Visit>
void for_each_of_window(const UnitPass& pass, std::size_t plane, std::uint32_t row,
                        std::uint32_t column, Visit visit) {
  for (std::uint32_t r = 0; r < pass.window.rows; ++r) {
    const std::int64_t y = pass.window.first_row + std::int64_t{row} * pass.window.stride + r;
    if (y < 0 || y >= pass.rows) continue;
    for (std::uint32_t s = 0; s < pass.window.columns; ++s) {
      const std::int64_t x =
          pass.window.first_column + std::int64_t{column} * pass.window.stride + s;
      if (x < 0 || x >= pass.columns) continue;
      visit((plane * pass.rows + static_cast<std::size_t>(y)) * pass.columns +
            static_cast<std::size_t>(x));
    }
  }
}

/// Words of a window in the tile.
std::size_t window_words(const UnitPass& pass, std::uint32_t row, std::uint32_t column) {
  std::size_t words = 0;
  for_each_of_window(pass, 0, row, column, [&](std::size_t) { ++words; });
  return words;
}

std::vector<std::size_t> order_of(const UnitPass& pass) {
  const std::size_t positions = std::size_t{pass.rows} * pass.columns;
  std::vector<std::size_t> order;
  const auto across = [&](std::size_t first, std::size_t planes, std::size_t position,
                          unsigned times) {
    for (unsigned time = 0; time < times; ++time) {
      for (std::size_t k = first; k < first + planes; ++k)
        order.push_back(k * positions + position);
    }
  };
  switch (pass.operation) {
    case UnitOperation::kMaxPooling:
    case UnitOperation::kAveragePooling:
      for (std::size_t k = 0; k < pass.planes; ++k) {
        for (std::uint32_t row = 0; row < pass.results->rows; ++row) {
          for (std::uint32_t column = 0; column < pass.results->columns; ++column) {
            for_each_of_window(pass, k, row, column,
                               [&](std::size_t word) { order.push_back(word); });
          }
        }
      }
      break;
    case UnitOperation::kRelu:
    case UnitOperation::kGelu:
    case UnitOperation::kTokens:
    case UnitOperation::kSelect:
      for (std::size_t word = 0; word < pass.planes * positions; ++word) order.push_back(word);
      break;
    case UnitOperation::kAddition:
      for (std::size_t word = 0; word < pass.planes * positions; ++word) {
        order.push_back(word);
        if (word < pass.second_planes * positions) order.push_back(pass.planes * positions + word);
      }
      break;
    case UnitOperation::kSoftmax: {
      const std::size_t each = pass.planes / pass.groups;
      for (std::size_t group = 0; group < pass.groups; ++group) {
        for (std::size_t position = 0; position < positions; ++position) {
          across(group * each, each, position, 3);
        }
      }
      break;
    }
    case UnitOperation::kLayerNorm:
      for (std::size_t position = 0; position < positions; ++position) {
        across(0, pass.planes, position, 2);
      }
      break;
  }
  return order;
}

/// Makes results of the words that were taken.
class Maker {
 public:
  Maker(const UnitPass& pass, const std::vector<Word>& taken, const std::vector<Word>& parameters)
      : pass_(pass), taken_(taken), parameters_(parameters) {}

  /// [planes][rows][columns]
  [[nodiscard]] std::vector<Word> make() {
    const std::size_t words =
        std::size_t{pass_.planes} * pass_.results->rows * pass_.results->columns;
    const std::size_t positions = std::size_t{pass_.rows} * pass_.columns;
    if (pass_.operation == UnitOperation::kSoftmax) {
      return make_across(pass_.planes / pass_.groups, positions, 3);
    }
    if (pass_.operation == UnitOperation::kLayerNorm) {
      return make_across(pass_.planes, positions, 2);
    }
    std::vector<Word> results;
    while (results.size() < words) results.push_back(make_one(results.size()));
    return results;
  }

 private:
  [[nodiscard]] Word next() { return taken_.at(next_++); }

  [[nodiscard]] Word make_one(std::size_t index) {
    const std::size_t plane_words = std::size_t{pass_.results->rows} * pass_.results->columns;
    switch (pass_.operation) {
      case UnitOperation::kMaxPooling:
      case UnitOperation::kAveragePooling:
        return pool(index % plane_words);
      case UnitOperation::kRelu:
        return std::max(next(), 0);
      case UnitOperation::kAddition:
        return add(index / plane_words < pass_.second_planes);
      case UnitOperation::kGelu:
        return reference_gelu(next(), pass_.arithmetic.fraction_bits);
      case UnitOperation::kTokens: {
        const Word embedding = parameters_.at(index);
        if (pass_.class_token && index % plane_words == 0) return embedding;
        return reference_clamp(std::int64_t{next()} + embedding);
      }
      case UnitOperation::kSelect:
      case UnitOperation::kSoftmax:
      case UnitOperation::kLayerNorm:
        break;
    }
    return next();
  }

  [[nodiscard]] Word pool(std::size_t window) {
    const auto columns = static_cast<std::size_t>(pass_.results->columns);
    const std::size_t words = window_words(pass_, static_cast<std::uint32_t>(window / columns),
                                           static_cast<std::uint32_t>(window % columns));
    Word largest = next();
    std::int64_t sum = largest;
    for (std::size_t i = 1; i < words; ++i) {
      const Word word = next();
      largest = std::max(largest, word);
      sum += word;
    }
    if (pass_.operation == UnitOperation::kMaxPooling) return largest;
    return static_cast<Word>(
        reference_quotient(sum, std::int64_t{pass_.window.rows} * pass_.window.columns));
  }

  [[nodiscard]] Word add(bool has_second) {
    std::int64_t sum = next();
    if (has_second) sum += next();
    const unsigned shift = pass_.arithmetic.shift;
    if (shift > 0) sum = (sum + (std::int64_t{1} << (shift - 1))) >> shift;
    if (pass_.arithmetic.relu && sum < 0) sum = 0;
    return reference_clamp(sum);
  }

  [[nodiscard]] std::vector<Word> make_across(std::size_t planes, std::size_t positions,
                                              std::size_t times) {
    const dataflow::UnitArithmetic& how = pass_.arithmetic;
    std::vector<Word> results(pass_.planes * positions);
    for (std::size_t first = 0; first < pass_.planes; first += planes) {
      for (std::size_t position = 0; position < positions; ++position) {
        std::vector<Word> words;
        for (std::size_t i = 0; i < planes * times; ++i) words.push_back(next());
        words.resize(planes);  // the others are the same again
        const std::vector<Word> made =
            pass_.operation == UnitOperation::kSoftmax
                ? reference_softmax(words, how.fraction_bits, how.ofmap_fraction_bits)
                : reference_layer_norm(words, parameters_, how.ofmap_fraction_bits,
                                       how.gain_fraction_bits);
        for (std::size_t k = 0; k < planes; ++k) {
          results[(first + k) * positions + position] = made[k];
        }
      }
    }
    return results;
  }

  const UnitPass& pass_;
  const std::vector<Word>& taken_;
  const std::vector<Word>& parameters_;
  std::size_t next_ = 0;
};

}  // namespace

void ClockedUnit::evaluate(std::uint64_t now, ActivityCounts& counts) {
  if (pass_ == controller_.pass_count() || !controller_.shape(pass_).unit) return;
  if (!controller_.released(pass_, now)) return;
  if (!under_way_) begin(counts);
  take_cycle(counts);
  if (taken_.size() == order_.size() && parameters_taken_ == parameters_.size()) end(now, counts);
}

void ClockedUnit::begin(ActivityCounts& counts) {
  under_way_ = true;
  parameters_.clear();
  for (std::uint32_t i = 0; i < controller_.shape(pass_).filter_words; ++i) {
    parameters_.push_back(buffer_.ring.take());
  }
  counts.add(Counter::kGlbFilterRead, parameters_.size());
  parameters_taken_ = 0;
  order_ = order_of(*controller_.shape(pass_).unit);
  taken_.clear();
}

void ClockedUnit::take_cycle(ActivityCounts& counts) {
  const std::vector<Word>& tile = buffer_.ifmap_tiles.at(controller_.pass(pass_).ifmap_tile);
  for (std::uint64_t lane = 0; lane < lanes_; ++lane) {
    if (parameters_taken_ < parameters_.size()) {
      ++parameters_taken_;
    } else if (taken_.size() < order_.size()) {
      taken_.push_back(tile.at(order_[taken_.size()]));
      counts.add(Counter::kGlbIfmapRead, 1);
    } else {
      break;
    }
    counts.add(Counter::kPostProcessingOperation, 1);
  }
}

// The results of the last words are there one cycle after they were taken; nobody reads the psum
// tile before.
void ClockedUnit::end(std::uint64_t now, ActivityCounts& counts) {
  const UnitPass& unit = *controller_.shape(pass_).unit;
  const std::vector<Word> results = Maker(unit, taken_, parameters_).make();
  std::size_t next = 0;
  for (const dataflow::PlaneLayout& plane : unit.results->planes) {
    for (std::uint32_t row = 0; row < unit.results->rows; ++row) {
      for (std::uint32_t column = 0; column < unit.results->columns; ++column) {
        const std::uint64_t psum_row = controller_.pass(pass_).psum_row + plane.first_row[row] +
                                       std::uint64_t{column} * plane.column_stride;
        buffer_.psum(controller_.pass(pass_).psum_tile, psum_row, plane.lane) = results.at(next++);
      }
    }
  }
  counts.add(Counter::kGlbPsumWrite, results.size());
  controller_.set_drained(pass_, now + 1);
  ++pass_;
  under_way_ = false;
}

}  // namespace rowan::support
