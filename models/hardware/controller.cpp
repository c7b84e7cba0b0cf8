// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/controller.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "models/base/error.h"

namespace rowan::hardware {

Controller::Controller(const sc_core::sc_module_name& name, const spec::AcceleratorSpec& spec,
                       GlobalBuffer& buffer, Array& array, Dma& dma, LayerClock& clock)
    : sc_module(name), spec_(spec), buffer_(buffer), array_(array), dma_(dma), clock_(clock) {
  SC_HAS_PROCESS(Controller);
  SC_THREAD(run);
}

void Controller::start(LayerJob job) {
  if (busy_) throw HardwareError(std::string(name()) + ": a layer is under way");
  job_ = std::move(job);
  busy_ = true;
  start_.notify(sc_core::SC_ZERO_TIME);
}

void Controller::run() {
  for (;;) {
    if (!busy_) wait(start_);
    failure_.clear();
    try {
      carry_out();
    } catch (const std::exception& error) {
      failure_ = error.what();
    }
    dma_.stop();
    busy_ = false;
    done_.notify(sc_core::SC_ZERO_TIME);
  }
}

void Controller::carry_out() {
  clock_.start(to_ps(sc_core::sc_time_stamp()));
  activity_ = {};
  released_.clear();
  last_shape_.reset();
  last_release_ = 0;
  last_drained_ = 0;
  passes_drained_ = 0;
  waited_for_dram_ = Cycles(0);
  stores_ = 0;
  configured_ = ceil_div(spec_.controller.scan_chain.value(), spec_.controller.scan_bits_per_cycle);
  buffer_.start_layer(job_.buffers);
  array_.start_layer(job_.product);
  dma_.start_layer(job_, configured_);

  const auto reader = job_.schedule->restart();
  dataflow::Step step;
  bool more = reader->next(step);
  while (more) {
    const auto* pass = std::get_if<dataflow::Pass>(&step);
    if (pass == nullptr) {  // the DMA walks the loads by itself
      more = reader->next(step);
      continue;
    }
    Released released{*pass, false, std::nullopt};
    more = reader->next(step);
    if (const auto* store = std::get_if<dataflow::StoreTile>(&step); more && store != nullptr) {
      released.store = *store;
      more = reader->next(step);
    }
    released.ends_ifmap_tile = !more || std::holds_alternative<dataflow::LoadTile>(step);
    const dataflow::Pass next = released.pass;
    const bool same_shape = last_shape_ == next.shape;
    const Stamp earliest = earliest_release(next, same_shape);
    const Stamp release = std::max(earliest, wait_until_ready(next));
    released_.push_back(std::move(released));

    auto ticket = std::make_shared<PassTicket>();
    ticket->pass = next;
    ticket->configured = configured_;
    ticket->idle_until = next.number == 0 || same_shape ? 0 : last_drained_ + 1;
    ticket->earliest = earliest;
    ticket->release = release;
    ticket->after_previous = next.number > 0 && next.psum_tile == previous_psum_tile_ &&
                             next.psum_row == previous_psum_row_;
    ticket->ifmap_base = buffer_.ifmap_base(next.ifmap_tile);
    ticket->psum_buffer = static_cast<unsigned>(next.psum_tile % buffer_.tiles());
    ticket->psum_base = buffer_.psum_base(next.psum_tile);
    waited_for_dram_ += Cycles(release - earliest);
    last_release_ = release;
    last_shape_ = next.shape;
    previous_psum_tile_ = next.psum_tile;
    previous_psum_row_ = next.psum_row;
    ++activity_.passes;
    activity_.macs += next.shape->macs;
    activity_.active_pes = std::max(activity_.active_pes, next.shape->active_pes);
    array_.start_pass(ticket);
  }
  finish(configured_);
}

Stamp Controller::earliest_release(const dataflow::Pass& pass, bool same_shape) {
  if (pass.number == 0) return configured_;
  const Stamp setup = spec_.controller.pass_setup.value();
  const bool overlap =
      spec_.controller.pass_transition == spec::PassTransition::kOverlap && same_shape;
  if (!overlap) return wait_until_drained(pass.number - 1) + setup;
  const Stamp after_last = last_release_ + 1;
  if (pass.number == 1) return after_last;
  return std::max(after_last, wait_until_drained(pass.number - 2) + setup);
}

Stamp Controller::wait_until_drained(std::uint64_t pass) {
  take_drained();
  while (passes_drained_ <= pass) wait_for_progress();
  return drained_[pass % 2];
}

Stamp Controller::wait_until_ready(const dataflow::Pass& pass) {
  for (;;) {
    const auto ifmap = dma_.ifmap_ready(pass.ifmap_tile);
    const auto filters = dma_.filters_ready(pass.number);
    const auto psums = dma_.psum_buffer_free(pass.psum_tile);
    if (ifmap && filters && psums) return std::max({*ifmap, *filters, *psums});
    wait_for_progress();
  }
}

void Controller::wait_for_progress() {
  wait(array_.progress() | dma_.progress());
  if (!array_.failure().empty()) throw HardwareError(array_.failure());
  if (!dma_.failure().empty()) throw HardwareError(dma_.failure());
  dma_.filters_were_read();
  take_drained();
}

void Controller::take_drained() {
  while (!released_.empty()) {
    const auto drained = array_.drained(released_.front().pass.number);
    if (!drained) return;
    const Released done = std::move(released_.front());
    released_.pop_front();
    drained_[done.pass.number % 2] = *drained;
    last_drained_ = *drained;
    ++passes_drained_;
    if (done.ends_ifmap_tile) dma_.release_ifmap(done.pass.ifmap_tile, *drained);
    if (done.store) {
      dma_.store(*done.store, *drained);
      ++stores_;
    }
  }
}

void Controller::finish(Stamp configured) {
  take_drained();
  while (!released_.empty() || dma_.stores_ended() < stores_) wait_for_progress();
  const Stamp end = std::max(last_drained_, dma_.last_store_end());
  wait(clock_.until(end));
  array_.end_layer(last_drained_ + 1, end, last_shape_.get());
  activity_.total = Cycles(end);
  activity_.processing = Cycles(last_drained_ - configured);
  // With the ideal link a release waits for buffers at most, which is no wait for DRAM.
  if (job_.link == Link::kReal) activity_.processing -= waited_for_dram_;
  array_.add_counts(activity_.counts);
  dma_.add_counts(activity_.counts);
  activity_.counts.add(Counter::kControllerPass, activity_.passes);
  activity_.counts.add(Counter::kControllerConfigurationBit, spec_.controller.scan_chain.value());
  activity_.pes = array_.pe_cycles();
}

}  // namespace rowan::hardware
