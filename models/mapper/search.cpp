// SPDX-License-Identifier: Apache-2.0
#include "models/mapper/search.h"

#include <algorithm>
#include <limits>
#include <tuple>

#include "models/base/error.h"

namespace rowan::mapper {
namespace {

using dataflow::row_stationary::Mapping;

unsigned blocks(unsigned total, unsigned each) {
  return static_cast<unsigned>(ceil_div(total, each));
}

/// ceil(total/k) for k = 1, 2, ..., each value once, those up to `most`: largest first.
std::vector<unsigned> block_sizes(unsigned total, unsigned most) {
  std::vector<unsigned> sizes;
  for (unsigned size = std::min(total, most); size > 0; --size) {
    size = blocks(total, blocks(total, size));
    sizes.push_back(size);
  }
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

bool comes_before(const Arrangement& a, const Arrangement& b) {
  if (!(a.least == b.least)) return a.least < b.least;
  return letters(a.mapping) < letters(b.mapping);
}

class Search {
 public:
  Search(const workloads::ConvolutionShape& shape, unsigned batch,
         const spec::AcceleratorSpec& accelerator, const analytical::FmapAssumptions& fmaps,
         const CostFunction& cost, std::size_t keep)
      : shape_(shape),
        batch_(batch),
        accelerator_(accelerator),
        fmaps_(fmaps),
        cost_(cost),
        keep_(std::max<std::size_t>(keep, 1)) {}

  [[nodiscard]] SearchResult run() {
    const Mapping least;
    const auto broken = check(least);
    if (!broken.empty()) {
      throw InputError("no mapping is legal on platform '" + accelerator_.name +
                       "': " + broken.front().message);
    }
    arrange(least);
    std::sort(arrangements_.begin(), arrangements_.end(), comes_before);
    for (const Arrangement& arrangement : arrangements_) {
      if (is_full() && result_.best.back().cost < arrangement.least) break;
      fill(arrangement.mapping);
    }
    return std::move(result_);
  }

 private:
  [[nodiscard]] std::vector<dataflow::row_stationary::Violation> check(
      const Mapping& mapping) const {
    return dataflow::row_stationary::check(mapping, shape_, batch_, accelerator_);
  }
  [[nodiscard]] bool legal(const Mapping& mapping) const { return check(mapping).empty(); }

  [[nodiscard]] bool is_full() const { return result_.best.size() == keep_; }

  /// Tries the values of a letter, from the smallest, until one is illegal.
  template <class Next>
  void each_legal(Mapping mapping, unsigned Mapping::*letter, std::vector<unsigned> sizes,
                  Next next) {
    std::sort(sizes.begin(), sizes.end());
    for (const unsigned size : sizes) {
      mapping.*letter = size;
      mapping.m = std::min(mapping.p * mapping.t, shape_.filters_per_group());
      if (!legal(mapping)) break;
      next(mapping);
    }
  }

  void arrange(Mapping mapping) {
    for (const unsigned size : block_sizes(shape_.kernel_width, shape_.kernel_width)) {
      mapping.filter_columns = size;
      if (legal(mapping)) break;
    }
    const unsigned most = std::numeric_limits<unsigned>::max();
    const unsigned rows = accelerator_.array.rows;
    const unsigned channels = shape_.channels_per_group();
    const unsigned filters = shape_.filters_per_group();
    each_legal(
        mapping, &Mapping::filter_rows, block_sizes(shape_.kernel_height, rows),
        [&](const Mapping& a) {
          each_legal(a, &Mapping::g, block_sizes(shape_.groups, most), [&](const Mapping& b) {
            each_legal(
                b, &Mapping::e, block_sizes(shape_.out_height(), most), [&](const Mapping& c) {
                  std::vector<unsigned> sets(std::min(rows, channels));
                  for (unsigned i = 0; i < sets.size(); ++i) sets[i] = i + 1;
                  each_legal(c, &Mapping::r, sets, [&](const Mapping& d) {
                    each_legal(
                        d, &Mapping::q, block_sizes(blocks(channels, d.r), most),
                        [&](const Mapping& e) {
                          each_legal(
                              e, &Mapping::p, block_sizes(filters, most), [&](const Mapping& f) {
                                each_legal(f, &Mapping::t, block_sizes(blocks(filters, f.p), most),
                                           [&](const Mapping& found) { bound(found); });
                              });
                        });
                  });
                });
          });
        });
  }

  void bound(Mapping mapping) {
    mapping.n = batch_;
    mapping.f = shape_.out_width();
    mapping.m = shape_.filters_per_group();
    arrangements_.push_back({mapping, cost_(estimate(mapping))});
  }

  [[nodiscard]] analytical::Estimate estimate(const Mapping& mapping) {
    ++result_.considered;
    return analytical::estimate(mapping, shape_, batch_, accelerator_, fmaps_);
  }

  /// Every n, f and m of an arrangement.
  void fill(Mapping mapping) {
    for (const unsigned images : block_sizes(batch_, batch_)) {
      mapping.n = images;
      for (const unsigned columns : block_sizes(shape_.out_width(), shape_.out_width())) {
        mapping.f = columns;
        mapping.m = shape_.filters_per_group();
        if (is_full() && result_.best.back().cost < cost_(estimate(mapping))) break;
        if (!take_most_filters(mapping)) continue;
        if (columns == shape_.out_width()) return;
        break;
      }
    }
  }

  /// Considers the mapping with the most filters that fit; true when all of them do.
  bool take_most_filters(Mapping mapping) {
    const unsigned filters = shape_.filters_per_group();
    const unsigned step = mapping.p * mapping.t;
    unsigned fits = 0;  // in steps
    for (unsigned too_many = blocks(filters, step) + 1; too_many - fits > 1;) {
      // All of them first: that is the usual end.
      const unsigned steps = fits == 0 && too_many == blocks(filters, step) + 1
                                 ? too_many - 1
                                 : fits + (too_many - fits) / 2;
      mapping.m = std::min(filters, steps * step);
      (legal(mapping) ? fits : too_many) = steps;
    }
    if (fits == 0) return false;
    mapping.m = std::min(filters, fits * step);
    take(mapping);
    return mapping.m == filters;
  }

  void take(const Mapping& mapping) {
    Candidate candidate{mapping, estimate(mapping), {}};
    candidate.cost = cost_(candidate.estimate);
    const auto at = std::upper_bound(result_.best.begin(), result_.best.end(), candidate, better);
    if (static_cast<std::size_t>(at - result_.best.begin()) >= keep_) return;
    result_.best.insert(at, candidate);
    if (result_.best.size() > keep_) result_.best.pop_back();
  }

  const workloads::ConvolutionShape& shape_;
  unsigned batch_;
  const spec::AcceleratorSpec& accelerator_;
  const analytical::FmapAssumptions& fmaps_;
  const CostFunction& cost_;
  std::size_t keep_;
  std::vector<Arrangement> arrangements_;
  SearchResult result_;
};

}  // namespace

SearchResult search(const workloads::ConvolutionShape& shape, unsigned batch,
                    const spec::AcceleratorSpec& accelerator,
                    const analytical::FmapAssumptions& fmaps, const CostFunction& cost,
                    std::size_t keep) {
  return Search(shape, batch, accelerator, fmaps, cost, keep).run();
}

}  // namespace rowan::mapper
