// SPDX-License-Identifier: Apache-2.0
//
// Why this is exact. A tile is a product over the axes of its data type: a position along each
// (image, channel, input row, ...). When a temporal loop steps and those inside it start again, all
// tiles of a level move by the same distance along each axis, wherever the other loops are; so
// there are as many different steps as loops, and each is counted once. A child needs the words of
// its new tile that are not in its old one. Children stand in a grid, apart by fixed distances
// along each axis, and a child's choice along one axis does not bind the others; so a word of the
// new tiles is needed by none exactly when, along every axis, every child that has its position now
// had it before. With u positions of the children's tiles along an axis, and k of them of that
// kind, the children need (product of u) - (product of k) words.
#include "models/analytical/loop_nest/count.h"

#include <algorithm>
#include <cstdlib>

#include "models/analytical/loop_nest/positions.h"
#include "models/base/error.h"

namespace rowan::analytical::loop_nest {
namespace {

/// A loop of the nest, in its place.
struct PlacedLoop {
  Dim dim;
  std::uint64_t bound;
  bool spatial;
  std::size_t level;
  std::uint64_t step;  ///< of the dimension's index
};

/// The loops that do something, outermost first.
std::vector<PlacedLoop> place(const std::vector<Level>& levels) {
  std::vector<PlacedLoop> loops;
  const auto add = [&loops](const std::vector<Loop>& some, bool spatial, std::size_t level) {
    for (const Loop& loop : some) {
      if (loop.bound > 1) loops.push_back({loop.dim, loop.bound, spatial, level, 1});
    }
  };
  for (std::size_t i = 0; i < levels.size(); ++i) {
    add(levels[i].temporal, false, i);
    add(levels[i].spatial, true, i);
  }
  PerDim<std::uint64_t> inside{{1, 1, 1, 1, 1, 1, 1, 1}};
  for (auto loop = loops.rbegin(); loop != loops.rend(); ++loop) {
    loop->step = inside[loop->dim];
    inside[loop->dim] *= loop->bound;
  }
  return loops;
}

/// How a dimension moves along an axis.
struct Term {
  Dim dim;
  std::uint64_t stride;
};
using Axis = std::vector<Term>;

std::vector<Axis> axes_of(Data data, const Problem& problem) {
  const auto plain = [](Dim dim) { return Axis{{dim, 1}}; };
  switch (data) {
    case Data::kWeights:
      return {plain(Dim::kG), plain(Dim::kM), plain(Dim::kC), plain(Dim::kR), plain(Dim::kS)};
    case Data::kInputs:
      return {plain(Dim::kN), plain(Dim::kG), plain(Dim::kC),
              Axis{{Dim::kP, problem.width_stride}, {Dim::kR, problem.width_dilation}},
              Axis{{Dim::kQ, problem.height_stride}, {Dim::kS, problem.height_dilation}}};
    case Data::kOutputs:
      return {plain(Dim::kN), plain(Dim::kG), plain(Dim::kM), plain(Dim::kP), plain(Dim::kQ)};
  }
  return {};
}

/// Copies of a set, so many and so far apart.
struct Spread {
  std::uint64_t count;
  std::uint64_t step;
};

void spread_all(Positions& positions, std::vector<Spread> spreads) {
  // The near ones first: runs that touch become one.
  std::sort(spreads.begin(), spreads.end(),
            [](const Spread& a, const Spread& b) { return a.step < b.step; });
  for (const Spread& spread : spreads) positions.spread(spread.count, spread.step);
}

/// What a level's instance, or a MAC, and its siblings hold along one axis.
class AxisTiles {
 public:
  /// The children of an instance of level `parent` are the instances of level `child`, or the MACs
  /// when there is no such level.
  AxisTiles(const Axis& axis, const std::vector<PlacedLoop>& loops, std::size_t parent,
            std::size_t child)
      : moves_(loops.size(), 0) {
    std::vector<Spread> inside;
    for (std::size_t i = 0; i < loops.size(); ++i) {
      const PlacedLoop& loop = loops[i];
      for (const Term& term : axis) {
        if (term.dim != loop.dim) continue;
        const std::uint64_t step = loop.step * term.stride;
        if (loop.level >= child) {
          inside.push_back({loop.bound, step});
        } else if (!loop.spatial) {
          moves_[i] = static_cast<std::int64_t>(step);
        } else if (loop.level >= parent) {
          siblings_.push_back({loop.bound, step});
        }
      }
    }
    spread_all(tile_, std::move(inside));
    Positions together = tile_;
    spread_all(together, siblings_);
    one_size_ = tile_.size();
    all_size_ = together.size();
  }

  /// Positions of a tile, and of the children's tiles together.
  [[nodiscard]] std::uint64_t one() const { return one_size_; }
  [[nodiscard]] std::uint64_t all() const { return all_size_; }
  /// By how much the tile moves when a temporal loop steps.
  [[nodiscard]] std::int64_t move(std::size_t loop) const { return moves_[loop]; }

  struct Kept {
    std::uint64_t one;  ///< positions that a tile had before
    std::uint64_t all;  ///< positions that every child with them had before
  };
  [[nodiscard]] Kept kept(std::int64_t moved) const {
    if (moved == 0) return {one_size_, all_size_};
    if (static_cast<std::uint64_t>(std::abs(moved)) >= tile_.span()) return {0, 0};
    Positions fresh = tile_.without_shifted(-moved);
    const std::uint64_t one = one_size_ - fresh.size();
    spread_all(fresh, siblings_);
    return {one, all_size_ - fresh.size()};
  }

 private:
  std::vector<std::int64_t> moves_;
  std::vector<Spread> siblings_;
  Positions tile_;
  std::uint64_t one_size_ = 1;
  std::uint64_t all_size_ = 1;
};

/// Words that enter, over the whole nest.
struct Entering {
  std::uint64_t one = 0;  ///< the tile of a child
  std::uint64_t all = 0;  ///< the tiles of the children of one parent, each word once a step
};

class Link {
 public:
  Link(const std::vector<Axis>& axes, const std::vector<PlacedLoop>& loops, std::size_t parent,
       std::size_t child)
      : loops_(loops), child_(child) {
    for (const Axis& axis : axes) tiles_.emplace_back(axis, loops, parent, child);
  }

  /// When children keep their tiles from step to step.
  [[nodiscard]] Entering kept() const {
    const Entering whole = first();
    Entering sum = whole;
    std::uint64_t outside = 1;  // steps of the loops outside one
    for (std::size_t i = 0; i < loops_.size() && loops_[i].level < child_; ++i) {
      if (loops_[i].spatial) continue;
      const Entering stay = staying(i);
      const std::uint64_t steps = outside * (loops_[i].bound - 1);
      sum.one += steps * (whole.one - stay.one);
      sum.all += steps * (whole.all - stay.all);
      outside *= loops_[i].bound;
    }
    return sum;
  }

  /// When they keep nothing.
  [[nodiscard]] Entering anew() const {
    Entering sum = first();
    for (const PlacedLoop& loop : loops_) {
      if (loop.level >= child_ || loop.spatial) continue;
      sum.one *= loop.bound;
      sum.all *= loop.bound;
    }
    return sum;
  }

 private:
  [[nodiscard]] Entering first() const {
    Entering words{1, 1};
    for (const AxisTiles& axis : tiles_) {
      words.one *= axis.one();
      words.all *= axis.all();
    }
    return words;
  }

  /// Words that do not enter when a loop steps and those inside it start again.
  [[nodiscard]] Entering staying(std::size_t stepping) const {
    Entering words{1, 1};
    for (const AxisTiles& axis : tiles_) {
      std::int64_t moved = axis.move(stepping);
      for (std::size_t i = stepping + 1; i < loops_.size() && loops_[i].level < child_; ++i) {
        moved -= axis.move(i) * static_cast<std::int64_t>(loops_[i].bound - 1);
      }
      const AxisTiles::Kept kept = axis.kept(moved);
      words.one *= kept.one;
      words.all *= kept.all;
      if (words.all == 0 && words.one == 0) break;
    }
    return words;
  }

  const std::vector<PlacedLoop>& loops_;
  std::size_t child_;
  std::vector<AxisTiles> tiles_;
};

/// Different outputs that an instance of a level ever holds.
std::uint64_t outputs_of_instance(const std::vector<PlacedLoop>& loops, std::size_t level) {
  std::uint64_t outputs = 1;
  for (const PlacedLoop& loop : loops) {
    const bool reduced = loop.dim == Dim::kC || loop.dim == Dim::kR || loop.dim == Dim::kS;
    if (!reduced && !(loop.spatial && loop.level < level)) outputs *= loop.bound;
  }
  return outputs;
}

/// Counts of a data type at the levels that keep it.
void count_data(Data data, const Nest& nest, const std::vector<PlacedLoop>& loops,
                std::vector<LevelCounts>& levels) {
  const std::vector<Axis> axes = axes_of(data, nest.problem);
  const std::size_t macs = nest.levels.size();
  std::uint64_t filled = 0;
  for (std::size_t level = 0; level < macs;) {
    std::size_t child = level + 1;
    while (child < macs && !nest.levels[child].holds(data)) ++child;
    const Link link(axes, loops, level, child);
    const Entering inwards = child < macs ? link.kept() : link.anew();
    DataCounts counts;
    counts.data = data;
    counts.tile = 1;
    for (const Axis& axis : axes) counts.tile *= AxisTiles(axis, loops, level, level).one();
    counts.reads = inwards.all;
    counts.fills = filled;
    if (data == Data::kOutputs) {
      // All that enters leaves again, for good or to come back: the first time it comes as nothing.
      const std::uint64_t different = outputs_of_instance(loops, level);
      counts.updates = inwards.all;
      counts.reads -= different;
      counts.temporal_reductions = counts.reads;
      if (level > 0) counts.fills -= different;
    }
    levels[level].data.push_back(counts);
    filled = inwards.one;
    level = child;
  }
}

}  // namespace

NestCounts count(const Nest& nest) {
  if (const auto fault = find_fault(nest)) {
    throw InputError("loop nest: " + fault->key + ": " + fault->message);
  }
  const std::vector<PlacedLoop> loops = place(nest.levels);
  NestCounts counts;
  std::uint64_t cycles = 1;
  for (const PlacedLoop& loop : loops) (loop.spatial ? counts.units : cycles) *= loop.bound;
  counts.cycles = Cycles(cycles);
  counts.macs = cycles * counts.units;
  std::uint64_t instances = 1;
  for (const Level& level : nest.levels) {
    counts.levels.push_back({level.name, instances, {}});
    for (const Loop& loop : level.spatial) instances *= loop.bound;
  }
  for (const Data data : kAllData) count_data(data, nest, loops, counts.levels);
  return counts;
}

std::vector<std::array<std::string, kCountsHead.size()>> rows(const NestCounts& counts) {
  std::vector<std::array<std::string, kCountsHead.size()>> table;
  for (const LevelCounts& level : counts.levels) {
    for (const DataCounts& data : level.data) {
      table.push_back({level.name, name_of(data.data), std::to_string(data.tile),
                       std::to_string(data.reads), std::to_string(data.fills),
                       std::to_string(data.updates), std::to_string(data.temporal_reductions),
                       std::to_string(level.instances)});
    }
  }
  return table;
}

}  // namespace rowan::analytical::loop_nest
