// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/hardware/block.h"
#include "models/hardware/fifo.h"
#include "models/hardware/global_buffer.h"
#include "models/hardware/pass_ticket.h"
#include "models/hardware/psum_packet.h"
#include "models/hardware/route.h"
#include "models/hardware/state_image.h"
#include "models/spec/accelerator_spec.h"

namespace rowan::hardware {

/// The global output network: carries psums from the topmost PE of each column of a chain to the
/// GLB.
///
/// One packet per cycle, in the order of the pass, when all its words are there and the psum bank
/// is granted. Written `latency` cycles later; the last write drains the pass. A word wider than
/// the bus holds it for several cycles and is written when its last part has come. Source: Eyeriss
/// JSSC 2017, section V.B (GON).
class Gon final : public Block {
 public:
  Gon(const sc_core::sc_module_name& name, const spec::AcceleratorSpec& spec, GlobalBuffer& buffer,
      Worklist& worklist);

  /// One per PE, row-major.
  sc_core::sc_vector<FifoPort> inputs;

  void start_layer();
  void start_pass(TicketPtr ticket);
  void activate() override;
  [[nodiscard]] std::string waiting_for() const override;

  /// Cycle in which the pass of this number was drained, while it is one of the latest two; nullopt
  /// before.
  [[nodiscard]] std::optional<Stamp> drained(std::uint64_t pass) const;
  /// Passes drained in this layer.
  [[nodiscard]] std::uint64_t passes_drained() const { return passes_drained_; }
  /// The next pass was drained in this cycle, without having been carried out.
  void replay_pass(Stamp drained) { drained_[passes_drained_++ % 2] = drained; }
  /// Shows its timing state, between passes.
  void show(StateImage& image) {
    image.stamp(timing_.next);
    image.stamp(drained_[(passes_drained_ + 1) % 2]);  // of the latest pass
  }
  /// Tells of every packet, in order, from now on; null: nobody.
  void observe(PsumObserver observer) { observer_ = std::move(observer); }
  /// Queues the block when the next pass is drained.
  void notify_when_drained(Block& block) { waiting_ = &block; }

  [[nodiscard]] std::uint64_t packets() const { return packets_; }
  [[nodiscard]] std::uint64_t words() const { return words_; }
  /// Words times the PE pitches of bus wire that carried them: an X bus and the Y bus.
  [[nodiscard]] std::uint64_t hops() const { return words_ * pitches_; }

 private:
  void end_of_elaboration() override;
  bool take_next(const PassTicket& ticket);

  std::uint64_t pitches_;  ///< of an X bus and the Y bus together
  Stamp interval_;
  Stamp latency_;  ///< from the issue to the write
  GlobalBuffer& buffer_;
  std::vector<Fifo*> fifos_;
  RouteTable routes_;
  std::deque<TicketPtr> tickets_;
  Block* waiting_ = nullptr;
  PsumObserver observer_;
  struct Timing {
    Stamp next = 0;
    RouteWalk walk;  ///< of the pass under way
  } timing_;
  std::uint64_t passes_drained_ = 0;
  Stamp drained_[2] = {0, 0};  ///< by pass number modulo 2
  std::uint64_t packets_ = 0;
  std::uint64_t words_ = 0;
};

}  // namespace rowan::hardware
