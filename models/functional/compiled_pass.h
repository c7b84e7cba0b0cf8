// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "models/arithmetic/pe_type.h"
#include "models/dataflow/pass_executor.h"
#include "models/functional/integer_kernel.h"
#include "models/functional/ordered_kernel.h"
#include "models/functional/pass_plan.h"

namespace rowan::functional {

/// The psums of a pass shape, made ready to be computed for any words.
class CompiledPass {
 public:
  virtual ~CompiledPass() = default;
  virtual void run(const dataflow::PassWords& words) = 0;
};

/// For integers whose psums wrap: their sums are the same in any order, so that `kernel` takes all
/// PEs of a chain at once. Filters are two's complement words.
[[nodiscard]] std::unique_ptr<CompiledPass> compile_integer_pass(
    PassPlan plan, const arithmetic::MacFormat& format, const IntegerKernel& kernel);

/// Window by window and PE by PE, from the lowest of a chain up, as the array adds. `sums` is a
/// function of an OrderedKernel.
[[nodiscard]] std::unique_ptr<CompiledPass> compile_ordered_pass(
    PassPlan plan, const arithmetic::MacFormat& format, void (*sums)(const OrderedSums&));

}  // namespace rowan::functional
