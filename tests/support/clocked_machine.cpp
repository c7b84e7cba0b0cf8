// SPDX-License-Identifier: Apache-2.0
#include "tests/support/clocked_machine.h"

#include <algorithm>
#include <string>

#include "models/base/error.h"
#include "tests/support/clocked_networks.h"
#include "tests/support/clocked_unit.h"

namespace rowan::support {
namespace {

/// Cycles without any activity after which a layer is stuck.
constexpr std::uint64_t kPatience = 4'000'000;

std::uint64_t psum_lanes(const ClockedSteps& steps) {
  std::uint32_t lanes = 1;
  for (const dataflow::Pass& pass : steps.passes) {
    for (const dataflow::Packet& packet : pass.shape->psum_out.step) {
      lanes = std::max(lanes, packet.words);
    }
    if (!pass.shape->unit) continue;
    for (const dataflow::PlaneLayout& plane : pass.shape->unit->results->planes) {
      lanes = std::max(lanes, plane.lane + 1);
    }
  }
  return lanes;
}

std::uint64_t ring_words(const spec::GlobalBufferSpec& spec, unsigned weight_bits) {
  return std::uint64_t{spec.filter_banks} * spec.bank_rows * (spec.row_width.value() / weight_bits);
}

/// Gives up when no counter has moved for long.
class Watchdog {
 public:
  void look(std::uint64_t now, std::uint64_t activity) {
    if (activity != activity_) {
      activity_ = activity;
      since_ = now;
    }
    if (now - since_ > kPatience) {
      throw HardwareError("clocked model: nothing has moved since cycle " + std::to_string(since_));
    }
  }

 private:
  std::uint64_t activity_ = 0;
  std::uint64_t since_ = 0;
};

std::uint64_t activity(const ActivityCounts& counts, std::uint64_t now,
                       const ClockedController& controller) {
  std::uint64_t sum = std::min(now, controller.configured()) + controller.next_release();
  for (const Counter counter :
       {Counter::kMacCompute, Counter::kMacGated, Counter::kAdderAccumulate,
        Counter::kFilterGinPacket, Counter::kIfmapGinPacket, Counter::kPsumGinPacket,
        Counter::kGonPacket, Counter::kDramBurst, Counter::kLocalNetworkWord,
        Counter::kIfmapSpadWrite, Counter::kFilterSpadWrite, Counter::kPostProcessingOperation}) {
    sum += counts[counter];
  }
  return sum;
}

}  // namespace

ClockedResult ClockedMachine::run(const dataflow::Schedule& schedule,
                                  const dataflow::BufferPlan& plan,
                                  const LayerArithmetic& arithmetic,
                                  std::vector<std::uint8_t>& dram_memory, Link link) const {
  std::vector<std::uint8_t> resident;
  return run(schedule, plan, arithmetic, dram_memory, resident, link);
}

ClockedResult ClockedMachine::run(const dataflow::Schedule& schedule,
                                  const dataflow::BufferPlan& plan,
                                  const LayerArithmetic& arithmetic,
                                  std::vector<std::uint8_t>& dram_memory,
                                  std::vector<std::uint8_t>& resident, Link link) const {
  std::vector<std::uint8_t> scratch = dram_memory;
  std::vector<std::uint8_t> resident_scratch = resident;
  const ClockedResult ideal =
      simulate(schedule, plan, arithmetic, scratch, resident_scratch, Link::kIdeal);
  if (link == Link::kIdeal) {
    dram_memory = scratch;
    resident = resident_scratch;
    return ideal;
  }
  ClockedResult result = simulate(schedule, plan, arithmetic, dram_memory, resident, Link::kReal);
  result.processing = ideal.processing;
  return result;
}

ClockedResult ClockedMachine::simulate(const dataflow::Schedule& schedule,
                                       const dataflow::BufferPlan& plan,
                                       const LayerArithmetic& arithmetic,
                                       std::vector<std::uint8_t>& dram_memory,
                                       std::vector<std::uint8_t>& resident, Link link) const {
  const ClockedSteps steps(schedule);
  ClockedController controller(spec_, steps);
  ClockedBuffer buffer{ClockedFilterRing(ring_words(spec_.global_buffer, arithmetic.weight_bits)),
                       {},
                       {},
                       plan.psum_rows,
                       psum_lanes(steps)};
  std::vector<ClockedPe> pes;
  const std::size_t pe_count = std::size_t{spec_.array.rows} * spec_.array.columns;
  for (std::size_t i = 0; i < pe_count; ++i) pes.emplace_back(spec_.pe, arithmetic, controller, i);
  ClockedNetworks networks(spec_, arithmetic, plan.psum_banks, controller, buffer, pes);
  ClockedUnit unit(spec_, controller, buffer);
  ClockedDram dram(spec_, arithmetic, link, steps, controller, buffer, dram_memory, resident);
  ClockedResult result;
  ActivityCounts& counts = result.counts;
  Watchdog watchdog;

  for (std::uint64_t now = 0;; ++now) {
    controller.begin_cycle(now);
    dram.arrive(now, counts);
    const bool all_drained = controller.drains().back() <= now;
    if (link == Link::kReal ? dram.finished() : all_drained) {
      result.total = now;
      break;
    }
    // The release is decided on registered state only, and seen by all blocks in the same cycle.
    const std::size_t pass = controller.next_release();
    if (pass < controller.pass_count() && controller.earliest_release(pass) <= now &&
        dram.may_release(pass, now)) {
      if (link == Link::kIdeal) dram.bring(pass, counts);
      controller.release(now);
      counts.add(Counter::kControllerPass, 1);
    }
    result.most_passes_under_way = std::max<std::uint64_t>(
        result.most_passes_under_way, controller.next_release() - controller.drained_passes());
    dram.issue(now, counts);
    networks.evaluate(now, counts);
    unit.evaluate(now, counts);
    for (ClockedPe& pe : pes) pe.evaluate(now, counts);
    for (ClockedPe& pe : pes) pe.commit();
    buffer.ring.commit();
    watchdog.look(now, activity(counts, now, controller));
  }
  if (link == Link::kIdeal) {
    // The last rows are written in the cycle that ends the run.
    networks.evaluate(result.total, counts);
    dram.write_all(counts);
  }
  const auto is_empty = [](const ClockedPe& pe) { return pe.empty(); };
  if (!networks.empty() || !std::all_of(pes.begin(), pes.end(), is_empty)) {
    throw HardwareError("clocked model: words are left in the array at the end of the layer");
  }
  counts.add(Counter::kControllerConfigurationBit, spec_.controller.scan_chain.value());
  result.processing = controller.drains().back() - controller.configured();
  for (std::size_t k = 1; k < controller.pass_count(); ++k) {
    if (!controller.shape(k).reads_psums ||
        controller.releases()[k] >= controller.drains()[k - 1]) {
      continue;
    }
    ++(controller.earlier_writer(k) == k - 1 ? result.overlapped_on_same_rows
                                             : result.overlapped_on_other_rows);
  }
  for (const dataflow::LoadTile& load : steps.loads) {
    if (load.bytes == 0) ++result.loads_without_bytes;
  }
  result.releases = controller.releases();
  result.drains = controller.drains();
  for (const ClockedPe& pe : pes) result.pes.push_back(pe.cycles());
  return result;
}

}  // namespace rowan::support
