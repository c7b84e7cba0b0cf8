// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "models/dataflow/row_stationary/mapping.h"
#include "models/dataflow/schedule.h"

namespace rowan::dataflow::row_stationary {

/// Words of a full packet on the filter bus, and on the psum buses.
[[nodiscard]] unsigned filter_packet_words(const spec::AcceleratorSpec& accelerator);
[[nodiscard]] unsigned psum_packet_words(const spec::AcceleratorSpec& accelerator);

/// Filter words of the largest pass. `mapping` is clipped, here and below.
[[nodiscard]] std::uint64_t pass_filter_words(const Mapping& mapping,
                                              const workloads::ConvolutionShape& shape);

/// Psum rows that `filters` filters of each of `groups` groups take for one position (image, ofmap
/// row and column): a row holds a packet, and packets do not mix filter sets.
[[nodiscard]] std::uint64_t psum_rows_per_position(const Mapping& mapping, unsigned filters,
                                                   unsigned groups, unsigned packet_words);

/// Most filters of a group, all of them or a multiple of p * t, whose psums the GLB has room for
/// beside the ifmap tile: the largest m with the other letters of `mapping`; 0 when p * t are too
/// many.
[[nodiscard]] unsigned most_filters(const Mapping& mapping,
                                    const workloads::ConvolutionShape& shape,
                                    const spec::AcceleratorSpec& accelerator);

/// GLB space of the largest tiles.
[[nodiscard]] BufferPlan buffer_plan(const Mapping& mapping,
                                     const workloads::ConvolutionShape& shape,
                                     const spec::AcceleratorSpec& accelerator);

}  // namespace rowan::dataflow::row_stationary
