// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/comparison.h"

#include <algorithm>
#include <string_view>

namespace rowan::sim {
namespace {

std::int64_t whole(std::uint64_t cycles) { return static_cast<std::int64_t>(cycles); }
std::int64_t whole(Cycles cycles) { return whole(cycles.value()); }

/// Cycles are no accesses.
bool is_access(const CounterInfo& counter) { return std::string_view(counter.unit) != "cycles"; }

}  // namespace

const char* name_of(Cause cause) {
  switch (cause) {
    case Cause::kCompute:
      return "compute";
    case Cause::kFilterLoad:
      return "filter_load";
    case Cause::kBusContention:
      return "bus_contention";
    case Cause::kBankConflicts:
      return "bank_conflicts";
    case Cause::kRampUp:
      return "ramp_up";
    case Cause::kDram:
      return "dram";
    case Cause::kConfiguration:
      return "configuration";
    case Cause::kCount:
      break;
  }
  return "";
}

CauseCycles causes_of(const LayerResult& simulated, Cycles configuration) {
  const PeCycles& pe = simulated.busiest_pe;
  const auto spent = [&pe](PeActivity activity) { return whole(pe[activity]); };
  CauseCycles causes;
  if (!simulated.request.mapping) {
    // No PE has a part in it: what is not configuration or DRAM is the unit's work.
    const LayerMeasures& measures = simulated.measures;
    causes[Cause::kConfiguration] = whole(configuration);
    causes[Cause::kCompute] = whole(measures.processing);
    causes[Cause::kDram] = whole(measures.total) - whole(measures.processing + configuration);
    return causes;
  }
  causes[Cause::kDram] = spent(PeActivity::kDram);
  causes[Cause::kConfiguration] = spent(PeActivity::kConfiguration);
  causes[Cause::kFilterLoad] = spent(PeActivity::kFilterLoad);
  causes[Cause::kCompute] = spent(PeActivity::kBusy) + spent(PeActivity::kAccumulatorHazard);
  causes[Cause::kRampUp] = spent(PeActivity::kPassTransition) + spent(PeActivity::kIdle);
  const std::int64_t late =
      spent(PeActivity::kIfmap) + spent(PeActivity::kPsumIn) + spent(PeActivity::kPsumOut);
  causes[Cause::kBankConflicts] =
      std::min(late, whole(simulated.measures.counts[Counter::kGlbBankConflict]));
  causes[Cause::kBusContention] = late - causes[Cause::kBankConflicts];
  return causes;
}

CauseCycles causes_of(const analytical::Estimate& estimated) {
  const analytical::Bounds& bounds = estimated.bounds;
  CauseCycles causes;
  causes[Cause::kCompute] = whole(bounds.mac + bounds.accumulation);
  causes[Cause::kBusContention] = whole(bounds.windows) - causes[Cause::kCompute];
  causes[Cause::kFilterLoad] = whole(bounds.filter_load);
  causes[Cause::kDram] = whole(bounds.dram);
  causes[Cause::kConfiguration] =
      whole(estimated.total) - whole(estimated.processing) - whole(bounds.dram);
  causes[Cause::kRampUp] =
      whole(estimated.processing) - whole(bounds.windows) - whole(bounds.filter_load);
  if (bounds.post_processing > Cycles(0)) {
    causes[Cause::kCompute] = whole(estimated.processing);
    causes[Cause::kRampUp] = 0;
  }
  return causes;
}

std::vector<CountDifference> differing_counts(const ActivityCounts& simulated,
                                              const ActivityCounts& estimated) {
  std::vector<CountDifference> differences;
  for (const CounterInfo& counter : counter_table()) {
    const CountDifference pair{counter.counter, simulated[counter.counter],
                               estimated[counter.counter]};
    if (is_access(counter) && pair.simulated != pair.estimated) differences.push_back(pair);
  }
  return differences;
}

double error_percent(Cycles simulated, Cycles estimated) {
  if (simulated == estimated) return 0;
  return 100 *
         (static_cast<double>(estimated.value()) / static_cast<double>(simulated.value()) - 1);
}

}  // namespace rowan::sim
