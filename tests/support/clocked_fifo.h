// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>

#include "models/arithmetic/pe_type.h"
#include "models/base/error.h"

namespace rowan::support {

/// A registered FIFO of the clocked model. One producer, one consumer.
///
/// A push in cycle c takes a slot in c, its word can be popped from c + latency; a slot popped in c
/// can be filled from c + 1. Both ends see the occupancy that was there when the cycle began, until
/// commit().
class ClockedFifo {
 public:
  explicit ClockedFifo(std::uint64_t depth) : depth_(depth) {}

  [[nodiscard]] bool has_room(std::uint64_t words = 1) const {
    return occupied_ + pushed_ + words <= depth_;
  }
  [[nodiscard]] bool can_pop(std::uint64_t now, std::uint64_t words = 1) const {
    return items_.size() >= words && items_[words - 1].visible_from <= now;
  }
  void push(arithmetic::Word word, std::uint64_t now, std::uint64_t latency) {
    if (!has_room()) throw HardwareError("clocked model: push into a full FIFO");
    if (latency == 0) throw HardwareError("clocked model: a FIFO's latency is at least 1 cycle");
    items_.push_back({word, now + latency});
    ++pushed_;
  }
  [[nodiscard]] arithmetic::Word pop(std::uint64_t now) {
    if (!can_pop(now)) throw HardwareError("clocked model: pop from an empty FIFO");
    const arithmetic::Word word = items_.front().word;
    items_.pop_front();
    return word;
  }
  /// Ends the cycle: what was popped in it is free now.
  void commit() {
    occupied_ = items_.size();
    pushed_ = 0;
  }
  [[nodiscard]] bool empty() const { return items_.empty(); }

 private:
  struct Item {
    arithmetic::Word word;
    std::uint64_t visible_from;  ///< end of the pipeline that feeds the FIFO
  };

  std::uint64_t depth_;
  std::deque<Item> items_;
  std::uint64_t occupied_ = 0;  ///< slots taken when the cycle began
  std::uint64_t pushed_ = 0;    ///< in this cycle
};

}  // namespace rowan::support
