// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "models/base/units.h"
#include "models/dataflow/pass_executor.h"

namespace rowan::hardware {

/// Whether passes that are known are replayed instead of simulated.
enum class Replay {
  kOff,
  kOn,
  kVerify,  ///< as on, but a share of what could be replayed is simulated and compared
};

/// How a layer is fast-forwarded.
struct FastForwardJob {
  Replay replay = Replay::kOff;
  std::shared_ptr<dataflow::PassExecutor>
      executor;            ///< words of replayed passes; needed unless off
  std::uint64_t seed = 1;  ///< of the share that is verified
  /// When the passes that are known take more, all are forgotten: states that never come again must
  /// not fill the memory.
  std::size_t most_bytes = std::size_t{256} << 20U;
  /// For tests of verification: what is left of a key.
  std::function<std::string(const std::string& key)> shorten_key;
};

/// What was simulated, and what was replayed.
struct FastForwardActivity {
  std::uint64_t passes_replayed = 0;
  std::uint64_t passes_verified = 0;   ///< simulated although known, and found equal
  std::uint64_t outputs_replayed = 0;  ///< ofmap words to which a replayed pass has contributed
  std::uint64_t outputs_simulated = 0;
  Cycles cycles_replayed{0};  ///< from drain to drain of the replayed passes
  Cycles cycles_simulated{0};

  FastForwardActivity& operator+=(const FastForwardActivity& other) {
    passes_replayed += other.passes_replayed;
    passes_verified += other.passes_verified;
    outputs_replayed += other.outputs_replayed;
    outputs_simulated += other.outputs_simulated;
    cycles_replayed += other.cycles_replayed;
    cycles_simulated += other.cycles_simulated;
    return *this;
  }
};

}  // namespace rowan::hardware
