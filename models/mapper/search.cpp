// SPDX-License-Identifier: Apache-2.0
#include "models/mapper/search.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <tuple>
#include <unordered_map>

#include "models/analytical/layer_time.h"
#include "models/analytical/lower_bound.h"
#include "models/base/error.h"
#include "models/dataflow/row_stationary/buffers.h"

namespace rowan::mapper {
namespace {

using dataflow::row_stationary::Mapping;

unsigned blocks(unsigned total, unsigned each) {
  return static_cast<unsigned>(ceil_div(total, each));
}

/// ceil(total/k) for k = 1, 2, ..., each value once, smallest first.
std::vector<unsigned> block_sizes(unsigned total) {
  std::vector<unsigned> sizes;
  for (unsigned size = total; size > 0; --size) {
    size = blocks(total, blocks(total, size));
    sizes.push_back(size);
  }
  std::reverse(sizes.begin(), sizes.end());
  return sizes;
}

auto letters(const Mapping& mapping) {
  return std::make_tuple(mapping.m, mapping.n, mapping.e, mapping.f, mapping.p, mapping.q,
                         mapping.r, mapping.t, mapping.g, mapping.filter_rows,
                         mapping.filter_columns);
}

bool better(const Candidate& a, const Candidate& b) {
  if (!(a.cost == b.cost)) return a.cost < b.cost;
  return letters(a.mapping) < letters(b.mapping);
}

/// How a layer lies on the array, and the least that it can cost.
struct Arrangement {
  Mapping mapping;  ///< all images, columns and filters, whether they fit or not
  Cost least;
};

bool comes_later(const Arrangement& a, const Arrangement& b) {
  if (!(a.least == b.least)) return b.least < a.least;
  return letters(b.mapping) < letters(a.mapping);
}

class Search {
 public:
  Search(const workloads::ConvolutionShape& shape, unsigned batch,
         const spec::AcceleratorSpec& accelerator, const analytical::FmapAssumptions& fmaps,
         const CostFunction& cost, const SearchScope& scope)
      : shape_(shape),
        batch_(batch),
        accelerator_(accelerator),
        fmaps_(fmaps),
        cost_(cost),
        keep_(std::max<std::size_t>(scope.keep, 1)),
        columns_(scope.whole_rows ? std::vector<unsigned>{shape.out_width()}
                                  : block_sizes(shape.out_width())),
        lower_bound_(shape, batch, accelerator, fmaps) {}

  [[nodiscard]] SearchResult run() {
    const Mapping least;
    const auto broken = check(least);
    if (!broken.empty()) {
      throw InputError("no mapping is legal on platform '" + accelerator_.name +
                       "': " + broken.front().message);
    }
    arrange(least);
    // A heap: most of the arrangements are never taken.
    std::make_heap(arrangements_.begin(), arrangements_.end(), comes_later);
    while (!arrangements_.empty()) {
      std::pop_heap(arrangements_.begin(), arrangements_.end(), comes_later);
      const Arrangement arrangement = arrangements_.back();
      arrangements_.pop_back();
      if (is_worse(arrangement.least)) break;
      fill(arrangement.mapping);
    }
    if (result_.best.empty()) {
      throw InputError("no mapping with whole ofmap rows is legal on platform '" +
                       accelerator_.name + "'");
    }
    return std::move(result_);
  }

 private:
  [[nodiscard]] std::vector<dataflow::row_stationary::Violation> check(
      const Mapping& mapping) const {
    return dataflow::row_stationary::check(mapping, shape_, batch_, accelerator_);
  }
  [[nodiscard]] bool legal(const Mapping& mapping) const {
    return is_legal(mapping, shape_, batch_, accelerator_);
  }

  /// Whether mappings of this cost, or more, cannot be among those kept.
  [[nodiscard]] bool is_worse(const Cost& least) const {
    return result_.best.size() == keep_ && result_.best.back().cost < least;
  }

  [[nodiscard]] const std::vector<unsigned>& sizes_of(unsigned total) {
    std::vector<unsigned>& sizes = sizes_[total];
    if (sizes.empty()) sizes = block_sizes(total);
    return sizes;
  }

  /// Tries the values of a letter, from the smallest, until one is illegal.
  template <class Next>
  void each_legal(Mapping mapping, unsigned Mapping::*letter, const std::vector<unsigned>& sizes,
                  Next next) {
    for (const unsigned size : sizes) {
      mapping.*letter = size;
      mapping.m = std::min(mapping.p * mapping.t, shape_.filters_per_group());
      if (!legal(mapping)) break;
      next(mapping);
    }
  }

  void arrange(Mapping mapping) {
    const std::vector<unsigned>& widths = sizes_of(shape_.kernel_width);
    for (auto size = widths.rbegin(); size != widths.rend(); ++size) {
      mapping.filter_columns = *size;
      if (legal(mapping)) break;
    }
    each_legal(mapping, &Mapping::filter_rows, sizes_of(shape_.kernel_height),
               [&](const Mapping& rows) {
                 each_legal(rows, &Mapping::g, sizes_of(shape_.groups), [&](const Mapping& groups) {
                   each_legal(groups, &Mapping::e, sizes_of(shape_.out_height()),
                              [&](const Mapping& strip) { arrange_channels(strip); });
                 });
               });
  }

  void arrange_channels(const Mapping& strip) {
    const unsigned channels = shape_.channels_per_group();
    const unsigned filters = shape_.filters_per_group();
    std::vector<unsigned> sets(std::min(accelerator_.array.rows, channels));
    std::iota(sets.begin(), sets.end(), 1);
    each_legal(strip, &Mapping::r, sets, [&](const Mapping& chain) {
      each_legal(chain, &Mapping::q, sizes_of(blocks(channels, chain.r)), [&](const Mapping& set) {
        // With fewer sets it is the same mapping.
        if (set.r > blocks(channels, set.q)) return;
        each_legal(set, &Mapping::p, sizes_of(filters), [&](const Mapping& pe) {
          each_legal(pe, &Mapping::t, sizes_of(blocks(filters, pe.p)),
                     [&](const Mapping& found) { add(found); });
        });
      });
    });
  }

  void add(Mapping mapping) {
    mapping.n = batch_;
    mapping.f = shape_.out_width();
    mapping.m = shape_.filters_per_group();
    Cost least = least_cost(mapping);
    if (few_passes(mapping)) least = least_of_tiles(mapping, least);
    if (is_worse(least)) return;
    // The most promising so far: what comes of it tells early what need not be kept.
    if (!lowest_ || least < *lowest_) {
      lowest_ = least;
      fill(mapping);
    } else {
      arrangements_.push_back({mapping, least});
    }
  }

  [[nodiscard]] Cost least_cost(const Mapping& mapping) {
    ++result_.considered;
    return cost_(lower_bound_(mapping));
  }

  /// Every n, f and m of an arrangement.
  void fill(Mapping mapping) {
    const std::vector<unsigned>& images = sizes_of(batch_);
    for (auto n = images.rbegin(); n != images.rend(); ++n) {
      mapping.n = *n;
      for (auto f = columns_.rbegin(); f != columns_.rend(); ++f) {
        mapping.f = *f;
        mapping.m = shape_.filters_per_group();
        if (is_worse(least_cost(mapping))) {
          if (few_passes(mapping)) continue;
          break;
        }
        mapping.m = most_filters(mapping, shape_, accelerator_);
        if (mapping.m == 0) continue;
        const bool all = mapping.m == shape_.filters_per_group();
        if (all || !is_worse(least_cost(mapping))) take(mapping);
        // Few passes are timed step by step: smaller tiles may then be better.
        if (!all || few_passes(mapping)) continue;
        if (f == columns_.rbegin()) return;
        break;
      }
    }
  }

  /// The least bound of an arrangement's smaller tiles, too.
  [[nodiscard]] Cost least_of_tiles(Mapping mapping, Cost least) {
    for (const unsigned n : sizes_of(batch_)) {
      mapping.n = n;
      for (const unsigned f : columns_) {
        mapping.f = f;
        if (!few_passes(mapping)) continue;
        const Cost bound = cost_(lower_bound_(mapping));
        if (bound < least) least = bound;
      }
    }
    return least;
  }

  [[nodiscard]] bool few_passes(const Mapping& mapping) const {
    return analytical::count_passes(mapping, shape_, batch_) <= analytical::kFewPasses;
  }

  void take(const Mapping& mapping) {
    Candidate candidate{
        mapping, analytical::estimate(mapping, shape_, batch_, accelerator_, fmaps_), {}};
    candidate.cost = cost_(candidate.estimate);
    const auto at = std::upper_bound(result_.best.begin(), result_.best.end(), candidate, better);
    if (static_cast<std::size_t>(at - result_.best.begin()) >= keep_) return;
    if (!legal(mapping)) return;
    result_.best.insert(at, candidate);
    if (result_.best.size() > keep_) result_.best.pop_back();
  }

  const workloads::ConvolutionShape& shape_;
  unsigned batch_;
  const spec::AcceleratorSpec& accelerator_;
  const analytical::FmapAssumptions& fmaps_;
  const CostFunction& cost_;
  std::size_t keep_;
  std::vector<unsigned> columns_;  ///< values of f
  analytical::LowerBound lower_bound_;
  std::unordered_map<unsigned, std::vector<unsigned>> sizes_;  ///< block_sizes() of a total
  std::vector<Arrangement> arrangements_;                      ///< found, but not filled yet
  std::optional<Cost> lowest_;                                 ///< of all bounds so far
  SearchResult result_;
};

}  // namespace

SearchResult search(const workloads::ConvolutionShape& shape, unsigned batch,
                    const spec::AcceleratorSpec& accelerator,
                    const analytical::FmapAssumptions& fmaps, const CostFunction& cost,
                    const SearchScope& scope) {
  return Search(shape, batch, accelerator, fmaps, cost, scope).run();
}

}  // namespace rowan::mapper
