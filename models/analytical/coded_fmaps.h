// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "models/analytical/tile_traffic.h"
#include "models/arithmetic/pe_type.h"
#include "models/base/activity.h"
#include "models/dataflow/row_stationary/mapping.h"
#include "models/dataflow/schedule.h"
#include "models/spec/accelerator_spec.h"
#include "workloads/tensor.h"

/// Counts that depend on the words of a layer's fmaps, exact where estimate() has what is expected.
namespace rowan::analytical {

/// The fmaps of a layer of the array, and where they are.
struct FmapData {
  const workloads::Tensor& ifmap;  ///< [N][G*C][height][width], without padding
  const workloads::Tensor& ofmap;  ///< [N][G*M][E][F]
  bool network_input = false;      ///< the ifmap is not coded
  dataflow::FmapPlaces places = {};
};

/// A part of a plane: `rows` rows of `columns` words each, `row_words` apart.
struct Frame {
  const arithmetic::Word* first = nullptr;
  std::size_t rows = 0;
  std::size_t columns = 0;
  std::size_t row_words = 0;
};

/// Code words of a run-length coded frame (docs/machine.md, section 5).
[[nodiscard]] std::uint64_t code_words(const Frame& frame, unsigned word_bits);

/// MACs on zero words: of the ifmap, of padding and of inserted zeros. `ifmap`
/// [N][G*C][height][width].
[[nodiscard]] std::uint64_t macs_on_zeros(const workloads::ConvolutionShape& shape,
                                          const workloads::Tensor& ifmap);

/// What the tiles of both fmaps and the filters move. `mapping` is clipped.
[[nodiscard]] TileTraffic traffic_of(const dataflow::row_stationary::Mapping& mapping,
                                     const workloads::ConvolutionShape& shape,
                                     const spec::AcceleratorSpec& accelerator,
                                     const FmapData& fmaps);

/// The counts of an estimate with the words known, none of them an expectation. Throws
/// std::invalid_argument when extents do not fit the shape.
[[nodiscard]] ActivityCounts counts_of(const dataflow::row_stationary::Mapping& mapping,
                                       const workloads::ConvolutionShape& shape,
                                       const spec::AcceleratorSpec& accelerator,
                                       const FmapData& fmaps);

}  // namespace rowan::analytical
