// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/estimate.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "models/analytical/array_counts.h"
#include "models/analytical/dram_link.h"
#include "models/analytical/layer_time.h"
#include "models/analytical/loop_blocks.h"
#include "models/analytical/pass_time.h"
#include "models/analytical/tile_traffic.h"
#include "models/arithmetic/pe_type.h"
#include "models/spec/derived.h"

namespace rowan::analytical {
namespace {

using dataflow::row_stationary::Mapping;

Cycles rounded(double cycles) { return Cycles(static_cast<std::uint64_t>(std::llround(cycles))); }

std::uint64_t psum_banks_of(const Mapping& mapping, const spec::AcceleratorSpec& accelerator) {
  const std::uint64_t packet = spec::psum_packet(accelerator).words.value();
  const std::uint64_t rows = std::uint64_t{mapping.n} * mapping.e * mapping.f * mapping.g *
                             (mapping.m / mapping.p * ceil_div(mapping.p, packet) +
                              ceil_div(mapping.m % mapping.p, packet));
  return ceil_div(rows, accelerator.global_buffer.bank_rows);
}

/// Whole 8-byte words.
std::uint64_t in_code_words(double bytes) {
  return static_cast<std::uint64_t>(std::llround(bytes / 8)) * 8;
}

/// Sums over the blocks of all loops; equal ones are one term.
class Sum {
 public:
  Sum(const Mapping& mapping, const workloads::ConvolutionShape& shape, unsigned batch,
      const spec::AcceleratorSpec& accelerator, const FmapAssumptions& fmaps)
      : mapping_(mapping),
        shape_(shape),
        batch_(batch),
        accelerator_(accelerator),
        fmaps_(fmaps),
        type_(arithmetic::pe_type(accelerator.pe.type)),
        timer_(mapping, shape, accelerator, psum_banks_of(mapping, accelerator)),
        link_(accelerator),
        traffic_(accelerator, fmaps),
        resident_ifmap_(fmaps.places.ifmap == dataflow::FmapPlace::kResident),
        resident_ofmap_(fmaps.places.ofmap == dataflow::FmapPlace::kResident),
        drain_(accelerator.controller.pass_transition == spec::PassTransition::kDrain),
        twice_(accelerator.dram.overlap == spec::DramOverlap::kDoubleBuffer) {}

  [[nodiscard]] Estimate run() {
    const auto groups = cut(shape_.groups, mapping_.g);
    const auto images = cut(batch_, mapping_.n);
    const auto rows = cut_axis(row_axis(shape_), mapping_.e, mapping_.filter_rows);
    const auto columns = cut_axis(column_axis(shape_), mapping_.f, mapping_.filter_columns);
    const auto channels = cut_sum(shape_.channels_per_group(), mapping_.q * mapping_.r);
    filter_groups_ = cut_filters(shape_.filters_per_group(), mapping_.m, mapping_.p * mapping_.t);
    sweeps_per_psum_tile_ =
        static_cast<double>(ceil_div(shape_.channels_per_group(), mapping_.q * mapping_.r) *
                            ceil_div(shape_.kernel_height, mapping_.filter_rows) *
                            ceil_div(shape_.kernel_width, mapping_.filter_columns));
    for (const Blocks& group : groups) {
      for (const Blocks& image : images) {
        for (const AxisBlocks& row : rows) {
          for (const AxisBlocks& column : columns) {
            for (const SumBlocks& channel : channels) {
              PassWork work;
              work.groups = group.size;
              work.images = image.size;
              work.ofmap_rows = row.outputs;
              work.filter_rows = row.taps;
              work.ofmap_columns = column.outputs;
              work.filter_columns = column.taps;
              work.channels = channel.size;
              work.reads_psums = !(row.first && column.first && channel.first);
              add_tiles(work, row, column,
                        group.count * image.count * row.count * column.count * channel.count);
            }
          }
        }
      }
    }
    return finish();
  }

 private:
  /// Adds `count` ifmap tiles of every filter group, with their passes, and the psum tiles that
  /// they start.
  void add_tiles(PassWork work, const AxisBlocks& row, const AxisBlocks& column,
                 std::uint64_t count) {
    const std::uint64_t planes = std::uint64_t{work.images} * work.groups * work.channels;
    const std::uint64_t words = row.loaded * column.loaded;
    const double ifmap_bytes = bytes_of_ifmap(planes, words);
    for (const FilterGroups& filters : filter_groups_) {
      const std::uint64_t tiles = count * filters.count;
      traffic_.add_ifmap(tiles, planes * words, ifmap_bytes);
      const Ofmap ofmap = ofmap_of(work, filters.filters);
      if (!work.reads_psums) {
        traffic_.add_ofmap(tiles, ofmap.words, ofmap.bytes);
      }
      add_sweep(work, filters, tiles, ifmap_bytes, ofmap);
    }
  }

  [[nodiscard]] double bytes_of_ifmap(std::uint64_t planes, std::uint64_t words) const {
    const bool coded = accelerator_.dram.rlc && !fmaps_.network_input && !resident_ifmap_;
    return coded ? coded_tile_bytes(planes, words, type_.activation_bits, fmaps_.ifmap_zeros)
                 : packed_tile_bytes(planes * words, type_.activation_bits);
  }
  [[nodiscard]] double bytes_of_ofmap(std::uint64_t planes, std::uint64_t words) const {
    const bool coded = accelerator_.dram.rlc && !resident_ofmap_;
    return coded ? coded_tile_bytes(planes, words, type_.activation_bits, fmaps_.ofmap_zeros)
                 : packed_tile_bytes(planes * words, type_.activation_bits);
  }

  struct Ofmap {
    std::uint64_t words = 0;
    double bytes = 0;
    double store = 0;  ///< cycles, when nothing else is on the link
  };
  [[nodiscard]] Ofmap ofmap_of(const PassWork& work, unsigned filters) const {
    const std::uint64_t frames = std::uint64_t{work.images} * work.groups * filters;
    const std::uint64_t words = std::uint64_t{work.ofmap_rows} * work.ofmap_columns;
    Ofmap ofmap;
    ofmap.words = frames * words;
    ofmap.bytes = bytes_of_ofmap(frames, words);
    const double passed =
        static_cast<double>(ofmap.words) / static_cast<double>(accelerator_.post_processing.lanes);
    if (resident_ofmap_) {
      ofmap.store = std::max(link_.inside(ofmap.bytes), passed) + 1;
    } else {
      ofmap.store = std::max(link_.cycles(ofmap.bytes), passed + link_.cycles(1)) + 1;
    }
    return ofmap;
  }

  /// The passes over an ifmap tile, `tiles` times.
  void add_sweep(PassWork work, const FilterGroups& filters, std::uint64_t tiles,
                 double ifmap_bytes, const Ofmap& ofmap) {
    double computing = 0;  // of the sweep
    double filters_on_link = 0;
    double paced = 0;  // each pass as long as the filters of the next one take
    work.same_psums = work.reads_psums && filters.filters <= mapping_.p * mapping_.t;
    for (const Blocks& subgroup : filters.subgroups) {
      work.filters = subgroup.size;
      const PassTime time = timer_.time(work);
      const std::uint64_t passes = subgroup.count * tiles;
      add_bounds(time, passes);
      const double filter_bytes = packed_tile_bytes(work.filter_words(), type_.weight_bits);
      filter_bytes_ += static_cast<double>(passes) * filter_bytes;
      traffic_.add_filters(passes, filter_bytes);
      const double load = link_.occupied(filter_bytes);
      const double in_sweep = cycles_of_run(time, work, subgroup.count, filters.subgroups.size());
      const auto inner = static_cast<double>(subgroup.count);
      computing += in_sweep;
      filters_on_link += inner * load;
      paced += std::max(in_sweep, inner * load);
    }
    const auto count = static_cast<double>(tiles);
    processing_ += count * computing;
    const double load = (resident_ifmap_ ? link_.inside(ifmap_bytes) : link_.cycles(ifmap_bytes)) +
                        (ifmap_bytes > 0 ? 1 : 0);
    if (twice_) {
      const double link =
          filters_on_link + (resident_ifmap_ ? 0 : link_.occupied(ifmap_bytes)) +
          (resident_ofmap_ ? 0 : link_.occupied(ofmap.bytes)) / sweeps_per_psum_tile_;
      // The tile after next is loaded when this one is done with.
      total_ += count * std::max({computing, link, (computing + load) / 2});
    } else {
      total_ += count * (paced + load);
      if (!work.reads_psums) total_ += count * ofmap.store;
    }
    if (first_load_ == 0) first_load_ = load;
    last_store_ = ofmap.store;
    if (!work.reads_psums) stores_ += count;
  }

  /// Passes of equal shape, one after the other over an ifmap tile that has `kinds` of shapes.
  [[nodiscard]] double cycles_of_run(const PassTime& time, const PassWork& work,
                                     std::uint64_t passes, std::size_t kinds) const {
    const auto setup = static_cast<double>(accelerator_.controller.pass_setup.value());
    const auto count = static_cast<double>(passes);
    const double each = static_cast<double>(time.cycles()) + setup;
    if (drain_) return count * each;
    // With two tiles, passes over one tile and the next overlap, too.
    const bool goes_on = twice_ && kinds == 1 && work.reads_psums;
    return count * each - (count - (goes_on ? 0 : 1)) * (static_cast<double>(time.saved) + setup);
  }

  void add_bounds(const PassTime& time, std::uint64_t passes) {
    mac_ += passes * time.mac;
    accumulation_ += passes * time.accumulation;
    psum_bus_ += passes * time.psum_bus;
    ifmap_bus_ += passes * time.ifmap_bus;
    windows_ += passes * time.windows;
    filter_load_ += passes * time.filter_load;
    result_.passes += passes;
  }

  [[nodiscard]] Estimate finish() {
    const spec::ControllerSpec& controller = accelerator_.controller;
    const auto configuration = static_cast<double>(spec::configuration_cycles(controller).value());
    const auto setup = static_cast<double>(controller.pass_setup.value());
    // The ring fills before the first ifmap tile; no pass is set up before the first.
    const double ring = std::min(
        filter_bytes_,
        static_cast<double>(spec::filter_ring_words(accelerator_).value() * type_.weight_bits) / 8);
    processing_ -= setup;
    const double filled = link_.occupied(ring);
    if (twice_) {
      // Whatever binds, the first load and the last store stand alone.
      const double ends = filled + first_load_ + last_store_;
      total_ = std::max(total_, processing_ + ends) + configuration;
    } else {
      total_ += configuration + filled - setup;
      // A load and a store share the link: the second one's latency is hidden.
      if (stores_ > 1 && !resident_ofmap_) total_ -= (stores_ - 1) * link_.cycles(1);
    }
    if (result_.passes <= kFewPasses) time_steps();
    result_.processing = rounded(processing_);
    result_.total = rounded(std::max(total_, configuration + processing_));
    Bounds& bounds = result_.bounds;
    bounds.mac = Cycles(mac_);
    bounds.accumulation = Cycles(accumulation_);
    bounds.psum_bus = Cycles(psum_bus_);
    bounds.ifmap_bus = Cycles(ifmap_bus_);
    bounds.windows = Cycles(windows_);
    bounds.filter_load = Cycles(filter_load_);
    bounds.ramp =
        rounded(std::max(0.0, processing_ - static_cast<double>(windows_ + filter_load_)));
    bounds.dram = result_.total - result_.processing - rounded(configuration);
    result_.binding = binding(bounds);
    count();
    return result_;
  }

  /// Few passes are timed one after the other.
  void time_steps() {
    LayerSteps steps = lay_out_steps(mapping_, shape_, batch_, type_.weight_bits, timer_);
    steps.places = fmaps_.places;
    // Such a pass, which is not legal, would never be released.
    const std::uint64_t ring = spec::filter_ring_words(accelerator_).value();
    if (std::any_of(steps.shapes.begin(), steps.shapes.end(),
                    [ring](const auto& pass) { return pass.filter_words > ring; })) {
      return;
    }
    std::uint64_t bytes = 0;
    for (auto& load : steps.loads) {
      load.bytes = in_code_words(bytes_of_ifmap(load.planes, load.words));
      bytes += load.bytes;
    }
    for (auto& store : steps.stores) {
      store.bytes =
          std::max<std::uint64_t>(8, in_code_words(bytes_of_ofmap(store.planes, store.words)));
      bytes += store.bytes;
    }
    LayerTimer layer(accelerator_, steps);
    processing_ = static_cast<double>(layer.processing());
    const double bursts = (static_cast<double>(bytes) + filter_bytes_) /
                          static_cast<double>(accelerator_.dram.burst.value());
    if (bursts > kFewBursts) return;
    total_ = static_cast<double>(layer.total());
  }

  [[nodiscard]] static Bound binding(const Bounds& bounds) {
    const Cycles pes = bounds.mac + bounds.accumulation;
    Bound window = bounds.accumulation > bounds.mac ? Bound::kAccumulation : Bound::kMac;
    if (bounds.psum_bus > pes) window = Bound::kPsumBus;
    if (bounds.ifmap_bus > std::max(pes, bounds.psum_bus)) window = Bound::kIfmapBus;
    std::pair<Cycles, Bound> largest{bounds.windows, window};
    for (const auto& other :
         {std::make_pair(bounds.filter_load, Bound::kFilterLoad),
          std::make_pair(bounds.ramp, Bound::kRamp), std::make_pair(bounds.dram, Bound::kDram)}) {
      if (other.first > largest.first) largest = other;
    }
    return largest.second;
  }

  void count() {
    ArrayCounter(shape_, batch_, accelerator_,
                 expected_gated_macs(shape_, batch_, accelerator_, fmaps_.ifmap_zeros))
        .count(mapping_, shape_, traffic_.sum(), result_.counts);
    result_.macs = batch_ * shape_.macs_per_image();
  }

  const Mapping& mapping_;
  const workloads::ConvolutionShape& shape_;
  unsigned batch_;
  const spec::AcceleratorSpec& accelerator_;
  const FmapAssumptions& fmaps_;
  const arithmetic::PeType& type_;
  PassTimer timer_;
  DramLink link_;
  ExpectedTraffic traffic_;
  bool resident_ifmap_;
  bool resident_ofmap_;
  bool drain_;
  bool twice_;
  std::vector<FilterGroups> filter_groups_;
  double sweeps_per_psum_tile_ = 1;

  Estimate result_;
  std::uint64_t mac_ = 0;
  std::uint64_t accumulation_ = 0;
  std::uint64_t psum_bus_ = 0;
  std::uint64_t ifmap_bus_ = 0;
  std::uint64_t windows_ = 0;
  std::uint64_t filter_load_ = 0;
  double filter_bytes_ = 0;
  double processing_ = 0;
  double total_ = 0;
  double first_load_ = 0;
  double last_store_ = 0;
  double stores_ = 0;
};

}  // namespace

const char* name_of(Bound bound) {
  switch (bound) {
    case Bound::kMac:
      return "mac";
    case Bound::kAccumulation:
      return "accumulation";
    case Bound::kPsumBus:
      return "psum_bus";
    case Bound::kIfmapBus:
      return "ifmap_bus";
    case Bound::kFilterLoad:
      return "filter_load";
    case Bound::kRamp:
      return "ramp";
    case Bound::kPostProcessing:
      return "post_processing";
    case Bound::kDram:
      return "dram";
  }
  return "";
}

Estimate estimate(const Mapping& mapping, const workloads::ConvolutionShape& shape, unsigned batch,
                  const spec::AcceleratorSpec& accelerator, const FmapAssumptions& fmaps) {
  const Mapping clipped = dataflow::row_stationary::clip(mapping, shape, batch);
  return Sum(clipped, shape, batch, accelerator, fmaps).run();
}

}  // namespace rowan::analytical
