// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace rowan::hardware {

/// In which order queued blocks run. Results do not depend on it; a test holds this.
enum class SimulationOrder { kForward, kReverse, kShuffled };

}  // namespace rowan::hardware
