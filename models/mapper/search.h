// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/analytical/estimate.h"
#include "models/dataflow/row_stationary/mapping.h"
#include "models/mapper/objective.h"
#include "models/spec/accelerator_spec.h"
#include "workloads/layer.h"

/// Looks for the best row-stationary mapping of a layer.
///
/// The space. Only these values of a letter are tried:
///
/// - e, f, n, p, g and filter_rows: the smallest values that make a number of blocks, ceil(E/k) for
///   k = 1, 2, ... A larger value with as many blocks takes more room and balances them worse.
///   Likewise q = ceil(ceil(C/r)/k) and t = ceil(ceil(M/p)/k).
/// - r: all.
/// - m: the largest multiple of p*t that fits the GLB (or all filters). Passes stay the same with
///   fewer, and every group of m filters loads the ifmaps again.
/// - f < F and n < N only until all filters fit as m: they make room for it, but each pass gets
///   shorter, and filters are loaded more often.
/// - filter_columns: the largest ceil(S/k) that fits the scratchpads. A fold writes and reads all
///   psums once more, and what it would save in a scratchpad, a smaller q or p saves, too.
///
/// The search goes from one arrangement on the array (e, p, q, r, t, g and the folds) to the next
/// in the order of their least cost, which is the cost of the lower bound of all images, all
/// columns and all filters at once whether they fit or not, and ends at the first arrangement whose
/// least cost is above the cost of the worst mapping that it would return. Fewer columns or images
/// are taken to cost no less than that; tiles of a few words, and loads that overlap, make
/// exceptions.
namespace rowan::mapper {

/// A mapping and what it is estimated to take.
struct Candidate {
  dataflow::row_stationary::Mapping mapping;
  analytical::Estimate estimate;
  Cost cost;
};

struct SearchResult {
  /// Legal; the best first. Mappings of equal cost in the order of their letters as a mapping file
  /// has them (m first), smaller values first.
  std::vector<Candidate> best;
  std::uint64_t considered = 0;  ///< arrangements and mappings that a bound was taken of
};

/// What is searched for, and where.
struct SearchScope {
  std::size_t keep = 1;  ///< the best so many, fewer when there are fewer
  /// Only mappings whose passes have whole ofmap rows (f = F), as the chip's: no paper has columns
  /// tiled.
  bool whole_rows = false;
};

/// The best mappings. The same arguments give the same result. Throws InputError naming the limit
/// when no mapping is legal.
[[nodiscard]] SearchResult search(const workloads::ConvolutionShape& shape, unsigned batch,
                                  const spec::AcceleratorSpec& accelerator,
                                  const analytical::FmapAssumptions& fmaps,
                                  const CostFunction& cost, const SearchScope& scope = {});

}  // namespace rowan::mapper
