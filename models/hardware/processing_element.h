// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "models/arithmetic/pe_type.h"
#include "models/base/activity.h"
#include "models/hardware/block.h"
#include "models/hardware/fifo.h"
#include "models/hardware/pass_ticket.h"
#include "models/hardware/scratchpad.h"
#include "models/hardware/state_image.h"
#include "models/spec/accelerator_spec.h"

namespace rowan::hardware {

/// How products are cut in a layer.
using arithmetic::MacFormat;

/// A processing element: three scratchpads, a multiply unit, an adder; filter loader, ifmap loader
/// and compute process side by side.
///
/// One MAC or one accumulation per cycle. Its FIFOs stand in front of it (ifmap, filter, psum in)
/// and behind it (psum out) and are bound to its ports. Timing: docs/machine.md section 3. Source:
/// Eyeriss JSSC 2017 Fig. 12, QUIDAM Fig. 3.
class ProcessingElement final : public Block {
 public:
  ProcessingElement(const sc_core::sc_module_name& name, const spec::PeSpec& spec,
                    Worklist& worklist);

  FifoPort ifmap_in;
  FifoPort filter_in;
  FifoPort psum_in;
  FifoPort psum_out;

  /// Cycle 0 of a layer.
  void start_layer(const MacFormat& format);
  /// Adds a pass to do after those it has; its program is active.
  void start_pass(TicketPtr ticket, const dataflow::PeProgram& program);
  /// It has no part in the next pass, having had one in the pass that drained before this cycle.
  void leave(Stamp drained) { advance_to(drained, PeActivity::kPassTransition); }
  /// Books its cycles up to the release of a pass, as far as they are known. `active`: it has a
  /// part in the pass.
  void book_release(const PassTicket& ticket, bool active);
  /// Books its cycles up to the drain of the latest pass.
  void book_drain(Stamp drained, bool active) {
    advance_to(drained, active ? PeActivity::kPassTransition : PeActivity::kIdle);
  }
  /// Its cycles up to this one are booked elsewhere.
  void skip_to(Stamp cycle) { compute_.now = cycle; }
  /// Shows its timing state, between passes.
  void show(StateImage& image);
  /// Books what is left of the layer: cycles up to `drained` and up to `end`. `active`: it had a
  /// part in the last pass.
  void end_layer(Stamp drained, Stamp end, bool active);

  void activate() override;
  [[nodiscard]] std::string waiting_for() const override;

  [[nodiscard]] const PeCycles& cycles() const { return cycles_; }
  /// Adds what it counted in this layer.
  void add_counts(ActivityCounts& counts) const;

 private:
  struct Assignment {
    TicketPtr ticket;
    const dataflow::PeProgram* program = nullptr;
  };
  enum class Phase { kStart, kMac, kAccumulate };

  void end_of_elaboration() override;

  /// Each advances its process as far as it can; true when it did something.
  bool load_filters();
  bool load_ifmaps();
  bool compute();

  bool start_computing(const Assignment& assignment);
  bool run_macs(const dataflow::PeProgram& program);
  void finish_window_macs(const dataflow::PeProgram& program);
  bool accumulate(const dataflow::PeProgram& program);
  [[nodiscard]] const Assignment* assignment(std::uint64_t pass) const;
  void retire_assignments();
  void book_start(const PassTicket& ticket);
  void advance_to(Stamp cycle, PeActivity cause);

  const spec::PeSpec spec_;
  const arithmetic::PeType& type_;
  MacFormat format_;
  Scratchpad ifmap_spad_;
  Scratchpad filter_spad_;
  Scratchpad psum_spad_;
  Fifo* ifmap_fifo_ = nullptr;
  Fifo* filter_fifo_ = nullptr;
  Fifo* psum_in_fifo_ = nullptr;
  Fifo* psum_out_fifo_ = nullptr;

  std::deque<Assignment> assignments_;
  std::uint64_t first_pass_ = 0;  ///< number, in the layer and of this PE, of assignments_.front()

  /// Timing state: all of it, and nothing that holds a word.
  struct FilterLoader {
    std::uint64_t pass = 0;   ///< being loaded, or the next
    std::uint32_t words = 0;  ///< loaded of it
    Stamp next = 0;           ///< first cycle of the next pop
  } filter_loader_;
  struct IfmapLoader {
    std::uint64_t pass = 0;
    std::uint64_t words_of_pass = 0;
    std::uint64_t words = 0;  ///< loaded in the layer
    Stamp next = 0;
  } ifmap_loader_;
  struct Compute {
    std::uint64_t pass = 0;
    std::uint64_t next_number = 0;  ///< in the layer, of the pass after the latest
    Phase phase = Phase::kStart;
    std::uint32_t image = 0;
    std::uint32_t window = 0;       ///< of the image
    std::uint32_t round = 0;        ///< of the window's MACs
    std::uint32_t psum = 0;         ///< of the window's accumulations
    std::uint64_t image_begin = 0;  ///< stream number of the image's first ifmap word
    std::uint64_t released = 0;     ///< ifmap words of the layer that are not needed any more
    Stamp round_start = 0;          ///< of the latest round
    Stamp now = 0;                  ///< first cycle that is not booked
    Stamp done = 0;                 ///< first cycle after the latest pass
  } compute_;
  std::vector<Stamp>
      ifmap_usable_;  ///< per word of ifmap_spad: first cycle in which it can be used
  std::vector<Stamp>
      ifmap_free_;  ///< per word of ifmap_spad: first cycle in which it can be filled

  std::vector<arithmetic::Word> window_words_;  ///< the ifmap words of the window, in order
  PeCycles cycles_;
  struct Tally {
    std::uint64_t macs = 0;
    std::uint64_t gated = 0;
    std::uint64_t accumulations = 0;
    std::uint64_t ifmap_reads = 0;
    std::uint64_t repeated_ifmap_reads = 0;
  } tally_;
};

}  // namespace rowan::hardware
