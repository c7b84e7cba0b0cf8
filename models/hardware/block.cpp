// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/block.h"

#include <utility>

namespace rowan::hardware {
namespace {
/// Blocks that have run are dropped from the front of the queue this many at a time.
constexpr std::ptrdiff_t kMostDone = 4096;
}  // namespace

Block::Block(const sc_core::sc_module_name& name, Worklist& worklist)
    : sc_module(name), worklist_(worklist) {}

Block& Worklist::take() {
  switch (order_) {
    case SimulationOrder::kForward:
      return *waiting_[next_++];
    case SimulationOrder::kReverse:
      break;
    case SimulationOrder::kShuffled:
      std::swap(waiting_.back(), waiting_[shuffle_() % waiting_.size()]);
      break;
  }
  Block* block = waiting_.back();
  waiting_.pop_back();
  return *block;
}

void Worklist::drain() {
  while (next_ < waiting_.size()) {
    Block& block = take();
    block.queued_ = false;
    block.activate();
    if (next_ == waiting_.size()) {
      waiting_.clear();
      next_ = 0;
    } else if (next_ == kMostDone) {
      waiting_.erase(waiting_.begin(), waiting_.begin() + kMostDone);
      next_ = 0;
    }
  }
}

void Worklist::clear() {
  for (; next_ < waiting_.size(); ++next_) waiting_[next_]->queued_ = false;
  waiting_.clear();
  next_ = 0;
}

}  // namespace rowan::hardware
