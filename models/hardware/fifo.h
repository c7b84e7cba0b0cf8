// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <systemc>

#include "models/arithmetic/pe_type.h"
#include "models/base/units.h"
#include "models/hardware/block.h"
#include "models/hardware/state_image.h"

namespace rowan::hardware {

class Fifo;

/// What ports of either side bind to.
class FifoInterface : public sc_core::sc_interface {
 public:
  [[nodiscard]] virtual Fifo& fifo() = 0;
};

/// A registered FIFO of words whose items and slots carry cycles instead of being clocked.
///
/// Capacity `depth` words. A word pushed in cycle c can be popped from the cycle that the producer
/// states (c+1 or later); a slot popped in c can be filled from c+1. One producer, one consumer,
/// both in order. Either side may run ahead of the other's cycle count: only the stamps say when
/// things happen. Errors: none; the callers look before they push or pop. Source: registered FIFOs
/// of the contract, docs/machine.md section 3.
class Fifo final : public sc_core::sc_module, public FifoInterface {
 public:
  Fifo(const sc_core::sc_module_name& name, Words depth, Worklist& worklist);

  [[nodiscard]] Fifo& fifo() override { return *this; }
  [[nodiscard]] std::uint64_t depth() const { return depth_; }

  /// Words that the consumer can look at.
  [[nodiscard]] std::uint64_t readable() const { return pushed_ - popped_; }
  /// First cycle in which the word behind `ahead` others can be popped; ahead < readable().
  [[nodiscard]] Stamp visible(std::uint64_t ahead = 0) const {
    return items_[(popped_ + ahead) & mask_].visible;
  }
  /// Takes the first word in cycle `now`.
  Word pop(Stamp now) {
    Item& item = items_[popped_++ & mask_];
    item.freed = now + 1;
    return item.word;
  }

  /// Words for which the producer has room.
  [[nodiscard]] std::uint64_t writable() const { return depth_ - readable(); }
  /// First cycle in which the slot behind `ahead` others can be filled; ahead < writable().
  [[nodiscard]] Stamp free(std::uint64_t ahead = 0) const {
    return items_[(pushed_ + ahead - depth_) & mask_].freed;
  }
  /// Puts a word that can be popped from cycle `visible`.
  void push(Word word, Stamp visible) {
    Item& item = items_[pushed_++ & mask_];
    item.word = word;
    item.visible = visible;
  }

  /// Tells the other side, when it waits and has what it waits for. Called after a batch of pushes
  /// or pops.
  void wake_consumer() {
    if (consumer_ != nullptr && readable() >= consumer_needs_) wake(consumer_);
  }
  void wake_producer() {
    if (producer_ != nullptr && writable() >= producer_needs_) wake(producer_);
  }
  /// Registers the side that cannot go on until `words` words or slots are there.
  void wait_readable(Block& consumer, std::uint64_t words) {
    consumer_ = &consumer;
    consumer_needs_ = words;
  }
  void wait_writable(Block& producer, std::uint64_t words) {
    producer_ = &producer;
    producer_needs_ = words;
  }

  [[nodiscard]] std::uint64_t pushed() const { return pushed_; }
  [[nodiscard]] std::uint64_t popped() const { return popped_; }
  /// Cycle 0 of a new layer: empty, as a failed layer may not have left it.
  void restart();
  /// Shows its timing state; the FIFO is empty.
  void show(StateImage& image) {
    for (std::uint64_t i = 0; i < depth_; ++i) image.stamp(slot(i).freed);
  }

 private:
  struct Item {
    Stamp visible = 0;
    Stamp freed = 0;
    Word word = 0;
  };
  /// The slot behind `ahead` other free ones.
  [[nodiscard]] Item& slot(std::uint64_t ahead) {
    return items_[(pushed_ + ahead - depth_) & mask_];
  }
  void wake(Block*& side) {
    worklist_.add(*side);
    side = nullptr;
  }

  std::uint64_t depth_;
  std::uint64_t mask_;
  std::vector<Item> items_;
  std::uint64_t pushed_ = 0;
  std::uint64_t popped_ = 0;
  Block* consumer_ = nullptr;
  Block* producer_ = nullptr;
  std::uint64_t consumer_needs_ = 0;
  std::uint64_t producer_needs_ = 0;
  Worklist& worklist_;
};

/// A block's port on a FIFO.
using FifoPort = sc_core::sc_port<FifoInterface>;

}  // namespace rowan::hardware
