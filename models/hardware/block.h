// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <systemc>

#include "models/arithmetic/pe_type.h"
#include "models/hardware/simulation_order.h"

namespace rowan::hardware {

using arithmetic::Word;

/// A core cycle of the running layer; cycle 0 is the layer's start.
using Stamp = std::uint64_t;

class Worklist;

/// A module of the array that runs ahead on its own cycle count until a FIFO stops it
/// (docs/engine.md).
class Block : public sc_core::sc_module {
 public:
  Block(const sc_core::sc_module_name& name, Worklist& worklist);

  /// Advances as far as its FIFOs allow, then registers with the one that stops it.
  virtual void activate() = 0;
  /// What stops it, such as "pass 3: a psum in psum_in_fifo (empty)"; empty when it has nothing to
  /// do.
  [[nodiscard]] virtual std::string waiting_for() const = 0;

 protected:
  [[nodiscard]] Worklist& worklist() const { return worklist_; }

 private:
  friend class Worklist;
  Worklist& worklist_;
  bool queued_ = false;
};

/// Blocks that can go on.
class Worklist {
 public:
  explicit Worklist(SimulationOrder order) : order_(order) {}

  void add(Block& block) {
    if (block.queued_) return;
    block.queued_ = true;
    waiting_.push_back(&block);
  }
  /// Activates blocks until none is queued.
  void drain();
  /// Forgets what is queued, after a failure.
  void clear();

 private:
  [[nodiscard]] Block& take();

  SimulationOrder order_;
  std::vector<Block*> waiting_;
  std::size_t next_ = 0;  ///< first of waiting_ that has not run (forward order)
  std::minstd_rand shuffle_;
};

}  // namespace rowan::hardware
