// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/dram.h"

#include <algorithm>
#include <cstring>

#include "models/hardware/layer_clock.h"
#include "models/spec/derived.h"

namespace rowan::hardware {

Dram::Dram(const sc_core::sc_module_name& name, const spec::DramSpec& spec)
    : sc_module(name),
      socket("socket"),
      link_clock_(spec.link_clock),
      latency_ps_(spec.latency.value() * 1000),
      link_bytes_(spec::link_bytes(spec).value()) {
  socket.register_b_transport(this, &Dram::b_transport);
  socket.register_transport_dbg(this, &Dram::transport_dbg);
}

tlm::tlm_response_status Dram::check(const tlm::tlm_generic_payload& burst) const {
  if (burst.get_byte_enable_ptr() != nullptr) return tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE;
  const std::uint64_t length = burst.get_data_length();
  if (burst.get_streaming_width() < length) return tlm::TLM_BURST_ERROR_RESPONSE;
  if (burst.get_address() > memory_.size() || length > memory_.size() - burst.get_address()) {
    return tlm::TLM_ADDRESS_ERROR_RESPONSE;
  }
  return tlm::TLM_OK_RESPONSE;
}

void Dram::copy(tlm::tlm_generic_payload& burst) {
  std::uint8_t* stored = memory_.data() + burst.get_address();
  if (burst.is_read()) {
    std::memcpy(burst.get_data_ptr(), stored, burst.get_data_length());
  } else if (burst.is_write()) {
    std::memcpy(stored, burst.get_data_ptr(), burst.get_data_length());
  }
}

void Dram::b_transport(tlm::tlm_generic_payload& burst, sc_core::sc_time& delay) {
  burst.set_response_status(check(burst));
  if (burst.is_response_error()) return;
  copy(burst);
  burst.set_dmi_allowed(false);
  const std::uint64_t now = to_ps(sc_core::sc_time_stamp());
  const std::uint64_t ready = now + to_ps(delay) + latency_ps_;
  const std::uint64_t start = std::max(link_clock_.first_edge_at_or_after(ready), link_free_);
  link_free_ = start + ceil_div(burst.get_data_length(), link_bytes_);
  delay = from_ps(link_clock_.edge_ps(link_free_) - now);
}

unsigned Dram::transport_dbg(tlm::tlm_generic_payload& burst) {
  if (check(burst) != tlm::TLM_OK_RESPONSE) return 0;
  copy(burst);
  return burst.get_data_length();
}

}  // namespace rowan::hardware
