// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/post_processing/layer_plan.h"

#include <algorithm>
#include <limits>
#include <string>

#include "models/arithmetic/pe_type.h"
#include "models/base/error.h"
#include "models/base/units.h"
#include "models/spec/derived.h"

namespace rowan::dataflow::post_processing {
namespace {

std::uint32_t saturate(std::uint64_t value) {
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(value, std::numeric_limits<std::uint32_t>::max()));
}

unsigned blocks(unsigned total, unsigned each) {
  return static_cast<unsigned>(ceil_div(total, each));
}

Block block(unsigned total, unsigned each, std::size_t index) {
  const auto begin = static_cast<unsigned>(index) * each;
  return {begin, std::min(each, total - begin)};
}

/// Largest count of 1 to `most` that holds; 0 when none does. What holds for a count holds for
/// every smaller one.
template <class Holds>
unsigned largest(unsigned most, Holds holds) {
  unsigned least = 0;
  while (least < most) {
    const unsigned middle = least + (most - least + 1) / 2;
    if (holds(middle)) {
      least = middle;
    } else {
      most = middle - 1;
    }
  }
  return least;
}

/// Rows (or columns) of an fmap of `extent` that `windows` windows need, the padding left out.
Block covered(Block windows, unsigned window, unsigned stride, unsigned padding, unsigned extent) {
  const unsigned begin = windows.begin * stride;
  const unsigned end = begin + (windows.size - 1) * stride + window;
  const unsigned first = std::max(begin, padding) - padding;
  return {first, std::min(end - std::min(end, padding), extent) - first};
}

bool is_pooling(const LayerShape& shape) {
  return shape.operation == UnitOperation::kMaxPooling ||
         shape.operation == UnitOperation::kAveragePooling;
}

const char* name_of(UnitOperation operation) {
  switch (operation) {
    case UnitOperation::kMaxPooling:
      return "max pooling";
    case UnitOperation::kAveragePooling:
      return "average pooling";
    case UnitOperation::kRelu:
      return "ReLU";
    case UnitOperation::kAddition:
      return "addition";
    case UnitOperation::kGelu:
      return "GELU";
    case UnitOperation::kSoftmax:
      return "softmax";
    case UnitOperation::kLayerNorm:
      return "layer norm";
    case UnitOperation::kTokens:
      return "tokens";
    case UnitOperation::kSelect:
      return "select";
  }
  return "";
}

}  // namespace

LayerPlan::LayerPlan(const LayerShape& shape, unsigned batch,
                     const spec::AcceleratorSpec& accelerator)
    : shape_(shape), batch_(batch), accelerator_(accelerator) {
  check(shape_);
  if (batch_ == 0) throw InputError("batch is 0");
  const arithmetic::PeType& type = arithmetic::pe_type(accelerator.pe.type);
  shape_.arithmetic.activation_bits = type.activation_bits;
  shape_.arithmetic.numbers = type.numbers;
  extents_ = largest_tile();
  buffers_ = needs(extents_);
}

BufferPlan LayerPlan::needs(const Extents& extents) const {
  std::uint64_t rows = extents.rows;
  std::uint64_t columns = extents.columns;
  std::uint64_t results = rows * columns;
  if (is_pooling(shape_)) {
    rows =
        std::min<std::uint64_t>(shape_.height, (rows - 1) * shape_.stride + shape_.window_height);
    columns =
        std::min<std::uint64_t>(shape_.width, (columns - 1) * shape_.stride + shape_.window_width);
  }
  if (shape_.operation == UnitOperation::kTokens) ++results;
  std::uint64_t planes = extents.channels;
  if (shape_.operation == UnitOperation::kAddition) {
    planes += std::min(extents.channels, shape_.second_channels);
  }
  const std::uint64_t ifmap_words = planes * rows * columns;
  const std::uint64_t psum_rows =
      ceil_div(extents.channels, spec::psum_packet(accelerator_).words.value()) * results;
  BufferPlan plan;
  plan.ifmap_words = saturate(ifmap_words);
  plan.psum_rows = saturate(psum_rows);
  plan.ifmap_banks =
      saturate(ceil_div(ifmap_words, spec::ifmap_words_per_bank(accelerator_).value()));
  plan.psum_banks = saturate(ceil_div(psum_rows, accelerator_.global_buffer.bank_rows));
  return plan;
}

std::uint64_t LayerPlan::parameters(const Extents& extents) const {
  std::uint64_t each = shape_.parameters_per_channel();
  if (shape_.operation == UnitOperation::kTokens) {
    each = 1 + std::uint64_t{extents.rows} * extents.columns;
  }
  return extents.channels * each;
}

bool LayerPlan::fits(const Extents& extents) const {
  if (parameters(extents) > spec::filter_ring_words(accelerator_).value()) return false;
  const BufferPlan plan = needs(extents);
  const unsigned tiles = accelerator_.dram.overlap == spec::DramOverlap::kDoubleBuffer ? 2 : 1;
  return (std::uint64_t{plan.ifmap_banks} + plan.psum_banks) * tiles <=
         accelerator_.global_buffer.banks;
}

LayerPlan::Extents LayerPlan::largest_tile() const {
  const unsigned together = shape_.channels_together();
  const unsigned height = shape_.grid_height();
  const unsigned width = shape_.grid_width();
  const unsigned sets = largest(shape_.channels / together, [&](unsigned count) {
    return fits({count * together, height, width});
  });
  if (sets > 0) return {sets * together, height, width};
  const unsigned rows = largest(height, [&](unsigned count) {
    return fits({together, count, width});
  });
  if (rows > 0) return {together, rows, width};
  const unsigned columns = largest(width, [&](unsigned count) {
    return fits({together, 1, count});
  });
  if (columns == 0) reject({together, 1, 1});
  return {together, 1, columns};
}

void LayerPlan::reject(const Extents& smallest) const {
  const std::uint64_t ring = spec::filter_ring_words(accelerator_).value();
  const std::uint64_t words = parameters(smallest);
  std::string message = name_of(shape_.operation);
  message += " does not fit: ";
  if (words > ring) {
    message += std::to_string(words) + " parameter words, but global_buffer.filter_banks hold " +
               std::to_string(ring);
  } else {
    const BufferPlan plan = needs(smallest);
    const bool twice = accelerator_.dram.overlap == spec::DramOverlap::kDoubleBuffer;
    message += std::to_string(plan.ifmap_banks) + " ifmap + " + std::to_string(plan.psum_banks) +
               " psum banks" + (twice ? ", twice for dram.overlap double_buffer," : "") +
               " for one position, but global_buffer.banks is " +
               std::to_string(accelerator_.global_buffer.banks);
  }
  if (is_pooling(shape_)) {
    const unsigned window =
        largest(std::max(shape_.window_height, shape_.window_width), [&](unsigned extent) {
          LayerPlan other = *this;
          other.shape_.window_height = extent;
          other.shape_.window_width = extent;
          other.shape_.height = std::max(extent, shape_.height);
          other.shape_.width = std::max(extent, shape_.width);
          return other.fits(smallest);
        });
    if (window > 0) {
      message += "; a window of " + std::to_string(window) + " x " + std::to_string(window) +
                 " words fits";
    }
  } else {
    const unsigned channels = largest(smallest.channels, [&](unsigned count) {
      return fits({count, 1, 1});
    });
    if (channels > 0) message += "; " + std::to_string(channels) + " channels fit";
  }
  throw InputError(message);
}

std::size_t LayerPlan::tile_count() const {
  return std::size_t{batch_} * blocks(shape_.channels, extents_.channels) *
         blocks(shape_.grid_height(), extents_.rows) *
         blocks(shape_.grid_width(), extents_.columns);
}

Tile LayerPlan::tile(std::size_t index) const {
  const std::size_t columns = blocks(shape_.grid_width(), extents_.columns);
  const std::size_t rows = blocks(shape_.grid_height(), extents_.rows);
  const std::size_t channels = blocks(shape_.channels, extents_.channels);
  Tile tile;
  tile.columns = block(shape_.grid_width(), extents_.columns, index % columns);
  index /= columns;
  tile.rows = block(shape_.grid_height(), extents_.rows, index % rows);
  index /= rows;
  tile.channels = block(shape_.channels, extents_.channels, index % channels);
  tile.image = static_cast<unsigned>(index / channels);
  tile.ifmap_rows = tile.rows;
  tile.ifmap_columns = tile.columns;
  if (is_pooling(shape_)) {
    tile.ifmap_rows =
        covered(tile.rows, shape_.window_height, shape_.stride, shape_.padding, shape_.height);
    tile.ifmap_columns =
        covered(tile.columns, shape_.window_width, shape_.stride, shape_.padding, shape_.width);
  } else if (shape_.operation == UnitOperation::kTokens) {
    // Column 0 belongs to the first position. A tile has whole rows, or lies in one.
    const unsigned first = tile.rows.begin * shape_.width + tile.columns.begin;
    const unsigned positions = tile.rows.size * tile.columns.size;
    tile.columns = first == 0 ? Block{0, 1 + positions} : Block{1 + first, positions};
    tile.rows = {0, 1};
  } else if (shape_.operation == UnitOperation::kSelect) {
    tile.ifmap_columns = {shape_.column, 1};
  } else if (shape_.operation == UnitOperation::kAddition) {
    const unsigned begin = std::min(tile.channels.begin, shape_.second_channels);
    const unsigned end = std::min(tile.channels.begin + tile.channels.size, shape_.second_channels);
    tile.second_channels = {begin, end - begin};
  }
  return tile;
}

std::uint32_t LayerPlan::parameter_words(const Tile& tile) const {
  if (shape_.operation == UnitOperation::kTokens) return tile.channels.size * tile.columns.size;
  return tile.channels.size * shape_.parameters_per_channel();
}

std::shared_ptr<const PassShape> LayerPlan::pass_shape(const Tile& tile) const {
  auto unit = std::make_shared<UnitPass>();
  unit->operation = shape_.operation;
  unit->planes = tile.channels.size;
  unit->second_planes = tile.second_channels.size;
  unit->rows = tile.ifmap_rows.size;
  unit->columns = tile.ifmap_columns.size;
  unit->groups = tile.channels.size / shape_.channels_together();
  unit->class_token = shape_.operation == UnitOperation::kTokens && tile.columns.begin == 0;
  if (is_pooling(shape_)) {
    const auto first = [&](Block windows, Block fmap) {
      return static_cast<std::int32_t>(windows.begin * shape_.stride) -
             static_cast<std::int32_t>(shape_.padding) - static_cast<std::int32_t>(fmap.begin);
    };
    unit->window = {shape_.window_height, shape_.window_width, shape_.stride,
                    first(tile.rows, tile.ifmap_rows), first(tile.columns, tile.ifmap_columns)};
  }
  unit->arithmetic = shape_.arithmetic;
  unit->results = results(tile);
  auto shape = std::make_shared<PassShape>();
  shape->pes.resize(std::size_t{accelerator_.array.rows} * accelerator_.array.columns);
  shape->filter_words = parameter_words(tile);
  shape->unit = std::move(unit);
  return shape;
}

std::shared_ptr<const PsumTileShape> LayerPlan::results(const Tile& tile) const {
  const auto lanes = static_cast<std::uint32_t>(spec::psum_packet(accelerator_).words.value());
  auto shape = std::make_shared<PsumTileShape>();
  shape->rows = tile.rows.size;
  shape->columns = tile.columns.size;
  for (std::uint32_t plane = 0; plane < tile.channels.size; ++plane) {
    PlaneLayout layout;
    layout.lane = plane % lanes;
    layout.column_stride = 1;
    for (std::uint32_t row = 0; row < shape->rows; ++row) {
      layout.first_row.push_back((plane / lanes * shape->rows + row) * shape->columns);
    }
    shape->planes.push_back(std::move(layout));
  }
  return shape;
}

}  // namespace rowan::dataflow::post_processing
