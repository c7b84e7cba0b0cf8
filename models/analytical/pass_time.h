// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "models/analytical/pass_recurrence.h"
#include "models/analytical/pass_work.h"
#include "models/dataflow/row_stationary/mapping.h"
#include "models/spec/accelerator_spec.h"
#include "workloads/layer.h"

namespace rowan::analytical {

/// Cycles of a pass, each resource as if it were alone.
struct PassTime {
  std::uint64_t mac = 0;           ///< the fullest PE: p*q*S a window
  std::uint64_t accumulation = 0;  ///< the same PE: p a window, and its accumulator hazards
  std::uint64_t psum_bus = 0;      ///< packets of the GON, and of the psum GIN
  std::uint64_t ifmap_bus = 0;     ///< packets of the ifmap GIN
  std::uint64_t filter_load = 0;   ///< until the first MAC can issue
  std::uint64_t windows = 0;  ///< from the first MAC to the last accumulation: about the largest
                              ///< of mac + accumulation, psum_bus and ifmap_bus
  std::uint64_t ramp = 0;     ///< psums climb the chain and leave through the GON
  std::uint64_t saved = 0;    ///< by pass_transition overlap, after a pass of equal shape
  std::uint64_t filters_sent = 0;          ///< from the release to the last filter packet
  std::uint64_t filters_before_drain = 0;  ///< the same packet, where passes overlap

  /// From the release to the drain.
  [[nodiscard]] std::uint64_t cycles() const { return filter_load + windows + ramp; }
};

/// Times passes of one mapping on one accelerator (docs/machine.md, section 3): long ones whose
/// psum FIFOs hold a window in closed form, the others by a PassRecurrence. Knows passes again.
class PassTimer {
 public:
  /// `mapping` is clipped. `psum_banks`: of a psum tile.
  PassTimer(const dataflow::row_stationary::Mapping& mapping,
            const workloads::ConvolutionShape& shape, const spec::AcceleratorSpec& accelerator,
            std::uint64_t psum_banks);

  [[nodiscard]] PassTime time(const PassWork& work);

 private:
  struct Network {
    std::uint64_t words = 1;     ///< of a full packet
    std::uint64_t interval = 1;  ///< between packets
    std::uint64_t latency = 1;   ///< from the issue to the FIFO's output
  };

  [[nodiscard]] PassTime closed_form(const PassWork& work) const;
  [[nodiscard]] bool is_long(const PassTime& time, const PassWork& work) const;
  [[nodiscard]] std::uint64_t filter_load(const PassWork& work) const;
  [[nodiscard]] std::uint64_t packets_of_filters(const PassWork& work,
                                                 std::uint64_t per_filter) const;

  unsigned p_;
  unsigned q_;
  unsigned stride_;
  unsigned dilation_;
  Network filter_;
  Network ifmap_;
  Network psum_;
  Network gon_;
  std::uint64_t link_interval_;  ///< of a word on the local network
  std::uint64_t pipeline_;       ///< from an accumulation to its psum: Lm + La
  std::uint64_t accumulate_latency_;
  std::uint64_t ifmap_spad_;
  std::uint64_t ifmap_fifo_;
  std::uint64_t filter_fifo_;
  std::uint64_t psum_in_fifo_;
  std::uint64_t psum_out_fifo_;
  /// A window of fewer psum rows has its reads and writes in one bank, which has one port.
  std::uint64_t rows_that_share_a_port_ = 0;
  PassRecurrence recurrence_;
  std::vector<std::pair<PassWork, PassTime>> known_;
};

}  // namespace rowan::analytical
