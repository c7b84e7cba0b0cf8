// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <systemc>

#include "models/base/activity.h"
#include "models/hardware/block.h"
#include "models/hardware/fifo.h"
#include "models/hardware/gin.h"
#include "models/hardware/global_buffer.h"
#include "models/hardware/gon.h"
#include "models/hardware/layer_clock.h"
#include "models/hardware/local_link.h"
#include "models/hardware/pass_cache.h"
#include "models/hardware/pass_runner.h"
#include "models/hardware/pass_ticket.h"
#include "models/hardware/processing_element.h"
#include "models/hardware/psum_packet.h"
#include "models/spec/accelerator_spec.h"

namespace rowan::hardware {

/// One place of the array: a PE with its FIFOs.
struct Cell {
  std::unique_ptr<Fifo> ifmap_fifo;
  std::unique_ptr<Fifo> filter_fifo;
  std::unique_ptr<Fifo> psum_in_fifo;
  std::unique_ptr<Fifo> psum_out_fifo;
  std::unique_ptr<ProcessingElement> pe;

  [[nodiscard]] std::array<Fifo*, 4> fifos() const {
    return {ifmap_fifo.get(), filter_fifo.get(), psum_in_fifo.get(), psum_out_fifo.get()};
  }
};

/// The PEs with their networks, and the one process that lets them run ahead (docs/engine.md).
///
/// The process drains the worklist, then sleeps until the next bank has to be decided. Passes come
/// in from the controller; when a pass is drained, progress() tells. A deadlock, or a broken
/// invariant, ends the layer: failure() then names what is blocked.
class Array final : public sc_core::sc_module, public PassRunner {
 public:
  Array(const sc_core::sc_module_name& name, const spec::AcceleratorSpec& spec,
        GlobalBuffer& buffer, LayerClock& clock, SimulationOrder order);

  void start_layer(const arithmetic::MacFormat& mac, const FastForwardJob& fast_forward) override;
  /// Hands a pass to every block that has a part in it, or replays it.
  Carried start_pass(const TicketPtr& ticket) override;
  /// Books the PEs' cycles from their last pass to the layer's end. Throws HardwareError when a
  /// FIFO holds words that nobody took.
  void end_layer(Stamp drained, Stamp end, const dataflow::PassShape* last) override;

  [[nodiscard]] std::optional<Stamp> drained(std::uint64_t pass) const override {
    return gon_.drained(pass);
  }
  /// Tells of every packet of the GON that is simulated, in order; null: nobody.
  void observe_psums(PsumObserver observer) { gon_.observe(std::move(observer)); }
  /// A pass was drained, or failure() is set, or the filter GIN has read on.
  [[nodiscard]] const sc_core::sc_event& progress() const override { return progress_; }
  [[nodiscard]] const std::string& failure() const override { return failure_; }
  /// Every block that waits, a line each.
  [[nodiscard]] std::string blocked() const override;

  void add_counts(ActivityCounts& counts) const override;
  [[nodiscard]] std::vector<PeCycles> pe_cycles() const override;

 private:
  void run();
  /// Runs ahead to the next decision of a bank, if there is one.
  std::optional<Stamp> run_ahead();
  /// Sets the array up for a pass whose shape is another one than before.
  void configure(const PassTicket& ticket);
  void hand_out(const TicketPtr& ticket);
  void fail(const std::string& message);

  /// Whether the array is empty whenever a pass starts, so that passes can be replayed.
  [[nodiscard]] bool empty_between_passes() const;
  /// The cycle before which nothing of a later pass can happen.
  [[nodiscard]] Stamp base_after(Stamp release, Stamp drained) const {
    return drains_ ? drained : release;
  }
  /// Shows the timing state of all blocks, between passes.
  void show(StateImage& image);
  /// 0 for a pass that does not wait for psums of the pass before; else 1 plus the cycles from its
  /// release to the first in which it can read them.
  [[nodiscard]] std::uint64_t psum_wait(const PassTicket& ticket) const;
  [[nodiscard]] std::string key_of(const PassTicket& ticket);
  void replay(const PassTicket& ticket, PassCache::Entry& entry);
  void start_recording(const TicketPtr& ticket, const std::string& key, PassCache::Entry* known);
  void finish_recording();
  [[nodiscard]] dataflow::DataCounts execute(const PassTicket& ticket, arithmetic::Word* psums);
  /// What a replay counts that depends on data.
  [[nodiscard]] ActivityCounts data_counts_of(const PassTicket& ticket,
                                              const dataflow::DataCounts& data,
                                              const PassEffect& effect) const;
  [[nodiscard]] ActivityCounts simulated_counts() const;

  unsigned rows_;
  unsigned columns_;
  GlobalBuffer& buffer_;
  LayerClock& clock_;
  Worklist worklist_;
  std::vector<Cell> cells_;  ///< [rows][columns]
  std::vector<std::unique_ptr<LocalLink>>
      links_;  ///< [rows - 1][columns], into row r from row r + 1
  Gon gon_;
  FilterGin filter_gin_;
  IfmapGin ifmap_gin_;
  PsumGin psum_gin_;
  sc_core::sc_event wake_;
  sc_core::sc_event progress_;
  std::uint64_t passes_started_ = 0;
  std::shared_ptr<const dataflow::PassShape> configured_;  ///< of the latest pass
  std::string failure_;

  bool drains_;
  bool zero_gating_;
  PassCache cache_;
  Stamp latest_ = 0;                       ///< no stamp of any block is later, between passes
  std::vector<arithmetic::Word> filters_;  ///< of a replayed pass
  ActivityCounts replayed_data_counts_;
  /// A pass that is simulated for the cache, or to be compared with it.
  struct Recording {
    TicketPtr ticket;
    std::string key;
    PassCache::Entry* known = nullptr;
    ActivityCounts counts_before;
    std::vector<PeCycles> cycles_before;
    std::vector<FilterRing::Read> filter_reads;
    std::vector<arithmetic::Word> psums;  ///< of its tile, as the executor makes them
    dataflow::DataCounts data;
  };
  std::optional<Recording> recording_;
};

}  // namespace rowan::hardware
