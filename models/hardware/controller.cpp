// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/controller.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "models/base/error.h"
#include "models/spec/derived.h"

namespace rowan::hardware {

Controller::Controller(const sc_core::sc_module_name& name, const spec::AcceleratorSpec& spec,
                       GlobalBuffer& buffer, PassRunner& array, PassRunner& post_processing,
                       Dma& dma, LayerClock& clock)
    : sc_module(name),
      spec_(spec),
      buffer_(buffer),
      array_(array),
      post_processing_(post_processing),
      runner_(&array),
      dma_(dma),
      clock_(clock) {
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
    wait_for_common_edge();
    try {
      carry_out();
    } catch (const sc_core::sc_unwind_exception&) {
      throw;  // the kernel ends this thread
    } catch (const std::exception& error) {
      failure_ = error.what();
    }
    dma_.stop();
    while (dma_.moving()) wait(dma_.progress());
    // After a failure bursts may be under way; the next layer finds DRAM idle.
    wait(clock_.until(dma_.last_arrival()));
    busy_ = false;
    done_.notify(sc_core::SC_ZERO_TIME);
  }
}

void Controller::wait_for_common_edge() {
  const std::uint64_t now = to_ps(sc_core::sc_time_stamp());
  const std::uint64_t edge = common_edge_ps(clock_.core(), Clock(spec_.dram.link_clock), now);
  if (edge > now) wait(from_ps(edge - now));
}

void Controller::carry_out() {
  clock_.start(to_ps(sc_core::sc_time_stamp()));
  activity_ = {};
  progress_ = {};
  configured_ = spec::configuration_cycles(spec_.controller).value();
  buffer_.start_layer(job_.buffers);
  runner_ = &runner_of(*job_.schedule);
  runner_->start_layer(job_.mac, job_.fast_forward);
  dma_.start_layer(job_, configured_);

  progress_.reader = job_.schedule->restart();
  while ((progress_.next = next_pass())) {
    const TicketPtr ticket = make_ticket(progress_.next->pass);
    progress_.waited_for_dram += Cycles(ticket->release - ticket->earliest);
    progress_.last_release = ticket->release;
    progress_.last_shape = ticket->pass.shape;
    progress_.last_pass = ticket->pass;
    Released& released = progress_.released.emplace_back(std::move(*progress_.next));
    ++activity_.passes;
    activity_.macs += ticket->pass.shape->macs;
    activity_.active_pes = std::max(activity_.active_pes, ticket->pass.shape->active_pes);
    released.carried = runner_->start_pass(ticket);
  }
  finish();
}

PassRunner& Controller::runner_of(const dataflow::Schedule& schedule) const {
  const auto reader = schedule.restart();
  dataflow::Step step;
  while (reader->next(step)) {
    if (const auto* pass = std::get_if<dataflow::Pass>(&step)) {
      return pass->shape->unit ? post_processing_ : array_;
    }
  }
  return array_;
}

std::optional<Controller::Released> Controller::next_pass() {
  std::optional<dataflow::Step>& step = progress_.step;
  const auto advance = [&] {
    dataflow::Step next;
    step = progress_.reader->next(next) ? std::optional<dataflow::Step>(std::move(next))
                                        : std::nullopt;
  };
  // The DMA walks the loads by itself.
  while (!step || std::holds_alternative<dataflow::LoadTile>(*step)) {
    advance();
    if (!step) return std::nullopt;
  }
  Released released;
  released.pass = std::get<dataflow::Pass>(*step);
  advance();
  if (step && std::holds_alternative<dataflow::StoreTile>(*step)) {
    released.store = std::get<dataflow::StoreTile>(*step);
    advance();
  }
  released.ends_ifmap_tile = !step || std::holds_alternative<dataflow::LoadTile>(*step);
  return released;
}

TicketPtr Controller::make_ticket(const dataflow::Pass& pass) {
  if ((pass.shape->unit != nullptr) != (runner_ == &post_processing_)) {
    throw HardwareError(std::string(name()) + ": pass " + std::to_string(pass.number) +
                        " is not for what carries out the layer's first");
  }
  const bool same_shape = progress_.last_shape == pass.shape;
  const Stamp earliest = earliest_release(pass, same_shape);
  const Stamp release = std::max(earliest, wait_until_ready(pass));
  auto ticket = std::make_shared<PassTicket>();
  ticket->pass = pass;
  ticket->configured = configured_;
  ticket->earliest = earliest;
  ticket->release = release;
  ticket->idle_until = pass.number == 0 || same_shape ? 0 : progress_.last_drained + 1;
  ticket->after_previous = pass.number > 0 && pass.psum_tile == progress_.last_pass.psum_tile &&
                           pass.psum_row == progress_.last_pass.psum_row;
  ticket->ifmap_base = buffer_.ifmap_base(pass.ifmap_tile);
  ticket->psum_buffer = static_cast<unsigned>(pass.psum_tile % buffer_.tiles());
  ticket->psum_base = buffer_.psum_base(pass.psum_tile);
  return ticket;
}

Stamp Controller::earliest_release(const dataflow::Pass& pass, bool same_shape) {
  if (pass.number == 0) return configured_;
  const Stamp setup = spec_.controller.pass_setup.value();
  const bool overlap = spec_.controller.pass_transition == spec::PassTransition::kOverlap &&
                       same_shape && !pass.shape->unit;
  if (!overlap) return wait_until_drained(pass.number - 1) + setup;
  const Stamp after_last = progress_.last_release + 1;
  if (pass.number == 1) return after_last;
  return std::max(after_last, wait_until_drained(pass.number - 2) + setup);
}

Stamp Controller::wait_until_drained(std::uint64_t pass) {
  take_drained();
  while (progress_.passes_drained <= pass) wait_for_progress();
  return progress_.drained[pass % 2];
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
  wait(runner_->progress() | dma_.progress());
  if (!runner_->failure().empty()) throw HardwareError(runner_->failure());
  if (!dma_.failure().empty()) throw HardwareError(dma_.failure());
  dma_.filters_were_read();
  take_drained();
}

void Controller::take_drained() {
  while (!progress_.released.empty()) {
    const auto drained = runner_->drained(progress_.released.front().pass.number);
    if (!drained) return;
    const Released done = std::move(progress_.released.front());
    progress_.released.pop_front();
    account(done, *drained);
    progress_.drained[done.pass.number % 2] = *drained;
    progress_.last_drained = *drained;
    ++progress_.passes_drained;
    if (done.ends_ifmap_tile) dma_.release_ifmap(done.pass.ifmap_tile, *drained);
    if (done.store) {
      dma_.store(*done.store, *drained);
      ++progress_.stores_queued;
    }
  }
}

void Controller::account(const Released& done, Stamp drained) {
  FastForwardActivity& activity = activity_.fast_forward;
  const Cycles cycles(drained - std::max(progress_.last_drained, configured_));
  switch (done.carried) {
    case Carried::kVerified:
      ++activity.passes_verified;
      [[fallthrough]];
    case Carried::kSimulated:
      activity.cycles_simulated += cycles;
      break;
    case Carried::kReplayed:
      ++activity.passes_replayed;
      activity.cycles_replayed += cycles;
      progress_.psum_tile_replayed = true;
      break;
  }
  if (!done.store) return;
  const dataflow::PsumTileShape& tile = *done.store->shape;
  (progress_.psum_tile_replayed ? activity.outputs_replayed : activity.outputs_simulated) +=
      std::uint64_t{tile.rows} * tile.columns * tile.planes.size();
  progress_.psum_tile_replayed = false;
}

void Controller::finish() {
  take_drained();
  while (!progress_.released.empty() || dma_.stores_ended() < progress_.stores_queued)
    wait_for_progress();
  const Stamp end = std::max(progress_.last_drained, dma_.last_store_end());
  wait(clock_.until(end));
  runner_->end_layer(std::min(progress_.last_drained + 1, end), end, progress_.last_shape.get());
  activity_.total = Cycles(end);
  activity_.processing = Cycles(progress_.last_drained - configured_);
  // With the ideal link a release waits for buffers at most, which is no wait for DRAM.
  if (job_.link == Link::kReal) activity_.processing -= progress_.waited_for_dram;
  runner_->add_counts(activity_.counts);
  dma_.add_counts(activity_.counts);
  activity_.counts.add(Counter::kControllerPass, activity_.passes);
  activity_.counts.add(Counter::kControllerConfigurationBit, spec_.controller.scan_chain.value());
  activity_.pes = runner_->pe_cycles();
}

}  // namespace rowan::hardware
