// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include <systemc>

#include "models/hardware/dma.h"
#include "models/hardware/global_buffer.h"
#include "models/hardware/layer_clock.h"
#include "models/hardware/layer_job.h"
#include "models/hardware/pass_runner.h"
#include "models/spec/accelerator_spec.h"

namespace rowan::hardware {

/// Carries out a schedule on the array or the post-processing unit: configures, releases passes
/// when they may run and their data are there, tells the DMA what is done with. It never plans.
/// Timing: docs/machine.md section 4.
class Controller final : public sc_core::sc_module {
 public:
  Controller(const sc_core::sc_module_name& name, const spec::AcceleratorSpec& spec,
             GlobalBuffer& buffer, PassRunner& array, PassRunner& post_processing, Dma& dma,
             LayerClock& clock);

  /// Carries out a layer, from the next common edge of core and link clock. One at a time.
  void start(LayerJob job);
  [[nodiscard]] bool busy() const { return busy_; }
  /// The layer has ended, or failed.
  [[nodiscard]] const sc_core::sc_event& done() const { return done_; }
  /// What went wrong in the last layer; empty when nothing did.
  [[nodiscard]] const std::string& failure() const { return failure_; }
  /// Of the last layer.
  [[nodiscard]] const LayerActivity& activity() const { return activity_; }

 private:
  /// A pass that was released and is not known to be drained.
  struct Released {
    dataflow::Pass pass;
    bool ends_ifmap_tile = false;
    std::optional<dataflow::StoreTile> store;  ///< of the psum tile that it ends
    Carried carried = Carried::kSimulated;
  };

  void run();
  void wait_for_common_edge();
  void carry_out();
  /// What the first pass of the schedule asks for.
  [[nodiscard]] PassRunner& runner_of(const dataflow::Schedule& schedule) const;
  /// Next pass of the schedule with what its end brings.
  [[nodiscard]] std::optional<Released> next_pass();
  [[nodiscard]] TicketPtr make_ticket(const dataflow::Pass& pass);
  [[nodiscard]] Stamp earliest_release(const dataflow::Pass& pass, bool same_shape);
  [[nodiscard]] Stamp wait_until_drained(std::uint64_t pass);
  [[nodiscard]] Stamp wait_until_ready(const dataflow::Pass& pass);
  void wait_for_progress();
  void take_drained();
  /// Counts a drained pass and its outputs as simulated or replayed.
  void account(const Released& done, Stamp drained);
  void finish();

  const spec::AcceleratorSpec spec_;
  GlobalBuffer& buffer_;
  PassRunner& array_;
  PassRunner& post_processing_;
  PassRunner* runner_;  ///< of the running layer
  Dma& dma_;
  LayerClock& clock_;
  sc_core::sc_event start_;
  sc_core::sc_event done_;
  bool busy_ = false;
  LayerJob job_;
  LayerActivity activity_;
  std::string failure_;

  /// What it keeps of the running layer. Nothing that owns memory stands on the thread's stack,
  /// which a deadlock leaves behind.
  struct Progress {
    std::unique_ptr<dataflow::Schedule> reader;
    std::optional<dataflow::Step> step;  ///< the next of the reader that is not used
    std::optional<Released> next;        ///< waits for its release
    std::deque<Released> released;
    std::shared_ptr<const dataflow::PassShape> last_shape;
    dataflow::Pass last_pass;
    Stamp last_release = 0;
    Stamp last_drained = 0;
    std::uint64_t passes_drained = 0;
    Stamp drained[2] = {0, 0};  ///< by pass number modulo 2
    Cycles waited_for_dram{0};
    std::uint64_t stores_queued = 0;
    bool psum_tile_replayed = false;  ///< a pass on the current psum tile was replayed
  } progress_;
  Stamp configured_ = 0;
};

}  // namespace rowan::hardware
