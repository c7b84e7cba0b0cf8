// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_unit_case.h"

#include <algorithm>
#include <sstream>

#include "models/base/error.h"
#include "models/base/random.h"
#include "models/spec/check.h"
#include "models/spec/derived.h"
#include "tests/support/random_case.h"

namespace rowan::support {
namespace {

using arithmetic::Word;
using dataflow::FmapPlace;
using dataflow::UnitOperation;
using dataflow::post_processing::LayerPlan;
using dataflow::post_processing::LayerShape;
using dataflow::post_processing::Tile;

constexpr UnitOperation kOperations[] = {
    UnitOperation::kMaxPooling, UnitOperation::kAveragePooling, UnitOperation::kRelu,
    UnitOperation::kAddition,   UnitOperation::kGelu,           UnitOperation::kSoftmax,
    UnitOperation::kLayerNorm,  UnitOperation::kTokens,         UnitOperation::kSelect};
constexpr const char* kNames[] = {"max pooling", "average pooling", "ReLU",   "addition", "GELU",
                                  "softmax",     "layer norm",      "tokens", "select"};

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed) {}
  unsigned between(unsigned least, unsigned most) {
    return static_cast<unsigned>(random_.between(least, std::max(least, most)));
  }
  bool percent(unsigned chance) { return between(1, 100) <= chance; }
  Word word(std::int64_t least, std::int64_t most) {
    return static_cast<Word>(random_.between(least, most));
  }

 private:
  Random random_;
};

void draw_windows(Draw& draw, LayerShape& shape) {
  if (draw.percent(20)) {  // the whole plane
    shape.window_height = shape.height;
    shape.window_width = shape.width;
    return;
  }
  shape.window_height = draw.between(1, 4);
  shape.window_width = draw.percent(60) ? shape.window_height : draw.between(1, 4);
  shape.stride = draw.between(1, 4);
  shape.padding = draw.between(0, std::min(shape.window_height, shape.window_width) - 1);
  shape.height = std::max(shape.height, shape.window_height);
  shape.width = std::max(shape.width, shape.window_width);
}

void draw_shape(Draw& draw, LayerShape& shape) {
  shape.operation = kOperations[draw.between(0, 8)];
  shape.channels = draw.percent(20) ? 1 : draw.between(2, 11);
  shape.height = draw.percent(20) ? 1 : draw.between(2, 9);
  shape.width = draw.percent(10) ? 1 : draw.between(2, 9);
  switch (shape.operation) {
    case UnitOperation::kMaxPooling:
    case UnitOperation::kAveragePooling:
      draw_windows(draw, shape);
      break;
    case UnitOperation::kAddition:
      shape.second_channels = draw.percent(60) ? shape.channels : draw.between(1, shape.channels);
      break;
    case UnitOperation::kSoftmax:
      shape.groups = draw.between(1, 3);
      shape.channels *= shape.groups;
      break;
    case UnitOperation::kSelect:
      shape.column = draw.between(0, shape.width - 1);
      break;
    case UnitOperation::kRelu:
    case UnitOperation::kGelu:
    case UnitOperation::kLayerNorm:
    case UnitOperation::kTokens:
      break;
  }
  dataflow::UnitArithmetic& how = shape.arithmetic;
  how.relu = draw.percent(50);
  how.shift = draw.percent(40) ? 0 : draw.between(1, 9);
  how.fraction_bits = draw.between(0, 15);
  how.ofmap_fraction_bits = draw.between(0, 15);
  how.gain_fraction_bits = draw.between(0, 14);
}

bool has_plan(const RandomUnitCase& test) {
  try {
    (void)test.plan();
  } catch (const InputError&) {
    return false;
  }
  return true;
}

/// As few banks as the layer and the accelerator permit, and some more now and then.
void draw_buffer(Draw& draw, RandomUnitCase& test) {
  spec::GlobalBufferSpec& buffer = test.accelerator.global_buffer;
  buffer.bank_rows = draw.percent(50) ? draw.between(2, 9) : draw.between(10, 40);
  buffer.banks = 2;
  buffer.filter_banks = 1;
  while (!spec::check(test.accelerator).empty()) ++buffer.filter_banks;
  while (!has_plan(test)) {
    ++buffer.banks;
    if (buffer.banks % 4 == 0) ++buffer.filter_banks;
  }
  if (draw.percent(50)) return;
  buffer.banks += draw.between(0, 30);
  buffer.filter_banks += draw.between(0, 4);
}

}  // namespace

RandomUnitCase make_random_unit_case(std::uint64_t seed) {
  Draw draw(seed ^ 0x5eed);
  RandomUnitCase test;
  test.seed = seed;
  const RandomCase array_case = make_random_case(seed);
  test.accelerator = array_case.accelerator;
  test.places = array_case.places;
  // PEs have no part in such a layer but to be idle.
  test.accelerator.array.rows = draw.between(1, 2);
  test.accelerator.array.columns = draw.between(1, 2);
  draw_shape(draw, test.shape);
  test.batch = draw.percent(60) ? 1 : draw.between(2, 3);
  test.network_input = draw.percent(30);
  draw_buffer(draw, test);
  return test;
}

workloads::LayerTensors make_random_unit_tensors(const RandomUnitCase& test) {
  Draw draw(test.seed ^ 0x7e45095);
  const LayerShape& shape = test.shape;
  workloads::LayerTensors tensors;
  tensors.inputs.emplace_back(
      workloads::Extents{test.batch, shape.channels, shape.height, shape.width});
  if (shape.operation == UnitOperation::kAddition) {
    tensors.inputs.emplace_back(
        workloads::Extents{test.batch, shape.second_channels, shape.height, shape.width});
  }
  if (shape.operation == UnitOperation::kLayerNorm) {
    tensors.parameters = workloads::Tensor({shape.channels, 2, 1, 1});
  } else if (shape.operation == UnitOperation::kTokens) {
    tensors.parameters = workloads::Tensor({shape.channels, 1, 1, shape.out_width()});
  }
  const unsigned zeros = draw.between(0, 3) * 30;
  const std::int64_t most = draw.percent(50) ? 32767 : draw.between(1, 600);
  const auto fill = [&](workloads::Tensor& tensor) {
    for (std::size_t i = 0; i < tensor.size(); ++i) {
      Word word = draw.percent(zeros) ? 0 : draw.word(-most - 1, most);
      if (draw.percent(2)) word = draw.percent(50) ? 32767 : -32768;
      tensor.data()[i] = word;
    }
  };
  for (workloads::Tensor& input : tensors.inputs) fill(input);
  fill(tensors.parameters);
  return tensors;
}

std::optional<workloads::Layer> layer_of(const RandomUnitCase& test) {
  using workloads::LayerKind;
  constexpr LayerKind kKinds[] = {LayerKind::kPooling,   LayerKind::kPooling, LayerKind::kRelu,
                                  LayerKind::kAdd,       LayerKind::kGelu,    LayerKind::kSoftmax,
                                  LayerKind::kLayerNorm, LayerKind::kTokens,  LayerKind::kSelect};
  const LayerShape& shape = test.shape;
  workloads::Layer layer;
  layer.name = "random";
  layer.kind = kKinds[static_cast<std::size_t>(shape.operation)];
  layer.operands.push_back({0, {shape.channels, shape.height, shape.width}, true});
  if (layer.kind == LayerKind::kAdd) {
    layer.operands.push_back({1, {shape.second_channels, shape.height, shape.width}, true});
  }
  layer.pooling.kind = shape.operation == UnitOperation::kMaxPooling
                           ? workloads::PoolingKind::kMax
                           : workloads::PoolingKind::kAverage;
  layer.pooling.global = shape.window_height == shape.height && shape.window_width == shape.width &&
                         shape.padding == 0;
  if (shape.window_height != shape.window_width && !layer.pooling.global) return std::nullopt;
  layer.pooling.size = shape.window_height;
  layer.pooling.stride = shape.stride;
  layer.pooling.padding = shape.padding;
  layer.unit.groups = shape.groups;
  layer.unit.column = shape.column;
  layer.unit.fraction_bits = shape.arithmetic.fraction_bits;
  layer.unit.ofmap_fraction_bits = shape.arithmetic.ofmap_fraction_bits;
  layer.unit.gain_fraction_bits = shape.arithmetic.gain_fraction_bits;
  layer.relu = shape.arithmetic.relu;
  layer.ofmap_shift = shape.arithmetic.shift;
  layer.output = {shape.channels, shape.out_height(), shape.out_width()};
  layer.network_input = test.network_input;
  return layer;
}

std::map<std::string, bool> hard_things_of(const RandomUnitCase& test,
                                           const ClockedResult& result) {
  const LayerPlan plan = test.plan();
  const LayerShape& shape = test.shape;
  const spec::AcceleratorSpec& spec = test.accelerator;
  const bool pools = shape.operation == UnitOperation::kMaxPooling ||
                     shape.operation == UnitOperation::kAveragePooling;
  const std::size_t tiles = plan.tile_count();
  const Tile first = plan.tile(0);
  const Tile last = plan.tile(tiles - 1);
  const bool strips =
      !pools && shape.operation != UnitOperation::kSelect && first.ifmap_rows.size < shape.height;
  const std::uint64_t ring = spec::filter_ring_words(spec).value();
  bool waited = false;
  for (std::size_t k = 1; k < tiles; ++k) {
    waited =
        waited || result.releases[k] > result.drains[k - 1] + spec.controller.pass_setup.value();
  }
  std::map<std::string, bool> things;
  for (std::size_t i = 0; i < std::size(kOperations); ++i) {
    const bool is = shape.operation == kOperations[i];
    things[kNames[i]] = is;
    things[std::string(kNames[i]) + ", several tiles"] = is && tiles > test.batch;
  }
  things["strips of rows"] = strips;
  things["parts of a row"] =
      shape.operation != UnitOperation::kSelect && !pools && first.ifmap_columns.size < shape.width;
  things["several sets of planes"] = first.channels.size < shape.channels && tiles > test.batch;
  things["last planes are fewer"] = last.channels.size < first.channels.size;
  things["pooling in strips"] = pools && first.rows.size < shape.grid_height();
  things["pooling in parts of a row"] = pools && first.columns.size < shape.grid_width();
  things["pooling, stride above the window"] = pools && shape.stride > shape.window_height;
  things["pooling, padding"] = pools && shape.padding > 0;
  things["second operand ends within a tile"] = shape.second_channels > 0 &&
                                                last.second_channels.size > 0 &&
                                                last.second_channels.size < last.channels.size;
  things["a tile without second operand"] =
      shape.second_channels > 0 && last.second_channels.size == 0;
  things["softmax groups in several tiles"] =
      shape.operation == UnitOperation::kSoftmax && first.channels.size < shape.channels;
  things["several groups in a tile"] =
      shape.operation == UnitOperation::kSoftmax && first.channels.size > shape.channels_together();
  things["parameter ring of less than two blocks"] =
      tiles > 1 && plan.parameter_words(first) > 0 && ring < 2 * plan.parameter_words(first);
  things["a golden operation to compare with"] = layer_of(test).has_value();
  things["several images"] = test.batch > 1;
  things["double_buffer, several tiles"] =
      tiles > 2 && spec.dram.overlap == spec::DramOverlap::kDoubleBuffer;
  things["DRAM between passes"] = waited;
  things["pass_transition overlap"] =
      tiles > 1 && spec.controller.pass_transition == spec::PassTransition::kOverlap;
  things["one lane"] = spec.post_processing.lanes == 1;
  things["psum rows of several words"] = spec::psum_packet(spec).words.value() > 1;
  things["coded operands"] = spec.dram.rlc && !test.network_input;
  things["packed operands"] = !spec.dram.rlc || test.network_input;
  things["resident ifmap"] = test.places.ifmap == FmapPlace::kResident;
  things["resident ofmap"] = test.places.ofmap == FmapPlace::kResident;
  return things;
}

std::string RandomUnitCase::describe() const {
  const auto& how = shape.arithmetic;
  const auto& a = accelerator;
  std::ostringstream out;
  out << "seed " << seed << "\nlayer: " << kNames[static_cast<std::size_t>(shape.operation)]
      << " C " << shape.channels << " " << shape.height << "x" << shape.width << " second "
      << shape.second_channels << " window " << shape.window_height << "x" << shape.window_width
      << " U " << shape.stride << " P " << shape.padding << " groups " << shape.groups << " column "
      << shape.column << " shift " << how.shift << (how.relu ? " relu" : "") << " fx "
      << how.fraction_bits << " fy " << how.ofmap_fraction_bits << " g " << how.gain_fraction_bits
      << " N " << batch << (network_input ? " input" : "")
      << (places.ifmap == FmapPlace::kResident ? " resident ifmap" : "")
      << (places.ofmap == FmapPlace::kResident ? " resident ofmap" : "") << "\nbanks "
      << a.global_buffer.banks << " + " << a.global_buffer.filter_banks << " of "
      << a.global_buffer.bank_rows << " x " << a.global_buffer.row_width
      << (a.dram.rlc ? " rlc" : "")
      << (a.dram.overlap == spec::DramOverlap::kNone ? " none" : " double_buffer")
      << (a.controller.pass_transition == spec::PassTransition::kDrain ? " drain" : " overlap")
      << " setup " << a.controller.pass_setup << " lanes " << a.post_processing.lanes << " psum "
      << a.psum_gin.width << "/" << a.pe.psum_bits << " burst " << a.dram.burst << " x "
      << a.dram.outstanding_bursts << "; " << plan().tile_count() << " tiles\n";
  return out.str();
}

}  // namespace rowan::support
