// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "models/spec/accelerator_spec.h"
#include "workloads/layer.h"

namespace rowan::dataflow::row_stationary {

/// How a layer is laid over the array and cut into passes. Letters of the Eyeriss papers (JSSC
/// 2017, Table III) but for f, g and the folds. Every extent may exceed what the layer has; the
/// remainder then is all there is.
struct Mapping {
  unsigned m = 1;               ///< filters whose psums the GLB holds
  unsigned n = 1;               ///< images of a pass
  unsigned e = 1;               ///< ofmap rows of a strip, the width of a PE set
  unsigned f = 1;               ///< ofmap columns of a pass
  unsigned p = 1;               ///< filters interleaved in a PE
  unsigned q = 1;               ///< channels interleaved in a PE
  unsigned r = 1;               ///< PE sets on different channels, stacked to one chain
  unsigned t = 1;               ///< PE sets on different filters
  unsigned g = 1;               ///< PE sets on different groups
  unsigned filter_rows = 1;     ///< filter rows of a pass: R unless folded
  unsigned filter_columns = 1;  ///< filter columns of a pass: S unless folded
};

/// The mapping with every letter cut to what the layer and the batch have.
[[nodiscard]] Mapping clip(const Mapping& mapping, const workloads::ConvolutionShape& shape,
                           unsigned batch);

/// A broken rule of legality.
struct Violation {
  std::string rule;     ///< such as "filter_spad"
  std::string message;  ///< the rule and both numbers
};

/// Every rule that the mapping breaks; empty when it is legal. `batch` images.
[[nodiscard]] std::vector<Violation> check(const Mapping& mapping,
                                           const workloads::ConvolutionShape& shape, unsigned batch,
                                           const spec::AcceleratorSpec& accelerator);
/// Whether check() finds nothing, told faster.
[[nodiscard]] bool is_legal(const Mapping& mapping, const workloads::ConvolutionShape& shape,
                            unsigned batch, const spec::AcceleratorSpec& accelerator);

}  // namespace rowan::dataflow::row_stationary
