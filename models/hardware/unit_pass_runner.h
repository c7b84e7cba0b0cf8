// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include <systemc>

#include "models/base/activity.h"
#include "models/hardware/global_buffer.h"
#include "models/hardware/pass_runner.h"
#include "models/spec/accelerator_spec.h"

namespace rowan::hardware {

/// The post-processing unit at work on tiles in the GLB: ifmap words in, results into the psum
/// banks. The way of finished psums to DRAM is PostProcessingUnit's.
///
/// Takes `lanes` words a cycle from a pass's release on, parameters first; the pass is drained when
/// all are taken. Runs ahead of SystemC time like the array's blocks: only its stamps say when
/// things happen. All PEs are idle. Errors: HardwareError's text through failure() for a tile
/// outside the layer's banks. Timing: docs/machine.md section 10. Source: assumption, no paper
/// describes such a unit.
class UnitPassRunner final : public sc_core::sc_module, public PassRunner {
 public:
  UnitPassRunner(const sc_core::sc_module_name& name, const spec::AcceleratorSpec& spec,
                 GlobalBuffer& buffer);

  void start_layer(const arithmetic::MacFormat& mac, const FastForwardJob& fast_forward) override;
  Carried start_pass(const TicketPtr& ticket) override;
  void end_layer(Stamp drained, Stamp end, const dataflow::PassShape* last) override;
  [[nodiscard]] std::optional<Stamp> drained(std::uint64_t pass) const override;
  [[nodiscard]] const sc_core::sc_event& progress() const override { return progress_; }
  [[nodiscard]] const std::string& failure() const override { return failure_; }
  [[nodiscard]] std::string blocked() const override { return {}; }
  void add_counts(ActivityCounts& counts) const override;
  [[nodiscard]] std::vector<PeCycles> pe_cycles() const override { return pes_; }

 private:
  void run();
  void carry_out(const PassTicket& ticket);
  void write(const dataflow::PsumTileShape& shape, std::uint32_t first_row,
             const std::vector<Word>& results);

  std::uint64_t lanes_;
  GlobalBuffer& buffer_;
  sc_core::sc_event wake_;
  sc_core::sc_event progress_;
  std::deque<TicketPtr> waiting_;
  std::optional<std::uint64_t> last_pass_;  ///< number of the latest pass that is carried out
  Stamp last_drained_ = 0;                  ///< its drain
  std::uint64_t ifmap_words_ = 0;
  std::uint64_t parameter_words_ = 0;
  std::uint64_t result_words_ = 0;
  std::vector<PeCycles> pes_;
  std::string failure_;
};

}  // namespace rowan::hardware
