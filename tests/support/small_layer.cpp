// SPDX-License-Identifier: Apache-2.0
#include "tests/support/small_layer.h"

#include <sstream>
#include <stdexcept>

#include "models/arithmetic/pe_type.h"
#include "models/dataflow/row_stationary/mapping_file.h"
#include "models/spec/platform_file.h"
#include "workloads/golden.h"
#include "workloads/network_file.h"
#include "workloads/seeded_tensors.h"

namespace rowan::support {
namespace {

using dataflow::row_stationary::Mapping;

unsigned between(Random& random, unsigned lo, unsigned hi) {
  return static_cast<unsigned>(random.between(lo, hi));
}

workloads::Layer layer_of(const MappedLayer& mapped, bool network_input) {
  workloads::Layer layer;
  layer.name = "small";
  layer.shape = mapped.shape;
  layer.ofmap_shift = 4;
  layer.network_input = network_input;
  layer.seeded.ifmap_zeros_percent = 40;
  layer.seeded.ifmap_max = 100;
  layer.seeded.filter_max = 30;
  return layer;
}

}  // namespace

spec::AcceleratorSpec eyeriss() {
  return spec::load_platform(std::string(ROWAN_SOURCE_DIR) + "/platforms/eyeriss.yaml");
}

workloads::Layer alexnet_layer(const std::string& name) {
  const auto network =
      workloads::load_network(std::string(ROWAN_SOURCE_DIR) + "/workloads/zoo/alexnet.yaml");
  for (const workloads::Layer& layer : network.layers) {
    if (layer.name == name) return layer;
  }
  throw std::out_of_range("AlexNet has no layer " + name);
}

Mapping alexnet_mapping(const std::string& name) {
  const auto file = dataflow::row_stationary::load_mappings(
      std::string(ROWAN_SOURCE_DIR) + "/workloads/mappings/alexnet_eyeriss.yaml");
  return file.layers.at(name).mapping;
}

spec::AcceleratorSpec small_accelerator(unsigned rows, unsigned columns) {
  spec::AcceleratorSpec accelerator;
  accelerator.name = "small";
  accelerator.array.rows = rows;
  accelerator.array.columns = columns;
  accelerator.pe.psum_bits = 16;
  accelerator.controller.scan_chain = Bits(20);
  return accelerator;
}

std::string MappedLayer::text() const {
  std::ostringstream out;
  out << "G " << shape.groups << " M " << shape.filters << " C " << shape.channels << " "
      << shape.height << "x" << shape.width << " R " << shape.kernel_height << " S "
      << shape.kernel_width << " U " << shape.stride << " P " << shape.padding << ","
      << shape.end_padding() << " D " << shape.dilation << " Z " << shape.input_dilation << " N "
      << batch << "; m " << mapping.m << " n " << mapping.n << " e " << mapping.e << " f "
      << mapping.f << " p " << mapping.p << " q " << mapping.q << " r " << mapping.r << " t "
      << mapping.t << " g " << mapping.g << " R' " << mapping.filter_rows << " S' "
      << mapping.filter_columns << "; array " << accelerator.array.rows << "x"
      << accelerator.array.columns;
  return out.str();
}

workloads::ConvolutionShape random_shape(Random& random) {
  workloads::ConvolutionShape shape;
  shape.groups = between(random, 1, 3);
  shape.filters = shape.groups * between(random, 1, 7);
  shape.channels = shape.groups * between(random, 1, 5);
  shape.kernel_height = between(random, 1, 4);
  shape.kernel_width = between(random, 1, 4);
  shape.stride = between(random, 1, 4);
  shape.dilation = between(random, 1, 2);
  shape.padding = between(random, 0, 2);
  shape.height = between(random, (shape.kernel_height - 1) * shape.dilation + 1, 10);
  shape.width = between(random, (shape.kernel_width - 1) * shape.dilation + 1, 10);
  // From numbers of its own: the other shapes stay as they are.
  Random zeros(Random(random).bits());
  if (between(zeros, 1, 5) == 1) {
    shape.input_dilation = between(zeros, 1, 3);
    shape.padding_end = between(zeros, 0, 3);
  }
  return shape;
}

MappedLayer random_mapped_layer(Random& random) {
  for (;;) {
    MappedLayer drawn;
    drawn.shape = random_shape(random);
    drawn.batch = between(random, 1, 3);
    drawn.accelerator = small_accelerator(between(random, 1, 8), between(random, 1, 8));
    drawn.accelerator.filter_gin.width = Bits(between(random, 1, 5) * 16);
    drawn.accelerator.psum_gin.width = Bits(between(random, 1, 4) * 16);
    drawn.accelerator.gon.width = drawn.accelerator.psum_gin.width;
    Mapping& mapping = drawn.mapping;
    mapping.m = between(random, 1, 7);
    mapping.n = between(random, 1, 3);
    mapping.e = between(random, 1, 10);
    mapping.f = between(random, 1, 10);
    mapping.p = between(random, 1, 6);
    mapping.q = between(random, 1, 4);
    mapping.r = between(random, 1, 3);
    mapping.t = between(random, 1, 3);
    mapping.g = between(random, 1, 3);
    mapping.filter_rows = between(random, 1, 4);
    mapping.filter_columns = between(random, 1, 4);
    const auto broken =
        dataflow::row_stationary::check(mapping, drawn.shape, drawn.batch, drawn.accelerator);
    if (broken.empty()) return drawn;
  }
}

SmallLayer::SmallLayer(const MappedLayer& mapped, std::uint64_t seed, bool network_input)
    : layer(layer_of(mapped, network_input)),
      plan(mapped.shape, mapped.batch, mapped.mapping, mapped.accelerator),
      tensors(workloads::seeded_tensors(seed, layer, mapped.batch, 16, 16)),
      image(dataflow::row_stationary::make_dram_image(plan, tensors.ifmap(), tensors.filters(),
                                                      network_input)),
      schedule(std::make_shared<dataflow::row_stationary::LayerSchedule>(plan, image.layout)),
      ofmap(workloads::golden::ofmap(
          workloads::golden::convolution(mapped.shape, tensors.ifmap(), tensors.filters(), 0, 16,
                                         mapped.accelerator.pe.psum_bits),
          layer, 16)) {}

std::vector<std::uint8_t> SmallLayer::memory() const {
  std::vector<std::uint8_t> memory = image.bytes;
  memory.resize(image.layout.bytes);
  return memory;
}

}  // namespace rowan::support
