// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/processing_element.h"

#include <algorithm>

#include "models/base/error.h"

namespace rowan::hardware {

ProcessingElement::ProcessingElement(const sc_core::sc_module_name& name, const spec::PeSpec& spec,
                                     Worklist& worklist)
    : Block(name, worklist),
      ifmap_in("ifmap_in"),
      filter_in("filter_in"),
      psum_in("psum_in"),
      psum_out("psum_out"),
      spec_(spec),
      type_(arithmetic::pe_type(spec.type)),
      ifmap_spad_("ifmap_spad", spec.ifmap_spad.size),
      filter_spad_("filter_spad", spec.filter_spad.size),
      psum_spad_("psum_spad", spec.psum_spad.size),
      ifmap_usable_(spec.ifmap_spad.size.value()),
      ifmap_free_(spec.ifmap_spad.size.value()),
      window_words_(spec.ifmap_spad.size.value()) {}

void ProcessingElement::end_of_elaboration() {
  ifmap_fifo_ = &ifmap_in->fifo();
  filter_fifo_ = &filter_in->fifo();
  psum_in_fifo_ = &psum_in->fifo();
  psum_out_fifo_ = &psum_out->fifo();
}

void ProcessingElement::start_layer(const MacFormat& format) {
  format_ = format;
  assignments_.clear();
  first_pass_ = 0;
  filter_loader_ = {};
  ifmap_loader_ = {};
  compute_ = {};
  std::fill(ifmap_usable_.begin(), ifmap_usable_.end(), 0);
  std::fill(ifmap_free_.begin(), ifmap_free_.end(), 0);
  cycles_ = {};
  tally_ = {};
}

void ProcessingElement::start_pass(TicketPtr ticket, const dataflow::PeProgram& program) {
  const auto check = [&](const Scratchpad& pad, std::uint32_t words) {
    if (words <= pad.size()) return;
    throw HardwareError(std::string(pad.name()) + ": pass " + std::to_string(ticket->pass.number) +
                        " needs " + std::to_string(words) + " words, there are " +
                        std::to_string(pad.size()));
  };
  check(filter_spad_, program.filter_words());
  check(psum_spad_, program.psums);
  check(ifmap_spad_, program.windows->words_per_window());
  assignments_.push_back({std::move(ticket), &program});
  worklist().add(*this);
}

void ProcessingElement::book_release(const PassTicket& ticket, bool active) {
  if (!active) {
    advance_to(ticket.release, PeActivity::kIdle);
  } else if (assignments_.empty()) {
    book_start(ticket);
  }
}

void ProcessingElement::book_start(const PassTicket& ticket) {
  if (ticket.pass.number != compute_.next_number) {
    advance_to(ticket.idle_until, PeActivity::kIdle);  // it had no part in the pass before
  }
  compute_.next_number = ticket.pass.number + 1;
  advance_to(ticket.configured, PeActivity::kConfiguration);
  advance_to(ticket.earliest, PeActivity::kPassTransition);
  advance_to(ticket.release, PeActivity::kDram);
}

void ProcessingElement::show(StateImage& image) {
  image.stamp(filter_loader_.next);
  image.stamp(ifmap_loader_.next);
  image.stamp(compute_.now);
  image.stamp(compute_.done);
  const std::uint64_t capacity = ifmap_free_.size();
  for (std::uint64_t i = 0; i < capacity; ++i) {
    image.stamp(ifmap_free_[(ifmap_loader_.words + i) % capacity]);
  }
}

void ProcessingElement::end_layer(Stamp drained, Stamp end, bool active) {
  if (!active) {
    advance_to(end, PeActivity::kIdle);
    return;
  }
  advance_to(drained, PeActivity::kPassTransition);
  advance_to(end, PeActivity::kDram);
}

void ProcessingElement::advance_to(Stamp cycle, PeActivity cause) {
  if (cycle <= compute_.now) return;
  cycles_.add(cause, cycle - compute_.now);
  compute_.now = cycle;
}

const ProcessingElement::Assignment* ProcessingElement::assignment(std::uint64_t pass) const {
  const std::uint64_t index = pass - first_pass_;
  return index < assignments_.size() ? &assignments_[index] : nullptr;
}

void ProcessingElement::retire_assignments() {
  const std::uint64_t oldest = std::min({filter_loader_.pass, ifmap_loader_.pass, compute_.pass});
  for (; first_pass_ < oldest; ++first_pass_) assignments_.pop_front();
}

void ProcessingElement::activate() {
  bool more = true;
  while (more) {
    more = load_filters();
    more |= load_ifmaps();
    more |= compute();
  }
}

bool ProcessingElement::load_filters() {
  FilterLoader& loader = filter_loader_;
  // The scratchpad has one buffer: the compute process must be done with the pass before.
  const Assignment* work = loader.pass == compute_.pass ? assignment(loader.pass) : nullptr;
  if (work == nullptr) return false;
  if (loader.words == 0)
    loader.next = std::max({loader.next, work->ticket->release, compute_.done});
  const std::uint32_t needed = work->program->filter_words();
  bool progress = false;
  while (loader.words < needed && filter_fifo_->readable() > 0) {
    const Stamp now = std::max(loader.next, filter_fifo_->visible());
    filter_spad_.data()[loader.words++] = filter_fifo_->pop(now);
    loader.next = now + 1;
    progress = true;
  }
  if (progress) filter_fifo_->wake_producer();
  if (loader.words < needed) {
    filter_fifo_->wait_readable(*this, 1);
    return progress;
  }
  ++loader.pass;
  loader.words = 0;
  return true;
}

bool ProcessingElement::load_ifmaps() {
  IfmapLoader& loader = ifmap_loader_;
  const std::uint64_t capacity = ifmap_spad_.size();
  bool progress = false;
  for (;;) {
    const Assignment* work = assignment(loader.pass);
    if (work == nullptr) break;
    const std::uint64_t needed =
        std::uint64_t{work->program->windows->words_per_image} * work->program->images;
    if (loader.words_of_pass == 0) loader.next = std::max(loader.next, work->ticket->release);
    while (loader.words_of_pass < needed && loader.words - compute_.released < capacity &&
           ifmap_fifo_->readable() > 0) {
      const std::size_t slot = loader.words % capacity;
      const Stamp now = std::max({loader.next, ifmap_fifo_->visible(), ifmap_free_[slot]});
      ifmap_spad_.data()[slot] = ifmap_fifo_->pop(now);
      ifmap_usable_[slot] = now + 1;
      loader.next = now + 1;
      ++loader.words;
      ++loader.words_of_pass;
      progress = true;
    }
    if (loader.words_of_pass < needed) break;
    ++loader.pass;
    loader.words_of_pass = 0;
  }
  if (progress) ifmap_fifo_->wake_producer();
  // Without room the compute process of this PE comes first.
  if (assignment(loader.pass) != nullptr && loader.words - compute_.released < capacity) {
    ifmap_fifo_->wait_readable(*this, 1);
  }
  return progress;
}

bool ProcessingElement::compute() {
  bool progress = false;
  for (;;) {
    const Assignment* work = assignment(compute_.pass);
    if (work == nullptr) return progress;
    bool advanced = false;
    switch (compute_.phase) {
      case Phase::kStart:
        advanced = start_computing(*work);
        break;
      case Phase::kMac:
        advanced = run_macs(*work->program);
        break;
      case Phase::kAccumulate:
        advanced = accumulate(*work->program);
        if (compute_.phase == Phase::kStart) {
          ++compute_.pass;
          compute_.done = compute_.now;
          retire_assignments();
          return true;  // the filter loader can go on
        }
        break;
    }
    if (!advanced) return progress;
    progress = true;
  }
}

bool ProcessingElement::start_computing(const Assignment& assignment) {
  if (filter_loader_.pass == compute_.pass) return false;  // not loaded yet
  book_start(*assignment.ticket);
  advance_to(filter_loader_.next, PeActivity::kFilterLoad);
  compute_.phase = Phase::kMac;
  compute_.image = 0;
  compute_.window = 0;
  compute_.round = 0;
  compute_.image_begin = compute_.released;
  return true;
}

bool ProcessingElement::run_macs(const dataflow::PeProgram& program) {
  const dataflow::WindowPlan& plan = *program.windows;
  const std::uint32_t rounds = plan.words_per_window();
  const std::uint64_t capacity = ifmap_spad_.size();
  const std::uint64_t interval =
      std::max<std::uint64_t>(program.psums, spec_.accumulate_latency.value());
  const std::uint32_t* runs =
      plan.run_begin.data() + std::size_t{compute_.window} * plan.runs_per_window;
  const std::uint64_t last = compute_.image_begin + runs[plan.runs_per_window - 1] + plan.run - 1;
  if (compute_.round == 0 && last < ifmap_loader_.words &&
      ifmap_usable_[last % capacity] <= compute_.now) {
    // Every word is there: the rounds follow each other at the full rate.
    const std::uint64_t stalled = (rounds - 1) * (interval - program.psums);
    compute_.round_start = compute_.now + (rounds - 1) * interval;
    cycles_.add(PeActivity::kAccumulatorHazard, stalled);
    compute_.now = compute_.round_start + program.psums;
    cycles_.add(PeActivity::kBusy, std::uint64_t{rounds} * program.psums);
    finish_window_macs(program);
    return true;
  }
  bool progress = false;
  for (; compute_.round < rounds; ++compute_.round) {
    const std::uint64_t word =
        compute_.image_begin + runs[compute_.round / plan.run] + compute_.round % plan.run;
    if (word >= ifmap_loader_.words) return progress;
    advance_to(ifmap_usable_[word % capacity], PeActivity::kIfmap);
    if (compute_.round > 0) {
      advance_to(compute_.round_start + spec_.accumulate_latency.value(),
                 PeActivity::kAccumulatorHazard);
    }
    compute_.round_start = compute_.now;
    compute_.now += program.psums;
    cycles_.add(PeActivity::kBusy, program.psums);
    progress = true;
  }
  finish_window_macs(program);
  return true;
}

void ProcessingElement::finish_window_macs(const dataflow::PeProgram& program) {
  const dataflow::WindowPlan& plan = *program.windows;
  const std::uint64_t capacity = ifmap_spad_.size();
  const std::uint32_t* runs =
      plan.run_begin.data() + std::size_t{compute_.window} * plan.runs_per_window;
  const Word* ifmap = ifmap_spad_.data();
  std::uint32_t count = 0;
  std::uint32_t zeros = 0;
  for (std::uint32_t run = 0; run < plan.runs_per_window; ++run) {
    std::size_t slot = (compute_.image_begin + runs[run]) % capacity;
    for (std::uint32_t i = 0; i < plan.run; ++i) {
      const Word word = ifmap[slot];
      window_words_[count++] = word;
      zeros += word == 0 ? 1 : 0;
      if (++slot == capacity) slot = 0;
    }
  }
  type_.mac_window(window_words_.data(), count, filter_spad_.data(), program.psums, format_,
                   psum_spad_.data());
  const std::uint64_t gated = spec_.zero_gating ? std::uint64_t{zeros} * program.psums : 0;
  tally_.gated += gated;
  tally_.macs += std::uint64_t{count} * program.psums - gated;
  tally_.ifmap_reads += count;
  if (spec_.ifmap_spad_reads == spec::IfmapSpadReads::kPerMac) {
    tally_.repeated_ifmap_reads += std::uint64_t{count} * (program.psums - 1);
  }

  const std::uint64_t released = compute_.image_begin + plan.released[compute_.window];
  for (; compute_.released < released; ++compute_.released) {
    ifmap_free_[compute_.released % capacity] = compute_.now;  // freed in the cycle before
  }
  compute_.phase = Phase::kAccumulate;
  compute_.psum = 0;
}

bool ProcessingElement::accumulate(const dataflow::PeProgram& program) {
  const bool has_source = program.source != dataflow::PsumSource::kNone;
  const Stamp latency = spec_.multiply_latency.value() + spec_.accumulate_latency.value();
  Fifo& in = *psum_in_fifo_;
  Fifo& out = *psum_out_fifo_;
  std::uint64_t count = std::min<std::uint64_t>(program.psums - compute_.psum, out.writable());
  if (has_source) count = std::min(count, in.readable());
  if (count > 0) {
    if (compute_.psum == 0) {
      advance_to(compute_.round_start + spec_.accumulate_latency.value(),
                 PeActivity::kAccumulatorHazard);
    }
    const Word* psums = psum_spad_.data() + compute_.psum;
    Stamp now = compute_.now;
    Stamp waited_in = 0;
    Stamp waited_out = 0;
    for (std::uint64_t k = 0; k < count; ++k) {
      Word sum = psums[k];
      if (has_source) {
        const Stamp visible = in.visible();
        if (visible > now) {
          waited_in += visible - now;
          now = visible;
        }
      }
      const Stamp free = out.free();
      if (free > now) {
        waited_out += free - now;
        now = free;
      }
      if (has_source) sum = type_.add_psums(in.pop(now), sum, format_);
      out.push(sum, now + latency);
      ++now;
    }
    cycles_.add(PeActivity::kPsumIn, waited_in);
    cycles_.add(PeActivity::kPsumOut, waited_out);
    cycles_.add(PeActivity::kBusy, count);
    compute_.now = now;
    compute_.psum += static_cast<std::uint32_t>(count);
    tally_.accumulations += count;
    if (has_source) in.wake_producer();
    out.wake_consumer();
  }
  if (compute_.psum < program.psums) {
    if (out.writable() == 0) {
      out.wait_writable(*this, 1);
    } else {
      in.wait_readable(*this, 1);
    }
    return count > 0;
  }
  compute_.phase = Phase::kMac;
  compute_.round = 0;
  if (++compute_.window == program.windows->windows) {
    compute_.window = 0;
    compute_.image_begin += program.windows->words_per_image;
    if (++compute_.image == program.images) compute_.phase = Phase::kStart;
  }
  return true;
}

void ProcessingElement::add_counts(ActivityCounts& counts) const {
  counts.add(Counter::kMacCompute, tally_.macs);
  counts.add(Counter::kMacGated, tally_.gated);
  counts.add(Counter::kAdderAccumulate, tally_.accumulations);
  counts.add(Counter::kIfmapSpadRead, tally_.ifmap_reads);
  counts.add(Counter::kIfmapSpadReadRepeated, tally_.repeated_ifmap_reads);
  counts.add(Counter::kIfmapSpadWrite, ifmap_fifo_->popped());
  counts.add(Counter::kFilterSpadRead, tally_.macs);
  counts.add(Counter::kFilterSpadWrite, filter_fifo_->popped());
  counts.add(Counter::kPsumSpadRead, tally_.macs + tally_.accumulations);
  counts.add(Counter::kPsumSpadWrite, tally_.macs + tally_.accumulations);
}

std::string ProcessingElement::waiting_for() const {
  const Assignment* work = assignment(compute_.pass);
  if (work == nullptr) return {};
  const std::string pass = "pass " + std::to_string(work->ticket->pass.number) + ": ";
  const std::string window = pass + "image " + std::to_string(compute_.image) + ", window " +
                             std::to_string(compute_.window) + ": ";
  switch (compute_.phase) {
    case Phase::kStart:
      return pass + "filter word " + std::to_string(filter_loader_.words) + " of " +
             std::to_string(work->program->filter_words()) + " in " + filter_fifo_->basename() +
             " (empty)";
    case Phase::kMac:
      return window + "ifmap word " + std::to_string(compute_.round) + " of the window in " +
             ifmap_fifo_->basename() + (ifmap_fifo_->readable() == 0 ? " (empty)" : "");
    case Phase::kAccumulate:
      return window + "psum " + std::to_string(compute_.psum) + ": " +
             (psum_out_fifo_->writable() == 0
                  ? std::string("room in ") + psum_out_fifo_->basename() + " (full)"
                  : std::string("a word in ") + psum_in_fifo_->basename() + " (empty)");
  }
  return {};
}

}  // namespace rowan::hardware
