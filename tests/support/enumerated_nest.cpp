// SPDX-License-Identifier: Apache-2.0
#include "tests/support/enumerated_nest.h"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>

namespace rowan::support {
namespace {

using analytical::loop_nest::Data;
using analytical::loop_nest::DataCounts;
using analytical::loop_nest::Dim;
using analytical::loop_nest::kAllData;
using analytical::loop_nest::kDims;
using analytical::loop_nest::Level;
using analytical::loop_nest::Loop;
using analytical::loop_nest::Nest;
using analytical::loop_nest::NestCounts;
using analytical::loop_nest::PerDim;
using analytical::loop_nest::Problem;

using Word = std::uint64_t;
using Words = std::set<Word>;

/// The word of a data type that a MAC needs.
Word word_of(Data data, const PerDim<unsigned>& at, const Problem& problem) {
  const auto packed = [](std::initializer_list<unsigned> coordinates) {
    Word word = 0;
    for (const unsigned coordinate : coordinates) word = (word << 12U) + coordinate;
    return word;
  };
  const unsigned column = at[Dim::kP] * problem.width_stride + at[Dim::kR] * problem.width_dilation;
  const unsigned row = at[Dim::kQ] * problem.height_stride + at[Dim::kS] * problem.height_dilation;
  switch (data) {
    case Data::kWeights:
      return packed({at[Dim::kG], at[Dim::kM], at[Dim::kC], at[Dim::kR], at[Dim::kS]});
    case Data::kInputs:
      return packed({at[Dim::kN], at[Dim::kG], at[Dim::kC], row, column});
    case Data::kOutputs:
      return packed({at[Dim::kN], at[Dim::kG], at[Dim::kM], at[Dim::kP], at[Dim::kQ]});
  }
  return 0;
}

std::uint64_t product(const std::vector<Loop>& loops) {
  std::uint64_t bounds = 1;
  for (const Loop& loop : loops) bounds *= loop.bound;
  return bounds;
}

/// Takes a number apart into the digits of some loops, the last loop's fastest.
class Digits {
 public:
  Digits(std::uint64_t number, std::uint64_t range) : number_(number), range_(range) {}
  unsigned next(unsigned bound) {
    range_ /= bound;
    const auto digit = static_cast<unsigned>(number_ / range_);
    number_ %= range_;
    return digit;
  }

 private:
  std::uint64_t number_;
  std::uint64_t range_;
};

/// What every instance of a level holds at every step of the loops outside it. The MACs are the
/// level after the last.
struct Tiles {
  std::uint64_t steps = 1;
  std::uint64_t instances = 1;
  std::vector<Words> words;  ///< [step][instance]

  [[nodiscard]] const Words& at(std::uint64_t step, std::uint64_t instance) const {
    return words[step * instances + instance];
  }
};

std::vector<Tiles> tiles_of(Data data, const Nest& nest) {
  std::vector<Tiles> tiles(nest.levels.size() + 1);
  for (std::size_t level = 0; level < nest.levels.size(); ++level) {
    tiles[level + 1].steps = tiles[level].steps * product(nest.levels[level].temporal);
    tiles[level + 1].instances = tiles[level].instances * product(nest.levels[level].spatial);
  }
  for (Tiles& level : tiles) level.words.resize(level.steps * level.instances);
  const std::uint64_t cycles = tiles.back().steps;
  const std::uint64_t units = tiles.back().instances;
  for (std::uint64_t cycle = 0; cycle < cycles; ++cycle) {
    for (std::uint64_t unit = 0; unit < units; ++unit) {
      Digits time(cycle, cycles);
      Digits space(unit, units);
      PerDim<unsigned> at;
      for (const Level& level : nest.levels) {
        for (const Loop& loop : level.temporal) {
          at[loop.dim] = at[loop.dim] * loop.bound + time.next(loop.bound);
        }
        for (const Loop& loop : level.spatial) {
          at[loop.dim] = at[loop.dim] * loop.bound + space.next(loop.bound);
        }
      }
      const Word word = word_of(data, at, nest.problem);
      for (Tiles& level : tiles) {
        const std::uint64_t step = cycle / (cycles / level.steps);
        const std::uint64_t instance = unit / (units / level.instances);
        level.words[step * level.instances + instance].insert(word);
      }
    }
  }
  return tiles;
}

Words without(const Words& some, const Words& others) {
  Words left;
  std::set_difference(some.begin(), some.end(), others.begin(), others.end(),
                      std::inserter(left, left.end()));
  return left;
}

/// One parent and its children, step by step.
class Family {
 public:
  Family(const Tiles& children, bool is_storage, std::uint64_t first, std::uint64_t end)
      : children_(children), is_storage_(is_storage), first_(first), end_(end) {}

  void run(Data data) {
    fills_.assign(end_ - first_, 0);
    seen_.resize(end_ - first_);
    for (std::uint64_t step = 0; step < children_.steps; ++step) {
      data == Data::kOutputs ? bring_partial_sums(step) : bring(step);
      if (data == Data::kOutputs) take_back(step);
    }
  }

  DataCounts parent;  ///< reads, updates and reductions
  [[nodiscard]] const std::vector<std::uint64_t>& fills() const { return fills_; }

 private:
  [[nodiscard]] Words before(std::uint64_t step, std::uint64_t child) const {
    return step > 0 && is_storage_ ? children_.at(step - 1, child) : Words{};
  }
  [[nodiscard]] Words after(std::uint64_t step, std::uint64_t child) const {
    return step + 1 < children_.steps && is_storage_ ? children_.at(step + 1, child) : Words{};
  }

  void bring(std::uint64_t step) {
    Words brought;
    for (std::uint64_t child = first_; child < end_; ++child) {
      const Words fresh = without(children_.at(step, child), before(step, child));
      fills_[child - first_] += fresh.size();
      brought.insert(fresh.begin(), fresh.end());
    }
    parent.reads += brought.size();
  }

  /// What no child has given back yet begins as nothing: it is not read.
  void bring_partial_sums(std::uint64_t step) {
    Words brought;
    for (std::uint64_t child = first_; child < end_; ++child) {
      for (const Word word : without(children_.at(step, child), before(step, child))) {
        if (!seen_[child - first_].insert(word).second) ++fills_[child - first_];
        if (written_.count(word) != 0) brought.insert(word);
      }
    }
    parent.reads += brought.size();
  }

  void take_back(std::uint64_t step) {
    Words taken;
    for (std::uint64_t child = first_; child < end_; ++child) {
      const Words leaving = without(children_.at(step, child), after(step, child));
      taken.insert(leaving.begin(), leaving.end());
    }
    parent.updates += taken.size();
    for (const Word word : taken) {
      if (!written_.insert(word).second) ++parent.temporal_reductions;
    }
  }

  const Tiles& children_;
  bool is_storage_;
  std::uint64_t first_;
  std::uint64_t end_;
  std::vector<std::uint64_t> fills_;
  std::vector<Words> seen_;  ///< by child: all that it ever held
  Words written_;            ///< by the children, to the parent
};

void require(bool holds) {
  if (!holds) throw std::logic_error("instances of a level count differently");
}

void enumerate_data(Data data, const Nest& nest, NestCounts& counts) {
  const std::vector<Tiles> tiles = tiles_of(data, nest);
  const std::size_t macs = nest.levels.size();
  std::uint64_t fills = 0;
  for (std::size_t level = 0; level < macs;) {
    std::size_t child = level + 1;
    while (child < macs && !nest.levels[child].holds(data)) ++child;
    const std::uint64_t parents = tiles[level].instances;
    const std::uint64_t each = tiles[child].instances / parents;
    DataCounts level_counts;
    std::uint64_t child_fills = 0;
    for (std::uint64_t parent = 0; parent < parents; ++parent) {
      Family family(tiles[child], child < macs, parent * each, (parent + 1) * each);
      family.run(data);
      if (parent == 0) {
        level_counts = family.parent;
        child_fills = family.fills().front();
      }
      require(family.parent.reads == level_counts.reads &&
              family.parent.updates == level_counts.updates &&
              family.parent.temporal_reductions == level_counts.temporal_reductions);
      for (const std::uint64_t each_fills : family.fills()) require(each_fills == child_fills);
    }
    level_counts.data = data;
    level_counts.fills = fills;
    level_counts.tile = tiles[level].words.front().size();
    for (const Words& words : tiles[level].words) require(words.size() == level_counts.tile);
    counts.levels[level].data.push_back(level_counts);
    counts.cycles = Cycles(tiles.back().steps);
    counts.units = tiles.back().instances;
    fills = child_fills;
    level = child;
  }
}

}  // namespace

NestCounts enumerate(const Nest& nest) {
  NestCounts counts;
  for (const Level& level : nest.levels) counts.levels.push_back({level.name, 1, {}});
  for (const Data data : kAllData) enumerate_data(data, nest, counts);
  counts.macs = counts.units * counts.cycles.value();
  std::uint64_t instances = 1;
  for (std::size_t level = 0; level < nest.levels.size(); ++level) {
    counts.levels[level].instances = instances;
    instances *= product(nest.levels[level].spatial);
  }
  return counts;
}

Nest random_nest(Random& random) {
  const auto between = [&random](unsigned lo, unsigned hi) {
    return static_cast<unsigned>(random.between(lo, hi));
  };
  Nest nest;
  nest.problem.width_stride = between(1, 4);
  nest.problem.height_stride = between(1, 3);
  nest.problem.width_dilation = between(1, 3);
  nest.problem.height_dilation = between(1, 2);
  nest.levels.resize(between(1, 4));
  for (std::size_t i = 0; i < nest.levels.size(); ++i) {
    nest.levels[i].name = "level " + std::to_string(i);
    for (bool& keeps : nest.levels[i].keeps) keeps = i == 0 || between(1, 3) > 1;
  }
  // Sliding windows are what is hard: half of the nests have hardly anything else.
  const bool windows = between(0, 1) == 1;
  unsigned macs = 1;
  for (unsigned loops = between(1, 10); loops > 0; --loops) {
    const Loop loop{static_cast<Dim>(windows && between(0, 3) > 0 ? between(4, kDims - 1)
                                                                  : between(0, kDims - 1)),
                    between(1, 4)};
    if (macs * loop.bound > 1'500) break;
    macs *= loop.bound;
    nest.problem.size[loop.dim] *= loop.bound;
    Level& level = nest.levels[between(0, static_cast<unsigned>(nest.levels.size()) - 1)];
    (between(0, 2) == 0 ? level.spatial : level.temporal).push_back(loop);
  }
  return nest;
}

}  // namespace rowan::support
