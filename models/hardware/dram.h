// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_target_socket.h>

#include "models/base/clock.h"
#include "models/spec/accelerator_spec.h"

namespace rowan::hardware {

/// A DRAM of fixed latency behind a link of fixed bandwidth with a clock of its own; a TLM-2.0
/// target (b_transport, transport_dbg).
///
/// A burst starts at the first link edge at or after its arrival plus the latency, when the link
/// has ended the burst before, and takes a link cycle for every link width of bytes; b_transport
/// returns the time to its end as delay, without waiting. Errors: address, burst and byte-enable
/// responses as the standard says, nothing then changes. Sources: link of the Eyeriss chip, JSSC
/// 2017 section VI (60 MHz, 64 b); latency: assumption.
class Dram final : public sc_core::sc_module {
 public:
  Dram(const sc_core::sc_module_name& name, const spec::DramSpec& spec);

  tlm_utils::simple_target_socket<Dram> socket;

  /// The host's way in: the content from address 0.
  [[nodiscard]] std::vector<std::uint8_t>& memory() { return memory_; }

 private:
  void b_transport(tlm::tlm_generic_payload& burst, sc_core::sc_time& delay);
  unsigned transport_dbg(tlm::tlm_generic_payload& burst);
  [[nodiscard]] tlm::tlm_response_status check(const tlm::tlm_generic_payload& burst) const;
  void copy(tlm::tlm_generic_payload& burst);

  Clock link_clock_;
  std::uint64_t latency_ps_;
  std::uint64_t link_bytes_;
  std::uint64_t link_free_ = 0;  ///< first link edge at which no burst is on the link
  std::vector<std::uint8_t> memory_;
};

}  // namespace rowan::hardware
