// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <systemc>

#include "models/base/clock.h"
#include "models/dataflow/schedule.h"
#include "models/hardware/accelerator.h"
#include "models/hardware/dram.h"
#include "models/hardware/layer_clock.h"
#include "models/hardware/layer_job.h"
#include "tests/support/small_layer.h"

/// Accelerators with DRAM, schedules and passes made by hand, for the tests of the hardware.
namespace rowan::hardware::testbench {

/// A block that only counts how often it ran.
class Bystander final : public Block {
 public:
  Bystander(const sc_core::sc_module_name& name, Worklist& worklist) : Block(name, worklist) {}
  void activate() override { ++runs; }
  [[nodiscard]] std::string waiting_for() const override { return {}; }
  unsigned runs = 0;
};

/// Steps from a list.
class ListSchedule final : public dataflow::Schedule {
 public:
  explicit ListSchedule(std::vector<dataflow::Step> steps) : steps_(std::move(steps)) {}
  [[nodiscard]] std::unique_ptr<Schedule> restart() const override {
    return std::make_unique<ListSchedule>(steps_);
  }
  bool next(dataflow::Step& step) override {
    if (position_ == steps_.size()) return false;
    step = steps_[position_++];
    return true;
  }

 private:
  std::vector<dataflow::Step> steps_;
  std::size_t position_ = 0;
};

/// Another schedule, its pass shapes changed; equal shapes stay one object.
class EditedSchedule final : public dataflow::Schedule {
 public:
  using Edit = std::function<void(dataflow::PassShape&)>;
  EditedSchedule(std::unique_ptr<Schedule> original, Edit edit)
      : EditedSchedule(std::move(original), std::move(edit), std::make_shared<Shapes>()) {}
  [[nodiscard]] std::unique_ptr<Schedule> restart() const override {
    return std::unique_ptr<Schedule>(new EditedSchedule(original_->restart(), edit_, shapes_));
  }
  bool next(dataflow::Step& step) override {
    if (!original_->next(step)) return false;
    if (auto* pass = std::get_if<dataflow::Pass>(&step)) {
      auto& edited = (*shapes_)[pass->shape];
      if (!edited) {
        auto copy = std::make_shared<dataflow::PassShape>(*pass->shape);
        edit_(*copy);
        edited = copy;
      }
      pass->shape = edited;
    }
    return true;
  }

 private:
  using Shape = std::shared_ptr<const dataflow::PassShape>;
  using Shapes = std::map<Shape, Shape>;
  EditedSchedule(std::unique_ptr<Schedule> original, Edit edit, std::shared_ptr<Shapes> shapes)
      : original_(std::move(original)), edit_(std::move(edit)), shapes_(std::move(shapes)) {}

  std::unique_ptr<Schedule> original_;
  Edit edit_;
  std::shared_ptr<Shapes> shapes_;
};

/// `count` windows of `words` words in one run, `step` words apart.
inline std::shared_ptr<const dataflow::WindowPlan> window_plan(std::uint32_t count,
                                                               std::uint32_t words,
                                                               std::uint32_t step) {
  auto plan = std::make_shared<dataflow::WindowPlan>();
  plan->windows = count;
  plan->words_per_image = (count - 1) * step + words;
  plan->run = words;
  plan->runs_per_window = 1;
  for (std::uint32_t i = 0; i < count; ++i) {
    plan->run_begin.push_back(i * step);
    plan->released.push_back(i + 1 == count ? plan->words_per_image : (i + 1) * step);
  }
  return plan;
}

/// A PE with IDs (row, column) in every network.
inline dataflow::PeProgram pe_program(std::uint32_t row, std::uint32_t column, std::uint32_t psums,
                                      std::shared_ptr<const dataflow::WindowPlan> windows,
                                      dataflow::PsumSource source, dataflow::PsumSink sink) {
  dataflow::PeProgram pe;
  pe.active = true;
  pe.source = source;
  pe.sink = sink;
  pe.psums = psums;
  pe.images = 1;
  pe.windows = std::move(windows);
  pe.ifmap_id = pe.filter_id = pe.psum_id = {row, column};
  return pe;
}

/// A pass of one PE: one window of `words` words against `psums` filters, which fit one packet.
inline std::shared_ptr<dataflow::PassShape> one_pe_pass(std::uint32_t words, std::uint32_t psums,
                                                        bool reads_psums) {
  auto shape = std::make_shared<dataflow::PassShape>();
  shape->pes = {
      pe_program(0, 0, psums, window_plan(1, words, words),
                 reads_psums ? dataflow::PsumSource::kGlobal : dataflow::PsumSource::kNone,
                 dataflow::PsumSink::kGlobal)};
  shape->filter = {{0}, {{{0, 0}, words * psums, 0}}};
  shape->filter_words = words * psums;
  for (std::uint32_t i = 0; i < words; ++i) shape->ifmap.bases.push_back(i);
  shape->ifmap.step = {{{0, 0}, 1, 0}};
  shape->psum_out = {{0}, {{{0, 0}, psums, 0}}};
  shape->reads_psums = reads_psums;
  if (reads_psums) shape->psum_in = shape->psum_out;
  shape->macs = std::uint64_t{words} * psums;
  shape->active_pes = 1;
  return shape;
}

inline constexpr std::uint64_t kIfmapAddress = 64;
inline constexpr std::uint64_t kOfmapAddress = 128;

/// One ifmap tile of a row of `words` words at kIfmapAddress, a pass per shape on psum row
/// `psum_rows[i]` with its filters at 0, and one ofmap tile of `planes` words from psum row 0, at
/// kOfmapAddress, packed.
inline std::shared_ptr<ListSchedule> one_tile_layer(
    std::uint32_t words, const std::vector<std::shared_ptr<dataflow::PassShape>>& shapes,
    const std::vector<std::uint32_t>& psum_rows, std::uint32_t planes) {
  std::vector<dataflow::Step> steps;
  dataflow::LoadTile load;
  load.address = kIfmapAddress;
  load.bytes = ceil_div(words, 4) * 8;
  load.planes = 1;
  load.window = {1, words, 0, 1, 0, words};
  steps.emplace_back(load);
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    dataflow::Pass pass;
    pass.number = i;
    pass.shape = shapes[i];
    pass.psum_row = psum_rows[i];
    steps.emplace_back(pass);
  }
  auto tile = std::make_shared<dataflow::PsumTileShape>();
  tile->rows = 1;
  tile->columns = 1;
  for (std::uint32_t k = 0; k < planes; ++k) tile->planes.push_back({k, 1, {0}});
  dataflow::StoreTile store;
  store.address = kOfmapAddress;
  store.shape = tile;
  steps.emplace_back(store);
  return std::make_shared<ListSchedule>(std::move(steps));
}

/// An accelerator of one PE without configuration, its link as on the chip: 60 MHz, 64 bits, 60 ns.
inline spec::AcceleratorSpec one_pe_accelerator() {
  spec::AcceleratorSpec spec = support::small_accelerator(1, 1);
  spec.controller.scan_chain = Bits(0);
  return spec;
}

inline dataflow::BufferPlan buffer_plan(std::uint32_t ifmap_words, std::uint32_t psum_rows,
                                        std::uint32_t psum_banks = 1) {
  return {ifmap_words, psum_rows, 1, psum_banks};
}

/// Puts 16-bit words at a byte address.
inline void put(std::vector<std::uint8_t>& memory, std::uint64_t address,
                const std::vector<int>& words) {
  for (const int word : words) {
    memory.at(address++) = static_cast<std::uint8_t>(word & 0xff);
    memory.at(address++) = static_cast<std::uint8_t>((word >> 8) & 0xff);
  }
}

inline int word_at(const std::vector<std::uint8_t>& memory, std::uint64_t address) {
  return static_cast<std::int16_t>(memory.at(address) | memory.at(address + 1) << 8);
}

/// An accelerator with its DRAM.
struct System {
  System(const std::string& name, const spec::AcceleratorSpec& spec,
         SimulationOrder order = SimulationOrder::kForward)
      : accelerator((name + "_accelerator").c_str(), spec, order),
        dram((name + "_dram").c_str(), spec.dram) {
    accelerator.dram.bind(dram.socket);
  }
  Accelerator accelerator;
  Dram dram;

  std::vector<std::uint8_t>& memory() { return dram.memory(); }
  [[nodiscard]] const LayerActivity& activity() { return accelerator.controller().activity(); }
};

/// Lets time pass until no controller is busy, or nothing moves any more.
inline void simulate(const std::vector<System*>& systems) {
  const auto busy = [&] {
    for (System* system : systems) {
      if (system->accelerator.controller().busy()) return true;
    }
    return false;
  };
  while (busy() && sc_core::sc_pending_activity()) {
    sc_core::sc_start(sc_core::sc_time_to_pending_activity());
  }
}

/// Runs a layer; what went wrong, or nothing.
inline std::string run(System& system, const LayerJob& job) {
  system.accelerator.controller().start(job);
  simulate({&system});
  if (system.accelerator.controller().busy()) {
    return "nothing moves any more\n" + system.accelerator.blocked();
  }
  return system.accelerator.controller().failure();
}

inline LayerJob job_of(std::shared_ptr<const dataflow::Schedule> schedule,
                       const dataflow::BufferPlan& buffers, Link link = Link::kReal) {
  LayerJob job;
  job.schedule = std::move(schedule);
  job.buffers = buffers;
  job.link = link;
  return job;
}

inline LayerJob job_of(const support::SmallLayer& layer, Link link = Link::kReal) {
  LayerJob job = job_of(layer.schedule, layer.plan.buffers(), link);
  job.post_processing = {layer.layer.relu, layer.layer.ofmap_shift, 16};
  return job;
}

/// Runs a layer from its DRAM image; what went wrong, or nothing.
inline std::string run(System& system, const support::SmallLayer& layer, Link link = Link::kReal) {
  system.memory() = layer.memory();
  return run(system, job_of(layer, link));
}

/// The ofmap that the last layer left in DRAM.
inline workloads::Tensor ofmap(System& system, const support::SmallLayer& layer) {
  return dataflow::row_stationary::read_ofmap(layer.plan, layer.image.layout, system.memory());
}

/// Whether a part of a text is there.
inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Equal in every number.
inline bool same(const LayerActivity& a, const LayerActivity& b) {
  return a.total == b.total && a.processing == b.processing && a.passes == b.passes &&
         a.active_pes == b.active_pes && a.macs == b.macs && a.counts == b.counts && a.pes == b.pes;
}

}  // namespace rowan::hardware::testbench
