// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "models/base/activity.h"
#include "models/base/random.h"
#include "models/hardware/fast_forward.h"
#include "models/hardware/global_buffer.h"

namespace rowan::hardware {

/// All that a pass does but for its words: cycles are counted from its release.
struct PassEffect {
  Stamp drained = 0;
  std::string state;  ///< timing state after the pass (StateImage)
  Stamp state_base = 0;
  Stamp state_latest = 0;  ///< no stamp of the state is later
  ActivityCounts counts;   ///< those that do not depend on data
  std::vector<PeCycles> pes;
  std::vector<FilterRing::Read> filter_reads;
};

/// What differs between two effects, empty when nothing does.
[[nodiscard]] std::string difference(const PassEffect& expected, const PassEffect& found);

/// The counts that depend on data, of a pass with `macs` MACs and `accumulations`.
[[nodiscard]] ActivityCounts data_counts(std::uint64_t macs, std::uint64_t gated,
                                         std::uint64_t accumulations);

/// The passes that a layer has simulated, by everything that decides their time (docs/engine.md).
class PassCache {
 public:
  struct Entry {
    PassEffect effect;
    std::uint64_t replays = 0;
    bool verified = false;
  };

  /// `allowed`: passes can be replayed at all.
  void start_layer(const FastForwardJob& job, bool allowed);
  [[nodiscard]] bool on() const { return job_.replay != Replay::kOff; }
  [[nodiscard]] dataflow::PassExecutor& executor() const { return *job_.executor; }

  /// The entry of a key, or null.
  [[nodiscard]] Entry* find(const std::string& key);
  /// True when the hit is to be simulated and compared.
  [[nodiscard]] bool verifies(Entry& entry);
  void add(const std::string& key, PassEffect effect);
  /// Adds what the replayed passes counted.
  void add_counts(ActivityCounts& counts) const;
  void add_cycles(std::vector<PeCycles>& pes) const;

 private:
  [[nodiscard]] std::string shortened(const std::string& key) const;
  /// Forgets all entries, and keeps what their replays have counted.
  void forget();

  FastForwardJob job_;
  std::unordered_map<std::string, Entry> entries_;
  std::size_t bytes_ = 0;     ///< about what the entries take
  ActivityCounts forgotten_;  ///< counted by replays of entries that are gone
  std::vector<PeCycles> forgotten_cycles_;
  Random random_{1};
};

}  // namespace rowan::hardware
