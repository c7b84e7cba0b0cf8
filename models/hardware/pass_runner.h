// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <systemc>

#include "models/arithmetic/pe_type.h"
#include "models/base/activity.h"
#include "models/dataflow/pass.h"
#include "models/hardware/block.h"
#include "models/hardware/fast_forward.h"
#include "models/hardware/pass_ticket.h"

namespace rowan::hardware {

/// How a pass was carried out.
enum class Carried { kSimulated, kVerified, kReplayed };

/// What carries out the passes of a layer that the controller releases: the array, or the
/// post-processing unit.
class PassRunner {
 public:
  virtual ~PassRunner() = default;

  virtual void start_layer(const arithmetic::MacFormat& mac,
                           const FastForwardJob& fast_forward) = 0;
  /// Takes on a pass, after those before it.
  virtual Carried start_pass(const TicketPtr& ticket) = 0;
  /// Books the PEs' cycles from the cycle after the last drain, `drained`, to the layer's end.
  /// `last` is the last pass's shape.
  virtual void end_layer(Stamp drained, Stamp end, const dataflow::PassShape* last) = 0;

  /// Cycle of a pass's drain, nullopt while that is not known.
  [[nodiscard]] virtual std::optional<Stamp> drained(std::uint64_t pass) const = 0;
  /// A pass was drained, or failure() is set, or filters were read.
  [[nodiscard]] virtual const sc_core::sc_event& progress() const = 0;
  /// What went wrong; empty while nothing did.
  [[nodiscard]] virtual const std::string& failure() const = 0;
  /// Every block that waits, a line each.
  [[nodiscard]] virtual std::string blocked() const = 0;

  virtual void add_counts(ActivityCounts& counts) const = 0;
  /// [rows][columns] of the array
  [[nodiscard]] virtual std::vector<PeCycles> pe_cycles() const = 0;
};

}  // namespace rowan::hardware
