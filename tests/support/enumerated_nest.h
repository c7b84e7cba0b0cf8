// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/analytical/loop_nest/count.h"
#include "models/base/random.h"

namespace rowan::support {

/// Counts of a small loop nest by going through it: every step of every loop, and the words that
/// every instance of every level then holds. Nothing is assumed but the rules of
/// docs/loop_nest.md. Throws std::logic_error when instances of a level count differently.
[[nodiscard]] analytical::loop_nest::NestCounts enumerate(const analytical::loop_nest::Nest& nest);

/// A nest without fault of at most some thousand MACs: any levels, loops, orders, fan-outs,
/// strides, dilations and bypasses.
[[nodiscard]] analytical::loop_nest::Nest random_nest(Random& random);

}  // namespace rowan::support
