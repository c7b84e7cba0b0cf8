// SPDX-License-Identifier: Apache-2.0
#include "tests/support/clocked_pe.h"

#include <algorithm>

#include "models/base/error.h"

namespace rowan::support {

using dataflow::PeProgram;
using dataflow::PsumSource;
using dataflow::WindowPlan;

ClockedPe::ClockedPe(const spec::PeSpec& spec, const LayerArithmetic& arithmetic,
                     const ClockedController& controller, std::size_t index)
    : ifmap_fifo(spec.ifmap_fifo.depth.value()),
      filter_fifo(spec.filter_fifo.depth.value()),
      psum_in_fifo(spec.psum_in_fifo.depth.value()),
      psum_out_fifo(spec.psum_out_fifo.depth.value()),
      spec_(spec),
      arithmetic_(spec, arithmetic),
      controller_(controller),
      index_(index),
      ifmap_spad_(spec.ifmap_spad.size.value()),
      filter_spad_(spec.filter_spad.size.value()),
      psum_spad_(spec.psum_spad.size.value()) {
  now_.pass = controller.next_active(index, 0);
  now_.ifmap_pass = now_.pass;
  next_ = now_;
}

const PeProgram& ClockedPe::program(std::size_t pass) const {
  return controller_.shape(pass).pes[index_];
}

void ClockedPe::evaluate(std::uint64_t now, ActivityCounts& counts) {
  const PeActivity computed = compute(now, counts);
  load_filter(now, counts);
  load_ifmap(now, counts);
  cycles_.add(book(now, computed), 1);
}

void ClockedPe::commit() {
  now_ = next_;
  ifmap_fifo.commit();
  filter_fifo.commit();
  psum_in_fifo.commit();
  psum_out_fifo.commit();
}

bool ClockedPe::empty() const {
  return now_.pass == kNoPass && ifmap_fifo.empty() && filter_fifo.empty() &&
         psum_in_fifo.empty() && psum_out_fifo.empty() && now_.ifmap_pass == kNoPass;
}

PeActivity ClockedPe::compute(std::uint64_t now, ActivityCounts& counts) {
  if (now_.pass == kNoPass) return PeActivity::kIdle;
  const PeProgram& of_pass = program(now_.pass);
  // The register counts words popped before this cycle.
  if (now_.filters_loaded < of_pass.filter_words()) return PeActivity::kFilterLoad;
  return now_.phase == Phase::kMultiply ? multiply(now, of_pass, counts)
                                        : accumulate(now, of_pass, counts);
}

PeActivity ClockedPe::multiply(std::uint64_t now, const PeProgram& program,
                               ActivityCounts& counts) {
  const WindowPlan& plan = *program.windows;
  const std::uint32_t run = now_.word / plan.run;
  const std::uint64_t stream_index =
      now_.image_base + plan.run_begin[std::size_t{now_.window} * plan.runs_per_window + run] +
      now_.word % plan.run;
  if (now_.psum == 0) {  // a round starts
    if (stream_index >= now_.ifmap_loaded) return PeActivity::kIfmap;
    if (now_.word > 0 && now < now_.round_start + spec_.accumulate_latency.value()) {
      return PeActivity::kAccumulatorHazard;
    }
    next_.round_start = now;
    counts.add(Counter::kIfmapSpadRead, 1);
  } else if (spec_.ifmap_spad_reads == spec::IfmapSpadReads::kPerMac) {
    counts.add(Counter::kIfmapSpadReadRepeated, 1);
  }
  const arithmetic::Word ifmap = ifmap_spad_[stream_index % ifmap_spad_.size()];
  const arithmetic::Word before = now_.word == 0 ? 0 : psum_spad_[now_.psum];
  if (spec_.zero_gating && ifmap == 0) {
    psum_spad_[now_.psum] = before;  // "never written yet" in hardware; no access is counted
    counts.add(Counter::kMacGated, 1);
  } else {
    const arithmetic::Word filter =
        filter_spad_[std::size_t{now_.word} * program.psums + now_.psum];
    psum_spad_[now_.psum] = arithmetic_.mac(before, ifmap, filter);
    counts.add(Counter::kMacCompute, 1);
    counts.add(Counter::kFilterSpadRead, 1);
    counts.add(Counter::kPsumSpadRead, 1);
    counts.add(Counter::kPsumSpadWrite, 1);
  }
  if (++next_.psum < program.psums) return PeActivity::kBusy;
  next_.psum = 0;
  if (++next_.word < plan.words_per_window()) return PeActivity::kBusy;
  next_.word = 0;
  next_.phase = Phase::kAccumulate;
  next_.ifmap_released = now_.image_base + plan.released[now_.window];
  if (next_.ifmap_released > now_.ifmap_loaded || next_.ifmap_released < now_.ifmap_released) {
    throw HardwareError("clocked model: a window frees ifmap words that are not there");
  }
  return PeActivity::kBusy;
}

PeActivity ClockedPe::accumulate(std::uint64_t now, const PeProgram& program,
                                 ActivityCounts& counts) {
  // The last MAC on psum k was issued k cycles after the start of the last round.
  if (now < now_.round_start + now_.psum + spec_.accumulate_latency.value()) {
    return PeActivity::kAccumulatorHazard;
  }
  const bool has_source = program.source != PsumSource::kNone;
  if (has_source && !psum_in_fifo.can_pop(now)) return PeActivity::kPsumIn;
  if (!psum_out_fifo.has_room()) return PeActivity::kPsumOut;
  arithmetic::Word sum = psum_spad_[now_.psum];
  if (has_source) {
    sum = arithmetic_.add(psum_in_fifo.pop(now), sum);
    counts.add(Counter::kPsumInFifoPop, 1);
  }
  psum_out_fifo.push(sum, now, spec_.multiply_latency.value() + spec_.accumulate_latency.value());
  counts.add(Counter::kPsumOutFifoPush, 1);
  counts.add(Counter::kAdderAccumulate, 1);
  counts.add(Counter::kPsumSpadRead, 1);
  counts.add(Counter::kPsumSpadWrite, 1);
  if (++next_.psum == program.psums) end_window(program);
  return PeActivity::kBusy;
}

void ClockedPe::end_window(const PeProgram& program) {
  const WindowPlan& plan = *program.windows;
  next_.psum = 0;
  next_.phase = Phase::kMultiply;
  if (++next_.window < plan.windows) return;
  next_.window = 0;
  next_.image_base += plan.words_per_image;
  if (next_.ifmap_released != next_.image_base) {
    throw HardwareError("clocked model: the last window of an image does not free its words");
  }
  if (++next_.image < program.images) return;
  next_.image = 0;
  next_.filters_loaded = 0;
  next_.pass = controller_.next_active(index_, now_.pass + 1);
}

void ClockedPe::load_filter(std::uint64_t now, ActivityCounts& counts) {
  if (now_.pass == kNoPass || !controller_.released(now_.pass, now)) return;
  if (now_.filters_loaded == program(now_.pass).filter_words() || !filter_fifo.can_pop(now)) return;
  filter_spad_.at(now_.filters_loaded) = filter_fifo.pop(now);
  ++next_.filters_loaded;
  counts.add(Counter::kFilterFifoPop, 1);
  counts.add(Counter::kFilterSpadWrite, 1);
}

void ClockedPe::load_ifmap(std::uint64_t now, ActivityCounts& counts) {
  if (now_.ifmap_pass == kNoPass || !controller_.released(now_.ifmap_pass, now)) return;
  if (now_.ifmap_loaded - now_.ifmap_released >= ifmap_spad_.size()) return;
  if (!ifmap_fifo.can_pop(now)) return;
  ifmap_spad_[now_.ifmap_loaded % ifmap_spad_.size()] = ifmap_fifo.pop(now);
  ++next_.ifmap_loaded;
  counts.add(Counter::kIfmapFifoPop, 1);
  counts.add(Counter::kIfmapSpadWrite, 1);
  const PeProgram& of_pass = program(now_.ifmap_pass);
  if (++next_.ifmap_loaded_of_pass <
      std::uint64_t{of_pass.images} * of_pass.windows->words_per_image) {
    return;
  }
  next_.ifmap_loaded_of_pass = 0;
  next_.ifmap_pass = controller_.next_active(index_, now_.ifmap_pass + 1);
}

// Which cycle counts as what. d(k) is the cycle of the last write of pass k and T(k) its release;
// E(k) is its earliest release if nothing waits for DRAM; K is the end of the configuration. All
// bounds are inclusive.
//   d(k-1) + 1 to d(k): pass k is the present one (from 0 for the first). A PE that is inactive in
//     it is idle in all of these cycles.
//   d(last) + 1 to total - 1: dram for PEs that are active in the last pass, else idle.
// An active PE that last issued in cycle x, and whose next pass is k:
//   x + 1 to E(k) - 1: pass_transition (0 to K - 1: configuration); until d(k-1) when it has no
//   part
//     in the next pass, or when there is none
//   E(k) to T(k) - 1: dram
//   T(k), or x + 1 when that is later, to the cycle of its last filter pop: filter_load
PeActivity ClockedPe::book(std::uint64_t now, PeActivity computed) const {
  if (computed == PeActivity::kBusy) return computed;
  const std::size_t present = controller_.drained_passes();
  if (present == controller_.pass_count()) {
    return program(present - 1).active ? PeActivity::kDram : PeActivity::kIdle;
  }
  if (!program(present).active) return PeActivity::kIdle;
  if (now < controller_.configured()) return PeActivity::kConfiguration;
  if (now_.pass == kNoPass) return PeActivity::kPassTransition;
  if (now < controller_.earliest_release(now_.pass)) return PeActivity::kPassTransition;
  if (!controller_.released(now_.pass, now)) return PeActivity::kDram;
  return computed;
}

}  // namespace rowan::support
