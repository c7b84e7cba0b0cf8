// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <vector>

#include "models/dataflow/schedule.h"
#include "models/spec/accelerator_spec.h"

namespace rowan::support {

inline constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();
inline constexpr std::size_t kNoPass = std::numeric_limits<std::size_t>::max();

/// All steps of a layer, read ahead of the simulation.
struct ClockedSteps {
  std::vector<dataflow::LoadTile> loads;
  std::vector<dataflow::Pass> passes;
  std::vector<dataflow::StoreTile> stores;
  std::vector<std::size_t> last_pass_of_load;   ///< [loads]
  std::vector<std::size_t> last_pass_of_store;  ///< [stores]

  /// Throws HardwareError when numbers do not count from 0 or a step refers to one that is missing.
  explicit ClockedSteps(const dataflow::Schedule& schedule);
};

/// PEs (indices into PassShape::pes) that take, or give, each packet of a network's step.
struct ClockedRoutes {
  using Destinations = std::vector<std::vector<std::size_t>>;
  Destinations filter;
  Destinations ifmap;
  Destinations psum_in;
  Destinations psum_out;

  explicit ClockedRoutes(const dataflow::PassShape& shape);
};

/// The pass controller: which passes are released and drained, and when the next may be.
///
/// All questions are asked with the cycle `now`. A drain is known up to gon.latency_cycles ahead
/// (the words are on their way); nobody asks about it before.
class ClockedController {
 public:
  ClockedController(const spec::AcceleratorSpec& spec, const ClockedSteps& steps);

  [[nodiscard]] std::uint64_t configured() const { return configured_; }  ///< K
  [[nodiscard]] std::size_t pass_count() const { return steps_.passes.size(); }
  [[nodiscard]] const dataflow::Pass& pass(std::size_t k) const { return steps_.passes[k]; }
  [[nodiscard]] const dataflow::PassShape& shape(std::size_t k) const { return *pass(k).shape; }
  [[nodiscard]] const ClockedRoutes& routes(std::size_t k) const;

  [[nodiscard]] bool released(std::size_t k, std::uint64_t now) const {
    return released_[k] <= now;
  }
  /// Its last write was in a cycle before `now`.
  [[nodiscard]] bool drained_before(std::size_t k, std::uint64_t now) const {
    return drained_[k] < now;
  }
  /// Earliest release of pass k with an infinitely fast link; kNever while that is not known.
  [[nodiscard]] std::uint64_t earliest_release(std::size_t k) const;
  /// Latest pass before k that writes the same psum rows; kNoPass when there is none.
  [[nodiscard]] std::size_t earlier_writer(std::size_t k) const { return earlier_writer_[k]; }
  /// First pass from k on in which PE `pe` is active; kNoPass when there is none.
  [[nodiscard]] std::size_t next_active(std::size_t pe, std::size_t k) const;

  /// Next pass to release; pass_count() when all are.
  [[nodiscard]] std::size_t next_release() const { return next_release_; }
  void release(std::uint64_t now) { released_[next_release_++] = now; }
  void set_drained(std::size_t k, std::uint64_t cycle) { drained_[k] = cycle; }
  void begin_cycle(std::uint64_t now);
  /// Passes drained before this cycle: the number of the pass that is under way or upcoming. A pass
  /// is under way until the cycle of its drain, inclusive.
  [[nodiscard]] std::size_t drained_passes() const { return drained_passes_; }

  [[nodiscard]] const std::vector<std::uint64_t>& releases() const { return released_; }
  [[nodiscard]] const std::vector<std::uint64_t>& drains() const { return drained_; }

 private:
  [[nodiscard]] bool equal_shapes(std::size_t a, std::size_t b) const;

  const ClockedSteps& steps_;
  spec::PassTransition transition_;
  std::uint64_t setup_;
  std::uint64_t configured_;
  std::vector<std::uint64_t> released_;
  std::vector<std::uint64_t> drained_;
  std::vector<std::size_t> earlier_writer_;
  std::map<const dataflow::PassShape*, ClockedRoutes> routes_;
  std::size_t next_release_ = 0;
  std::size_t drained_passes_ = 0;
};

}  // namespace rowan::support
