// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/base/activity.h"
#include "models/hardware/block.h"
#include "models/hardware/fifo.h"
#include "models/hardware/global_buffer.h"
#include "models/hardware/pass_ticket.h"
#include "models/hardware/route.h"
#include "models/hardware/state_image.h"
#include "models/spec/accelerator_spec.h"

namespace rowan::hardware {

/// A global input network: carries packets from the GLB to the FIFOs of the PEs that have the
/// packet's IDs.
///
/// One packet per cycle, in the order of the pass, only when every destination has room for all its
/// words. Latency: GLB read plus network. A word wider than the bus holds it for `interval` cycles
/// and arrives `interval` - 1 cycles later. Source: Eyeriss JSSC 2017, section V.B (GIN).
class Gin : public Block {
 public:
  /// `stream` and `id`: the network's part of a pass shape.
  Gin(const sc_core::sc_module_name& name, const spec::AcceleratorSpec& spec, Stamp interval,
      Cycles latency, RouteTable::Stream stream, RouteTable::Id id, Worklist& worklist);

  /// One per PE, row-major.
  sc_core::sc_vector<FifoPort> outputs;

  void start_layer();
  void start_pass(TicketPtr ticket);
  void activate() override;
  [[nodiscard]] std::string waiting_for() const override;

  /// Shows its timing state, between passes.
  void show(StateImage& image) { image.stamp(timing_.next); }

  [[nodiscard]] std::uint64_t packets() const { return packets_; }
  [[nodiscard]] std::uint64_t words() const { return words_; }
  [[nodiscard]] std::uint64_t deliveries() const { return deliveries_; }
  /// Words times the PE pitches of bus wire that carried them: the Y bus, and the X buses of the
  /// rows that took the packet (docs/machine.md, section 7).
  [[nodiscard]] std::uint64_t hops() const { return hops_; }
  [[nodiscard]] std::uint64_t blocked() const { return blocked_; }

 protected:
  /// Reads the packet in cycle `now`: `words` words.
  virtual void fetch(const PassTicket& ticket, std::uint32_t address, std::uint32_t words,
                     Stamp now, Word* to) = 0;
  /// First cycle in which the pass may start, or nullopt (and registered) while that is not known.
  [[nodiscard]] virtual std::optional<Stamp> may_start(const PassTicket& ticket);
  /// Cycle, `ready` or later, in which the GLB serves the packet, or nullopt while that is not
  /// decided.
  [[nodiscard]] virtual std::optional<Stamp> serve(const PassTicket& ticket, std::uint32_t address,
                                                   Stamp ready);

 private:
  void end_of_elaboration() override;
  bool send_next(const PassTicket& ticket);

  std::uint64_t rows_;     ///< of the array: PE pitches of the Y bus
  std::uint64_t columns_;  ///< of the array: PE pitches of an X bus
  Stamp interval_;
  Stamp latency_;  ///< from the issue to the FIFO's output
  std::vector<Fifo*> fifos_;
  RouteTable routes_;
  std::deque<TicketPtr> tickets_;
  struct Timing {
    Stamp next = 0;           ///< first cycle of the next packet
    RouteWalk walk;           ///< of the pass under way
    bool room_known = false;  ///< `ready` holds the cycle in which the packet has room
    Stamp ready = 0;
  } timing_;
  std::vector<Word> buffer_;
  std::uint64_t packets_ = 0;
  std::uint64_t words_ = 0;
  std::uint64_t deliveries_ = 0;
  std::uint64_t hops_ = 0;
  std::uint64_t blocked_ = 0;
};

/// Carries filter words from the filter ring along PE rows.
class FilterGin final : public Gin {
 public:
  FilterGin(const sc_core::sc_module_name& name, const spec::AcceleratorSpec& spec,
            GlobalBuffer& buffer, Worklist& worklist);

 private:
  void fetch(const PassTicket& ticket, std::uint32_t address, std::uint32_t words, Stamp now,
             Word* to) override;

  GlobalBuffer& buffer_;
};

/// Carries ifmap words along the diagonals of PE sets.
class IfmapGin final : public Gin {
 public:
  IfmapGin(const sc_core::sc_module_name& name, const spec::AcceleratorSpec& spec,
           GlobalBuffer& buffer, Worklist& worklist);

 private:
  void fetch(const PassTicket& ticket, std::uint32_t address, std::uint32_t words, Stamp now,
             Word* to) override;

  GlobalBuffer& buffer_;
};

class Gon;

/// Carries psums to the lowest PE of each column of a chain.
class PsumGin final : public Gin {
 public:
  /// `gon` tells when the psums of the pass before are written.
  PsumGin(const sc_core::sc_module_name& name, const spec::AcceleratorSpec& spec,
          GlobalBuffer& buffer, Gon& gon, Worklist& worklist);

 private:
  void fetch(const PassTicket& ticket, std::uint32_t address, std::uint32_t words, Stamp now,
             Word* to) override;
  [[nodiscard]] std::optional<Stamp> may_start(const PassTicket& ticket) override;
  [[nodiscard]] std::optional<Stamp> serve(const PassTicket& ticket, std::uint32_t address,
                                           Stamp ready) override;

  GlobalBuffer& buffer_;
  Gon& gon_;
};

}  // namespace rowan::hardware
