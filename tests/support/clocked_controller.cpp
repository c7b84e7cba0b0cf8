// SPDX-License-Identifier: Apache-2.0
#include "tests/support/clocked_controller.h"

#include <algorithm>
#include <string>
#include <utility>

#include "models/base/error.h"

namespace rowan::support {
namespace {

using dataflow::LoadTile;
using dataflow::MulticastId;
using dataflow::Packet;
using dataflow::Pass;
using dataflow::PassShape;
using dataflow::PeProgram;
using dataflow::StoreTile;

void expect(bool holds, const std::string& what) {
  if (!holds) throw HardwareError("clocked model: the schedule is wrong: " + what);
}

template <class Takes>
ClockedRoutes::Destinations route(const std::vector<Packet>& step, const PassShape& shape,
                                  Takes takes) {
  ClockedRoutes::Destinations destinations;
  for (const Packet& packet : step) {
    std::vector<std::size_t> pes;
    for (std::size_t pe = 0; pe < shape.pes.size(); ++pe) {
      if (shape.pes[pe].active && takes(shape.pes[pe], packet.id)) pes.push_back(pe);
    }
    expect(!pes.empty(), "a packet without a PE");
    destinations.push_back(std::move(pes));
  }
  return destinations;
}

}  // namespace

ClockedSteps::ClockedSteps(const dataflow::Schedule& schedule) {
  const auto reader = schedule.restart();
  dataflow::Step step;
  while (reader->next(step)) {
    if (const auto* load = std::get_if<LoadTile>(&step)) {
      expect(load->number == loads.size(), "a load's number");
      loads.push_back(*load);
      last_pass_of_load.push_back(kNoPass);
    } else if (const auto* pass = std::get_if<Pass>(&step)) {
      expect(pass->number == passes.size(), "a pass's number");
      expect(pass->ifmap_tile < loads.size(), "a pass before its load");
      expect(pass->shape->unit || pass->shape->psum_out.packet_count() > 0, "a pass without psums");
      last_pass_of_load[pass->ifmap_tile] = passes.size();
      passes.push_back(*pass);
    } else {
      const auto& store = std::get<StoreTile>(step);
      expect(store.number == stores.size(), "a store's number");
      stores.push_back(store);
      last_pass_of_store.push_back(kNoPass);
    }
  }
  for (std::size_t k = 0; k < passes.size(); ++k) {
    expect(passes[k].psum_tile < stores.size(), "a pass without a store");
    last_pass_of_store[passes[k].psum_tile] = k;
  }
  for (const auto& lasts : {last_pass_of_load, last_pass_of_store}) {
    for (const std::size_t last : lasts) expect(last != kNoPass, "a tile without a pass");
  }
  expect(!passes.empty(), "no passes");
}

ClockedRoutes::ClockedRoutes(const PassShape& shape)
    : filter(route(shape.filter.step, shape,
                   [](const PeProgram& pe, MulticastId id) { return pe.filter_id == id; })),
      ifmap(route(shape.ifmap.step, shape,
                  [](const PeProgram& pe, MulticastId id) { return pe.ifmap_id == id; })),
      psum_in(route(shape.psum_in.step, shape,
                    [](const PeProgram& pe, MulticastId id) {
                      return pe.psum_id == id && pe.source == dataflow::PsumSource::kGlobal;
                    })),
      psum_out(route(shape.psum_out.step, shape, [](const PeProgram& pe, MulticastId id) {
        return pe.psum_id == id && pe.sink == dataflow::PsumSink::kGlobal;
      })) {
  for (const auto& pes : psum_in) expect(pes.size() == 1, "psums for two PEs");
  for (const auto& pes : psum_out) expect(pes.size() == 1, "psums from two PEs");
}

ClockedController::ClockedController(const spec::AcceleratorSpec& spec, const ClockedSteps& steps)
    : steps_(steps),
      transition_(spec.controller.pass_transition),
      setup_(spec.controller.pass_setup.value()),
      configured_(
          ceil_div(spec.controller.scan_chain.value(), spec.controller.scan_bits_per_cycle)),
      released_(steps.passes.size(), kNever),
      drained_(steps.passes.size(), kNever) {
  std::map<std::pair<std::uint64_t, std::uint32_t>, std::size_t> last_writer;
  for (std::size_t k = 0; k < pass_count(); ++k) {
    const PassShape& of_pass = shape(k);
    expect(of_pass.pes.size() == std::size_t{spec.array.rows} * spec.array.columns, "its PEs");
    routes_.try_emplace(&of_pass, of_pass);
    const auto rows = std::make_pair(pass(k).psum_tile, pass(k).psum_row);
    const auto writer = last_writer.find(rows);
    earlier_writer_.push_back(writer == last_writer.end() ? kNoPass : writer->second);
    last_writer[rows] = k;
  }
}

const ClockedRoutes& ClockedController::routes(std::size_t k) const {
  return routes_.at(&shape(k));
}

// Equal shapes are one object: that is what a schedule promises.
bool ClockedController::equal_shapes(std::size_t a, std::size_t b) const {
  return pass(a).shape == pass(b).shape;
}

std::uint64_t ClockedController::earliest_release(std::size_t k) const {
  const auto after_drain = [&](std::size_t j) {
    return drained_[j] == kNever ? kNever : drained_[j] + setup_;
  };
  if (k == 0) return configured_;
  if (transition_ == spec::PassTransition::kDrain || !equal_shapes(k, k - 1) || shape(k).unit) {
    return after_drain(k - 1);
  }
  if (released_[k - 1] == kNever) return kNever;
  const std::uint64_t next = released_[k - 1] + 1;
  return k == 1 ? next : std::max(next, after_drain(k - 2));
}

std::size_t ClockedController::next_active(std::size_t pe, std::size_t k) const {
  while (k < pass_count() && !shape(k).pes[pe].active) ++k;
  return k < pass_count() ? k : kNoPass;
}

void ClockedController::begin_cycle(std::uint64_t now) {
  while (drained_passes_ < pass_count() && drained_[drained_passes_] < now) ++drained_passes_;
}

}  // namespace rowan::support
