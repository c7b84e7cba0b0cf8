// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/local_link.h"

#include <algorithm>

namespace rowan::hardware {

LocalLink::LocalLink(const sc_core::sc_module_name& name, const spec::PacketSpec& packet,
                     Worklist& worklist)
    : Block(name, worklist),
      from("from"),
      to("to"),
      words_per_cycle_(packet.words.value()),
      cycles_per_word_(packet.interval.value()) {}

void LocalLink::end_of_elaboration() {
  from_ = &from->fifo();
  to_ = &to->fifo();
}

void LocalLink::start_layer() {
  used_ = false;
  timing_ = {};
  words_ = 0;
  blocked_ = 0;
}

void LocalLink::configure(bool used) {
  used_ = used;
  if (used) from_->wait_readable(*this, 1);
}

void LocalLink::activate() {
  if (!used_) return;
  const std::uint64_t count = std::min(from_->readable(), to_->writable());
  for (std::uint64_t i = 0; i < count; ++i) {
    // First cycle in which the link has width left.
    const Stamp width_left =
        timing_.moved_in_last < words_per_cycle_ ? timing_.last : timing_.last + cycles_per_word_;
    const Stamp ready = std::max(width_left, from_->visible());
    const Stamp now = std::max(ready, to_->free());
    blocked_ += now - ready;
    to_->push(from_->pop(now), now + cycles_per_word_);
    timing_.moved_in_last = now == timing_.last ? timing_.moved_in_last + 1 : 1;
    timing_.last = now;
  }
  if (count > 0) {
    words_ += count;
    from_->wake_producer();
    to_->wake_consumer();
  }
  if (from_->readable() == 0) {
    from_->wait_readable(*this, 1);
  } else {
    to_->wait_writable(*this, 1);
  }
}

void LocalLink::show(StateImage& image) {
  // First cycle in which it has width left, and how much of that cycle's width is taken.
  const auto full = [&] { return timing_.moved_in_last >= words_per_cycle_; };
  Stamp next = full() ? timing_.last + cycles_per_word_ : timing_.last;
  if (next <= image.base()) timing_.moved_in_last = 0;
  image.stamp(next);
  image.number(timing_.moved_in_last);
  timing_.last = full() ? next - cycles_per_word_ : next;
}

std::string LocalLink::waiting_for() const {
  if (!used_ || from_->readable() == 0) return {};
  return std::string("room in ") + to_->name() + " (full)";
}

void LocalLink::add_counts(ActivityCounts& counts) const {
  counts.add(Counter::kLocalNetworkWord, words_);
  counts.add(Counter::kLocalNetworkBlocked, blocked_);
}

}  // namespace rowan::hardware
