// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/post_processing/dram_image.h"

#include <string>

#include "models/arithmetic/pe_type.h"
#include "models/arithmetic/run_length.h"
#include "models/base/error.h"
#include "models/dataflow/fmap_frames.h"

namespace rowan::dataflow::post_processing {
namespace {

using arithmetic::Word;
using workloads::Extents;
using workloads::Tensor;

void expect(const char* what, const Tensor& tensor, const Extents& extents) {
  if (tensor.extents() == extents) return;
  const auto text = [](const Extents& of) {
    return std::to_string(of[0]) + "x" + std::to_string(of[1]) + "x" + std::to_string(of[2]) + "x" +
           std::to_string(of[3]);
  };
  throw InputError(std::string(what) + " is " + text(tensor.extents()) + ", not " + text(extents));
}

void check_tensors(const LayerPlan& plan, const workloads::LayerTensors& tensors) {
  const LayerShape& shape = plan.shape();
  const std::size_t count = shape.operation == UnitOperation::kAddition ? 2 : 1;
  if (tensors.inputs.size() != count) {
    throw InputError(std::to_string(tensors.inputs.size()) + " operands, not " +
                     std::to_string(count));
  }
  expect("the operand", tensors.inputs[0],
         {plan.batch(), shape.channels, shape.height, shape.width});
  if (count == 2) {
    expect("the second operand", tensors.inputs[1],
           {plan.batch(), shape.second_channels, shape.height, shape.width});
  }
  if (shape.operation == UnitOperation::kLayerNorm) {
    expect("the tensor of gains and offsets", tensors.parameters, {shape.channels, 2, 1, 1});
  } else if (shape.operation == UnitOperation::kTokens) {
    expect("the tensor of embeddings", tensors.parameters,
           {shape.channels, 1, 1, shape.out_width()});
  }
}

void add_planes(const Tensor& fmap, const Tile& tile, Block channels, FrameWriter& writer) {
  std::vector<Word> frame;
  for (unsigned c = channels.begin; c < channels.begin + channels.size; ++c) {
    const Word* plane = fmap.plane(tile.image, c);
    frame.clear();
    for (unsigned row = 0; row < tile.ifmap_rows.size; ++row) {
      const Word* first = plane + std::size_t{tile.ifmap_rows.begin + row} * fmap.extents()[3] +
                          tile.ifmap_columns.begin;
      frame.insert(frame.end(), first, first + tile.ifmap_columns.size);
    }
    writer.add(frame);
  }
}

void add_parameters(const LayerPlan& plan, const Tile& tile, const Tensor& parameters,
                    FrameWriter& writer) {
  const unsigned each = plan.shape().parameters_per_channel();
  const bool tokens = plan.shape().operation == UnitOperation::kTokens;
  const Block part = tokens ? tile.columns : Block{0, each};
  std::vector<Word> words;
  for (unsigned c = tile.channels.begin; c < tile.channels.begin + tile.channels.size; ++c) {
    const Word* first = parameters.data() + std::size_t{c} * each + part.begin;
    words.insert(words.end(), first, first + part.size);
  }
  writer.add(words);
}

}  // namespace

DramImage make_dram_image(const LayerPlan& plan, const workloads::LayerTensors& tensors,
                          bool network_input, FmapPlaces places) {
  check_tensors(plan, tensors);
  const spec::AcceleratorSpec& accelerator = plan.accelerator();
  const auto& type = arithmetic::pe_type(accelerator.pe.type);
  DramImage image;
  DramLayout& layout = image.layout;
  const bool resident_ifmap = places.ifmap == FmapPlace::kResident;
  const bool resident_ofmap = places.ofmap == FmapPlace::kResident;
  layout.places = places;
  layout.coded_ifmaps = accelerator.dram.rlc && !network_input && !resident_ifmap;
  layout.coded_ofmaps = accelerator.dram.rlc && !resident_ofmap;
  const auto coding = layout.coded_ifmaps ? FrameCoding::kRunLength : FrameCoding::kPacked;
  layout.tiles.resize(plan.tile_count());
  for (std::size_t i = 0; i < plan.tile_count(); ++i) {
    const Tile tile = plan.tile(i);
    TileAddresses& at = layout.tiles[i];
    FrameWriter ifmap(resident_ifmap ? image.resident : image.bytes, type.activation_bits, coding);
    at.ifmap = ifmap.address();
    add_planes(tensors.inputs[0], tile, tile.channels, ifmap);
    if (tensors.inputs.size() == 2)
      add_planes(tensors.inputs[1], tile, tile.second_channels, ifmap);
    at.ifmap_bytes = ifmap.finish();
    if (i >= plan.tiles_per_image()) {
      at.parameters = layout.tiles[i - plan.tiles_per_image()].parameters;
    } else if (plan.shape().operation == UnitOperation::kLayerNorm && i > 0) {
      at.parameters = layout.tiles[0].parameters;  // of all channels, as every tile has
    } else if (plan.parameter_words(tile) > 0) {
      FrameWriter block(image.bytes, type.weight_bits, FrameCoding::kPacked);
      at.parameters = block.address();
      add_parameters(plan, tile, tensors.parameters, block);
      block.finish();
    }
  }
  layout.bytes = image.bytes.size();
  layout.resident_bytes = image.resident.size();
  std::uint64_t& end = resident_ofmap ? layout.resident_bytes : layout.bytes;
  for (std::size_t i = 0; i < plan.tile_count(); ++i) {
    const Tile tile = plan.tile(i);
    const std::uint64_t words = std::uint64_t{tile.rows.size} * tile.columns.size;
    TileAddresses& at = layout.tiles[i];
    at.ofmap = end;
    at.ofmap_bytes =
        layout.coded_ofmaps
            ? tile.channels.size * 8 *
                  arithmetic::run_length::worst_case_code_words(words, type.activation_bits)
            : packed_bytes(tile.channels.size * words, type.activation_bits);
    end += at.ofmap_bytes;
  }
  return image;
}

Tensor read_ofmap(const LayerPlan& plan, const DramLayout& layout,
                  const std::vector<std::uint8_t>& memory) {
  const LayerShape& shape = plan.shape();
  const unsigned bits = arithmetic::pe_type(plan.accelerator().pe.type).activation_bits;
  const auto coding = layout.coded_ofmaps ? FrameCoding::kRunLength : FrameCoding::kPacked;
  Tensor ofmap({plan.batch(), shape.channels, shape.out_height(), shape.out_width()});
  for (std::size_t i = 0; i < plan.tile_count(); ++i) {
    const Tile tile = plan.tile(i);
    const TileAddresses& at = layout.tiles[i];
    FrameReader reader(memory.data() + at.ofmap, at.ofmap_bytes, bits, coding);
    std::vector<Word> frame(std::size_t{tile.rows.size} * tile.columns.size);
    for (unsigned c = tile.channels.begin; c < tile.channels.begin + tile.channels.size; ++c) {
      reader.read(frame);
      Word* plane = ofmap.plane(tile.image, c);
      for (std::size_t word = 0; word < frame.size(); ++word) {
        const std::size_t row = tile.rows.begin + word / tile.columns.size;
        const std::size_t column = tile.columns.begin + word % tile.columns.size;
        plane[row * shape.out_width() + column] = frame[word];
      }
    }
  }
  return ofmap;
}

}  // namespace rowan::dataflow::post_processing
