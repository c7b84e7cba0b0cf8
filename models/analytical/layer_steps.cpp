// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/layer_steps.h"

#include <algorithm>
#include <utility>

#include "models/analytical/loop_blocks.h"

namespace rowan::analytical {
namespace {

using dataflow::row_stationary::Mapping;

/// The blocks of an axis under each fold, in order.
struct AxisGrid {
  AxisGrid(const Axis& axis, unsigned outputs, unsigned taps)
      : blocks(static_cast<unsigned>(ceil_div(axis.outputs, outputs))),
        folds(static_cast<unsigned>(ceil_div(axis.taps, taps))) {
    for (unsigned fold = 0; fold < folds; ++fold) {
      for (unsigned block = 0; block < blocks; ++block) {
        cells.push_back(axis_block(axis, outputs, taps, block, fold));
      }
    }
  }
  [[nodiscard]] const AxisBlocks& at(unsigned block, unsigned fold) const {
    return cells[fold * blocks + block];
  }
  unsigned blocks;
  unsigned folds;
  std::vector<AxisBlocks> cells;
};

/// Goes through a layer's loops, outermost first: group, image, strip, column, filter group,
/// channel group, fold, filter subgroup.
class Walk {
 public:
  Walk(const Mapping& mapping, const workloads::ConvolutionShape& shape, unsigned batch,
       unsigned weight_bits, PassTimer& timer)
      : mapping_(mapping),
        shape_(shape),
        batch_(batch),
        weight_bits_(weight_bits),
        timer_(timer),
        rows_(row_axis(shape), mapping.e, mapping.filter_rows),
        columns_(column_axis(shape), mapping.f, mapping.filter_columns) {}

  [[nodiscard]] LayerSteps steps() {
    for (unsigned done = 0; done < shape_.groups; done += mapping_.g) {
      work_.groups = std::min(mapping_.g, shape_.groups - done);
      for (unsigned image = 0; image < batch_; image += mapping_.n) {
        work_.images = std::min(mapping_.n, batch_ - image);
        for (unsigned strip = 0; strip < rows_.blocks; ++strip) {
          for (unsigned column = 0; column < columns_.blocks; ++column) add_tiles(strip, column);
        }
      }
    }
    return std::move(steps_);
  }

 private:
  void add_tiles(unsigned strip, unsigned column) {
    const unsigned filters = shape_.filters_per_group();
    for (unsigned first = 0; first < filters; first += mapping_.m) {
      const unsigned of_group = std::min(mapping_.m, filters - first);
      const AxisBlocks& rows = rows_.at(strip, 0);
      const AxisBlocks& columns = columns_.at(column, 0);
      steps_.stores.push_back({std::uint64_t{work_.images} * work_.groups * of_group,
                               std::uint64_t{rows.outputs} * columns.outputs, 0});
      const unsigned channels = shape_.channels_per_group();
      const unsigned each = mapping_.q * mapping_.r;
      for (unsigned done = 0; done < channels; done += each) {
        work_.channels = std::min(each, channels - done);
        for (unsigned fold = 0; fold < rows_.folds; ++fold) {
          for (unsigned across = 0; across < columns_.folds; ++across) {
            work_.reads_psums = done > 0 || fold > 0 || across > 0;
            add_sweep(rows_.at(strip, fold), columns_.at(column, across), of_group);
          }
        }
      }
    }
  }

  /// The passes over an ifmap tile.
  void add_sweep(const AxisBlocks& rows, const AxisBlocks& columns, unsigned filters) {
    steps_.loads.push_back({std::uint64_t{work_.images} * work_.groups * work_.channels,
                            rows.loaded * columns.loaded, 0});
    work_.ofmap_rows = rows.outputs;
    work_.filter_rows = rows.taps;
    work_.ofmap_columns = columns.outputs;
    work_.filter_columns = columns.taps;
    const unsigned each = mapping_.p * mapping_.t;
    work_.same_psums = work_.reads_psums && filters <= each;
    for (unsigned done = 0; done < filters; done += each) {
      work_.filters = std::min(each, filters - done);
      steps_.passes.push_back({shape_of_work(), static_cast<std::uint32_t>(steps_.loads.size() - 1),
                               static_cast<std::uint32_t>(steps_.stores.size() - 1)});
    }
  }

  [[nodiscard]] std::uint32_t shape_of_work() {
    std::vector<LayerSteps::Shape>& shapes = steps_.shapes;
    if (last_ < shapes.size() && shapes[last_].work == work_) return last_;
    const auto at = std::find_if(shapes.begin(), shapes.end(),
                                 [&](const auto& known) { return known.work == work_; });
    last_ = static_cast<std::uint32_t>(at - shapes.begin());
    if (at == shapes.end()) {
      const std::uint64_t words = work_.filter_words();
      shapes.push_back({work_, timer_.time(work_), words, ceil_div(words * weight_bits_, 64) * 8});
    }
    return last_;
  }

  const Mapping& mapping_;
  const workloads::ConvolutionShape& shape_;
  unsigned batch_;
  unsigned weight_bits_;
  PassTimer& timer_;
  AxisGrid rows_;
  AxisGrid columns_;
  PassWork work_;
  LayerSteps steps_;
  std::uint32_t last_ = 0;
};

}  // namespace

std::uint64_t count_passes(const Mapping& mapping, const workloads::ConvolutionShape& shape,
                           unsigned batch) {
  const auto blocks = [](unsigned total, unsigned each) { return ceil_div(total, each); };
  const unsigned filters = shape.filters_per_group();
  const unsigned each = mapping.p * mapping.t;
  const std::uint64_t subgroups =
      filters / mapping.m * blocks(mapping.m, each) + blocks(filters % mapping.m, each);
  return blocks(shape.groups, mapping.g) * blocks(batch, mapping.n) *
         blocks(shape.out_height(), mapping.e) * blocks(shape.out_width(), mapping.f) *
         blocks(shape.channels_per_group(), mapping.q * mapping.r) *
         blocks(shape.kernel_height, mapping.filter_rows) *
         blocks(shape.kernel_width, mapping.filter_columns) * subgroups;
}

LayerSteps lay_out_steps(const Mapping& mapping, const workloads::ConvolutionShape& shape,
                         unsigned batch, unsigned weight_bits, PassTimer& timer) {
  return Walk(mapping, shape, batch, weight_bits, timer).steps();
}

}  // namespace rowan::analytical
