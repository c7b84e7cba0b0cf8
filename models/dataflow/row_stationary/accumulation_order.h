// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/dataflow/row_stationary/mapping.h"
#include "workloads/accumulation_order.h"
#include "workloads/layer.h"

namespace rowan::dataflow::row_stationary {

/// The order in which the schedule of a mapping adds up the products of a psum (docs/machine.md,
/// section 2), a chunk for each PE of the chain in each pass: passes by channel group, then fold of
/// filter rows, then fold of filter columns; in a pass from the lowest PE upwards; in a PE column
/// by column, channel innermost. `mapping` is clipped.
[[nodiscard]] workloads::AccumulationOrder accumulation_order(
    const Mapping& mapping, const workloads::ConvolutionShape& shape);

}  // namespace rowan::dataflow::row_stationary
