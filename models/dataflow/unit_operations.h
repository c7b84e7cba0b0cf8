// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/arithmetic/pe_type.h"
#include "models/dataflow/unit_pass.h"

namespace rowan::dataflow {

/// Words that the post-processing unit takes from the ifmap tile in a pass, each as often as it is
/// taken (docs/machine.md section 10).
[[nodiscard]] std::uint64_t ifmap_words_taken(const UnitPass& pass);

/// Results [planes][rows][columns of the psum tile] of a pass on `ifmap` [planes +
/// second_planes][rows][columns] and `parameters` (as the operation has them).
[[nodiscard]] std::vector<arithmetic::Word> unit_results(const UnitPass& pass,
                                                         const arithmetic::Word* ifmap,
                                                         const arithmetic::Word* parameters);

}  // namespace rowan::dataflow
