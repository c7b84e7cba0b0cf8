// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/fifo.h"

namespace rowan::hardware {
namespace {
std::uint64_t power_of_two_at_least(std::uint64_t value) {
  std::uint64_t power = 1;
  while (power < value) power *= 2;
  return power;
}
}  // namespace

Fifo::Fifo(const sc_core::sc_module_name& name, Words depth, Worklist& worklist)
    : sc_module(name),
      depth_(depth.value()),
      mask_(power_of_two_at_least(depth.value()) - 1),
      items_(mask_ + 1),
      worklist_(worklist) {}

void Fifo::restart() {
  pushed_ = 0;
  popped_ = 0;
  for (Item& item : items_) item = {};
  consumer_ = nullptr;
  producer_ = nullptr;
}

}  // namespace rowan::hardware
